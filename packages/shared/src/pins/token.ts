/** The tokens of a line: printable ASCII, everything else percent-encoded in one spelling. */
import { quote } from "../bytes/quote.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";

/** What is never shown to a person as it is: control characters, and what turns text around. */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u;
/** The same without line feed and tab. */
const HIDDEN_IN_TEXT = /[\p{Bidi_Control}\u2028\u2029\ufeff]|(?![\n\t])\p{Cc}/u;
/** Printable ASCII without space, "#" and "%". */
const PLAIN = /^[!"$&-~]*$/;
const DRIVE = /^[A-Za-z]:/;

/** Refuses a line or token: PINS_INVALID, with the place it stands in. */
export function refuse(where: string, reason: string, cause?: unknown): never {
  return fail("PINS_INVALID", `${where}: ${reason}`, cause);
}

/** A line or token for a message: as `quote`, without the user name and password of a URL. */
export function quoteToken(text: string): string {
  return quote(text.replace(/(:\/\/).*@/, "$1[credentials]@"));
}

/** Whether text has characters that no line may have, not even a free comment (but for tabs). */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/**
 * Percent-encodes text: every byte of its UTF-8 but printable ASCII, and `%`, `#` and the
 * characters of `more`, as `%` with two upper-case digits (RFC 3986, section 2.1).
 */
export function encodeToken(text: string, more = ""): string {
  if (PLAIN.test(text) && !Array.from(more).some((each) => text.includes(each))) return text;
  let token = "";
  for (const byte of encodeUtf8(text)) {
    const character = String.fromCharCode(byte);
    const plain = byte > 0x20 && byte < 0x7f && !`%#${more}`.includes(character);
    token += plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return token;
}

/**
 * The text of a token that `encodeToken` wrote; any other spelling is refused, so that one thing
 * has one key.
 *
 * @throws PINS_INVALID
 */
export function decodeToken(token: string, where: string, more = ""): string {
  if (encodeToken(token, more) === token) return token;
  const bytes: number[] = [];
  for (let index = 0; index < token.length; index++) {
    const digits = token.slice(index + 1, index + 3);
    if (token[index] !== "%") bytes.push(token.charCodeAt(index));
    else if (/^[0-9A-F]{2}$/.test(digits)) {
      bytes.push(Number.parseInt(digits, 16));
      index += 2;
    } else {
      refuse(where, `expected "%" with two upper-case digits in ${quoteToken(token)}`);
    }
  }
  let text: string;
  try {
    text = decodeUtf8(Uint8Array.from(bytes), where);
  } catch (cause) {
    return refuse(where, `expected percent-encoded UTF-8, found ${quoteToken(token)}`, cause);
  }
  const encoded = encodeToken(text, more);
  if (encoded !== token) {
    refuse(where, `expected ${quoteToken(encoded)}, found ${quoteToken(token)}`);
  }
  return text;
}

/**
 * A file's path below the folder of the governing file: relative, with `/`, without empty and dot
 * segments.
 *
 * @throws PINS_INVALID
 */
export function readPath(token: string, where: string): string {
  const path = decodeToken(token, where);
  if (path.split("/").some((segment) => !isPlainSegment(segment)) || DRIVE.test(path)) {
    refuse(
      where,
      `expected a path below the folder of the file, with "/" and without "." and ".." and ` +
        `control characters, found ${quoteToken(token)}`,
    );
  }
  return path;
}

/**
 * The name of one file: ASCII, so that no two names look alike.
 *
 * @throws PINS_INVALID
 */
export function readFilename(token: string, where: string): string {
  const name = decodeToken(token, where);
  if (name.includes("/") || !isPlainSegment(name) || !/^[ -~]+$/.test(name)) {
    refuse(
      where,
      `expected a file name of printable ASCII without a path, found ${quoteToken(token)}`,
    );
  }
  return name;
}

/**
 * Free text: no control characters but line feed and tab.
 *
 * @throws PINS_INVALID
 */
export function readText(token: string, where: string): string {
  const text = decodeToken(token, where);
  if (HIDDEN_IN_TEXT.test(text)) {
    refuse(where, `expected text without control characters, found ${quoteToken(token)}`);
  }
  return text;
}

/** Whether text can be one segment of a path: not empty, not a dot segment, nothing hidden. */
export function isPlainSegment(segment: string): boolean {
  return (
    segment !== "" &&
    segment !== "." &&
    segment !== ".." &&
    !segment.includes("\\") &&
    !HIDDEN.test(segment)
  );
}
