import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PubpinError } from "../../../packages/shared/src/errors.ts";
import {
  parseFilename,
  requireSameDistribution,
} from "../../../packages/shared/src/names/filename.ts";

const refused = (code: string) => expect.objectContaining({ code }) as unknown;

describe("parseFilename", () => {
  it("reads a wheel", () => {
    expect(parseFilename("sampleproject-4.0.0-py3-none-any.whl")).toEqual({
      kind: "wheel",
      name: "sampleproject",
      version: "4",
      build: null,
      tags: ["py3-none-any"],
    });
  });

  it("expands compressed tag sets, sorted and in lower case", () => {
    const file = "Ruamel.yaml_clib-0.2.8+cu118-007b-py3.CP311-none.abi3-win32.any.whl";
    expect(parseFilename(file)).toEqual({
      kind: "wheel",
      name: "ruamel-yaml-clib",
      version: "0.2.8+cu118",
      build: "7b",
      tags: [
        "cp311-abi3-any",
        "cp311-abi3-win32",
        "cp311-none-any",
        "cp311-none-win32",
        "py3-abi3-any",
        "py3-abi3-win32",
        "py3-none-any",
        "py3-none-win32",
      ],
    });
  });

  it.each([
    ["sampleproject-4.0.0.tar.gz", "sampleproject", "4"],
    ["foo.bar-1.0.tar.gz", "foo-bar", "1"],
    ["foo_bar-1.0.1.tar.gz", "foo-bar", "1.0.1"],
    ["foo-bar-baz-1.0rc1.zip", "foo-bar-baz", "1rc1"],
    ["Foo-1.0+local.1.tar.gz", "foo", "1+local.1"],
    ["foo-1.0-1.tar.gz", "foo-1-0", "1"],
  ])("reads the sdist %s", (file, name, version) => {
    expect(parseFilename(file)).toEqual({ kind: "sdist", name, version, build: null, tags: [] });
  });

  it.each([
    "",
    ".whl",
    ".tar.gz",
    "foo",
    "foo-1.0",
    "foo-1.0.tar",
    "foo-1.0.tar.bz2",
    "foo-1.0.tgz",
    "foo-1.0.egg",
    "foo-1.0.TAR.GZ",
    "foo-1.0-py3-none-any.WHL",
    "foo-1.0-py3-none-any.whl.metadata",
    "foo.tar.gz",
    "-1.0.tar.gz",
    "foo-.tar.gz",
    "foo--1.0.tar.gz",
    "foo-1.0-.tar.gz",
    "foo-latest.tar.gz",
    "../foo-1.0.tar.gz",
    "a/foo-1.0.tar.gz",
    "a\\foo-1.0.tar.gz",
    "a/foo-1.0-py3-none-any.whl",
    "foo-1.0-py3-none-any/../x.whl",
    "foo -1.0.tar.gz",
    " foo-1.0.tar.gz",
    "foo-1.0.tar.gz ",
    "foo-1.0.tar.gz\n",
    "foo\u0000-1.0.tar.gz",
    "foo-1.0\r-py3-none-any.whl",
    "fo\u043e-1.0.tar.gz",
    "foo\u202e-1.0.tar.gz",
    "foo-1.0.whl",
    "foo-1.0-py3-none.whl",
    "foo-1.0-py3--any.whl",
    "foo-1.0--py3-none-any.whl",
    "foo-1.0-1-2-py3-none-any.whl",
    "foo-1.0-b1-py3-none-any.whl",
    "foo-1.0-1+2-py3-none-any.whl",
    "foo-1.0-py3.-none-any.whl",
    "foo-1.0-py3-.none-any.whl",
    "foo-1.0-py3-none-a..b.whl",
    "foo-1.0-3py-none-any.whl",
    "foo-1.0-py3-none-any x.whl",
    "foo-1.0_1-py3-none-any.whl",
    "foo--py3-none-any.whl",
    "-1.0-py3-none-any.whl",
    "foo__bar-1.0-py3-none-any.whl",
    "_foo-1.0-py3-none-any.whl",
    "foo_-1.0-py3-none-any.whl",
    "foo%2Dbar-1.0-py3-none-any.whl",
  ])("refuses %j", (file) => {
    expect(() => parseFilename(file)).toThrow(refused("FILENAME_INVALID"));
  });

  it("keeps the reason why a name or version was refused", () => {
    expect(() => parseFilename("foo-latest.tar.gz")).toThrow(
      expect.objectContaining({
        message: 'file name "foo-latest.tar.gz": expected a version (PEP 440), found "latest"',
        cause: expect.objectContaining({ code: "VERSION_INVALID" }) as unknown,
      }),
    );
  });

  it("refuses a file name beyond the bound of characters", () => {
    expect(() => parseFilename(`${"a".repeat(300)}-1.0.tar.gz`)).toThrow(refused("LIMIT_EXCEEDED"));
  });

  it("refuses tag sets that expand beyond the bound", () => {
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(".");
    const wheel = (size: number) =>
      `a-1-${many("p", size)}-${many("a", size)}-${many("w", size)}.whl`;
    expect(parseFilename(wheel(10)).tags).toHaveLength(1000);
    expect(() => parseFilename(wheel(16))).toThrow(refused("LIMIT_EXCEEDED"));
  });

  it("takes any text without an error of another kind", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", ".whl", ".tar.gz"), (a, b) => {
        try {
          parseFilename(a + b);
        } catch (error) {
          expect(error).toBeInstanceOf(PubpinError);
        }
      }),
    );
  });
});

