/** What a person can get wrong, and what they are told: exit code 2, and nothing written. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folders, MAIN, pubpin } from "./support/command.ts";
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
      expect(stdout).toMatch(/^Exit codes: \S/m);
    },
  );

  test.each([["tofu"], ["file", "verify"]])(
    "of %s %s is what `help` prints of it",
    async (...path) => {
      const folder = newFolder();
      const help = await pubpin(folder, ["help", ...path]);
      expect(help).toEqual(await pubpin(folder, [...path, "--help"]));
      expect(help.exitCode).toBe(0);
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
    ["help of a mistyped command", ["help", "verfy"], /unknown command 'verfy'\n\(pubpin --help /],
    [
      "help of a mistyped command of a command",
      ["help", "file", "verfiy"],
      /unknown command 'verfiy'\n\(pubpin file --help /,
    ],
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

describe("a fault of the program itself", () => {
  const broken = "--import=data:text/javascript,Map.groupBy=null";

  test("ends with code 3 and a few lines, and is never taken for a pass", async () => {
    const folder = folderWith({ "uv.lock": LOCK });
    const env = { NODE_OPTIONS: broken };
    const { exitCode, stdout, stderr } = await pubpin(folder, ["--offline", "verify"], env);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^pubpin: INTERNAL_ERROR: TypeError: .*\n.*Nothing was checked/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("shows where it happened to whoever asks", async () => {
    const folder = folderWith({ "uv.lock": LOCK });
    const env = { NODE_OPTIONS: broken, PUBPIN_DEBUG: "1" };
    expect((await pubpin(folder, ["--offline", "verify"], env)).stderr).toMatch(/^ +at /m);
  });
});

test("a reader that went away is no fault, and changes no exit code", async () => {
  const folder = newFolder();
  const line = '{ "$0" --conditions=pubpin-source "$1" --help; echo "code $?" >&2; } | true';
  const { stderr } = spawnSync("sh", ["-c", line, process.execPath, MAIN], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toBe("code 0\n");
});

describe("files that cannot be used", () => {
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
