/** Text from outside, made fit to be shown. */
import type { Place, Report } from "../model.ts";

const MAX_SHOWN = 300;
const MAX_MESSAGE = 1200;
const TRUST_ROOT = {
  embedded: "the one embedded in pubpin",
  refreshed: "refreshed from Sigstore",
  given: "the one that was given",
} as const;

/**
 * A name, version, file name or URL from outside: one line of printable ASCII, everything else
 * escaped, so that look-alike letters, terminal codes and text that runs backwards are seen.
 */
export function show(text: string): string {
  return escapeUnprintable(shorten(text, MAX_SHOWN));
}

/** The message of a decision or notice, as `show`, with room for what it quotes. */
export function showMessage(text: string): string {
  return escapeUnprintable(shorten(text, MAX_MESSAGE));
}

/** A path of the user's own: letters of any script stay, and what is not seen is escaped. */
export function showPath(path: string): string {
  return shorten(path, MAX_SHOWN).replace(
    /(?! )[\p{C}\p{Z}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A place as editors and terminals write it: `uv.lock:12`. */
export function showPlace({ path, line }: Place): string {
  return line === null ? showPath(path) : `${showPath(path)}:${line}`;
}

/** `requests 2.32.4`, or the name alone where there is no version. */
export function showPackage({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string | null;
}): string {
  return version === null ? show(name) : `${show(name)} ${show(version)}`;
}

/** A count with its noun: `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A day in UTC: `2026-01-02`. */
export function showDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** Which trust root was used, and how old it is at least. */
export function showTrustRoot({ trustRoot: { origin, newestStart } }: Report): string {
  return `${TRUST_ROOT[origin]}, newest entry of ${showDay(newestStart)}`;
}

/**
 * The JSON text of a value in nothing but ASCII, indented: the same data for every reader, and
 * nothing in it that a terminal would obey.
 */
export function asciiJson(value: unknown): string {
  return `${escapeUnprintable(JSON.stringify(value, null, 2), /[^\n -~]/g)}\n`;
}

function escapeUnprintable(text: string, unprintable: RegExp = /[^ -~]/g): string {
  return text.replace(
    unprintable,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
