/** The repository that the hook is set up in. */
import { posix, relative, resolve, sep } from "node:path";
import { fail, PubpinError } from "@pubpin/shared";
import { type GitAnswer, runGit } from "../git.ts";
import type { FileChange, SetupIo } from "./io.ts";

/** A repository with a work tree. */
export interface SetupRepository {
  /** The top of the work tree. */
  readonly root: string;
  /** Where Git looks for hooks: `core.hooksPath`, or the folder that all linked work trees share. */
  readonly hooksFolder: string;
  /** `core.hooksPath` as it is set for this repository; null where it is not. */
  readonly hooksPath: string | null;
  /** `core.hooksPath` where it is set for every repository of the user or the machine. */
  readonly hooksPathOfMachine: string | null;
  readonly io: SetupIo;
}

/** A file of text, as it is. */
export interface SetupFile {
  readonly path: string;
  readonly name: string;
  readonly text: string | null;
}

/**
 * Finds the repository that Git means here.
 *
 * @throws USAGE_INVALID outside of a work tree
 */
export function openRepository(io: SetupIo): SetupRepository {
  const top = runGit(["rev-parse", "--show-toplevel"], { folder: io.cwd });
  if (top.exitCode !== 0) {
    const expected = "expected a repository of Git with a work tree";
    fail("USAGE_INVALID", `${io.cwd}: ${expected}, found: ${top.error || "none"}`);
  }
  const root = resolve(withoutEnd(top));
  const hooks = askGit(root, "rev-parse", "--git-path", "hooks");
  if (hooks === null) fail("USAGE_INVALID", `${root}: expected that Git names its folder of hooks`);
  const set = askGit(root, "config", "--show-scope", "--get", "core.hooksPath");
  const [scope = "", path = ""] = (set ?? "").split("\t");
  const isMachines = scope === "system" || scope === "global";
  return {
    root,
    hooksFolder: resolve(root, hooks),
    hooksPath: set === null || isMachines ? null : path,
    hooksPathOfMachine: isMachines ? path : null,
    io,
  };
}

/** What Git answers in a folder, without the last line feed; null where it fails. */
export function askGit(folder: string, ...parameters: readonly string[]): string | null {
  const answer = runGit(parameters, { folder });
  return answer.exitCode === 0 ? withoutEnd(answer) : null;
}

function withoutEnd({ output }: GitAnswer): string {
  return output.toString("utf8").replace(/\r?\n$/, "");
}

/** A file of the repository as text. @throws USAGE_INVALID for what is not UTF-8 */
export async function readSetupFile(repository: SetupRepository, at: string): Promise<SetupFile> {
  const path = resolve(repository.root, at);
  const name = nameOf(repository, path);
  const bytes = await repository.io.readFile(path);
  if (bytes === null) return { path, name, text: null };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path, name, text };
  } catch (cause) {
    const message = `${name}: expected a text in UTF-8, found other bytes: nothing can be put in it`;
    throw new PubpinError("USAGE_INVALID", message, { cause });
  }
}

/** The first of several files that is there, or null. */
export async function firstSetupFile(
  repository: SetupRepository,
  names: readonly string[],
): Promise<(SetupFile & { readonly text: string }) | null> {
  for (const name of names) {
    const { text, ...file } = await readSetupFile(repository, name);
    if (text !== null) return { ...file, text };
  }
  return null;
}

/** The change of a file to a new text, or none where it has that text. */
export function changeOf(
  { path, name, text }: SetupFile,
  after: string | null,
  isProgram = false,
): readonly FileChange[] {
  return text === after ? [] : [{ path, name, before: text, after, isProgram }];
}

function nameOf({ root }: SetupRepository, path: string): string {
  const way = relative(root, path).split(sep).join(posix.sep);
  return way.startsWith("../") ? path : way;
}
