import { fail, requireAtMost } from "../errors.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { quote } from "./quote.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * A JSON value. Objects have no prototype, so that no key can reach one. Integers are bigints and
 * other numbers doubles, so that 1 and 1.0 can be told apart.
 */
export type JsonValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly JsonValue[]
  | JsonObject;
/** A JSON object without a prototype. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

interface Scanner {
  readonly text: string;
  readonly what: string;
  offset: number;
}

const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses JSON (RFC 8259) of which no two parsers can think differently: UTF-8 without a byte order
 * mark, no duplicate keys, no lone surrogates, no number beyond a double, bounded depth.
 *
 * @param maxBytes the bound of the document's size
 * @throws LIMIT_EXCEEDED UTF8_INVALID JSON_INVALID
 */
export function parseJson(bytes: Uint8Array, maxBytes: number, what: string): JsonValue {
  requireAtMost(maxBytes, bytes.length, "bytes", what);
  const scanner: Scanner = { text: decodeUtf8(bytes, what), what, offset: 0 };
  const value = readValue(scanner, 0);
  if (scanner.offset !== scanner.text.length) unexpected(scanner, "the end of the document");
  return value;
}

function readValue(scanner: Scanner, depth: number): JsonValue {
  skipSpace(scanner);
  const value = readBareValue(scanner, depth);
  skipSpace(scanner);
  return value;
}

function readBareValue(scanner: Scanner, depth: number): JsonValue {
  switch (scanner.text[scanner.offset]) {
    case "{":
      return readObject(scanner, deeper(scanner, depth));
    case "[":
      return readArray(scanner, deeper(scanner, depth));
    case '"':
      return readString(scanner);
    case "t":
      return readLiteral(scanner, "true", true);
    case "f":
      return readLiteral(scanner, "false", false);
    case "n":
      return readLiteral(scanner, "null", null);
    default:
      return readNumber(scanner);
  }
}

function deeper(scanner: Scanner, depth: number): number {
  requireAtMost(MAX_JSON_DEPTH, depth + 1, "nested levels", scanner.what);
  return depth + 1;
}

function readObject(scanner: Scanner, depth: number): JsonObject {
  const object = { __proto__: null } as unknown as Record<string, JsonValue>;
  scanner.offset++;
  skipSpace(scanner);
  if (take(scanner, "}")) return object;
  do {
    skipSpace(scanner);
    if (scanner.text[scanner.offset] !== '"') unexpected(scanner, "a key");
    const key = readString(scanner);
    if (object[key] !== undefined) {
      fail("JSON_INVALID", `${scanner.what}: the key ${quote(key)} stands twice in one object`);
    }
    skipSpace(scanner);
    if (!take(scanner, ":")) unexpected(scanner, '":"');
    object[key] = readValue(scanner, depth);
  } while (take(scanner, ","));
  if (!take(scanner, "}")) unexpected(scanner, '"," or "}"');
  return object;
}

function readArray(scanner: Scanner, depth: number): readonly JsonValue[] {
  const array: JsonValue[] = [];
  scanner.offset++;
  skipSpace(scanner);
  if (take(scanner, "]")) return array;
  do array.push(readValue(scanner, depth));
  while (take(scanner, ","));
  if (!take(scanner, "]")) unexpected(scanner, '"," or "]"');
  return array;
}

function readString(scanner: Scanner): string {
  scanner.offset++;
  let value = match(scanner, PLAIN);
  if (take(scanner, '"')) return value;
  do value += readEscape(scanner) + match(scanner, PLAIN);
  while (!take(scanner, '"'));
  // Only an escape can bring in half of a pair: UTF-8 has none.
  if (LONE_SURROGATE.test(value)) {
    fail("JSON_INVALID", `${scanner.what}: a lone surrogate in a string`);
  }
  return value;
}

function readEscape(scanner: Scanner): string {
  const escape = match(scanner, ESCAPE);
  if (escape === "") unexpected(scanner, "an escape sequence or the end of the string");
  return JSON.parse(`"${escape}"`) as string;
}

function readNumber(scanner: Scanner): bigint | number {
  const digits = match(scanner, NUMBER);
  if (digits === "") unexpected(scanner, "a value");
  const value = Number(digits);
  if (!Number.isFinite(value)) {
    fail("JSON_INVALID", `${scanner.what}: the number ${digits.slice(0, 40)} is out of range`);
  }
  return /^-?\d+$/.test(digits) ? BigInt(digits) : value;
}

function readLiteral<T extends JsonValue>(scanner: Scanner, word: string, value: T): T {
  if (!scanner.text.startsWith(word, scanner.offset)) unexpected(scanner, "a value");
  scanner.offset += word.length;
  return value;
}

function skipSpace(scanner: Scanner): void {
  while (isSpace(scanner.text.charCodeAt(scanner.offset))) scanner.offset++;
}

/** Space, tab, line feed or carriage return. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function match(scanner: Scanner, pattern: RegExp): string {
  const { text, offset } = scanner;
  pattern.lastIndex = offset;
  if (pattern.test(text)) scanner.offset = pattern.lastIndex;
  return text.slice(offset, scanner.offset);
}

function take(scanner: Scanner, character: string): boolean {
  if (scanner.text[scanner.offset] !== character) return false;
  scanner.offset++;
  return true;
}

function unexpected(scanner: Scanner, expected: string): never {
  const before = scanner.text.slice(0, scanner.offset);
  const line = before.split("\n").length;
  const column = scanner.offset - before.lastIndexOf("\n");
  const found = scanner.text[scanner.offset];
  return fail(
    "JSON_INVALID",
    `${scanner.what}, line ${line}, column ${column}: expected ${expected}, ` +
      `found ${found === undefined ? "the end" : quote(found)}`,
  );
}
