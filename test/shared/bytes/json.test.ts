import * as fc from "fast-check";
import { utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { type JsonValue, parseJson } from "../../../packages/shared/src/bytes/json.ts";
import { codeOf, refusalOf } from "../support/refusal.ts";
import { BROKEN_JSON, BROKEN_UTF8, nested, withBytes } from "../support/json-edits.ts";

const LIMIT = 1024 * 1024;

function parse(text: string): JsonValue {
  return parseJson(utf8(text), LIMIT, "document");
}

/** The value as the engine's own parser gives it. */
function plain(value: JsonValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
}

describe("JSON that is accepted", () => {
  test("means what the engine's own parser says", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "grapheme" }), (text) => {
        expect(plain(parse(text))).toEqual(withoutNegativeZero(JSON.parse(text)));
      }),
    );
  });

  test("is a part of what the engine's own parser accepts", () => {
    const characters = Array.from('{}[]:,"\\ \n\t0123456789.eE+-truefalsn/bu\u0000\u00a0\ufeffa');
    const unit = fc.constantFrom(...characters);
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 14 }), (text) => {
        let value: JsonValue;
        try {
          value = parse(text);
        } catch {
          return;
        }
        expect(plain(value)).toEqual(withoutNegativeZero(JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["1", 1n],
    ["-1", -1n],
    ["0", 0n],
    ["1.0", 1],
    ["1e0", 1],
    ["-0", 0n],
    ["9007199254740993", 9007199254740993n],
    ["0.5", 0.5],
    ["5e-324", 5e-324],
    ["true", true],
    ["false", false],
    ["null", null],
    ['""', ""],
    ['"\\u00e4\\n\\/"', "\u00e4\n/"],
    ['"\\ud83d\\ude00"', "\u{1f600}"],
    ["[]", []],
    [" \r\n\t[ 1 , 2 ]\n", [1n, 2n]],
  ])("%s is read as it stands", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test("has objects without a prototype, so that no key reaches one", () => {
    const object = parse('{"__proto__":{"x":1},"constructor":2}') as Record<string, JsonValue>;
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.keys(object)).toEqual(["__proto__", "constructor"]);
    expect(object["x"]).toBeUndefined();
    expect("toString" in object).toBe(false);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("may be nested 32 levels deep", () => {
    expect(parse(nested(32))).toHaveLength(1);
    expect(parse('{"a":'.repeat(32) + "1" + "}".repeat(32))).toHaveProperty("a");
  });

  test("may be as large as its bound", () => {
    const text = `"${"x".repeat(LIMIT - 2)}"`;
    expect(parse(text)).toHaveLength(LIMIT - 2);
  });
});

function withoutNegativeZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, each]) => [key, withoutNegativeZero(each)] as const,
  );
  return Object.fromEntries(entries);
}

describe("JSON that is refused", () => {
  test.each(Object.entries(BROKEN_JSON))("is a document %s", async (_, change) => {
    const broken = change(utf8('{"version":1}'));
    expect(await codeOf(() => parseJson(broken, LIMIT, "document"))).toBe("JSON_INVALID");
  });

  test.each(Object.entries(BROKEN_UTF8))("has a string with %s", async (_, bytes) => {
    const broken = withBytes(bytes)(utf8('{"version":1}'));
    expect(await codeOf(() => parseJson(broken, LIMIT, "document"))).toBe("UTF8_INVALID");
  });

  const wrong = [
    "",
    " ",
    "\u0000",
    "nul",
    "nulll",
    "True",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "+1",
    "-",
    "01",
    "-01",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x10",
    "1_000",
    "1n",
    "--1",
    "1 2",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1",
    "1]",
    "{,}",
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    "{a:1}",
    "{1:1}",
    '{"a":1 "b":2}',
    '{"a":1',
    '"a',
    "'a'",
    '"\\x41"',
    '"\\u12"',
    '"\\u12g4"',
    '"\\U0041"',
    '"\\',
    '"\t"',
    '"\n"',
    '"\u0000"',
    "// x\n1",
    "1 // x",
    "/* */1",
    "\u00a01",
    "1\u2028",
    "\ufeff1",
    "\u000b1",
    "\u000c1",
    '"\\ud800"',
    '"\\udc00"',
    '"\\udc00\\ud800"',
    '"\\ud800\\u0041"',
    '{"\\ud800":1}',
    "1e999",
    "-1e999",
    "1" + "0".repeat(400),
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '[{"a":{"b":1,"b":2}}]',
  ];

  test.each(wrong)("is %j", async (text) => {
    expect(await codeOf(() => parse(text))).toBe("JSON_INVALID");
  });

  test("is nested deeper than 32 levels, however deep", async () => {
    for (const depth of [33, 1000, 500_000]) {
      expect(await codeOf(() => parse(nested(depth)))).toBe("LIMIT_EXCEEDED");
      const objects = '{"a":'.repeat(Math.min(depth, 100_000));
      expect(await codeOf(() => parse(objects))).toBe("LIMIT_EXCEEDED");
    }
  });

  test("is larger than its bound, whatever it holds", async () => {
    const bytes = new Uint8Array(LIMIT + 1).fill(0xff);
    expect(await codeOf(() => parseJson(bytes, LIMIT, "document"))).toBe("LIMIT_EXCEEDED");
  });

  test("is shown by line and column", async () => {
    const { message } = await refusalOf(() => parse('{\n  "a": 1,\n  "b" 2\n}'));
    expect(message).toBe('document, line 3, column 7: expected ":", found "2"');
  });
});

test("every string is parsed or refused with an error of the library's own", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const outcome = await Promise.resolve()
        .then(() => parseJson(bytes, LIMIT, "document"))
        .then(
          () => "parsed",
          (error: unknown) => (error as Error).name,
        );
      expect(["parsed", "PubpinError"]).toContain(outcome);
    }),
  );
});
