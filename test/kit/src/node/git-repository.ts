/** Repositories for tests, with the real Git and without the settings of whoever runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** How a program ended. */
export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run in a repository. */
export interface RunOptions {
  /** A folder, from the repository's own; by default that. */
  readonly cwd?: string;
  /** More environment; what is undefined is taken away. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads, by default nothing. */
  readonly input?: string;
}

/** What a file becomes: text, bytes, the target of a symbolic link, or nothing (it is removed). */
export type FileContent = string | Uint8Array | { readonly linkTo: string } | null;

/** A repository, or a work tree of one. */
export interface GitRepository {
  readonly folder: string;
  /** Runs any program there, with Git's settings isolated. It may fail. */
  readonly run: (
    program: string,
    parameters: readonly string[],
    options?: RunOptions,
  ) => Promise<ProgramEnd>;
  /** Runs Git. It may fail. */
  readonly git: (...parameters: readonly string[]) => Promise<ProgramEnd>;
  /** Runs Git and gives what it printed, without the last line feed. @throws where Git fails */
  readonly must: (...parameters: readonly string[]) => Promise<string>;
  /** Writes files of the work tree. */
  readonly write: (files: Readonly<Record<string, FileContent>>) => void;
  /** Writes files and stages them all, removals and what was changed before included. */
  readonly stage: (files?: Readonly<Record<string, FileContent>>) => Promise<void>;
  /** Writes, stages and commits, as a user does: hooks may refuse it. */
  readonly commit: (
    files: Readonly<Record<string, FileContent>>,
    ...parameters: readonly string[]
  ) => Promise<ProgramEnd>;
  /** The same past all hooks, also without a change; gives the commit's name. @throws where Git fails */
  readonly commitUnchecked: (files?: Readonly<Record<string, FileContent>>) => Promise<string>;
  /** Makes a program a hook of this repository: Git's parameters follow those given. */
  readonly installHook: (name: string, command: readonly string[]) => Promise<void>;
  /** The same settings in another folder: a clone, a linked work tree, a submodule. */
  readonly at: (folder: string) => GitRepository;
}

/** A folder for repositories. */
export interface GitFolder {
  readonly folder: string;
  /** An empty folder with the settings of a repository, but without one. */
  readonly newFolder: () => GitRepository;
  /**
   * A repository without commits, on a branch `main`.
   *
   * @param hooks programs by the names of the hooks that they are; Git's parameters follow those given
   */
  readonly newRepository: (
    hooks?: Readonly<Record<string, readonly string[]>>,
  ) => Promise<GitRepository>;
  readonly remove: () => void;
}

/** One moment for all commits, in seconds since 1970. */
const MOMENT = "1700000000 +0000";
const IDENTITY = { NAME: "Test", EMAIL: "test@example.org", DATE: MOMENT };
const QUIET_SETTINGS = ["gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false"];

/** A folder of the system's temporary ones, whose repositories know no settings but their own. */
export function createGitFolder(): GitFolder {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pubpin-git-")));
  const newFolder = (): GitRepository => repositoryAt(mkdtempSync(join(folder, "r-")), folder);
  return {
    folder,
    newFolder,
    newRepository: async (hooks = {}) => {
      const repository = newFolder();
      await repository.must("init", "--quiet", "--initial-branch=main", "--template=");
      for (const [name, command] of Object.entries(hooks)) {
        writeHook(join(repository.folder, ".git/hooks", name), command);
      }
      return repository;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function environment(home: string): NodeJS.ProcessEnv {
  const identity = Object.entries(IDENTITY).flatMap(([key, value]): [string, string][] => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  return {
    PATH: process.env["PATH"],
    HOME: home,
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: home,
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    ...Object.fromEntries<string>(identity),
  };
}

function repositoryAt(folder: string, home: string): GitRepository {
  const env = environment(home);
  const run: GitRepository["run"] = (program, parameters, options = {}) =>
    runProgram(program, parameters, {
      ...options,
      cwd: join(folder, options.cwd ?? "."),
      env: { ...env, ...options.env },
    });
  const git: GitRepository["git"] = (...parameters) =>
    run("git", [...QUIET_SETTINGS.flatMap((setting) => ["-c", setting]), ...parameters]);
  const must: GitRepository["must"] = async (...parameters) => {
    const { exitCode, stdout, stderr } = await git(...parameters);
    if (exitCode !== 0) throw new Error(`git ${parameters.join(" ")}: ${stdout}${stderr}`);
    return stdout.replace(/\n$/, "");
  };
  const write: GitRepository["write"] = (files) => {
    for (const [path, content] of Object.entries(files)) writeOne(join(folder, path), content);
  };
  const stage: GitRepository["stage"] = async (files = {}) => {
    write(files);
    await must("add", "--all");
  };
  return {
    folder,
    run,
    git,
    must,
    write,
    stage,
    commit: async (files, ...parameters) => {
      await stage(files);
      return git("commit", "--message=change", ...parameters);
    },
    commitUnchecked: async (files) => {
      await stage(files);
      await must("commit", "--quiet", "--no-verify", "--allow-empty", "--message=change");
      return must("rev-parse", "HEAD");
    },
    installHook: async (name, command) => {
      writeHook(resolve(folder, await must("rev-parse", "--git-path", `hooks/${name}`)), command);
    },
    at: (other) => repositoryAt(other, home),
  };
}

function writeOne(path: string, content: FileContent): void {
  rmSync(path, { recursive: true, force: true });
  if (content === null) return;
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "object" && "linkTo" in content) symlinkSync(content.linkTo, path);
  else writeFileSync(path, content);
}

function writeHook(path: string, command: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ${command.map(quoted).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
}

/** For a shell of POSIX. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function runProgram(
  program: string,
  parameters: readonly string[],
  { cwd, env, input = "" }: RunOptions,
): Promise<ProgramEnd> {
  const child = spawn(program, parameters, { cwd, env });
  const closed = once(child, "close") as Promise<[number | null]>;
  // Who does not read what is given ends all the same.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [[exitCode], [stdout, stderr]] = await Promise.all([closed, texts]);
  return { exitCode, stdout, stderr };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
