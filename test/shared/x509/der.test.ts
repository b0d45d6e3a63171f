/** The reader of DER (X.690): one form for each value, and every byte of it. */
import * as fc from "fast-check";
import { element, fromHex, integer, oid, sequence, utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  contentOf,
  type DerReader,
  encodingOf,
  enter,
  finish,
  hasMore,
  next,
  nextAny,
  nextSequence,
  readDer,
} from "../../../packages/shared/src/x509/der.ts";
import * as TAG from "../../../packages/shared/src/x509/der-tags.ts";
import {
  nextBitString,
  nextDefaultFalse,
  nextGeneralizedTime,
  nextInteger,
  nextNamedBits,
  nextOctetString,
  nextOid,
  nextPositiveInteger,
  nextSmallInteger,
  nextUtcTime,
  nextUtf8String,
} from "../../../packages/shared/src/x509/der-types.ts";
import { codeOf } from "../support/refusal.ts";

/** Reads hexadecimal with one function of the reader, to its end. */
function read<T>(nextOf: (reader: DerReader) => T, digits: string): T {
  const reader = readDer(fromHex(digits), "value");
  const value = nextOf(reader);
  finish(reader);
  return value;
}

async function refused(nextOf: (reader: DerReader) => unknown, digits: string): Promise<void> {
  expect(await codeOf(() => read(nextOf, digits))).toBe("DER_INVALID");
}

const octets = (reader: DerReader): number => nextOctetString(reader).length;

describe("a length", () => {
  test.each([
    ["0400", 0],
    [`047f${"00".repeat(127)}`, 127],
    [`048180${"00".repeat(128)}`, 128],
    [`0481ff${"00".repeat(255)}`, 255],
    [`04820100${"00".repeat(256)}`, 256],
    [`0482ffff${"00".repeat(65_535)}`, 65_535],
    [`0483010000${"00".repeat(65_536)}`, 65_536],
  ])("is read in its shortest form (%#)", (digits, length) => {
    expect(read(octets, digits)).toBe(length);
  });

  test.each([
    "048100",
    "04810100",
    `04817f${"00".repeat(127)}`,
    "0482000100",
    `048200ff${"00".repeat(255)}`,
    `048300ffff${"00".repeat(65_535)}`,
    "04840000000100",
    "0480000000",
    "04ff00",
    "2480040100000000",
  ])("is refused in any other (%#)", (digits) => refused(octets, digits));

  test.each(["", "04", "0401", "0481", "048180", "04820100", "0483", "048301", "04820100000000"])(
    "is refused where bytes are missing: %s",
    (digits) => refused(octets, digits),
  );

  test("reaches no further than what holds it", async () => {
    await refused((reader) => nextOctetString(nextSequence(reader, "inner")), "30030402000000");
  });
});

describe("a tag", () => {
  test.each(["0500", "2400", "0c00", "8400", "a400", "00"])(
    "%s is not that of an octet string",
    (digits) => refused(nextOctetString, digits),
  );

  test.each(["1f0100", "3f8100", "bf0100", "9f2000"])("of several bytes is refused: %s", (digits) =>
    refused(nextAny, digits),
  );
});

test("bytes that are left over are refused", async () => {
  await refused(nextOctetString, "040000");
  await refused((reader) => finish(nextSequence(reader, "inner")), "30020500");
});

test("a value is known by where it stands", () => {
  const reader = readDer(fromHex("30050401aa0500"), "value");
  const outer = next(reader, TAG.sequence);
  const inner = enter(outer, "inner");
  const first = nextAny(inner);
  expect([contentOf(first), encodingOf(first)]).toEqual([fromHex("aa"), fromHex("0401aa")]);
  expect(hasMore(inner)).toBe(true);
  expect(encodingOf(nextAny(inner))).toEqual(fromHex("0500"));
  expect([hasMore(inner), hasMore(reader)]).toEqual([false, false]);
});

