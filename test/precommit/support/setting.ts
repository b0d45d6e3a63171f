/** Repositories in which Git runs the hook, as the one file that users get. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createGitFolder,
  type GitFolder,
  type GitRepository,
  type ProgramEnd,
  type RunOptions,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll } from "vitest";
import { bundleHook } from "../../../scripts/bundle-hook.ts";

/** What the tests of a file share. */
export interface HookSetting {
  readonly newFolder: () => GitRepository;
  /** A repository without commits, whose commits and merges the hook checks. */
  readonly newRepository: () => Promise<GitRepository>;
  /** The same with a first commit of these files. */
  readonly startedWith: (files: Readonly<Record<string, string>>) => Promise<GitRepository>;
  /** Makes the hook check a repository that Git made: a clone, a submodule. */
  readonly installIn: (repository: GitRepository) => Promise<void>;
  /** Runs the hook as CI or a person does. */
  readonly hook: (
    repository: GitRepository,
    parameters: readonly string[],
    options?: RunOptions,
  ) => Promise<ProgramEnd>;
  /** The words of a command that runs the hook. */
  readonly command: () => readonly string[];
}

const HOOKS = ["pre-commit", "pre-merge-commit"];
const ENDED = "the hook ended with";

/** Bundles the hook for the tests of a file, and takes everything away after them. */
export function hookSetting(): HookSetting {
  let git: GitFolder;
  beforeAll(async () => {
    git = createGitFolder();
    await bundleHook(bundle());
    writeFileSync(traced(), tracing(command()));
    chmodSync(traced(), 0o755);
  });
  afterAll(() => {
    git.remove();
  });
  const bundle = (): string => join(git.folder, "pubpin-precommit.mjs");
  const traced = (): string => join(git.folder, "traced.sh");
  const command = (): readonly string[] => [process.execPath, bundle()];
  const installIn = async (repository: GitRepository): Promise<void> => {
    await Promise.all(HOOKS.map((name) => repository.installHook(name, [traced()])));
  };
  const newRepository = (): Promise<GitRepository> =>
    git.newRepository(Object.fromEntries(HOOKS.map((name) => [name, [traced()]])));
  return {
    newFolder: () => git.newFolder(),
    newRepository,
    startedWith: async (files) => {
      const repository = await newRepository();
      await repository.commitUnchecked(files);
      return repository;
    },
    installIn,
    hook: (repository, parameters, options) =>
      repository.run(process.execPath, [bundle(), ...parameters], options),
    command,
  };
}

/** A program that says how the hook ended, so that no test passes because it did not run. */
function tracing(command: readonly string[]): string {
  const words = command.map((word) => `'${word}'`).join(" ");
  return `#!/bin/sh\n${words} "$@"\ncode=$?\necho "${ENDED} $code" >&2\nexit $code\n`;
}

/**
 * What became of a commit: `accepted`, or the codes and paths of everything that was refused. It is
 * `unchecked` where the hook did not run, and `failed` with its words where something else went wrong.
 */
export function verdict({ exitCode, stdout, stderr }: ProgramEnd): string | readonly string[] {
  const text = stdout + stderr;
  const [, hookCode] = new RegExp(`${ENDED} (\\d+)`).exec(text) ?? [];
  if (exitCode === 0) return hookCode === undefined ? "unchecked" : "accepted";
  return hookCode === "1" ? refusals(text) : `failed: ${text}`;
}

/** Codes and paths of the refusals in what the hook said, each once, in order. */
export function refusals(text: string): readonly string[] {
  const lines = text.matchAll(/^ *refused +(?<code>[A-Z_]+) +(?<path>.*)$/gm);
  const found = [...lines].map(({ groups }) => {
    const path = (groups?.["path"] ?? "").replace(/:\d+$/, "");
    return `${groups?.["code"] ?? ""} ${path}`;
  });
  return [...new Set(found)].toSorted();
}