describe("requireSameDistribution", () => {
  it.each([
    ["foo.bar-1.0.tar.gz", "Foo_Bar-1.0.0.tar.gz"],
    ["foo-1.0.tar.gz", "foo-1.zip"],
    ["foo-1.0.post1.tar.gz", "foo-1.0.r1.tar.gz"],
    ["foo_bar-1.0-py3-none-any.whl", "Foo.Bar-1.0.0-py3-none-any.whl"],
    ["foo-1-py2.py3-none-any.whl", "foo-1-py3.py2-none-any.whl"],
    ["foo-1-01-py3-none-any.whl", "foo-1-1-py3-none-any.whl"],
    ["foo-1-py3-none-any.whl", "foo-1-PY3-none-any.whl"],
  ])("returns for %s and %s", (a, b) => {
    expect(() => requireSameDistribution(a, b)).not.toThrow();
    expect(() => requireSameDistribution(b, a)).not.toThrow();
  });

  it.each([
    ["kind", "foo-1.0.tar.gz", "foo-1.0-py3-none-any.whl"],
    ["name", "foo-1.0.tar.gz", "fooo-1.0.tar.gz"],
    ["version", "foo-1.0.tar.gz", "foo-1.1.tar.gz"],
    ["version", "foo-1.0-py3-none-any.whl", "foo-1.0+x-py3-none-any.whl"],
    ["build tag", "foo-1.0-py3-none-any.whl", "foo-1.0-1-py3-none-any.whl"],
    ["build tag", "foo-1.0-1a-py3-none-any.whl", "foo-1.0-1A-py3-none-any.whl"],
    ["set of tags", "foo-1.0-py3-none-any.whl", "foo-1.0-py2.py3-none-any.whl"],
    ["set of tags", "foo-1.0-cp311-cp311-win32.whl", "foo-1.0-cp311-abi3-win32.whl"],
  ])("refuses another %s: %s and %s", (what, a, b) => {
    for (const [expected, found] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(() => requireSameDistribution(expected, found)).toThrow(
        expect.objectContaining({
          code: "SUBJECT_MISMATCH",
          message: expect.stringContaining(`another ${what}`) as string,
        }),
      );
    }
  });

  it("says SUBJECT_MISMATCH of a subject that is no file name", () => {
    expect(() => requireSameDistribution("foo-1.0.tar.gz", "../foo-1.0.tar.gz")).toThrow(
      refused("SUBJECT_MISMATCH"),
    );
  });

  it("blames the file's own name when that is invalid", () => {
    expect(() => requireSameDistribution("foo", "foo")).toThrow(refused("FILENAME_INVALID"));
  });

  it("is true of every file name and itself with shuffled tags, and false of one more tag", () => {
    const tags = fc.uniqueArray(fc.constantFrom("py2", "py3", "cp39", "cp313", "pp310"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(tags, (pythons) => {
        const wheel = (list: readonly string[]) => `foo-1.0-${list.join(".")}-none-any.whl`;
        requireSameDistribution(wheel(pythons), wheel(pythons.toReversed()));
        expect(() => requireSameDistribution(wheel(pythons), wheel([...pythons, "py27"]))).toThrow(
          refused("SUBJECT_MISMATCH"),
        );
      }),
    );
  });
});
