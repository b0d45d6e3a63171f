/** Object identifiers of certificate extensions (RFC 5280 section 4.2, RFC 6962, Fulcio). */

/** RFC 5280 section 4.2.1.2. */
export const subjectKeyIdentifier = "2.5.29.14";
/** RFC 5280 section 4.2.1.3. */
export const keyUsage = "2.5.29.15";
/** RFC 5280 section 4.2.1.6. */
export const subjectAlternativeName = "2.5.29.17";
/** RFC 5280 section 4.2.1.9. */
export const basicConstraints = "2.5.29.19";
/** RFC 5280 section 4.2.1.1. */
export const authorityKeyIdentifier = "2.5.29.35";
/** RFC 5280 section 4.2.1.12. */
export const extendedKeyUsage = "2.5.29.37";
/** RFC 6962 section 3.3. */
export const sctList = "1.3.6.1.4.1.11129.2.4.2";
/** What Fulcio's own extensions start with. */
export const fulcio = "1.3.6.1.4.1.57264.1";
