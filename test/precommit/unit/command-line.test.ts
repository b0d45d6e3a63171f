/** The command line, patterns, and the configuration. */
import { PubpinError } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../../packages/precommit/src/arguments.ts";
import { andAdd, tofuCommand } from "../../../packages/precommit/src/commands.ts";
import { compilePattern } from "../../../packages/precommit/src/glob.ts";
import { readSettings, type Settings } from "../../../packages/precommit/src/settings.ts";

const ZEROS = "0".repeat(40);

describe("the command line", () => {
  test.each<[readonly string[], Record<string, string>, object]>([
    [[], {}, { kind: "staged", isWhole: false, fix: false }],
    [["uv.lock", "a.ts"], {}, { kind: "staged", isWhole: false, fix: false }],
    [["--all"], {}, { kind: "staged", isWhole: true, fix: false }],
    [["--from-ref", "a"], {}, { kind: "range", from: "a", to: "HEAD", isTip: false }],
    [
      ["--from-ref=a", "--to-ref=b", "--tip"],
      {},
      { kind: "range", from: "a", to: "b", isTip: true },
    ],
    [
      ["uv.lock"],
      { PRE_COMMIT_FROM_REF: "a", PRE_COMMIT_TO_REF: "b" },
      { kind: "range", from: "a", to: "b", isTip: false },
    ],
    [
      ["--from-ref", "c"],
      { PRE_COMMIT_FROM_REF: "a", PRE_COMMIT_TO_REF: "b" },
      { kind: "range", from: "c", to: "b", isTip: false },
    ],
    [["--all"], { PRE_COMMIT_FROM_REF: "a" }, { kind: "staged", isWhole: true, fix: false }],
    [
      [],
      { PRE_COMMIT_REMOTE_NAME: "origin", PRE_COMMIT_LOCAL_BRANCH: "refs/heads/x" },
      { kind: "range", from: ZEROS, to: "refs/heads/x", isTip: false },
    ],
    [["--pre-push", "origin", "url"], {}, { kind: "push", remote: "origin" }],
    [["--pre-push"], { PRE_COMMIT_FROM_REF: "a" }, { kind: "push", remote: null }],
    [["merge-driver", "o", "a", "b", "p"], {}, { kind: "merge", files: ["o", "a", "b", "p"] }],
  ])("%j with %j", (args, env, target) => {
    expect(readArguments(args, env)).toMatchObject({ target });
  });

  test.each([
    [["--nonsense"]],
    [["--format", "html"]],
    [["--color", "sometimes"]],
    [["--binding", "name"]],
    [["--file", "a.json"]],
    [["--file", "a/b.txt"]],
    [["--tip"]],
    [["--to-ref", "a"]],
    [["--pre-push", "--from-ref", "a"]],
    [["--all", "--from-ref", "a"]],
    [["--fix", "--from-ref", "a"]],
    [["merge-driver", "o", "a", "b"]],
    [["merge-driver", "o", "a", "b", "p", "q"]],
  ])("%j is refused", (args) => {
    expect(readArguments(args, {})).toEqual({ problem: expect.any(String) as string });
  });
});

describe("a pattern", () => {
  test.each([
    ["uv.lock", "uv.lock", true],
    ["uv.lock", "a/b/uv.lock", true],
    ["uv.lock", "a/xuv.lock", false],
    ["/uv.lock", "uv.lock", true],
    ["/uv.lock", "a/uv.lock", false],
    ["a/*.lock", "a/uv.lock", true],
    ["a/*.lock", "a/b/uv.lock", false],
    ["a/**/uv.lock", "a/uv.lock", true],
    ["a/**/uv.lock", "a/b/c/uv.lock", true],
    ["a/**", "a/b/c", true],
    ["?.txt", "a/b.txt", true],
    ["?.txt", "ab.txt", false],
    ["a+(b).txt", "a+(b).txt", true],
    ["a.txt", "axtxt", false],
    ["*", "a\nb", true],
  ])("%j and the path %j: %s", (pattern, path, expected) => {
    expect(compilePattern(pattern, "here").test(path)).toBe(expected);
  });

  test.each(["", "a/", "../a", "a//b", "./a", "a[b]", "{a,b}", "!a", "a\\b", "~/a"])(
    "%j has no meaning here",
    (pattern) => {
      expect(() => compilePattern(pattern, "here")).toThrow(PubpinError);
    },
  );
});

