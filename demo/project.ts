/** A project of the walk: a folder, a Git repository where there is Git, and `pubpin` in it. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createGitFolder, type GitRepository } from "@pubpin/test-kit/node";
import { runProgram } from "../packages/cli/src/program.ts";
import { answered, COLUMNS, typed } from "./say.ts";
import type { World } from "./world.ts";

/** A project whose commands are shown with what they answer. */
export interface Project {
  readonly folder: string;
  /** Null, or why there is no repository. */
  readonly withoutGit: string | null;
  /** Makes the lock have a release. */
  readonly lock: (name: string, version: string) => Promise<void>;
  readonly pins: () => Promise<string>;
  /** Runs the command as a user would. @throws where it ends with another exit code */
  readonly pubpin: (args: readonly string[], expectedCode: number) => Promise<void>;
  /** Runs Git. @throws where it ends with another exit code */
  readonly git: (args: readonly string[], expectedCode?: number) => Promise<void>;
  readonly remove: () => void;
}

const HOOK = join(import.meta.dirname, "../packages/precommit/src/main.ts");
const LOCK = "requirements.txt";
const NO_GIT = "there is no Git on this machine, or it does not start";

/** A new project in a temporary folder, which `remove` takes away. */
export async function createProject(world: World, signal: AbortSignal): Promise<Project> {
  const git = createGitFolder();
  const found = await git.newRepository().catch(() => null);
  const repository = found ?? git.newFolder();
  const { folder } = repository;
  const path = `${addHook(git.folder)}${delimiter}${process.env["PATH"] ?? ""}`;
  const env = { ...colours(), HOME: git.folder, PATH: path };
  const root = join(git.folder, "trusted_root.json");
  await writeFile(root, world.trustedRoot);
  return {
    folder,
    withoutGit: found === null ? NO_GIT : null,
    lock: async (name, version) => {
      const { sha256 } = world.wheel(name, version);
      await writeFile(join(folder, LOCK), `${name}==${version} \\\n    --hash=sha256:${sha256}\n`);
    },
    pins: () => readFile(join(folder, ".provenance.txt"), "utf8"),
    pubpin: async (args, expected) => {
      typed("$", `pubpin ${args.join(" ")}`);
      const own = ["--trusted-root", root, "--index", world.index.simpleUrl, "--no-cache"];
      requireCode(await pubpin(folder, [...args, "--quiet", ...own], env, signal), expected);
    },
    git: async (args, expected = 0) => {
      typed("$", `git ${args.map(shown).join(" ")}`);
      requireCode(await runGit(repository, args, env), expected);
    },
    remove: git.remove,
  };
}

/** The command, in this process: it is the same program, and knows how wide the terminal is. */
async function pubpin(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  const said: string[] = [];
  const code = await runProgram(args, {
    cwd: folder,
    env,
    out: (text) => void said.push(text),
    note: (text) => void said.push(`${text}\n`),
    write: (text) => void said.push(text),
    signal,
    ask: async () => "nobody",
    isTerminal: false,
    stdoutIsTerminal: process.stdout.isTTY,
    columns: COLUMNS,
  });
  const text = said.join("").replaceAll(`${folder}/`, "");
  answered(args[0] === "hook" ? withoutContent(text) : text);
  return code;
}

async function runGit(
  repository: GitRepository,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number | null> {
  const { exitCode, stdout, stderr } = await repository.run("git", args, { env });
  answered(stderr + stdout);
  return exitCode;
}

/** Puts the hook's command into a folder of its own, as npm would. */
function addHook(folder: string): string {
  const programs = join(folder, "programs");
  const program = join(programs, "pubpin-precommit");
  mkdirSync(programs);
  const words = [process.execPath, "--conditions=pubpin-source", HOOK];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`);
  chmodSync(program, 0o755);
  return programs;
}

/** A word as one types it at a shell's prompt. */
function shown(word: string): string {
  return word.includes(" ") ? `"${word}"` : word;
}

/** Of differences the names of the files, and not what is in them. */
function withoutContent(text: string): string {
  const lines = text.split("\n");
  return lines.filter((line) => !/^(?:---|@@|\+(?!\+\+ ))/.test(line)).join("\n");
}

/** What says whether programs may colour what they print. */
function colours(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isAsked = process.stdout.isTTY && (NO_COLOR ?? "") === "" && TERM !== "dumb";
  return { NO_COLOR, TERM, FORCE_COLOR: FORCE_COLOR ?? (isAsked ? "1" : undefined) };
}

function requireCode(found: number | null, expected: number): void {
  if (found !== expected) throw new Error(`expected exit code ${expected}, found ${found}`);
}
