import { utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  documentField,
  type Field,
  readArray,
  readBytes,
  readFields,
  readInt64,
  readObject,
  readOpenFields,
  readText,
} from "../../../packages/shared/src/bytes/fields.ts";
import { codeOf, refusalOf } from "../support/refusal.ts";

const CODE = "BUNDLE_INVALID";

function field(json: string): Field {
  return documentField(utf8(json), 10_000, "document", CODE);
}

describe("the fields of an object", () => {
  test("are its own, each with its path", () => {
    const { a, b } = readFields(field('{"a":1,"b":"x"}'), ["a"], ["b"]);
    expect([a.value, a.path, a.code]).toEqual([1n, "document.a", CODE]);
    expect(b?.path).toBe("document.b");
  });

  test("may be missing or null where they are optional", () => {
    expect(readFields(field("{}"), [], ["b"])).toEqual({});
    expect(readFields(field('{"b":null}'), [], ["b"])).toEqual({});
  });

  test("may be null where they are required, for their reader to judge", async () => {
    const { a } = readFields(field('{"a":null}'), ["a"]);
    expect(await codeOf(() => readText(a))).toBe(CODE);
  });

  test.each([
    "{}",
    '{"b":1}',
    '{"a":1,"c":1}',
    '{"a":1,"__proto__":1}',
    '{"a":1,"toString":1}',
    "[]",
    "null",
    '"a"',
    "1",
  ])("are not those of %s", async (json) => {
    expect(await codeOf(() => readFields(field(json), ["a"], ["b"]))).toBe(CODE);
  });

  test("may be others beside, where a specification asks to ignore them", () => {
    expect(Object.keys(readOpenFields(field('{"a":1,"c":1}'), ["a"], ["b"]))).toEqual(["a"]);
    expect(Object.keys(readObject(field('{"a":1,"c":1}')))).toEqual(["a", "c"]);
  });

  test("are not found on a prototype", async () => {
    expect(await codeOf(() => readOpenFields(field("{}"), ["toString"]))).toBe(CODE);
    expect(readOpenFields(field("{}"), [], ["constructor"])).toEqual({});
  });
});

describe("an integer of 64 bits", () => {
  test.each([
    ["0", 0n],
    ["1", 1n],
    ["9223372036854775807", 9223372036854775807n],
  ])("is %s", (digits, expected) => {
    expect(readInt64(field(JSON.stringify(digits)))).toBe(expected);
  });

  test.each([
    "",
    "-1",
    "+1",
    "01",
    "00",
    "1.0",
    "1e3",
    "0x1",
    " 1",
    "1 ",
    "1\n",
    "\u0661",
    "9223372036854775808",
    "99999999999999999999",
  ])("is not the string %j", async (digits) => {
    expect(await codeOf(() => readInt64(field(JSON.stringify(digits))))).toBe(CODE);
  });

  test.each(["1", "1.0", "true", "null", '["1"]', '{"1":1}'])("is not %s", async (json) => {
    expect(await codeOf(() => readInt64(field(json)))).toBe(CODE);
  });
});

describe("a list", () => {
  test("has paths for its elements, and a bound", async () => {
    const list = field("[1,2,3]");
    expect(readArray(list, 3).map(({ path }) => path)).toEqual([
      "document[0]",
      "document[1]",
      "document[2]",
    ]);
    expect(await codeOf(() => readArray(list, 2))).toBe("LIMIT_EXCEEDED");
  });

  test.each(["{}", '"abc"', "null", "3"])("is not %s", async (json) => {
    expect(await codeOf(() => readArray(field(json), 3))).toBe(CODE);
  });
});

test("bytes are a string of base64", async () => {
  expect(readBytes(field('"YWJj"'))).toEqual(utf8("abc"));
  expect(await codeOf(() => readBytes(field('"YWJ"')))).toBe("BASE64_INVALID");
  expect(await codeOf(() => readBytes(field("[97,98,99]")))).toBe(CODE);
});

test.each([
  ["[]", "an array of 0"],
  ["[1,2]", "an array of 2"],
  ["{}", "an object"],
  ["null", "null"],
  ["1", "1"],
  ["1.5", "1.5"],
  ["true", "true"],
])("what is found in place of a string is said: %s is %s", async (json, found) => {
  const { message } = await refusalOf(() => readText(field(json)));
  expect(message).toBe(`document: expected a string, found ${found}`);
});
