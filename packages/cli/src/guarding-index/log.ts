/** One line for each decision of a guarding index. */
import { type Decision, entryKey, entryValue, showMessage } from "@pubpin/shared";
import type { GuardingEvent } from "./types.ts";

/**
 * The line of an event, without a line feed; null for what is in the figures alone, such as further
 * requests for parts of a file.
 */
export function logLine(event: GuardingEvent, form: "text" | "json", time: Date): string | null {
  const fields = fieldsOf(event);
  if (fields === null) return null;
  if (form === "json") return JSON.stringify({ time: time.toISOString(), ...fields });
  const { event: what, code, file, message } = fields;
  return `${time.toISOString()} ${what} ${code} ${file}${message === "" ? "" : `: ${message}`}`;
}

interface Fields {
  readonly event: "served" | "refused" | "unverified" | "accepted";
  readonly code: string;
  readonly name: string;
  readonly version: string | null;
  readonly file: string;
  readonly index: string;
  readonly sha256: string | null;
  readonly message: string;
}

function fieldsOf(event: GuardingEvent): Fields | null {
  switch (event.kind) {
    case "served":
      return event.again ? null : { event: "served", ...ofDecision(event.decision) };
    case "first-use": {
      const { entries, decision } = event.use;
      const lines = entries.map((entry) => `${entryKey(entry)} ${entryValue(entry)}`);
      return { event: "accepted", ...ofDecision(decision), message: lines.join(", ") };
    }
    case "refused": {
      const { status, code, name, filename, index, decision, message } = event.refusal;
      return {
        event: status === 403 ? "refused" : "unverified",
        code,
        name,
        version: decision?.version ?? null,
        file: filename ?? name,
        index,
        sha256: decision?.sha256 ?? null,
        message: showMessage(message),
      };
    }
    default:
      return null;
  }
}

function ofDecision(decision: Decision): Omit<Fields, "event"> {
  const { code, name, version, filename, index, sha256, message } = decision;
  return {
    code,
    name,
    version,
    file: filename ?? name,
    index: index ?? "",
    sha256,
    message: showMessage(message),
  };
}
