/** How hooks call pubpin: the program that the repository has, and never one that is fetched. */
import { posix } from "node:path";
import { askGit, type SetupRepository } from "./repository.ts";
import type { HookName } from "./shell.ts";

/** The program that checks commits. */
export const PROGRAM = "pubpin-precommit";
const LOCAL_PROGRAMS = "node_modules/.bin";

/** Where the program is, for hooks that run at the top of the work tree. */
export interface HookProgram {
  /** As words of a shell: a path from the top of the work tree, or a name to be looked up. */
  readonly words: string;
  /** The folder that has the package.json which brings the program; null where there is none. */
  readonly package: string | null;
  /** Whether it is there. */
  readonly isInstalled: boolean;
}

/**
 * Finds the program by the nearest package.json of the folder that set-up was called in; a repository
 * without one has the program where the system looks for programs.
 */
export async function findProgram({ io, root }: SetupRepository): Promise<HookProgram> {
  const prefix = askGit(io.cwd, "rev-parse", "--show-prefix")?.replace(/\/$/, "") ?? "";
  for (let folder = prefix; ; folder = posix.dirname(folder)) {
    const here = folder === "." ? "" : folder;
    if ((await io.readFile(posix.join(root, here, "package.json"))) !== null) {
      const path = posix.join(here, LOCAL_PROGRAMS, PROGRAM);
      const isInstalled = io.isExecutable(posix.join(root, path));
      return { words: shellWord(path), package: here, isInstalled };
    }
    if (here === "") return { words: PROGRAM, package: null, isInstalled: io.isOnPath(PROGRAM) };
  }
}

/**
 * The commands of a hook that Git runs itself: it looks for the program, and refuses where there is
 * none.
 */
export function lookUpCommand(hook: HookName, found: HookProgram): readonly string[] {
  const { words } = found;
  const run = (program: string): string => `  ${program}${argumentsOf(hook)} || exit $?`;
  const local = words === PROGRAM ? [] : [`if [ -x ${words} ]; then`, run(words)];
  return [
    ...local,
    `${local.length === 0 ? "if" : "elif"} command -v ${PROGRAM} >/dev/null 2>&1; then`,
    run(PROGRAM),
    "else",
    `  echo '${PROGRAM} is not there, so this cannot be checked. To install it:' >&2`,
    `  echo '  ${installCommand(found)}' >&2`,
    "  exit 2",
    "fi",
  ];
}

/** What a person runs who does not have the program. */
export function installCommand({ package: folder }: HookProgram): string {
  if (folder === null) return `npm install --global ${PROGRAM}`;
  const where = folder === "" ? "" : ` --prefix ${shellWord(folder)}`;
  return `npm install${where} --save-dev ${PROGRAM}`;
}

/** What a hook tells the program: Git's own parameters where it has some. */
export function argumentsOf(hook: HookName): string {
  return hook === "pre-push" ? ' --pre-push "$@"' : "";
}

/** A word that a shell takes as it is. */
function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
