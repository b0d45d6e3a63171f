/** One line: two tokens with white space between them, the first of which is the line's key. */
import { fail } from "../errors.ts";
import { MAX_ALSO_ORDINAL, MAX_PINS_LINE_LENGTH } from "../limits.ts";
import { normalizeName } from "../names/project.ts";
import { EVERY_PROJECT } from "./entry.ts";
import { readIndex, readSource } from "./location.ts";
import type { PinsEntry, PinsEntryKind, LineText } from "./model.ts";
import { readPinnedPublisher } from "./publisher.ts";
import { hasHidden, quoteToken, readFilename, readPath, readText, refuse } from "./token.ts";

type Reader = (subject: string, value: string, where: string) => PinsEntry;

const DIRECTIVE = /^#(?<kind>[A-Za-z][A-Za-z0-9-]*):(?<subject>.*)$/;
const ALSO = /^(?<name>.+):(?<ordinal>[1-9][0-9]*)$/;
const SHA256 = /^sha256:(?<digest>[0-9a-f]{64})$/;
const LOCK_DIGEST = /^v1-sha256:[0-9a-f]{64}$/;
/** What Git writes around the two sides of a conflict; no key looks like it. */
const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?:[ \t].*)?$/;

const READERS: ReadonlyMap<string, Reader> = new Map<Exclude<PinsEntryKind, "pin">, Reader>([
  ["also", readAlso],
  [
    "unsigned",
    (subject, value, where) => {
      if (value !== "seen" && value !== "allowed") {
        return refuse(where, `expected "seen" or "allowed", found ${quoteToken(value)}`);
      }
      return { kind: "unsigned", name: readName(subject, where), state: value };
    },
  ],
  [
    "file",
    (subject, value, where) => {
      const filename = readFilename(subject, where);
      return { kind: "file", filename, sha256: readSha256(value, where) };
    },
  ],
  [
    "index",
    (subject, value, where) => {
      const name = subject === EVERY_PROJECT ? EVERY_PROJECT : readName(subject, where);
      return { kind: "index", name, url: readIndex(value, where) };
    },
  ],
  [
    "source",
    (subject, value, where) => {
      const name = readName(subject, where);
      return { kind: "source", name, source: readSource(value, where) };
    },
  ],
  [
    "lock",
    (subject, value, where) => {
      if (!LOCK_DIGEST.test(value)) {
        refuse(
          where,
          `expected v1-sha256: and 64 lower-case hexadecimal digits, found ${quoteToken(value)}`,
        );
      }
      return { kind: "lock", path: readPath(subject, where), digest: value };
    },
  ],
  [
    "lock-bytes",
    (subject, value, where) => {
      const path = readPath(subject, where);
      return { kind: "lock-bytes", path, sha256: readSha256(value, where) };
    },
  ],
  [
    "note",
    (subject, value, where) => {
      if (subject === "") refuse(where, "expected #note:KEY, found no key");
      return { kind: "note", key: readText(subject, where), text: readText(value, where) };
    },
  ],
]);

/**
 * Reads one line without its line feed: an entry, or a blank line or free comment, which begins
 * with `#` but not with a word and a colon after it.
 *
 * @param where the place for messages, such as `.provenance.txt, line 3`
 * @throws PINS_INVALID LIMIT_EXCEEDED
 */
export function parseLine(text: string, where: string): LineText {
  requirePlain(text, where);
  const tokens = text.match(/[^ \t]+/g) ?? [];
  const [key = "", value = ""] = tokens;
  const kind = DIRECTIVE.exec(key)?.groups?.["kind"];
  if (key === "" || (key.startsWith("#") && kind === undefined)) {
    return { text, key: null, entry: null };
  }
  if (kind !== undefined && !READERS.has(kind)) {
    const known = [...READERS.keys()].map((each) => `#${each}:`).join(" ");
    refuse(
      where,
      `expected one of ${known} (or a space after "#", for a comment), ` +
        `found ${quoteToken(`#${kind}:`)}`,
    );
  }
  if (tokens.length !== 2) {
    refuse(
      where,
      `expected 2 tokens with white space between them, found ${tokens.length} in ${quoteToken(text)}`,
    );
  }
  const odd = tokens.find((token) => !/^[!-~]+$/.test(token));
  if (odd !== undefined) {
    refuse(where, `expected printable ASCII, the rest percent-encoded, found ${quoteToken(odd)}`);
  }
  return { text, key, entry: readEntry(key, value, where) };
}

/** Whether a line without an entry is blank: else it is a free comment. */
export function isBlank(line: LineText): boolean {
  return line.entry === null && !line.text.includes("#");
}

function readEntry(key: string, value: string, where: string): PinsEntry {
  const { kind = "", subject = "" } = DIRECTIVE.exec(key)?.groups ?? {};
  const read = READERS.get(kind) ?? readPin;
  return read(kind === "" ? key : subject, value, where);
}

function readPin(subject: string, value: string, where: string): PinsEntry {
  const name = readName(subject, where);
  return { kind: "pin", name, publisher: readPinnedPublisher(value, where) };
}

function readAlso(subject: string, value: string, where: string): PinsEntry {
  const { name = "", ordinal } = ALSO.exec(subject)?.groups ?? {};
  const number = Number(ordinal);
  if (ordinal === undefined || number < 2 || number > MAX_ALSO_ORDINAL) {
    return refuse(
      where,
      `expected #also:NAME:N with N from 2 to ${MAX_ALSO_ORDINAL}, found ${quoteToken(subject)}`,
    );
  }
  return {
    kind: "also",
    name: readName(name, where),
    ordinal: number,
    publisher: readPinnedPublisher(value, where),
  };
}

function readName(name: string, where: string): string {
  try {
    return normalizeName(name);
  } catch (cause) {
    return refuse(where, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readSha256(value: string, where: string): string {
  return (
    SHA256.exec(value)?.groups?.["digest"] ??
    refuse(
      where,
      `expected sha256: and 64 lower-case hexadecimal digits, found ${quoteToken(value)}`,
    )
  );
}

function requirePlain(text: string, where: string): void {
  if (text.length > MAX_PINS_LINE_LENGTH) {
    fail(
      "LIMIT_EXCEEDED",
      `${where}: expected at most ${MAX_PINS_LINE_LENGTH} characters, found ${text.length}`,
    );
  }
  if (text.endsWith("\r")) {
    refuse(
      where,
      "expected a line feed at the end, found carriage return and line feed. Where Git adds them, " +
        "the line `.provenance.txt text eol=lf` in .gitattributes stops it; then " +
        "`git add --renormalize .provenance.txt`, delete the file, and " +
        "`git checkout -- .provenance.txt` brings it back with line feeds",
    );
  }
  if (CONFLICT_MARKER.test(text)) {
    refuse(
      where,
      "found the marker of a Git merge conflict. Delete the markers and keep each key once: the " +
        "pins of both sides, and of two publishers for one project the one that you trust. Then " +
        "merge the lock itself, and `pubpin tofu` writes its #lock: line anew",
    );
  }
  if (text.startsWith("\ufeff")) refuse(where, "expected no byte order mark, found one");
  if (hasHidden(text.replaceAll("\t", " "))) {
    refuse(where, `expected no control characters, found ${quoteToken(text)}`);
  }
}
