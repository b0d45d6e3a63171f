import * as fc from "fast-check";
import { PubpinError } from "@pubpin/shared";
import { describe, expect, it } from "vitest";
import { readLock } from "../../../packages/shared/src/lock/read.ts";
import { A, B, C, expectRefused, read } from "./reading.ts";
import { PIXI, sample, SAMPLES } from "./samples.ts";

const INVALID = "LOCK_INVALID";
const UNSUPPORTED = "LOCK_UNSUPPORTED";
const yaml = (): unknown => PIXI.parsed;
const PATHS = Object.keys(SAMPLES).filter((path) => !path.includes("/"));
/** Formats whose text this package parses itself. */
const PARSED = PATHS.filter((path) => path !== "pixi.lock");

/** The sample with one text replaced, which it must have. */
function changed(path: string, from: string, to: string): string {
  const text = sample(path);
  expect(text).toContain(from);
  return text.replace(from, to);
}

describe.each(PATHS)("a %s", (path) => {
  const text = sample(path);

  it.each(["", " \n\t\n"])("of %j is refused as empty", (nothing) => {
    expectRefused(path, nothing, INVALID, /found an empty file/, { yaml });
  });

  it("with the markers of a merge conflict is refused with their line", () => {
    const [first = "", ...rest] = text.split("\n");
    const conflict = [first, "<<<<<<< HEAD", "=======", ">>>>>>> main", ...rest].join("\n");
    expectRefused(path, conflict, INVALID, /, line 2: .*merge conflict/, { yaml });
  });

  it("that is not UTF-8, or has a byte order mark, is refused", () => {
    const latin = Uint8Array.from(`${text}# caf\u00e9`, (letter) => letter.charCodeAt(0));
    const refusal = expect.objectContaining({ code: INVALID }) as Error;
    expect(() => readLock(path, latin, { yaml })).toThrow(refusal);
    expectRefused(path, `\ufeff${text}`, INVALID, /, line 1: .*byte order mark/, { yaml });
  });

  it("beyond the bounds of bytes and lines is refused", () => {
    const bytes = new Uint8Array(16 * 1024 * 1024 + 1).fill(0x20);
    const refusal = expect.objectContaining({ code: "LIMIT_EXCEEDED" }) as Error;
    expect(() => readLock(path, bytes, { yaml })).toThrow(refusal);
    const lines = new TextEncoder().encode(text + "\n".repeat(500_000));
    expect(() => readLock(path, lines, { yaml })).toThrow(refusal);
  });
});

