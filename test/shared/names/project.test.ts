import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeName } from "../../../packages/shared/src/names/project.ts";

const names = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?$/);

describe("normalizeName", () => {
  it("gives PEP 503's examples one form", () => {
    const spellings = [
      "friendly-bard",
      "Friendly-Bard",
      "FRIENDLY-BARD",
      "friendly.bard",
      "friendly_bard",
      "friendly--bard",
      "FrIeNdLy-._.-bArD",
    ];
    expect(new Set(spellings.map(normalizeName))).toEqual(new Set(["friendly-bard"]));
  });

  it.each(["a", "7", "ruamel.yaml", "zope.interface", "3to2"])("takes %s", (name) => {
    expect(normalizeName(name)).toBe(name.replace(".", "-"));
  });

  it.each([
    "",
    "-a",
    "a-",
    "_a",
    "a.",
    ".",
    "a b",
    " a",
    "a\n",
    "a\u0000b",
    "a/b",
    "a\\b",
    "..",
    "naïve",
    "\u0440andas",
    "panda\u017f",
    "\u212aeras",
    "a[extra]",
    "a==1",
  ])("refuses %j", (name) => {
    expect(() => normalizeName(name)).toThrow(expect.objectContaining({ code: "NAME_INVALID" }));
  });

  it("refuses a name beyond the bound", () => {
    expect(normalizeName("a".repeat(200))).toHaveLength(200);
    expect(() => normalizeName("a".repeat(201))).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it("shows a look-alike letter escaped", () => {
    expect(() => normalizeName("\u0440andas")).toThrow('"\\u0440andas"');
  });

  it("is idempotent, and blind to case and to the kind of separator", () => {
    fc.assert(
      fc.property(names, fc.constantFrom("-", "_", ".", "-_."), (name, separator) => {
        const normal = normalizeName(name);
        expect(normal).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(normalizeName(normal)).toBe(normal);
        expect(normalizeName(name.toUpperCase())).toBe(normal);
        expect(normalizeName(name.replace(/[-_.]+/g, separator))).toBe(normal);
      }),
    );
  });
});
