/**
 * Every code an error of this library can carry. A code is stable: programs may branch on it.
 * `docs/errors.md` has a heading for each, with causes and remedies.
 */
export const ERROR_CODES = [
  // Input that is not what it claims to be.
  "LIMIT_EXCEEDED",
  "UTF8_INVALID",
  "BASE64_INVALID",
  "HEX_INVALID",
  "JSON_INVALID",
  "DER_INVALID",
  "PEM_INVALID",
  "FILENAME_INVALID",
  // The trust root.
  "TRUST_ROOT_INVALID",
  "TRUST_ROOT_UNKNOWN_KEY",
  // The Sigstore bundle.
  "BUNDLE_INVALID",
  "BUNDLE_VERSION_UNSUPPORTED",
  "KEY_UNSUPPORTED",
  // The signing certificate.
  "CERTIFICATE_INVALID",
  "CERTIFICATE_CHAIN_INVALID",
  "CERTIFICATE_EXPIRED",
  "SCT_MISSING",
  "SCT_INVALID",
  "IDENTITY_MISMATCH",
  // Signed time.
  "TIME_MISSING",
  "TIMESTAMP_INVALID",
  "TIMESTAMP_MISMATCH",
  "TIMESTAMP_EXPIRED",
  // The transparency log.
  "LOG_ENTRY_MISSING",
  "LOG_ENTRY_DUPLICATE",
  "LOG_ENTRY_UNSUPPORTED",
  "LOG_ENTRY_INVALID",
  "LOG_ENTRY_MISMATCH",
  "LOG_PROMISE_MISSING",
  "LOG_PROMISE_INVALID",
  "LOG_EXPIRED",
  "INCLUSION_PROOF_MISSING",
  "INCLUSION_PROOF_INVALID",
  "CHECKPOINT_MISSING",
  "CHECKPOINT_INVALID",
  "CHECKPOINT_SIGNATURE_INVALID",
  // The signature and what it covers.
  "PAYLOAD_TYPE_UNSUPPORTED",
  "SIGNATURE_INVALID",
  "ARTIFACT_MISMATCH",
  "DIGEST_ONLY",
  // PEP 740.
  "PROVENANCE_INVALID",
  "PROVENANCE_VERSION_UNSUPPORTED",
  "PROVENANCE_EMPTY",
  "STATEMENT_INVALID",
  "SUBJECT_MISMATCH",
  "PREDICATE_UNKNOWN",
  "PUBLISHER_KIND_UNKNOWN",
  "PUBLISHER_CLAIM_MISMATCH",
  // Two verifiers.
  "SECOND_OPINION_DISAGREES",
  // Names and versions of projects.
  "NAME_INVALID",
  "VERSION_INVALID",
  // The `.provenance.txt`.
  "PINS_INVALID",
  "PINS_CONFLICT",
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The only error this library throws on purpose. The message names the subject, what was expected
 * and what was found; `code` is the stable, machine-readable reason; `cause` is kept where another
 * error led to this one.
 */
export class PubpinError extends Error {
  override readonly name: string = "PubpinError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Throws a {@link PubpinError}; for use where an expression is needed. */
export function fail(code: ErrorCode, message: string, cause?: unknown): never {
  throw new PubpinError(code, message, cause === undefined ? undefined : { cause });
}
