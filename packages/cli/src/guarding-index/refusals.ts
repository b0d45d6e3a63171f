/** Refusals, and their words. */
import {
  acceptCommand,
  type Decision,
  DECISION_WORDS,
  docsPath,
  ERROR_WORDS,
  fillIn,
  isRetryable,
  type PubpinError,
  showMessage,
} from "@pubpin/shared";
import type { Refusal } from "./types.ts";

/** What was asked for. */
export interface Asked {
  /** Normalised (PEP 503). */
  readonly name: string;
  readonly filename: string | null;
  /** The URL of the index. */
  readonly index: string;
}

/** Errors of ours, which accuse no file. */
const OWN_FAULT: ReadonlySet<string> = new Set(["FILE_UNWRITABLE", "TRUST_ROOT_UNKNOWN_KEY"]);

/** The refusal of a file by a decision that is no pass. */
export function refusalOf(decision: Decision, { index }: Pick<Asked, "index">): Refusal {
  const { code, cause, name, version, filename, message, verdict } = decision;
  const isCaused = cause !== null && cause !== code;
  const { remedy } =
    code === "UNVERIFIABLE" && cause !== null ? ERROR_WORDS[cause] : DECISION_WORDS[code];
  const command = acceptCommand(decision);
  const lines = [
    `${verdict === "fail" ? "refused" : "could not verify"}: ${name} ${version ?? ""}`.trimEnd(),
    `  file: ${filename ?? name}`,
    `  code: ${code}${isCaused ? ` (${cause})` : ""}`,
    ...foundLines(message),
    `  what to do: ${fillIn(remedy, decision)}`,
    ...(command === null ? [] : [`  accept it with: ${command}`]),
    `  read on: ${docsPath(code)}`,
  ];
  const status = verdict === "fail" ? 403 : 502;
  return { code, status, name, filename, index, decision, message, text: lines.join("\n") };
}

/** The refusal of whatever was asked for, where an error left nothing to decide about. */
export function refusalByError(error: PubpinError, { name, filename, index }: Asked): Refusal {
  const { code, message } = error;
  const isUnknown = isRetryable(code) || OWN_FAULT.has(code);
  const lines = [
    `${isUnknown ? "could not verify" : "refused"}: ${filename ?? name}`,
    `  code: ${code}`,
    ...foundLines(message),
    `  what to do: ${fillIn(ERROR_WORDS[code].remedy, { name, filename })}`,
    `  read on: ${docsPath(code)}`,
  ];
  const status = isUnknown ? 502 : 403;
  return { code, status, name, filename, index, decision: null, message, text: lines.join("\n") };
}

/** "expected A, found B" in two lines, each with its own word. */
function foundLines(message: string): readonly string[] {
  const shown = showMessage(message);
  const { what, expected, found } =
    /^(?:(?<what>.*?): )?expected (?<expected>.*?), found (?<found>.*)$/s.exec(shown)?.groups ?? {};
  if (expected === undefined || found === undefined) return [`  ${shown}`];
  const subject = what === undefined ? [] : [`  ${what}`];
  return [...subject, `  expected: ${expected}`, `  found: ${found}`];
}
