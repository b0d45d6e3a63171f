import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CanonicalValue,
  canonicalJson,
} from "../../../packages/shared/src/bytes/canonical.ts";

const INVALID = expect.objectContaining({ code: "JSON_INVALID" }) as Error;

const values = fc.letrec<{ value: CanonicalValue; list: readonly CanonicalValue[] }>((tie) => ({
  value: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    tie("list"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
})).value;

describe("canonicalJson", () => {
  it("escapes as little as RFC 8785 does", () => {
    const text = '€$\u000f\nA\'B"\\\\"/\u007f\u2028\u20ac\ud83d\ude02';
    expect(canonicalJson([text])).toBe(
      '["€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028\u20ac\ud83d\ude02"]',
    );
  });

  it("writes no white space, and integers in one form", () => {
    expect(canonicalJson([null, true, false, 0, -0, -7, 2 ** 53 - 1, [], ["", [1]]])).toBe(
      '[null,true,false,0,0,-7,9007199254740991,[],["",[1]]]',
    );
  });

  it.each([[0.5], [Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53]])("refuses %d", (number) => {
    expect(() => canonicalJson([number])).toThrow(INVALID);
  });

  it.each(["\ud83d", "\ude02\ud83d"])("refuses half of a surrogate pair: %j", (text) => {
    expect(() => canonicalJson(text)).toThrow(INVALID);
  });

  it("is JSON of the same value, and a fixed point", () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(value);
        expect(canonicalJson(JSON.parse(text) as CanonicalValue)).toBe(text);
      }),
    );
  });
});
