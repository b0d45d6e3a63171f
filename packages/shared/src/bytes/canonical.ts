import { fail } from "../errors.ts";

/** What canonical JSON is written for here: no objects, no fractions. */
export type CanonicalValue = null | boolean | number | string | readonly CanonicalValue[];

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one JSON text of a value (RFC 8785, JSON Canonicalization Scheme): no white space, strings
 * escaped as little as JSON allows.
 *
 * @throws JSON_INVALID for what has no such text here: a number that is not an integer of at most
 *   53 bits, or half of a surrogate pair
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return canonicalInteger(value);
  if (value === null || typeof value === "boolean") return String(value);
  return `[${value.map(canonicalJson).join(",")}]`;
}

/** ECMAScript's own escapes are those of RFC 8785, section 3.2.2.2. */
function canonicalString(value: string): string {
  if (LONE_SURROGATE.test(value)) {
    fail("JSON_INVALID", "canonical JSON: a lone surrogate in a string");
  }
  return JSON.stringify(value);
}

function canonicalInteger(value: number): string {
  if (!Number.isSafeInteger(value)) {
    fail("JSON_INVALID", `canonical JSON: expected an integer, found ${value}`);
  }
  return Object.is(value, -0) ? "0" : String(value);
}