describe("the configuration", () => {
  const NO_FLAGS = { locks: [], file: undefined, binding: undefined, strict: false };
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const read = (json: string | null, toml: string | null): Promise<Settings> =>
    readSettings(
      {
        packageJson: json === null ? null : bytes(json),
        pyproject: toml === null ? null : bytes(toml),
      },
      NO_FLAGS,
    );
  const DEFAULTS = { file: ".provenance.txt", binding: "digest", strict: false, path: null };

  test.each([
    [null, null],
    ['{"name": "x"}', "[tool.uv]\n"],
    ['{"dependencies": {"pubpin": "1"}}', '[project]\ndependencies = ["pubpin"]\n'],
    ["not JSON, and not about it", "not TOML, and not about it"],
  ])("is the usual one with %j and %j", async (json, toml) => {
    expect(await read(json, toml)).toMatchObject(DEFAULTS);
  });

  test("is read from either file", async () => {
    const expected = { file: "pins.txt", binding: "bytes", strict: true, patterns: ["a.lock"] };
    const json = {
      pubpin: { file: "pins.txt", binding: "bytes", strict: true, locks: ["a.lock"] },
    };
    const toml = 'file = "pins.txt"\nbinding = "bytes"\nstrict = true\nlocks = ["a.lock"]\n';
    expect(await read(JSON.stringify(json), null)).toMatchObject(expected);
    expect(await read(null, `[tool.pubpin]\n${toml}`)).toMatchObject(expected);
  });

  test.each([
    ['{"pubpin": {"strict": true}}', "[tool.pubpin]\nstrict = true\n"],
    ['{"pubpin": []}', null],
    ['{"pubpin": {"index": "x"}}', null],
    ['{"pubpin": {"strict": "yes"}}', null],
    ['{"pubpin": {"file": "a/b.txt"}}', null],
    ['{"pubpin": {"file": "pins.json"}}', null],
    ['{"pubpin": {"locks": "uv.lock"}}', null],
    ['{"pubpin": {"locks": [1]}}', null],
    ['{"pubpin": {"locks": ["../uv.lock"]}}', null],
    ['{"pubpin": ', null],
    [null, "[tool.pubpin\n"],
    [null, '[tool.pubpin]\nbinding = "name"\n'],
    [null, "[tool]\npubpin = 1\n"],
  ])("is refused with %j and %j", async (json, toml) => {
    await expect(read(json, toml)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });

  test("selects no file that is no lock's, whatever its patterns", async () => {
    const { selects } = await read('{"pubpin": {"locks": ["*.lock", "*.txt"]}}', null);
    expect(["uv.lock", "a.txt", "yarn.lock", "a.json"].filter(selects)).toEqual([
      "uv.lock",
      "a.txt",
    ]);
  });
});

describe("a command for a person", () => {
  test.each([
    ["uv.lock", ".provenance.txt", "pubpin tofu uv.lock && git add .provenance.txt"],
    [
      "my app/uv.lock",
      "a'b.txt",
      `pubpin --file 'a'\\''b.txt' tofu 'my app/uv.lock' && git add 'a'\\''b.txt'`,
    ],
    [
      "-x.lock",
      ":(top)/.provenance.txt",
      "pubpin tofu ./-x.lock && git add './:(top)/.provenance.txt'",
    ],
    ["größe/uv.lock", ".provenance.txt", "pubpin tofu 'größe/uv.lock' && git add .provenance.txt"],
    ["a\nb/uv.lock", ".provenance.txt", null],
    ["uv.lock", "\u202e.txt", null],
  ])("for %j and %j", (lock, pins, expected) => {
    expect(tofuCommand(lock, pins)).toBe(expected);
  });

  test("is none where there is none before it", () => {
    expect(andAdd(null, ".provenance.txt")).toBeNull();
  });
});