describe.each(PARSED)("a %s", (path) => {
  it("that is cut off anywhere is read as what is left, or refused with its name, and never more", () => {
    const text = sample(path);
    const whole = new Set(read(path, text).distributions.map(({ name }) => name));
    for (let end = 1; end < text.length; end += 3) {
      try {
        const { distributions } = read(path, text.slice(0, end));
        expect(distributions.every(({ name }) => whole.has(name))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(PubpinError);
        expect((error as PubpinError).message).toContain(path);
      }
    }
  });

  it("of random text is refused, or holds nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        try {
          expect(read(path, text).distributions).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(PubpinError);
        }
      }),
    );
  });

  it("with one character changed is refused, or still names its packages", () => {
    const text = sample(path);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ unit: "binary", maxLength: 3 }),
        (at, to) => {
          try {
            const lock = read(path, text.slice(0, at) + to + text.slice(at + 1));
            for (const { files, source } of lock.distributions) {
              expect(files.length > 0 || source.kind !== "index").toBe(true);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(PubpinError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("text that is not of its format is refused with its line:", () => {
  it.each([
    ["uv.lock", '{"version": 1}', /^uv\.lock, line 1, column 1: not TOML/],
    [
      "poetry.lock",
      "[metadata]\nlock-version = 1.0.0\n",
      /^poetry\.lock, line 2, column \d+: not TOML/,
    ],
    ["pylock.toml", 'a = "x\n', /^pylock\.toml, line 1/],
    ["pdm.lock", "[a]\n[a]\n", /^pdm\.lock, line 2.*redefine/],
    ["Pipfile.lock", '{"_meta": {},\n}', /^Pipfile\.lock, line \d+, column \d+: expected /],
    ["pyodide-lock.json", '{"info": {}, "info": {}}', /the key "info" stands twice/],
    ["requirements.txt", "\n<html>\n", /^requirements\.txt, line 2: expected NAME==VERSION/],
  ])("%s", (path, text, message) => {
    expectRefused(path, text, INVALID, message);
  });
});

describe("a version of the format that is not known is refused:", () => {
  it.each([
    ["uv.lock", "version = 1\n", "version = 2\n"],
    ["uv.lock", "version = 1\n", 'version = "1"\n'],
    ["uv.lock", "revision = 3", "revision = 6"],
    ["uv.lock", "revision = 3", "revision = -1"],
    ["pylock.toml", '"1.0"', '"1.1"'],
    ["pylock.toml", '"1.0"', '"2.0"'],
    ["poetry.lock", '"2.1"', '"2.2"'],
    ["poetry.lock", '"2.1"', '"0.9"'],
    ["pdm.lock", '"4.5.0"', '"4.6.0"'],
    ["pdm.lock", '"4.5.0"', '"5.0"'],
    ["pdm.lock", '"4.5.0"', '"3.1"'],
    ["Pipfile.lock", '"pipfile-spec": 6', '"pipfile-spec": 7'],
  ])("%s with %s as %s", (path, from, to) => {
    expectRefused(path, changed(path, from, to), UNSUPPORTED, /update pubpin/);
  });

  it.each([5, 8, "6", 6.5])("pixi.lock with version %j", (version) => {
    const parsed = { ...PIXI.parsed, version };
    expectRefused("pixi.lock", PIXI.text, UNSUPPORTED, /version 6 or 7/, { yaml: () => parsed });
  });

  it.each([
    ["uv.lock", "version = 1\n"],
    ["pylock.toml", 'lock-version = "1.0"\n'],
    ["poetry.lock", 'lock-version = "2.1"\n'],
    ["pdm.lock", 'lock_version = "4.5.0"\n'],
    ["Pipfile.lock", '"pipfile-spec": 6,\n'],
  ])("%s without %s", (path, line) => {
    expectRefused(path, changed(path, line, ""), INVALID, /"(?:lock.)?version|spec/);
  });
});

describe("a key that is not known is refused with its place:", () => {
  it.each([
    ["uv.lock", "revision = 3", "revision = 3\nnews = 1", /^uv\.lock, document: the key "news"/],
    ["uv.lock", "[manifest]", "[manifest]\nnews = 1", /manifest: the key "news"/],
    [
      "uv.lock",
      'version = "2.0.0"',
      'version = "2.0.0"\nnews = 1',
      /line 18, package "numpy": the key "news"/,
    ],
    ["uv.lock", "[[package]]", "[[distribution]]", /the key "distribution"/],
    ["uv.lock", "size = 10", "news = 10", /line 18, package "numpy"\.sdist: the key "news"/],
    ["uv.lock", "size = 10", 'zstd = { hash = "sha256:00" }', /"zstd"/],
    ["uv.lock", "{ git =", "{ hg =", /line 27, package "tool"\.source: the key "hg"/],
    ["pylock.toml", 'created-by = "uv"', 'created-by = "uv"\nnews = 1', /"news"/],
    ["pylock.toml", 'index = "', 'news = "', /line 4, package "numpy": the key "news"/],
    ["pylock.toml", "requested-revision", "news", /package "tool"\.vcs: the key "news"/],
    ["poetry.lock", 'description = ""', "news = 1", /line 3, package "numpy": the key "news"/],
    ["poetry.lock", "content-hash", "news", /document\.metadata: the key "news"/],
    ["poetry.lock", "reference =", "news =", /package "tool"\.source: the key "news"/],
    ["poetry.lock", "[metadata]", "[news]\n[metadata]", /document: the key "news"/],
    ["pdm.lock", 'ref = "v1"', "news = 1", /line 16, package "tool": the key "news"/],
    ["pdm.lock", "content_hash", "news", /document\.metadata: the key "news"/],
    [
      "Pipfile.lock",
      '"index": "pypi"',
      '"news": "pypi"',
      /line 11, package "numpy": the key "news"/,
    ],
    ["Pipfile.lock", '"requires"', '"news"', /_meta"\]: the key "news"/],
    ["Pipfile.lock", '"verify_ssl"', '"news"', /sources\[0\]: the key "news"/],
    ["pyodide-lock.json", '"imports"', '"news"', /line 4, package "numpy": the key "news"/],
    ["pyodide-lock.json", '"arch"', '"news"', /info: the key "news"/],
  ] as const)("%s with %s as %s", (path, from, to, message) => {
    expectRefused(path, changed(path, from, to), UNSUPPORTED, message);
  });

  it("pixi.lock", () => {
    const { packages } = PIXI.parsed as { readonly packages: readonly object[] };
    const news = (parsed: object): void => {
      expectRefused("pixi.lock", PIXI.text, UNSUPPORTED, /"news"|keys conda/, {
        yaml: () => parsed,
      });
    };
    news({ ...PIXI.parsed, news: 1 });
    news({ ...PIXI.parsed, packages: packages.map((each) => ({ ...each, news: 1 })) });
    news({ ...PIXI.parsed, packages: [...packages, { wheel: "x" }] });
    news({ ...PIXI.parsed, packages: [{ ...packages[0], ...packages[1] }] });
    news({ ...PIXI.parsed, environments: { default: { packages: {}, news: 1 } } });
  });
});

describe("an entry that is incomplete or contradicts itself is refused with its place:", () => {
  it.each([
    // Without a name or version.
    ["uv.lock", 'name = "numpy"\n', "", /line 18, package 3.*"name" is missing/],
    ["uv.lock", 'version = "2.0.0"\n', "", /line 18, package "numpy": expected a version/],
    ["pylock.toml", 'version = "2.0.0"\n', "", /line 4, package "numpy": expected a version/],
    [
      "poetry.lock",
      'version = "2.0.0"\n',
      "",
      /line 3, package "numpy": the field "version" is missing/,
    ],
    ["pdm.lock", 'version = "2.0.0"\n', "", /line 7, package "numpy": expected a version/],
    [
      "Pipfile.lock",
      ',\n            "version": "==2.0.0"',
      "",
      /line 11, package "numpy": expected a version/,
    ],
    ["requirements.txt", "numpy==2.0.0 ;", "numpy ;", /line 4: expected NAME==VERSION/],
    [
      "pyodide-lock.json",
      ',\n      "version": "2.0.0"',
      "",
      /line 4, package "numpy": the field "version"/,
    ],
    // With names and versions that are none.
    [
      "uv.lock",
      /^name = "numpy"$/m,
      'name = "numpy!"',
      /line 18, package "numpy!"\.name: expected a project name/,
    ],
    ["uv.lock", /^name = "numpy"$/m, 'name = "\u043dumpy"', /"\\u043dumpy"/],
    [
      "uv.lock",
      'version = "2.0.0"',
      'version = "latest"',
      /line 18, package "numpy"\.version: expected a version/,
    ],
    [
      "Pipfile.lock",
      '"==2.0.0"',
      '">=2.0.0"',
      /line 11, package "numpy"\.version: expected a version pinned with ==/,
    ],
    ["Pipfile.lock", '"==2.0.0"', '"*"', /pinned with ==/],
    ["requirements.txt", "numpy==2.0.0", "numpy==2.*", /line 4: expected /],
    ["requirements.txt", "numpy==2.0.0", "numpy===2.0.0", /line 4: expected /],
    ["requirements.txt", "numpy==2.0.0", "numpy==2.0.0,>1", /line 4: expected /],
    ["requirements.txt", "numpy==2.0.0", "numpy>=2.0.0", /line 4: expected /],
    // Without files or hashes.
    ["uv.lock", /sdist = [^]*?\n\]\n/, "", /line 18, package "numpy": expected files or hashes/],
    ["pylock.toml", /sdist = .*\nwheels = .*\n/, "", /line 4, package "numpy": expected a file/],
    [
      "pylock.toml",
      /sdist = .*\nwheels = .*\n/,
      "wheels = []\n",
      /line 4, package "numpy": expected files/,
    ],
    [
      "pylock.toml",
      /hashes = \{ sha256 = "a+" \}/,
      "hashes = {}",
      /line 4, package "numpy"\.sdist\.hashes: expected a hash/,
    ],
    [
      "pylock.toml",
      /, hashes = \{ sha256 = "a+" \}/,
      "",
      /numpy"\.sdist: the field "hashes" is missing/,
    ],
    [
      "poetry.lock",
      /files = \[\n[^]*?\n\]/,
      "files = []",
      /line 3, package "numpy": expected files/,
    ],
    [
      "poetry.lock",
      /, hash = "sha256:b+"/,
      "",
      /line 3, package "numpy"\.files\[0\]: the field "hash"/,
    ],
    ["pdm.lock", /files = \[\n[^]*?\n\]/, "", /line 7, package "numpy": expected files/],
    [
      "pdm.lock",
      /file = "numpy-2.0.0.tar.gz", /,
      "",
      /numpy"\.files\[1\]: expected the name of a file/,
    ],
    ["Pipfile.lock", /"hashes": .*\n/, "", /line 11, package "numpy": expected files or hashes/],
    ["requirements.txt", /( \\\n {4}--hash=\S+)+/, "", /line 4: expected "numpy" with --hash/],
    // With hashes that are none.
    [
      "uv.lock",
      `sha256:${A}`,
      "sha256:aa",
      /numpy"\.sdist: expected 64 hexadecimal digits of sha256/,
    ],
    ["uv.lock", `sha256:${A}`, A, /expected a hash as sha256:HEX/],
    ["requirements.txt", `sha256:${A}`, `sha256:${"x".repeat(64)}`, /line 4: expected 64 hex/],
    // With several things of which there is one.
    [
      "uv.lock",
      "{ registry =",
      '{ path = "a", registry =',
      /line 18, package "numpy"\.source: expected one source/,
    ],
    ["uv.lock", /\{ registry = [^}]*\}/, "{ }", /source: expected one source, found none/],
    [
      "pylock.toml",
      'index = "https',
      'directory = { path = "a" }\nindex = "https',
      /line 4, package "numpy": expected one source, found directory, sdist, wheels/,
    ],
    [
      "pdm.lock",
      'ref = "v1"',
      'path = "a"',
      /line 16, package "tool": expected one source, found git, path/,
    ],
    [
      "Pipfile.lock",
      '"ref": "',
      '"path": "a", "ref": "',
      /package "tool": expected one source, found path, git/,
    ],
    [
      "Pipfile.lock",
      '"index": "pypi"',
      '"index": "other"',
      /index: expected the name of a source in _meta, found "other"/,
    ],
    // Two hashes for one file.
    [
      "uv.lock",
      "numpy-2.0.0-py3-none-any.whl",
      "numpy-2.0.0.tar.gz",
      /line 18, package "numpy": expected one sha256 hash of "numpy-2\.0\.0\.tar\.gz"/,
    ],
    [
      "pylock.toml",
      '"numpy-2.0.0-py3-none-any.whl"',
      '"numpy-2.0.0.tar.gz"',
      /line 4, package "numpy": expected one sha256/,
    ],
    [
      "poetry.lock",
      "numpy-2.0.0-py3-none-any.whl",
      "numpy-2.0.0.tar.gz",
      /line 3, package "numpy": expected one sha256/,
    ],
    [
      "pdm.lock",
      "numpy-2.0.0-py3-none-any.whl",
      "numpy-2.0.0.tar.gz",
      /line 7, package "numpy": expected one sha256/,
    ],
  ] as const)("%s with %s as %s", (path, from, to, message) => {
    const text = sample(path).replace(from, to);
    expect(text).not.toBe(sample(path));
    expectRefused(path, text, INVALID, message);
  });

  it.each([
    ["uv.lock", `sha256:${A}`, `crc32:${A}`, /the hash algorithm "crc32" is not known/],
    ["pylock.toml", 'type = "git"', 'type = "fossil"', /"fossil" is not known/],
    [
      "poetry.lock",
      'type = "git"',
      'type = "hg"',
      /line 15, package "tool"\.source: the type of source "hg"/,
    ],
    ["pyodide-lock.json", '"package"', '"news"', /package_type "news"/],
  ])("%s with %s as %s", (path, from, to, message) => {
    expectRefused(path, changed(path, from, to), UNSUPPORTED, message);
  });

  it("two hashes for one file are refused also where they stand in two entries", () => {
    const text = sample("poetry.lock");
    const [, first = ""] = text.split("[[package]]");
    const twice = text.replace("[metadata]", `[[package]]${first.replace(B, C)}[metadata]`);
    expectRefused("poetry.lock", twice, INVALID, /line 30, package "numpy": expected one sha256/);
  });

  it("a file without a hash has one place", () => {
    const wheel = (host: string): string =>
      `{ url = "https://${host}/numpy-2.0.0-py3-none-any.whl" }`;
    const lock = (hosts: readonly string[]): string =>
      changed(
        "uv.lock",
        `{ url = "https://files.example/cd/numpy-2.0.0-py3-none-any.whl", hash = "sha256:${B}" }`,
        hosts.map(wheel).join(", "),
      );
    expect(read("uv.lock", lock(["a.example", "a.example"])).distributions).toHaveLength(4);
    expectRefused("uv.lock", lock(["a.example", "b.example"]), INVALID, /expected one place for/);
  });
});
