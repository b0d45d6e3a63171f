/**
 * The only caller of Git. It runs Git without a shell, in the folder where this process runs and
 * with its environment, so that GIT_DIR and GIT_INDEX_FILE mean what they mean to whoever set them.
 * Nothing of `@pubpin/shared` is imported here: most commits are over before it is loaded.
 */
import { spawnSync } from "node:child_process";

/** How a run of Git ended. */
export interface GitAnswer {
  /** Null where Git was not there, was stopped, or said more than it was given room for. */
  readonly exitCode: number | null;
  readonly output: Buffer;
  readonly error: string;
  /** The system's code where Git could not run to its end, such as ENOENT or ENOBUFS. */
  readonly failure: string | null;
}

/** How Git is run. */
export interface GitRun {
  readonly input?: string;
  /** Bytes that the answer may have; by default MAX_ANSWER_BYTES. */
  readonly maxBytes?: number;
  /** By default the folder of this process. */
  readonly folder?: string;
}

/** Bytes of an answer. The list of a tree with a million files: 100 MB. */
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;
/** Milliseconds for one run of Git. */
const TIMEOUT_MS = 120_000;
/** Questions only: no locks taken, nothing fetched, nothing replaced, words that can be told. */
const SETTINGS = {
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
};
/** Variables that give the paths in parameters another meaning. */
const PATHSPEC_VARIABLES = [
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** Runs Git to its end. */
export function runGit(parameters: readonly string[], run: GitRun = {}): GitAnswer {
  const env: NodeJS.ProcessEnv = { ...process.env, ...SETTINGS };
  for (const name of PATHSPEC_VARIABLES) delete env[name];
  const { status, stdout, stderr, error } = spawnSync("git", parameters, {
    cwd: run.folder,
    env,
    input: run.input ?? "",
    maxBuffer: run.maxBytes ?? MAX_ANSWER_BYTES,
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
  return {
    exitCode: error === undefined ? status : null,
    output: stdout ?? Buffer.alloc(0),
    error: error?.message ?? stderr.toString("utf8").trim(),
    failure: error === undefined ? null : ((error as NodeJS.ErrnoException).code ?? "UNKNOWN"),
  };
}

/** What the index has that a commit or tree has not, and the other way round, as Git lists it. */
export function runIndexDiff(tree: string): GitAnswer {
  return runGit([
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--ita-invisible-in-index",
    tree,
    "--",
  ]);
}
