import * as fc from "fast-check";
import { utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../../packages/shared/src/bytes/base64.ts";
import { codeOf, refusalOf } from "../support/refusal.ts";
import { BROKEN_BASE64 } from "../support/json-edits.ts";

/** RFC 4648 section 10. */
const VECTORS = [
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
] as const;

const ALPHABET = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

describe("base64", () => {
  test.each(VECTORS)("of %j is %j, and back", (plain, encoded) => {
    expect(encodeBase64(utf8(plain))).toBe(encoded);
    expect(decodeBase64(encoded, "text")).toEqual(utf8(plain));
  });

  test("of any bytes is what the engine makes of them, and back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const encoded = encodeBase64(bytes);
        expect(encoded).toBe(btoa(String.fromCharCode(...bytes)));
        expect(decodeBase64(encoded, "text")).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  test("knows its alphabet, and each letter stands for another value", () => {
    const values = ALPHABET.map((letter) => decodeBase64(`A${letter}AA`, "text"));
    expect(values.map(([high = 0, low = 0]) => (high << 4) | (low >>> 4))).toEqual(
      Array.from({ length: 64 }, (_, value) => value),
    );
  });
});

/** Short and long texts go to different decoders. */
const STARTS = [
  ["at once", ""],
  ["after 200 good characters", "Zm9v".repeat(50)],
] as const;

describe.each(STARTS)("text that is not base64 in its one form, %s,", (_where, start) => {
  const refused = [
    "Z",
    "Zg",
    "Zg=",
    "Zm8",
    "=",
    "==",
    "===",
    "====",
    "Z===",
    "=Zg=",
    "Zg=a",
    "Z=g=",
    "Zg==Zg==",
    "Zm9v=",
    "Zm9v==",
    "Zg==\n",
    "\nZg==",
    "Zg= =",
    "Zm9v\r\n",
    "Zm 9v",
    "Zm-v",
    "Zm_v",
    "Zm,v",
    "Zm\u00009",
    "Zm9\u0076\u0301",
    "\u017am9v",
    "Zm9\uff56",
  ];

  test.each(refused)("%j is refused", async (text) => {
    expect(await codeOf(() => decodeBase64(start + text, "text"))).toBe("BASE64_INVALID");
  });

  test.each(["Zh==", "Zi==", "Zn==", "Zv==", "Zm9=", "Zm+=", "Zm/="])(
    "%j, with unused bits that are not zero, is refused",
    async (text) => {
      const { code, message } = await refusalOf(() => decodeBase64(start + text, "text"));
      expect(code).toBe("BASE64_INVALID");
      expect(message).toMatch(/unused bits/);
    },
  );

  test.each(Object.entries(BROKEN_BASE64))("a text %s is refused", async (_, change) => {
    const broken = change(`${start}AAAAAAAA`);
    expect(await codeOf(() => decodeBase64(broken, "text"))).toBe("BASE64_INVALID");
  });

  test("no two texts decode to the same bytes", () => {
    const characters = fc.constantFrom(...ALPHABET, "=", " ", "\n", "-", "_", ".");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 12 }), (end) => {
        const text = start + end;
        let bytes: Uint8Array;
        try {
          bytes = decodeBase64(text, "text");
        } catch {
          return;
        }
        expect(encodeBase64(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
