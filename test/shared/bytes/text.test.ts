/** Hexadecimal, UTF-8, quotations, and comparing bytes. */
import * as fc from "fast-check";
import { hex, utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  copyBytes,
  equalBytes,
  keyOf,
} from "../../../packages/shared/src/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../packages/shared/src/bytes/hex.ts";
import { quote } from "../../../packages/shared/src/bytes/quote.ts";
import { decodeUtf8, encodeUtf8 } from "../../../packages/shared/src/bytes/utf8.ts";
import { codeOf, refusalOf } from "../support/refusal.ts";
import { BROKEN_UTF8 } from "../support/json-edits.ts";

describe("hexadecimal", () => {
  test("of any bytes comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeHex(bytes)).toBe(hex(bytes));
        expect(decodeHex(encodeHex(bytes), bytes.length, "text")).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  test.each([
    "",
    "00",
    "000",
    "00000",
    "0000 ",
    "0x00",
    "00AA",
    "gggg",
    "\u0660\u0660\u0660\u0660",
    "-1ff",
  ])("%j is not of two bytes", async (text) => {
    expect(await codeOf(() => decodeHex(text, 2, "text"))).toBe("HEX_INVALID");
  });

  test("that is refused is shown without control characters, and shortened", async () => {
    const { message } = await refusalOf(() => decodeHex(`\u001b[2J${"x".repeat(500)}`, 2, "text"));
    expect(message).toMatch(/^[ -~]{1,200}$/);
  });
});

describe("UTF-8", () => {
  test("of any text comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeUtf8(encodeUtf8(text), "text")).toBe(text);
      }),
    );
  });

  test.each(Object.entries(BROKEN_UTF8))("with %s is refused", async (_, bytes) => {
    expect(await codeOf(() => decodeUtf8(bytes, "text"))).toBe("UTF8_INVALID");
  });

  test("keeps a byte order mark, for others to judge", () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41), "text")).toBe("\ufeffA");
  });
});

describe("a quotation", () => {
  test.each([
    ["plain", '"plain"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ["a\nb", '"a\\nb"'],
    ["\u0430dmin", '"\\u0430dmin"'],
    ["\u202e\u200b", '"\\u202e\\u200b"'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u007f", '"\\u007f"'],
    ["\u{1f600}", '"\\ud83d\\ude00"'],
  ])("of %j is %s", (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  test("is printable ASCII, bounded, and readable as JSON", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        const quoted = quote(text);
        expect(quoted).toMatch(/^[ -~]*$/);
        expect(quoted.length).toBeLessThan(600);
        const shown = JSON.parse(quoted) as string;
        expect(text.startsWith(shown.replace(/\.\.\.$/, "")) || shown === text).toBe(true);
      }),
    );
  });
});

describe("bytes", () => {
  test("are equal to themselves, and to no others", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(equalBytes(a, new Uint8Array(a))).toBe(true);
        expect(equalBytes(a, b)).toBe(hex(a) === hex(b));
        expect(keyOf(a) === keyOf(b)).toBe(hex(a) === hex(b));
      }),
    );
  });

  test("of every value have a key of their own", () => {
    const keys = Array.from({ length: 256 }, (_, byte) => keyOf(Uint8Array.of(byte)));
    expect(new Set(keys).size).toBe(256);
    expect(equalBytes(utf8("a"), utf8("ab"))).toBe(false);
    expect(equalBytes(utf8("ab"), utf8("a"))).toBe(false);
  });

  test("are joined and copied into memory of their own", () => {
    const parts = [utf8("a"), utf8(""), utf8("bc")];
    const joined = concatBytes(...parts);
    expect(joined).toEqual(utf8("abc"));
    const view = joined.subarray(1);
    const copy = copyBytes(view);
    view.fill(0);
    expect(copy).toEqual(utf8("bc"));
    expect(copy.buffer.byteLength).toBe(2);
  });
});
