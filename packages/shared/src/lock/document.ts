/** Locks that are TOML, JSON or YAML, as fields that say where they stand. */
import { parse, TomlError } from "smol-toml";
import {
  type Field,
  type Fields,
  readArray,
  readObject,
  readOpenFields,
  readText,
  wrongType,
} from "../bytes/fields.ts";
import { type JsonValue, parseJson } from "../bytes/json.ts";
import { quote } from "../bytes/quote.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_JSON_DEPTH, MAX_LOCK_BYTES, MAX_LOCK_ENTRIES } from "../limits.ts";
import { invalid, ofLock, unsupported } from "./refuse.ts";
import { linesOf, type LockText } from "./text.ts";

/** An entry of a lock: its field, the line where it begins, or null. */
export interface Entry {
  readonly field: Field;
  readonly line: number | null;
}

/**
 * The root of a TOML document (TOML 1.0).
 *
 * @throws LOCK_INVALID
 */
export function tomlDocument({ path, text }: LockText): Field {
  try {
    const options = { integersAsBigInt: true, maxDepth: MAX_JSON_DEPTH } as const;
    return documentField(path, plain(parse(text, options), { path, left: text.length }, 0));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "");
    return invalid(
      `${path}, line ${error.line}, column ${error.column}`,
      `not TOML: ${reason}`,
      error,
    );
  }
}

/**
 * The root of a JSON document (RFC 8259, without duplicate keys).
 *
 * @throws LOCK_INVALID
 */
export function jsonDocument({ path, text }: LockText): Field {
  const value = ofLock(null, () => parseJson(encodeUtf8(text), MAX_LOCK_BYTES, path));
  return documentField(path, value);
}

/**
 * The root of a document that was parsed elsewhere, to arrays, plain objects, strings, booleans,
 * null, and numbers or bigints.
 *
 * @throws LOCK_INVALID for any other value
 */
export function parsedDocument({ path, text }: LockText, value: unknown): Field {
  return documentField(path, plain(value, { path, left: text.length }, 0));
}

function documentField(path: string, value: JsonValue): Field {
  return { value, path: `${path}, document`, code: "LOCK_INVALID" };
}

/** How many values may still come: no text has more of them than characters, but for aliases. */
interface Budget {
  readonly path: string;
  left: number;
}

/** The same value as the strict JSON parser gives it: objects without prototype, whole numbers big. */
function plain(value: unknown, budget: Budget, depth: number): JsonValue {
  if (depth > MAX_JSON_DEPTH) {
    fail("LIMIT_EXCEEDED", `${budget.path}: expected at most ${MAX_JSON_DEPTH} nested levels`);
  }
  if (--budget.left < 0) {
    fail("LIMIT_EXCEEDED", `${budget.path}: expected no more values than characters`);
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) {
    return value.map((element: unknown) => plain(element, budget, depth + 1));
  }
  if (value instanceof Date) return value.toISOString();
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== null && prototype !== Object.prototype) {
    return invalid(budget.path, `expected text, numbers, lists and tables, found ${typeof value}`);
  }
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const key in value as object) {
    object[key] = plain((value as Record<string, unknown>)[key], budget, depth + 1);
  }
  return object;
}

/**
 * The fields of a table of which every key is known: required and optional ones are returned,
 * ignored ones have no say in what is installed.
 *
 * @throws LOCK_UNSUPPORTED when there is a key that this reader does not know
 * @throws LOCK_INVALID when it is no table or lacks a required key
 */
export function readTable<R extends string, O extends string = never>(
  field: Field,
  required: readonly R[],
  optional: readonly O[] = [],
  ignored: readonly string[] = [],
): Fields<R, O> {
  const known = new Set<string>([...required, ...optional, ...ignored]);
  for (const key of Object.keys(readObject(field))) {
    if (!known.has(key)) {
      unsupported(
        field.path,
        `the key ${quote(key)} is not known to this version of pubpin, which therefore cannot say ` +
          "what it installs",
      );
    }
  }
  return readOpenFields(field, required, optional);
}

/** The fields of a table with any keys, each key with its field. */
export function readNamed(field: Field): readonly (readonly [string, Field])[] {
  return Object.entries(readObject(field)).map(([key, value]) => [
    key,
    { value, path: `${field.path}[${quote(key)}]`, code: field.code },
  ]);
}

/** The elements of a list, or none where there is no list. */
export function readList(
  field: Field | undefined,
  max: number = MAX_LOCK_ENTRIES,
): readonly Field[] {
  return field === undefined ? [] : readArray(field, max);
}

/** Text that is not empty, or null where there is no field. */
export function readOptionalText(field: Field | undefined): string | null {
  if (field === undefined) return null;
  const text = readText(field);
  return text === "" ? invalid(field.path, "expected text, found none") : text;
}

/** A boolean, false where there is no field. */
export function readFlag(field: Field | undefined): boolean {
  if (field === undefined) return false;
  return typeof field.value === "boolean" ? field.value : wrongType(field, "true or false");
}

/** A number of bytes, or null where there is no field. */
export function readSize(field: Field | undefined): number | null {
  if (field === undefined) return null;
  const { value } = field;
  if (typeof value !== "bigint" || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    return wrongType(field, "a number of bytes");
  }
  return Number(value);
}

/**
 * The entries of a list of tables, with the lines where their headers stand.
 *
 * @param header finds each header (with the flags `g` and `m`)
 */
export function readEntries(
  lock: LockText,
  field: Field | undefined,
  header: RegExp,
): readonly Entry[] {
  const fields = readList(field);
  const lines = linesOf(lock.text, header);
  const areKnown = lines.length === fields.length;
  return fields.map((each, index) => {
    const line = areKnown ? (lines[index] ?? null) : null;
    return { field: { ...each, path: placeOf(lock.path, line, each, index) }, line };
  });
}

function placeOf(path: string, line: number | null, { value }: Field, index: number): string {
  const name =
    typeof value === "object" && value !== null && "name" in value ? value["name"] : null;
  const entry = typeof name === "string" ? `package ${quote(name)}` : `package ${index + 1}`;
  return line === null ? `${path}, ${entry} (${index + 1})` : `${path}, line ${line}, ${entry}`;
}

/**
 * Refuses a version of a format: LOCK_UNSUPPORTED, with its line.
 *
 * @param key the last key of the field, which stands once in such a lock, or first at its top
 */
export function unsupportedVersion(
  { path, text }: LockText,
  key: string,
  field: Field,
  expected: string,
): never {
  const [line] = linesOf(text, new RegExp(`^[ \\t]*"?${key}"?[ \\t]*[:=]`, "gm"));
  const place = line === undefined ? path : `${path}, line ${line}`;
  return wrongType(
    { ...field, path: place + field.path.slice(path.length), code: "LOCK_UNSUPPORTED" },
    `${expected} (update pubpin, or lock again with a version of the tool that writes it)`,
  );
}
