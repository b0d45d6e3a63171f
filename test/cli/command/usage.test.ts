/** What a person can get wrong, and what they are told: exit code 2, and nothing written. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_LOCK_BYTES } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { folders, pubpin } from "./support/command.ts";
import { commandPaths } from "./support/command-line.ts";

const newFolder = folders();
const HASH = "5".repeat(64);
const LOCK = `version = 1
revision = 3

[[package]]
name = "one"
version = "1.0"
source = { registry = "https://index.example/simple" }
wheels = [
    { url = "https://files.example/one-1.0-py3-none-any.whl", hash = "sha256:${HASH}" },
]
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const COMMANDS = commandPaths();

describe("help", () => {
  test("lists every command, and the exit codes", async () => {
    const { exitCode, stdout, stderr } = await pubpin(newFolder(), ["--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const [first] = COMMANDS;
    expect(first).toBe("tofu");
    for (const command of COMMANDS.filter((each) => !each.includes(" "))) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    }
    expect(stdout).toContain(
      "Exit codes: 0 fine, 1 blocked, 2 usage or configuration, 3 could not",
    );
  });

  test.each(COMMANDS)(
    "of %s has its operands, the options of every command, examples and exit codes",
    async (command) => {
      const { exitCode, stdout, stderr } = await pubpin(newFolder(), [
        ...command.split(" "),
        "--help",
      ]);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^Usage: pubpin ${command} `));
      expect(stdout).toMatch(
        /^Options of every command \(pubpin --help\): --strict [^]*--color\n/m,
      );
      expect(stdout).toMatch(/^Examples:\n {2}\S/m);
      expect(stdout).toMatch(/^Exit codes: 0 /m);
    },
  );

  test("is as wide as the terminal, and no wider than can be read", async () => {
    const { stdout } = await pubpin(newFolder(), ["verify", "--help"]);
    const widths = stdout.split("\n").map(({ length }) => length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(88);
  });
});

describe("a mistake in the command line", () => {
  test.each([
    ["a mistyped command", ["verfy"], /unknown command 'verfy'\n\(Did you mean verify\?\)/],
    [
      "an unknown option",
      ["verify", "--strickt"],
      /unknown option '--strickt'\n\(Did you mean --strict\?\)\n\(pubpin verify --help says more\)/,
    ],
    ["a mistyped command of a command", ["file", "verfiy"], /unknown command 'verfiy'\n.*verify/],
    ["half a command", ["file"], /^Usage: pubpin file /],
    [
      "a form of report that the command has not",
      ["tofu", "--format", "html"],
      /USAGE_INVALID: --format: tofu has text and json, found html/,
    ],
    ["an unknown format", ["--format", "xml", "verify"], /Allowed choices are text, json/],
    ["no name to accept", ["accept"], /missing required argument 'name'/],
    ["no command", [], /^Usage: pubpin /],
    ["no publisher", ["file", "verify", "x.whl"], /required option '--provenance <file>'/],
  ])("%s exits with 2 and says so on stderr", async (_what, parameters, words) => {
    const { exitCode, stdout, stderr } = await pubpin(newFolder(), parameters);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(words);
  });
});

describe("a folder without a lock", () => {
  test.each(["tofu", "diff", "explain one"])("is told what to do by %s", async (command) => {
    const folder = newFolder();
    const { exitCode, stdout, stderr } = await pubpin(folder, command.split(" "));
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`USAGE_INVALID: there is no lock file in ${folder}: name one, such`);
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
  });

  test("is told the same where its requirements hold no hashes", async () => {
    const folder = folderWith({ "requirements.txt": "one==1.0\n" });
    const { exitCode, stderr } = await pubpin(folder, ["verify"]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(
        /, for requirements\.txt holds no hashes: .* -- -r requirements\.txt\n$/,
      ),
    ]);
  });
});

describe("an error", () => {
  test("says what to do and where to read on", async () => {
    const folder = folderWith({ "uv.lock": LOCK, ".provenance.txt": "<<<<<<< HEAD\n" });
    const { exitCode, stderr } = await pubpin(folder, ["--offline", "verify"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^pubpin: PINS_INVALID: .*\.provenance\.txt, line 1: found the marker of a Git merge conflict\..*\n {2}what to do: .+\n {2}read on: docs\/errors\.md#pins_invalid\n$/m,
    );
  });
});

describe("files that cannot be used", () => {
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "a lock that is cut off",
      { "uv.lock": LOCK.slice(0, -40) },
      /LOCK_INVALID: uv\.lock, line 9, column \d+: not TOML/,
    ],
    [
      "a lock with conflict markers",
      { "uv.lock": LOCK.replace("[[package]]", "<<<<<<< HEAD\n[[package]]") },
      /LOCK_INVALID: uv\.lock, line 4: found the marker of a Git merge conflict/,
    ],
    ["a lock of the future", { "uv.lock": LOCK.replace("= 1", "= 9") }, /LOCK_UNSUPPORTED: /],
    [
      "a lock that is larger than any",
      { "uv.lock": LOCK + "#".repeat(MAX_LOCK_BYTES) },
      /LIMIT_EXCEEDED: .*uv\.lock: expected at most \d+ bytes/,
    ],
    ["an empty lock", { "uv.lock": "" }, /LOCK_\w+: .*uv\.lock/],
    [
      "pins with carriage returns",
      { "uv.lock": LOCK, ".provenance.txt": "one https://github.com/o/one\r\n" },
      /PINS_INVALID: .*\.provenance\.txt, line 1: .*`\.provenance\.txt text eol=lf` in \.gitattributes.*git add --renormalize/,
    ],
    [
      "pins with three words in a line",
      { "uv.lock": LOCK, ".provenance.txt": "a https://github.com/o/a\none a b\n" },
      /PINS_INVALID: .*\.provenance\.txt, line 2: expected 2 tokens/,
    ],
    [
      "pins that name a package twice",
      {
        "uv.lock": LOCK,
        ".provenance.txt": "one https://github.com/o/a\none https://github.com/o/b\n",
      },
      /PINS_INVALID: .*expected each key once/,
    ],
  ])(
    "%s: trust on first use names file and line, and writes nothing",
    async (_what, files, words) => {
      const folder = folderWith(files);
      const { exitCode, stdout, stderr } = await pubpin(folder, ["--offline", "tofu"]);
      expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(words);
      for (const [name, text] of Object.entries(files)) {
        expect(readFileSync(join(folder, name), "utf8")).toBe(text);
      }
      expect(existsSync(join(folder, ".provenance.txt"))).toBe(".provenance.txt" in files);
    },
  );

  test("a lock in another encoding is refused with its name", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "uv.lock"), Buffer.from(`\uFEFF${LOCK}`, "utf16le"));
    const { exitCode, stderr } = await pubpin(folder, ["--offline", "verify"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/LOCK_INVALID: .*uv\.lock/)]);
  });

  test("a lock that is not there is told with its path", async () => {
    const { exitCode, stderr } = await pubpin(newFolder(), ["verify", "nowhere/uv.lock"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/FILE_UNREADABLE: .*nowhere\/uv\.lock/);
  });

  test("a file of another kind is told to be no lock", async () => {
    const folder = folderWith({ "package-lock.json": "{}" });
    const { exitCode, stderr } = await pubpin(folder, ["verify", "package-lock.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/LOCK_UNKNOWN_NAME: "package-lock\.json"/);
  });

  test("a trust root that is damaged is refused before anything is asked", async () => {
    const folder = folderWith({ "uv.lock": LOCK, "root.json": "{}" });
    const { exitCode, stderr } = await pubpin(folder, ["--trusted-root", "root.json", "verify"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("TRUST_ROOT_INVALID")]);
  });

  test("pins that are a folder are not passed by", async () => {
    const folder = folderWith({ "uv.lock": LOCK });
    mkdirSync(join(folder, ".provenance.txt"));
    const { exitCode, stderr } = await pubpin(folder, ["--offline", "verify"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("FILE_UNREADABLE")]);
  });
});
