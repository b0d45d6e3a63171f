/**
 * Every bound of the verifier, in one place. Input beyond a bound is refused with LIMIT_EXCEEDED
 * before work is spent on it. The largest genuine objects seen are given for comparison.
 */

/** Bytes of a provenance document or bundle. Genuine ones: about 15 kB per attestation. */
export const MAX_DOCUMENT_BYTES: number = 4 * 1024 * 1024;
/** Bytes of a trust root. Sigstore's production root: 7 kB. */
export const MAX_TRUST_ROOT_BYTES: number = 1024 * 1024;
/** Levels of nested JSON arrays and objects. A provenance document has 8. */
export const MAX_JSON_DEPTH: number = 32;
/** Levels of nested DER values. A timestamp response has 10. */
export const MAX_DER_DEPTH: number = 24;
/** Bytes of one certificate. Fulcio's leaf certificates: about 2 kB. */
export const MAX_CERTIFICATE_BYTES: number = 64 * 1024;
/** Certificates in one chain, the root included. Sigstore's chains: 3. */
export const MAX_CHAIN_LENGTH: number = 8;
/** Signed certificate timestamps in one certificate. Fulcio embeds 1. */
export const MAX_SCTS: number = 16;
/** Attestation bundles (one per publisher) in one provenance document. */
export const MAX_ATTESTATION_BUNDLES: number = 16;
/** Attestations in one provenance document, over all its bundles. Genuine ones: 1 or 2. */
export const MAX_ATTESTATIONS: number = 64;
/** Transparency log entries of one signature. Genuine ones: 1. */
export const MAX_LOG_ENTRIES: number = 32;
/** RFC 3161 timestamps of one signature. Genuine ones: 0 or 1. */
export const MAX_TIMESTAMPS: number = 32;
/** Hashes of one inclusion proof: a tree of 2^63 leaves needs 63. */
export const MAX_INCLUSION_HASHES: number = 63;
/** Signature lines of one checkpoint. Witnessed checkpoints seen: 5. */
export const MAX_CHECKPOINT_SIGNATURES: number = 64;
/** Subjects of one in-toto statement that are read before the rule of exactly one is applied. */
export const MAX_SUBJECTS: number = 16;
/** Logs, certificate authorities or timestamp authorities of one kind in a trust root. */
export const MAX_TRUST_ROOT_ENTRIES: number = 256;
/** Verified leaf certificates that one trust root remembers. */
export const MAX_CACHED_LEAVES: number = 1024;
/** Characters of a distribution's file name. */
export const MAX_FILENAME_LENGTH: number = 255;
/** Characters of a project's name. */
export const MAX_NAME_LENGTH: number = 200;
/** Characters of a version. */
export const MAX_VERSION_LENGTH: number = 200;
/** Tags (PEP 425) that one wheel's file name denotes. Genuine ones: 1 to some dozens. */
export const MAX_WHEEL_TAGS: number = 1024;
/** Bytes of a `.provenance.txt`. One with 650 projects and ids: 100 kB. */
export const MAX_PINS_BYTES: number = 4 * 1024 * 1024;
/** Lines of a `.provenance.txt`. */
export const MAX_PINS_LINES: number = 65_536;
/** Characters of one line of a `.provenance.txt`. */
export const MAX_PINS_LINE_LENGTH: number = 4096;
/** The highest N of an `#also:NAME:N` line. */
export const MAX_ALSO_ORDINAL: number = 999;
/** Bytes of one project's page of an index. With 4,000 files: 2.6 MB. */
export const MAX_INDEX_PAGE_BYTES: number = 64 * 1024 * 1024;
/** Files, or tags of HTML, on one project's page of an index. */
export const MAX_INDEX_FILES: number = 200_000;
/** Characters of a URL that an index gives. */
export const MAX_URL_LENGTH: number = 8192;
/** Redirects that one request follows. */
export const MAX_REDIRECTS: number = 5;
/** Times that one request is made, the first included. */
export const MAX_ATTEMPTS: number = 4;
/** Requests under way at once. */
export const MAX_REQUESTS_AT_ONCE: number = 16;
/** Projects whose pages are held at once by a check. */
export const MAX_PROJECTS_AT_ONCE: number = 16;
/** Files that a check looks at at once, from its provenance to its decision. */
export const MAX_FILES_AT_ONCE: number = 32;
/** Milliseconds for one request, from its start to the last byte of its answer. */
export const REQUEST_TIMEOUT_MS: number = 60_000;
/** Milliseconds that a server may ask to wait before the next attempt (Retry-After). */
export const MAX_RETRY_WAIT_MS: number = 60_000;
/** Milliseconds for which an index may call its answer fresh (Cache-Control: max-age). */
export const MAX_FRESH_MS: number = 24 * 60 * 60 * 1000;
/** Bytes of what is noted beside a stored answer. */
export const MAX_STORED_HEAD_BYTES: number = 32 * 1024;
/** Bytes of a lock file. The largest genuine ones: 1.5 MB. */
export const MAX_LOCK_BYTES: number = 16 * 1024 * 1024;
/** Lines of a lock file. Genuine ones: up to 30,000. */
export const MAX_LOCK_LINES: number = 500_000;
/** Packages in one lock file, and lists of other things in it. Genuine ones: up to 900. */
export const MAX_LOCK_ENTRIES: number = 100_000;
/** Files of one package in a lock file. Genuine ones: up to 155. */
export const MAX_LOCK_FILES: number = 10_000;
