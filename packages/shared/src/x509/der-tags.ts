/** DER tags (X.690 section 8), with the constructed bit where X.509 and CMS have it. */

/** BOOLEAN. */
export const boolean = 0x01;
/** INTEGER. */
export const integer = 0x02;
/** BIT STRING. */
export const bitString = 0x03;
/** OCTET STRING. */
export const octetString = 0x04;
/** NULL. */
export const nothing = 0x05;
/** OBJECT IDENTIFIER. */
export const oid = 0x06;
/** UTF8String. */
export const utf8String = 0x0c;
/** UTCTime. */
export const utcTime = 0x17;
/** GeneralizedTime. */
export const generalizedTime = 0x18;
/** SEQUENCE and SEQUENCE OF. */
export const sequence = 0x30;
/** SET and SET OF. */
export const set = 0x31;