test("24 nested levels are read, and no more", async () => {
  const nested = (depth: number): Uint8Array =>
    depth === 0 ? new Uint8Array() : sequence(nested(depth - 1));
  const descend = (depth: number): void => {
    let reader = readDer(new Uint8Array(nested(depth)), "value");
    while (hasMore(reader)) reader = nextSequence(reader, "inner");
  };
  descend(24);
  expect(await codeOf(() => descend(25))).toBe("LIMIT_EXCEEDED");
  expect(await codeOf(() => descend(2000))).toBe("LIMIT_EXCEEDED");
});

describe("an integer", () => {
  test.each(["020100", "02017f", "020180", "02020080", "0202ff7f", "02020100"])(
    "is read: %s",
    (digits) => {
      expect(read(nextInteger, digits)).toEqual(fromHex(digits.slice(4)));
    },
  );

  test.each(["0200", "02020000", "0202007f", "0202ff80", "0202ffff", "0203000080", "220100"])(
    "is refused in another form: %s",
    (digits) => refused(nextInteger, digits),
  );

  test("that is positive comes without its sign byte", async () => {
    expect(read(nextPositiveInteger, "02020080")).toEqual(fromHex("80"));
    expect(read(nextPositiveInteger, "02017f")).toEqual(fromHex("7f"));
    await refused(nextPositiveInteger, "020100");
    await refused(nextPositiveInteger, "0201ff");
    await refused(nextPositiveInteger, "02020000");
  });

  test("that is small is a number", async () => {
    expect(read(nextSmallInteger, "020100")).toBe(0);
    expect(read(nextSmallInteger, "02047fffffff")).toBe(2_147_483_647);
    await refused(nextSmallInteger, "02050080000000");
    await refused(nextSmallInteger, "0201ff");
  });

  test("of any value is what the kit wrote", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (value) => {
        const reader = readDer(integer(value), "value");
        expect(nextSmallInteger(reader)).toBe(value);
      }),
    );
  });
});

describe("a truth value", () => {
  test("that is false by default is true, or is not there", async () => {
    expect(read(nextDefaultFalse, "0101ff")).toBe(true);
    expect(read(nextDefaultFalse, "")).toBe(false);
    await refused(nextDefaultFalse, "010100");
  });

  test.each(["0100", "010101", "0101fe", "0102ffff", "2101ff"])("is not %s", (digits) =>
    refused(nextDefaultFalse, digits),
  );
});

