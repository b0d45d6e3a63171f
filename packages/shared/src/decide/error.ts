import { type DecisionCode, isRetryable, type PubpinError } from "../errors.ts";
import type { Ruling } from "./ruling.ts";

/** The rows of the decision table that an error leads to. */
type ErrorRow = Extract<
  DecisionCode,
  | "UNVERIFIABLE"
  | "TRUST_ROOT_UNKNOWN_KEY"
  | "PROJECT_QUARANTINED"
  | "HASH_UNUSABLE"
  | "HASH_NOT_ON_INDEX"
  | "ATTESTATION_INVALID"
>;

/**
 * The ruling for an error, if its row is among these (rows 1 to 4, 9 and 10). Whatever error has
 * no row of its own is that of an attestation that does not verify.
 */
export function decideByError(error: PubpinError | null, rows: readonly ErrorRow[]): Ruling | null {
  if (error === null) return null;
  const code = rowOf(error);
  if (!rows.includes(code)) return null;
  const unknown = code === "UNVERIFIABLE" || code === "TRUST_ROOT_UNKNOWN_KEY";
  return {
    code,
    verdict: unknown ? "unverifiable" : "fail",
    message: error.message,
    cause: error.code,
  };
}

function rowOf(error: PubpinError): ErrorRow {
  switch (error.code) {
    case "TRUST_ROOT_UNKNOWN_KEY":
    case "PROJECT_QUARANTINED":
    case "HASH_UNUSABLE":
    case "HASH_NOT_ON_INDEX":
      return error.code;
    case "PROJECT_NOT_ON_INDEX":
      return "HASH_NOT_ON_INDEX";
    default:
      return isRetryable(error.code) ? "UNVERIFIABLE" : "ATTESTATION_INVALID";
  }
}
