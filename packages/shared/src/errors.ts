/**
 * Codes of the verifier: a signature, or what it needs, is not as it must be. Codes are stable:
 * programs may branch on them. `docs/errors.md` has a heading for each, with causes and remedies.
 */
export const VERIFIER_CODES = [
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
] as const;

/** Codes of everything around the verifier. */
export const TOOL_CODES = [
  // Names and versions of projects.
  "NAME_INVALID",
  "VERSION_INVALID",
  // The `.provenance.txt`.
  "PINS_INVALID",
  "PINS_CONFLICT",
  // Lock files.
  "LOCK_UNKNOWN_NAME",
  "LOCK_UNSUPPORTED",
  "LOCK_INVALID",
  // The index.
  "INDEX_URL_INVALID",
  "INDEX_UNREACHABLE",
  "INDEX_ERROR",
  "INDEX_REFUSED",
  "INDEX_RESPONSE_INVALID",
  "INDEX_VERSION_UNSUPPORTED",
  "PROJECT_NOT_ON_INDEX",
  "PROVENANCE_UNAVAILABLE",
  // What a check finds out from an index; the decisions of the same names follow from them.
  "PROJECT_QUARANTINED",
  "HASH_UNUSABLE",
  "HASH_NOT_ON_INDEX",
  // Files and commands.
  "USAGE_INVALID",
  "FILE_UNREADABLE",
  "FILE_UNWRITABLE",
  "FILE_CHANGED_MEANWHILE",
  "CREDENTIALS_INVALID",
  "REVISION_UNREADABLE",
  // What the Git hook finds.
  "LOCK_NOT_RECORDED",
  "LOCK_DIGEST_MISMATCH",
  "LOCK_DIGEST_PREPARED",
  "LOCK_LOST",
  "LOCK_NOT_GOVERNED",
  "PACKAGE_NOT_RECORDED",
  "PINS_STILL_NEEDED",
  "PINS_WEAKENED",
  "PINS_NOT_COMPARABLE",
  "PATH_NOT_A_FILE",
  "PATH_UNMERGED",
  "HISTORY_INCOMPLETE",
  "PIP_UNUSABLE",
  "PIP_FAILED",
  // What is installed already.
  "ENVIRONMENT_UNUSABLE",
  "RECORD_INVALID",
  "INSTALLED_REFUSED",
  // What a wrapped installer is asked for.
  "SOURCE_REFUSED",
  // The guard of Pyodide.
  "PYODIDE_UNSUPPORTED",
  "MICROPIP_UNSUPPORTED",
  "INSTALL_REFUSED",
  // A fault of the program itself.
  "INTERNAL_ERROR",
] as const;

/** One of the verifier's codes. */
export type VerifierErrorCode = (typeof VERIFIER_CODES)[number];

/** One of the other codes. */
export type ToolErrorCode = (typeof TOOL_CODES)[number];

/** What an error can carry as its code. */
export type ErrorCode = VerifierErrorCode | ToolErrorCode;

/**
 * Every code a decision can carry, in the order of the decision table (ARCHITECTURE.md): the first
 * row that applies decides. Codes are stable, and `docs/errors.md` has a heading for each.
 */
export const DECISION_CODES = [
  "UNVERIFIABLE",
  "TRUST_ROOT_UNKNOWN_KEY",
  "PROJECT_QUARANTINED",
  "HASH_UNUSABLE",
  "FILE_MISMATCH",
  "FILE_CHANGED",
  "FILE_PINNED",
  "SOURCE_CHANGED",
  "SOURCE_PINNED",
  "NOT_FROM_INDEX",
  "INDEX_CHANGED",
  "HASH_NOT_ON_INDEX",
  "ATTESTATION_INVALID",
  "PUBLISHER_MATCH",
  "REPOSITORY_RENAMED",
  "REPOSITORY_TRANSFERRED",
  "REPOSITORY_REPLACED",
  "PUBLISHER_CHANGED",
  "PUBLISHER_UNPINNED",
  "ATTESTATION_MISSING",
  "UNSIGNED",
] as const;

/** One of {@link DECISION_CODES}. */
export type DecisionCode = (typeof DECISION_CODES)[number];

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

/**
 * Requires that there is no more of something than its bound (`limits.ts`).
 *
 * @param unit what is counted, such as `bytes`
 * @param what the subject, or what gives it where it takes time to write
 * @throws LIMIT_EXCEEDED
 */
export function requireAtMost(
  max: number,
  found: number,
  unit: string,
  what: string | (() => string),
): void {
  if (found <= max) return;
  const subject = typeof what === "string" ? what : what();
  fail("LIMIT_EXCEEDED", `${subject}: expected at most ${max} ${unit}, found ${found}`);
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "INDEX_UNREACHABLE",
  "INDEX_ERROR",
  "INDEX_REFUSED",
  "INDEX_RESPONSE_INVALID",
  "INDEX_VERSION_UNSUPPORTED",
  "PROVENANCE_UNAVAILABLE",
]);

/**
 * Whether a code says that what a verdict needs was not to be had from an index. Such an error
 * accuses nobody and passes nothing: the same check may succeed later, or with another set-up.
 */
export function isRetryable(code: ErrorCode): boolean {
  return RETRYABLE.has(code);
}
