import { type ErrorCode, fail, requireAtMost } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { decodeBase64 } from "./base64.ts";
import { rememberLast } from "./bytes.ts";
import { type JsonObject, type JsonValue, parseJson } from "./json.ts";
import { quote } from "./quote.ts";

/** A place in a JSON document: what stands there, its path, and the code for a wrong shape. */
export interface Field {
  readonly value: JsonValue | undefined;
  readonly path: string;
  readonly code: ErrorCode;
}

/** The fields of an object: every required one is present, an optional one may be undefined. */
export type Fields<Required extends string, Optional extends string> = {
  readonly [key in Required]: Field;
} & { readonly [key in Optional]?: Field };

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The root field of a JSON document.
 *
 * @param code the code for every wrong shape found below this field
 * @throws LIMIT_EXCEEDED UTF8_INVALID JSON_INVALID
 */
export function documentField(
  bytes: Uint8Array,
  maxBytes: number,
  what: string,
  code: ErrorCode,
): Field {
  return { value: parseJson(bytes, maxBytes, what), path: what, code };
}

/**
 * The fields of an object with these keys and no others. An optional field that is null counts as
 * absent, as in protobuf's JSON mapping.
 *
 * @throws the field's code when it is no object, lacks a required key or has an unknown one
 */
export function readFields<R extends string, O extends string = never>(
  field: Field,
  required: readonly R[],
  optional: readonly O[] = [],
): Fields<R, O> {
  const fields = readOpenFields(field, required, optional);
  for (const key of Object.keys(field.value as JsonObject)) {
    if (required.includes(key as R) || optional.includes(key as O)) continue;
    fail(field.code, `${field.path}: the field ${quote(key)} is not known here`);
  }
  return fields;
}

/**
 * The fields of an object that may have others, which are ignored: for documents whose
 * specification asks consumers to ignore what they do not know.
 */
export function readOpenFields<R extends string, O extends string = never>(
  field: Field,
  required: readonly R[],
  optional: readonly O[] = [],
): Fields<R, O> {
  const object = readObject(field);
  const fields: Record<string, Field> = {};
  const take = (key: string): void => {
    fields[key] = { value: object[key], path: `${field.path}.${key}`, code: field.code };
  };
  for (const key of required) {
    if (object[key] === undefined) {
      fail(field.code, `${field.path}: the field ${quote(key)} is missing`);
    }
    take(key);
  }
  for (const key of optional) if ((object[key] ?? null) !== null) take(key);
  return fields as Fields<R, O>;
}

/** The one field that an object may have, which it must have. */
export function readOnlyField(field: Field, key: string): Field {
  return readFields(field, [key])[key] as Field;
}

/** What a table has under a name from outside: never what every object inherits. */
export function namedIn<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The object at a field, with whatever keys. */
export function readObject(field: Field): JsonObject {
  const { value } = field;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return wrongType(field, "an object");
  }
  return value as JsonObject;
}

/**
 * The elements of an array.
 *
 * @throws LIMIT_EXCEEDED beyond `max` elements
 */
export function readArray(field: Field, max: number): readonly Field[] {
  const { value } = field;
  if (!Array.isArray(value)) return wrongType(field, "an array");
  requireAtMost(max, value.length, "elements", field.path);
  return (value as readonly JsonValue[]).map((element, index) => ({
    value: element,
    path: `${field.path}[${index}]`,
    code: field.code,
  }));
}

/** The string at a field. */
export function readText(field: Field): string {
  return typeof field.value === "string" ? field.value : wrongType(field, "a string");
}

/** The bytes of a base64 string at a field. */
export function readBytes(field: Field): Bytes {
  return decodeBase64(readText(field), field.path);
}

const decodeSigner = rememberLast(decodeBase64);

/** The same for a certificate or key, which is often the one that was read last. */
export function readSignerBytes(field: Field): Bytes {
  return decodeSigner(readText(field), field.path);
}

/**
 * A non-negative 64-bit integer as protobuf's JSON mapping writes it: a string of decimal digits,
 * without sign and leading zeros.
 */
export function readInt64(field: Field): bigint {
  const { value } = field;
  if (typeof value !== "string" || !/^(?:0|[1-9][0-9]{0,18})$/.test(value)) {
    return wrongType(field, "a decimal integer in a string");
  }
  const integer = BigInt(value);
  return integer <= MAX_INT64 ? integer : wrongType(field, "a 64-bit integer");
}

/** Refuses what stands at a field. */
export function wrongType(field: Field, expected: string): never {
  return fail(field.code, `${field.path}: expected ${expected}, found ${describe(field.value)}`);
}

/** What stands at a field, for a message. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? quote(value) : String(value);
}