describe("an object identifier", () => {
  test.each([
    "0.0",
    "0.39",
    "1.0",
    "1.39",
    "2.0",
    "2.39",
    "2.40",
    "2.999",
    "1.2.840.113549.1.1.11",
    "2.5.29.17",
    "1.3.6.1.4.1.57264.1.18",
    "1.2.127",
    "1.2.128",
    "1.2.16383",
    "1.2.16384",
    "1.2.4294967295",
  ])("%s is read", (dotted) => {
    const reader = readDer(oid(dotted), "value");
    expect(nextOid(reader)).toBe(dotted);
  });

  test.each(["0600", "060180", "06028001", "06032a8001", "06022a80", "0601ff", "26012a"])(
    "is refused in another form: %s",
    (digits) => refused(nextOid, digits),
  );

  test("with an arc beyond exact numbers is refused", async () => {
    expect(read(nextOid, "06072affffffffff7f")).toBe(`1.2.${2 ** 42 - 1}`);
    await refused(nextOid, "060a2a90808080808080807f");
    await refused(nextOid, `0614${"ff".repeat(19)}7f`);
  });

  test("no two encodings stand for the same one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), (content) => {
        let dotted: string;
        try {
          dotted = nextOid(readDer(element(6, content), "value"));
        } catch {
          return;
        }
        expect(oid(dotted)).toEqual(element(6, content));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a bit string", () => {
  test("of whole bytes comes without its first", async () => {
    expect(read(nextBitString, "030300ff00")).toEqual(fromHex("ff00"));
    expect(read(nextBitString, "030100")).toEqual(new Uint8Array());
    for (const digits of ["0300", "030201fe", "030108", "03020880", "0302ff00", "2303030100"]) {
      await refused(nextBitString, digits);
    }
  });

  test("of named bits has no zeros at its end", async () => {
    expect(read(nextNamedBits, "03020780")).toEqual([true]);
    expect(read(nextNamedBits, "03020106")).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(read(nextNamedBits, "0303070680")).toHaveLength(9);
    for (const digits of [
      "0300",
      "030100",
      "030107",
      "03020080",
      "03020000",
      "03020680",
      "03020781",
      "03020880",
      "0303070600",
      "03022001",
    ]) {
      await refused(nextNamedBits, digits);
    }
  });
});

function timeOf(nextOf: (reader: DerReader) => number, tag: number, text: string): number {
  const reader = readDer(element(tag, utf8(text)), "value");
  const time = nextOf(reader);
  finish(reader);
  return time;
}

const fractional = (reader: DerReader): number => nextGeneralizedTime(reader, true);
const whole = (reader: DerReader): number => nextGeneralizedTime(reader, false);

describe("a time", () => {
  test.each([
    [nextUtcTime, TAG.utcTime, "260102030405Z", "2026-01-02T03:04:05.000Z"],
    [nextUtcTime, TAG.utcTime, "491231235959Z", "2049-12-31T23:59:59.000Z"],
    [nextUtcTime, TAG.utcTime, "500101000000Z", "1950-01-01T00:00:00.000Z"],
    [nextUtcTime, TAG.utcTime, "240229000000Z", "2024-02-29T00:00:00.000Z"],
    [whole, TAG.generalizedTime, "20500101000000Z", "2050-01-01T00:00:00.000Z"],
    [whole, TAG.generalizedTime, "99991231235959Z", "9999-12-31T23:59:59.000Z"],
    [fractional, TAG.generalizedTime, "20260102030405Z", "2026-01-02T03:04:05.000Z"],
    [fractional, TAG.generalizedTime, "20260102030405.5Z", "2026-01-02T03:04:05.500Z"],
    [fractional, TAG.generalizedTime, "20260102030405.123456789Z", "2026-01-02T03:04:05.123Z"],
  ])("is read (%#)", (nextOf, tag, text, expected) => {
    expect(new Date(timeOf(nextOf, tag, text)).toISOString()).toBe(expected);
  });

  const wrongDigits = [
    "",
    "Z",
    "2601020304Z",
    "260102030405",
    "260102030405z",
    "260102030405+0000",
    "260102030405-0000",
    "260102030405Z ",
    " 260102030405Z",
    "26010203040\u0665Z",
    "260102030460Z",
    "260102030465Z",
    "260102036005Z",
    "260102240405Z",
    "261302030405Z",
    "260002030405Z",
    "260100030405Z",
    "260132030405Z",
    "250229030405Z",
    "260431030405Z",
  ];

  test.each(wrongDigits)("is not the UTCTime %j", async (text) => {
    expect(await codeOf(() => timeOf(nextUtcTime, TAG.utcTime, text))).toBe("DER_INVALID");
  });

  test.each(wrongDigits)("is not the GeneralizedTime of the year 20%s", async (text) => {
    const attempt = (): number => timeOf(fractional, TAG.generalizedTime, `20${text}`);
    expect(await codeOf(attempt)).toBe("DER_INVALID");
  });

  test.each(["260102030405.5Z", "260102030405.0001Z"])(
    "has no fraction as UTCTime: %s",
    async (text) => {
      expect(await codeOf(() => timeOf(nextUtcTime, TAG.utcTime, text))).toBe("DER_INVALID");
      expect(await codeOf(() => timeOf(whole, TAG.generalizedTime, `20${text}`))).toBe(
        "DER_INVALID",
      );
    },
  );

  test.each([".Z", ".0Z", ".50Z", ",5Z", ".1234567891Z", ".5", "..5Z"])(
    "has no fraction of another form: %s",
    async (fraction) => {
      const attempt = (): number =>
        timeOf(fractional, TAG.generalizedTime, `20260102030405${fraction}`);
      expect(await codeOf(attempt)).toBe("DER_INVALID");
    },
  );
});

test("a UTF8String is UTF-8", async () => {
  expect(read(nextUtf8String, "0c02c3a4")).toBe("\u00e4");
  expect(await codeOf(() => read(nextUtf8String, "0c02c0af"))).toBe("UTF8_INVALID");
  await refused(nextUtf8String, "130161");
});
