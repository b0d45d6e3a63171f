/** The guard's words for people: what was refused, why, and what accepts it. */
import {
  type Decision,
  entryKey,
  entryValue,
  type PinsEntry,
  pinnedPublisher,
} from "@pubpin/shared";

/** What a refusal says, in parts for programs and as a text for people. */
export interface Refusal {
  readonly text: string;
  /** Of the decision, or of the error that kept the guard from deciding. */
  readonly code: string;
  readonly package: string | null;
  readonly version: string | null;
  readonly filename: string | null;
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly remedy: string;
}

const AGAIN = "Try again in a while.";
const LOOK =
  "Do not install it. Compare the file with what the project itself released; if it stays, tell the project and the index.";

/**
 * What a refused install says.
 *
 * @param others how many more of the same install were refused
 * @param newestStart how old the trust root is at least
 */
export function refusalOf(decision: Decision, others: number, newestStart: Date): Refusal {
  const { code, name, version, filename, message, cause } = decision;
  const expected = [...new Set(decision.expected.map(({ url }) => url))];
  const found = [...new Set(decision.found.map(({ url }) => url))];
  const remedy = remedyFor(decision, newestStart);
  const lines = [
    packageOf(decision) +
      ` was refused: ${code}${cause === null || cause === code ? "" : ` (${cause})`}`,
    `  ${printable(message).replace(/^expected (.*), found (.*)$/, "expected $1\n  found    $2")}`,
    `  ${remedy}`,
    others === 0
      ? []
      : `  So ${others === 1 ? "was 1 more package" : `were ${others} more packages`} of this install.`,
    "  Nothing of this install was unpacked.",
  ].flat();
  return {
    text: lines.join("\n"),
    code,
    package: name,
    version,
    filename,
    expected,
    found,
    remedy,
  };
}

/** What it says where something is there already that came past the guard. */
export function refusalOfPresent(decision: Decision, others: number): Refusal {
  const { code, name, version, filename, message } = decision;
  const remedy = 'Remove it, or start the guard with installed: "report".';
  const more = others === 0 ? "" : ` So is more that came past it: ${others}.`;
  const text = `${packageOf(decision)} is there already: ${code}\n  ${printable(message)}.${more}\n  ${remedy}`;
  return { text, code, package: name, version, filename, expected: [], found: [], remedy };
}

/** What a refusal says where an error left nothing to decide about. */
export function refusalByError(code: string, message: string): Refusal {
  const text = `${code}: ${printable(message)}\n  Nothing of this install was unpacked.`;
  const none = { package: null, version: null, filename: null, expected: [], found: [] };
  return { text, code, ...none, remedy: AGAIN };
}

/** What a person can do about a refusal, with the very line that would accept it where one does. */
function remedyFor(decision: Decision, newestStart: Date): string {
  switch (decision.code) {
    case "UNVERIFIABLE":
      return AGAIN;
    case "TRUST_ROOT_UNKNOWN_KEY":
      return (
        `The trust root is of ${newestStart.toISOString().slice(0, 10)} and may be too old for it: ` +
        "update micropip-guard, or give it a newer one (trustedRoot)."
      );
    case "PROJECT_QUARANTINED":
    case "ATTESTATION_INVALID":
    case "FILE_MISMATCH":
    case "HASH_UNUSABLE":
      return LOOK;
    default: {
      const lines = linesThatAccept(decision);
      return lines.length === 0
        ? LOOK
        : `If you have made sure that it is right, .provenance.txt accepts it with: ${lines.join(" or ")}`;
    }
  }
}

function packageOf({ name, version }: Decision): string {
  return printable(version === null ? name : `${name} ${version}`);
}

function linesThatAccept({
  code,
  name,
  filename,
  sha256,
  index,
  source,
  found,
}: Decision): readonly string[] {
  const file: readonly PinsEntry[] =
    filename === null || sha256 === null ? [] : [{ kind: "file", filename, sha256 }];
  switch (code) {
    case "INDEX_CHANGED":
      return linesOf(index === null ? [] : [{ kind: "index", name, url: index }]);
    case "SOURCE_CHANGED":
      return linesOf(source === null ? [] : [{ kind: "source", name, source }]);
    case "UNSIGNED":
      return linesOf([{ kind: "unsigned", name, state: "allowed" }, ...file]);
    case "FILE_CHANGED":
    case "HASH_NOT_ON_INDEX":
    case "ATTESTATION_MISSING":
    case "NOT_FROM_INDEX":
      return linesOf(file);
    default:
      return linesOf(
        found.map((each) => ({ kind: "pin", name, publisher: pinnedPublisher(each) })),
      );
  }
}

function linesOf(entries: readonly PinsEntry[]): readonly string[] {
  return [...new Set(entries.map((entry) => `${entryKey(entry)} ${entryValue(entry)}`))];
}

/** Text from outside: everything but printable ASCII is escaped. */
export function printable(text: string): string {
  return text.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
