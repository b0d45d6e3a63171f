/** `pubpin completion`: what a shell offers, asked of the shells themselves. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockFormat } from "@pubpin/shared";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { completion, SHELLS } from "../../../packages/cli/src/commands/completion.ts";
import {
  completionModel,
  flagsOf,
  LOCK_GLOBS,
} from "../../../packages/cli/src/completion/model.ts";
import { run } from "../../real/python.ts";
import { folders, pubpin } from "./support/command.ts";
import { commandLine, commandPaths } from "./support/command-line.ts";

const newFolder = folders();
const folder = newFolder();
const FILES = ["other.txt", "pylock.dev.toml", "requirements/dev.txt", "sub/uv.lock", "uv.lock"];
for (const path of ["requirements", "sub"]) mkdirSync(join(folder, path));
for (const path of FILES) writeFileSync(join(folder, path), "");

const LOCKS = ["pylock.dev.toml", "requirements", "sub", "uv.lock"];
const COMMANDS = commandPaths().filter((path) => !path.includes(" "));

/** The words after `pubpin`, the last of which is being typed, and what is offered for it. */
const OFFERED: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [[""], COMMANDS],
  [["ver"], ["verify"]],
  [["verify", ""], LOCKS],
  [["verify", "uv.lock", "p"], ["pylock.dev.toml"]],
  [["verify", "requirements/"], ["requirements/dev.txt"]],
  [["verify", "--form"], ["--format"]],
  [["--format", "j"], ["json"]],
  [["--index", "x", "ver"], ["verify"]],
  [["--index", ""], []],
  [["--trusted-root", "o"], ["other.txt"]],
  [["accept", "--al"], ["--also"]],
  [["accept", ""], []],
  [["accept", "--publisher", "x", "one", "u"], ["uv.lock"]],
  [["file", ""], ["verify"]],
  [
    ["file", "verify", "--prov"],
    ["--provenance", "--provenance-index"],
  ],
  [["completion", ""], SHELLS],
  [["verify", "--", "o"], ["other.txt"]],
];

interface Shell {
  readonly program: string;
  /** Its parameters: the script and the words after `pubpin` are added. */
  readonly parameters: readonly string[];
}

/** A stand-in for what zsh itself does with what the script asks for. */
const ZSH = `
compdef() { : }
compset() { : }
compadd() { shift; print -rl -- $@ }
_describe() { print -rl -- \${\${(P)@[-1]}%%:*} }
_files() {
  local parent=\${words[CURRENT]%\${words[CURRENT]##*/}}
  [[ $1 == -g ]] && print -rl -- \${parent}\${~2}(N) \${parent}*(/N) || print -rl -- \${parent}*(N)
}
source $1; shift
words=(pubpin "$@"); CURRENT=$#words; _pubpin || :`;

const RUNNERS: Readonly<Record<string, Shell>> = {
  bash: {
    program: "bash",
    parameters: [
      "--norc",
      "--noprofile",
      "-c",
      'source "$1"; shift; COMP_WORDS=(pubpin "$@"); COMP_CWORD=$#; _pubpin; printf "%s\\n" "${COMPREPLY[@]}"',
      "bash",
    ],
  },
  zsh: { program: "zsh", parameters: ["-f", "-c", ZSH, "zsh"] },
  fish: {
    program: "fish",
    parameters: [
      "--no-config",
      "-c",
      'source $argv[1]; complete -C "pubpin $(string join " " -- $argv[2..-1])"',
    ],
  },
};

describe.each(Object.entries(RUNNERS))("%s", (name, { program, parameters }) => {
  const script = join(newFolder(), name);
  let missing: string | null = null;

  beforeAll(async () => {
    writeFileSync(script, (await pubpin(folder, ["completion", name])).stdout);
    try {
      await run(program, ["--version"]);
    } catch {
      missing = `there is no ${program} here; to run these tests, install it`;
    }
  });

  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  test.each(OFFERED)("offers for %j %j", async (words, offered) => {
    const { stdout, stderr } = await run(program, [...parameters, script, ...words], {
      cwd: folder,
    });
    const current = words.at(-1) ?? "";
    const found = stdout
      .split("\n")
      .map((line) => line.replace(/\t.*/, "").replace(/\/$/, ""))
      .filter((line) => line !== "" && line.startsWith(current));
    expect([new Set(found), stderr]).toEqual([new Set(offered), ""]);
  });
});

describe("every script", () => {
  const program = commandLine();

  test.each(SHELLS)("for %s names each command and option of the command line", (shell) => {
    const script = completion(program, shell);
    for (const command of completionModel(program)) {
      expect(script).toContain(command.path.join(" "));
      for (const { flag } of flagsOf(command)) {
        expect(script).toContain(shell === "fish" ? flag.replace(/^--?/, "") : flag);
      }
    }
    for (const glob of LOCK_GLOBS) expect(script).toContain(glob);
  });

  test("knows the names of all lock files that can be read, and of no others", () => {
    const formats = LOCK_GLOBS.map((glob) => lockFormat(glob.replaceAll("*", "x")) ?? "none");
    expect([...new Set(formats)].toSorted()).toEqual([
      "pdm",
      "pipfile",
      "pixi",
      "poetry",
      "pylock",
      "pyodide",
      "requirements",
      "uv",
    ]);
  });
});

test("a shell that there is no script for is refused with those that there are", async () => {
  const { exitCode, stdout, stderr } = await pubpin(folder, ["completion", "ksh"]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("Allowed choices are bash, zsh, fish, powershell.");
});
