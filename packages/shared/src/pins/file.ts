import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_PINS_BYTES, MAX_PINS_LINES } from "../limits.ts";
import { entryKey } from "./entry.ts";
import { isBlank, parseLine } from "./line.ts";
import type {
  AlsoEntry,
  EntryLine,
  PinnedPublisher,
  Pins,
  PinsLine,
  PinsWarning,
  LineText,
} from "./model.ts";
import { refuse } from "./token.ts";

const LINE_FEED = 0x0a;
/** The name of the file where it has no other. */
const FILE_NAME = ".provenance.txt";
const WORDS: Readonly<Record<PinsWarning["code"], string>> = {
  BLANK_LINE: "a blank line, which pypi-verify-now cannot read",
  FREE_COMMENT:
    "a free comment, which pypi-verify-now cannot read; #note:KEY with percent-encoded text is " +
    "read by both",
  NAME_NOT_NORMALIZED:
    "a name that is not normalised (PEP 503), which pypi-verify-now does not find",
};

/**
 * Reads a `.provenance.txt`. Every line is one of the grammar in docs/provenance-file.md, a blank
 * line or a free comment (both kept, with a warning), and no key stands twice.
 *
 * @param path how messages call the file
 * @throws LIMIT_EXCEEDED beyond MAX_PINS_BYTES, MAX_PINS_LINES or MAX_PINS_LINE_LENGTH
 * @throws PINS_INVALID with the number of the line
 */
export function parsePins(bytes: Uint8Array, path: string = FILE_NAME): Pins {
  requireBounds(path, 0, bytes.length);
  const text = readUtf8(bytes, path);
  const lines: LineText[] = [];
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    lines.push(parseLine(text.slice(start, end), `${path}, line ${lines.length + 1}`));
    requireBounds(path, lines.length, 0);
    start = end + 1;
  }
  return assemblePins(lines, text === "" || text.endsWith("\n"), path);
}

/** The text of the file: of a file that was parsed and not edited, exactly its bytes in UTF-8. */
export function formatPins(pins: Pins): string {
  const text = pins.lines.map((line) => line.text).join("\n");
  return pins.endsWithLineFeed && pins.lines.length > 0 ? `${text}\n` : text;
}

/**
 * Puts parsed lines together to a file.
 *
 * @throws PINS_INVALID when a key stands twice, or `#also:` without a pin
 * @throws LIMIT_EXCEEDED when the file could not be read again
 */
export function assemblePins(
  texts: readonly LineText[],
  endsWithLineFeed: boolean,
  path: string = FILE_NAME,
): Pins {
  const lines: PinsLine[] = [];
  const warnings: PinsWarning[] = [];
  const byKey = new Map<string, EntryLine>();
  for (const [index, text] of texts.entries()) {
    const line: PinsLine = { ...text, number: index + 1 };
    lines.push(line);
    const code = warningOf(line);
    if (code !== null) {
      const message = `${path}, line ${line.number}: ${WORDS[code]}`;
      warnings.push({ code, line: line.number, message });
    }
    if (line.entry === null) continue;
    const key = entryKey(line.entry);
    const first = byKey.get(key);
    if (first !== undefined) {
      refuse(
        `${path}, line ${line.number}`,
        `expected each key once, found ${key} again, which stands in line ${first.number}`,
      );
    }
    byKey.set(key, line);
  }
  const publishers = publishersOf(lines, path);
  requireBounds(path, lines.length, sizeOf(lines) - (endsWithLineFeed ? 0 : 1));
  return { path, lines, endsWithLineFeed, warnings, byKey, publishers };
}

function requireBounds(path: string, lines: number, bytes: number): void {
  if (lines <= MAX_PINS_LINES && bytes <= MAX_PINS_BYTES) return;
  fail(
    "LIMIT_EXCEEDED",
    `${path}: expected at most ${MAX_PINS_LINES} lines and ${MAX_PINS_BYTES} bytes, found more`,
  );
}

/** Bytes of all lines with their line feeds; those with an entry are ASCII. */
function sizeOf(lines: readonly PinsLine[]): number {
  return lines.reduce(
    (sum, { text, entry }) => sum + 1 + (entry === null ? encodeUtf8(text).length : text.length),
    0,
  );
}

function warningOf(line: PinsLine): PinsWarning["code"] | null {
  if (line.entry === null) return isBlank(line) ? "BLANK_LINE" : "FREE_COMMENT";
  if (line.entry.kind !== "pin" || line.key === line.entry.name) return null;
  return "NAME_NOT_NORMALIZED";
}

function publishersOf(
  lines: readonly PinsLine[],
  path: string,
): ReadonlyMap<string, readonly PinnedPublisher[]> {
  const publishers = new Map<string, PinnedPublisher[]>();
  const further: { readonly line: number; readonly entry: AlsoEntry }[] = [];
  for (const { number, entry } of lines) {
    if (entry?.kind === "pin") publishers.set(entry.name, [entry.publisher]);
    if (entry?.kind === "also") further.push({ line: number, entry });
  }
  for (const { line, entry } of further.toSorted((a, b) => a.entry.ordinal - b.entry.ordinal)) {
    const accepted =
      publishers.get(entry.name) ??
      refuse(
        `${path}, line ${line}`,
        `expected a pin of ${entry.name}, to which ${entryKey(entry)} adds, found none`,
      );
    accepted.push(entry.publisher);
  }
  return publishers;
}

function readUtf8(bytes: Uint8Array, path: string): string {
  try {
    return decodeUtf8(bytes, path);
  } catch (cause) {
    return refuse(
      `${path}, line ${firstBrokenLine(bytes, path)}`,
      "expected UTF-8, found other bytes",
      cause,
    );
  }
}

/** A line feed is one byte, and part of no other character: each line can be decoded by itself. */
function firstBrokenLine(bytes: Uint8Array, path: string): number {
  let number = 1;
  let start = 0;
  for (let feed = bytes.indexOf(LINE_FEED); feed !== -1; feed = bytes.indexOf(LINE_FEED, start)) {
    try {
      decodeUtf8(bytes.subarray(start, feed), path);
    } catch {
      return number;
    }
    start = feed + 1;
    number++;
  }
  return number;
}
