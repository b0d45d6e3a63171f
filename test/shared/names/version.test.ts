import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalVersion } from "../../../packages/shared/src/names/version.ts";

describe("canonicalVersion", () => {
  it.each([
    ["1", ["1", "1.0", "1.0.0", "v1", "V1.0", "0!1", "01", "1.00", "00!01.0"]],
    ["0", ["0", "0.0", "0.0.0", "000"]],
    ["2!1", ["2!1.0", "02!1", "v2!1.0.0"]],
    ["1.0.1", ["1.0.1", "1.00.01.0"]],
    [
      "1.1a1",
      ["1.1a1", "1.1.a1", "1.1-a1", "1.1_a1", "1.1alpha1", "1.1.ALPHA-1", "1.1a_1", "1.1a01"],
    ],
    ["1.1b0", ["1.1b", "1.1beta", "1.1.beta.0", "1.1-BETA"]],
    ["1.1rc2", ["1.1rc2", "1.1c2", "1.1pre2", "1.1preview2", "1.1-Preview_2"]],
    ["1.post0", ["1.post", "1-post", "1.r", "1-rev", "1post0", "1-0", "1.0_post"]],
    ["1.post4", ["1.post4", "1-4", "1.r4", "1-r4", "1.rev.4", "1_rev_04", "1.0.POST-4"]],
    ["1.dev0", ["1.dev", "1dev", "1-dev", "1_DEV0", "1.0.0.dev"]],
    ["1a2.post3.dev4", ["1a2.post3.dev4", "1-alpha-2-rev-3-dev-4", "1A2-3dev4", "1.0a2r3dev4"]],
    ["1+ubuntu.1", ["1+ubuntu.1", "1.0+ubuntu-1", "1+UBUNTU_1", "1+ubuntu.01"]],
    ["1+01a.0", ["1+01a.0", "1+01A-00"]],
  ])("gives %s for each of its spellings", (canonical, spellings) => {
    for (const spelling of spellings) expect(canonicalVersion(spelling)).toBe(canonical);
  });

  it.each([
    ["1.0", "1.0.dev0"],
    ["1.0", "1.0.post0"],
    ["1.0", "1.0a0"],
    ["1.0", "1.0+local"],
    ["1.0", "1!1.0"],
    ["1.0", "0.1"],
    ["1.0", "10"],
    ["1.0rc1", "1.0b1"],
    ["1.0+1", "1.0+1.0"],
    ["1.0+01a", "1.0+1a"],
    ["1.0.post1", "1.0.dev1"],
  ])("tells %s and %s apart", (a, b) => {
    expect(canonicalVersion(a)).not.toBe(canonicalVersion(b));
  });

  it.each([
    "",
    "v",
    "vv1",
    "a1",
    "1.",
    ".1",
    "1..0",
    "1.0.",
    "1.x",
    "1.*",
    "latest",
    "1!",
    "!1",
    "1!2!3",
    "1.0+",
    "1.0+a..b",
    "1.0+a+b",
    "1.0+-a",
    "1.0--1",
    "1.0_1",
    "1.0-1a",
    "1.0dev1a1",
    "1.0post1a1",
    "1.0a1b1",
    "1.0 ",
    " 1.0",
    "1.0\n",
    "1. 0",
    "1.0\u0000",
    "1.\u0660",
    "1.0+\u017f",
    "1.0+\u212a",
    "1.0po\u017ft1",
    "-1",
    "+1",
    "1e3x",
    "1/0",
    "==1.0",
  ])("refuses %j", (version) => {
    expect(() => canonicalVersion(version)).toThrow(
      expect.objectContaining({ code: "VERSION_INVALID" }),
    );
  });

  it("keeps numbers of any size exact", () => {
    const digits = "9".repeat(80);
    expect(canonicalVersion(`1.0${digits}.post00${digits}`)).toBe(`1.${digits}.post${digits}`);
  });

  it.each(["1", "1.", "1-", "a", "1a", "+a.", "1!"])(
    "refuses 200 characters made of %j or says what they are, without long thought",
    (unit) => {
      const text = `1${unit.repeat(200)}`.slice(0, 199);
      for (let round = 0; round < 200; round++) {
        expect(() => canonicalVersion(`${text}\u0001`)).toThrow(
          expect.objectContaining({ code: "VERSION_INVALID" }),
        );
      }
    },
  );

  it("refuses a version beyond the bound", () => {
    expect(() => canonicalVersion("1".repeat(201))).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it("does not depend on how equal versions are spelled", () => {
    fc.assert(
      fc.property(versions(), ({ plain, fancy }) => {
        const canonical = canonicalVersion(plain);
        expect(canonicalVersion(fancy)).toBe(canonical);
        expect(canonicalVersion(canonical)).toBe(canonical);
      }),
    );
  });

  it("tells versions apart that differ in one number", () => {
    fc.assert(
      fc.property(versions(), fc.nat(), ({ plain }, choice) => {
        const numbers = [...plain.matchAll(/\d+/g)];
        const one = numbers[choice % numbers.length] as RegExpExecArray;
        const changed =
          plain.slice(0, one.index) +
          String(Number(one[0]) + 1) +
          plain.slice(one.index + one[0].length);
        expect(canonicalVersion(changed)).not.toBe(canonicalVersion(plain));
      }),
    );
  });
});

interface Spellings {
  readonly plain: string;
  readonly fancy: string;
}

/** A version, plain and in another spelling that PEP 440 calls equal. */
function versions(): fc.Arbitrary<Spellings> {
  const number = fc.nat({ max: 2000 });
  const separator = fc.constantFrom("", ".", "-", "_");
  const zeros = fc.constantFrom("", "0", "00");
  return fc
    .record({
      v: fc.constantFrom("", "v", "V"),
      epoch: fc.option(number),
      release: fc.array(number, { minLength: 1, maxLength: 4 }),
      pre: fc.option(
        fc.tuple(
          fc.constantFrom(["a", "alpha"], ["b", "BETA"], ["rc", "c"], ["rc", "pre"]),
          number,
        ),
      ),
      post: fc.option(fc.tuple(fc.constantFrom("post", "r", "REV"), number)),
      dev: fc.option(number),
      local: fc.option(fc.array(fc.constantFrom("abc", "7", "cu118", "12"), { minLength: 1 })),
      separator,
      zeros,
      tail: fc.constantFrom("", ".0", ".0.00"),
    })
    .map((v): Spellings => {
      const { separator: s, zeros: z } = v;
      return {
        plain:
          (v.epoch === null ? "" : `${v.epoch}!`) +
          v.release.join(".") +
          (v.pre === null ? "" : `${v.pre[0][0]}${v.pre[1]}`) +
          (v.post === null ? "" : `.post${v.post[1]}`) +
          (v.dev === null ? "" : `.dev${v.dev}`) +
          (v.local === null ? "" : `+${v.local.join(".")}`),
        fancy:
          v.v +
          `${z}${v.epoch ?? 0}!` +
          v.release.map((n) => `${z}${n}`).join(".") +
          v.tail +
          (v.pre === null ? "" : `${s}${v.pre[0][1]}${s}${z}${v.pre[1]}`) +
          (v.post === null ? "" : `${s}${v.post[0]}${s}${z}${v.post[1]}`) +
          (v.dev === null ? "" : `${s}DEV${s}${z}${v.dev}`) +
          (v.local === null ? "" : `+${v.local.join(s === "" ? "." : s).toUpperCase()}`),
      };
    });
}
