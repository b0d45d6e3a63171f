/** Questions to Git, each answered by one run of it. An answer that did not come is never "no". */
import { fail } from "@pubpin/shared";
import type { Environment } from "./arguments.ts";
import { type GitAnswer, type GitRun, runGit, runIndexDiff } from "./git.ts";
import { ENDS_THAT_MATTER, mayMatter } from "./paths.ts";
import { type DiffEntry, parseRawDiff, parseTreeList, type TreeEntry } from "./raw-diff.ts";

/** What a tree has at the paths that may matter (see `mayMatter`). */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** A commit and its parents, the first one first. */
export interface CommitParents {
  readonly commit: string;
  readonly parents: readonly string[];
}

/** What is staged, and against what. */
export interface StagedDiff {
  readonly diff: readonly DiffEntry[];
  /** `HEAD`, or null before the first commit. */
  readonly parent: string | null;
}

/** The tree of a repository without commits. */
export const EMPTY_TREE: Tree = new Map();

const GIT_HEAD = /^GITHEAD_([0-9a-f]{40,64})$/;
const OBJECT_NAME = /^[0-9a-f]{40,64}$/;

/**
 * What is staged, compared with HEAD, or with nothing before the first commit.
 *
 * @param answer of `runIndexDiff("HEAD")`
 * @throws USAGE_INVALID where there is no repository or no Git
 * @throws REVISION_UNREADABLE
 */
export function stagedDiff(answer: GitAnswer): StagedDiff {
  if (answer.exitCode === 0) return { diff: onlyDiff(answer.output), parent: "HEAD" };
  if (!isUnborn(answer)) return refuse(answer, "a comparison of the index with HEAD");
  const empty = ask(["hash-object", "-t", "tree", "--stdin"], "the empty tree");
  const tree = requireName(empty.toString("utf8").trim());
  const first = runIndexDiff(tree);
  if (first.exitCode !== 0) return refuse(first, "the content of the index");
  return { diff: onlyDiff(first.output), parent: null };
}

/**
 * Everything that a commit has.
 *
 * @throws HISTORY_INCOMPLETE where the clone lacks it
 */
export function listTree(commit: string): Tree {
  const answer = runGit(["ls-tree", "-r", "-z", "--full-tree", commit]);
  if (answer.exitCode === 0) return parseTreeList(answer.output, ENDS_THAT_MATTER, mayMatter);
  return refuse(answer, `the files of ${commit}`, "HISTORY_INCOMPLETE");
}

/** A tree after differences were made to it. */
export function applyDiff(tree: Tree, diff: readonly DiffEntry[]): Tree {
  const relevant = diff.filter(({ path }) => mayMatter(path));
  if (relevant.length === 0) return tree;
  const entries = new Map(tree);
  for (const { path, after } of relevant) {
    if (after === null) entries.delete(path);
    else entries.set(path, after);
  }
  return entries;
}

/**
 * The differences of each commit from its first parent, or of a root from nothing.
 *
 * @returns by commit; commits without differences are not in it
 * @throws HISTORY_INCOMPLETE
 */
export function diffCommits(
  commits: readonly CommitParents[],
): ReadonlyMap<string, readonly DiffEntry[]> {
  const input = commits.map(({ commit, parents: [first] }) =>
    first === undefined ? `${commit}\n` : `${commit} ${first}\n`,
  );
  const parameters = ["diff-tree", "--stdin", "--root", "-r", "--raw", "-z", "--no-renames"];
  return parseRawDiff(
    ask([...parameters, "--no-abbrev"], "the differences of commits", { input: input.join("") }),
  );
}

/**
 * The differences between two commits.
 *
 * @throws HISTORY_INCOMPLETE
 */
export function diffTrees(from: string, to: string): readonly DiffEntry[] {
  const parameters = ["diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", from, to];
  return onlyDiff(ask(parameters, `the differences of ${from} and ${to}`));
}

/**
 * The commit that a revision names.
 *
 * @throws HISTORY_INCOMPLETE where this clone has no such commit
 */
export function resolveCommit(revision: string): string {
  const answer = findCommit(revision);
  if (answer !== null) return answer;
  return fail(
    "HISTORY_INCOMPLETE",
    `expected the commit ${JSON.stringify(revision)} in this clone, found none; fetch it ` +
      "(`git fetch --unshallow` where the clone is shallow) and try again",
  );
}

/**
 * The commit that an object is or tags; null for an object that has none, such as a tagged file.
 *
 * @throws HISTORY_INCOMPLETE where this clone has no such object
 */
export function commitOfObject(name: string): string | null {
  const commit = findCommit(name);
  if (commit !== null) return commit;
  return runGit(["cat-file", "-e", name]).exitCode === 0 ? null : resolveCommit(name);
}

/** The commit that a revision names, or null. */
export function findCommit(revision: string): string | null {
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const answer = runGit(asked);
  if (answer.exitCode === 0) return requireName(answer.output.toString("utf8").trim());
  if (answer.exitCode === null || /not a git repository/.test(answer.error)) {
    return refuse(answer, "a repository of Git");
  }
  return null;
}

/**
 * Commits that are reached from some and not from others, parents before children.
 *
 * @param selection names of commits, `^` before those whose history is left out, and options
 * @throws HISTORY_INCOMPLETE
 */
export function listCommits(selection: readonly string[]): readonly CommitParents[] {
  const parameters = ["rev-list", "--topo-order", "--reverse", "--parents", ...selection, "--"];
  const text = ask(parameters, "a list of commits").toString("latin1");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [commit = "", ...parents] = line.split(" ").map(requireName);
      return { commit, parents };
    });
}

/** The best common ancestor of two commits, or null. @throws HISTORY_INCOMPLETE */
export function mergeBase(a: string, b: string): string | null {
  const answer = runGit(["merge-base", a, b]);
  if (answer.exitCode === 1) return null;
  if (answer.exitCode !== 0) return refuse(answer, "a common ancestor", "HISTORY_INCOMPLETE");
  return requireName(answer.output.toString("utf8").trim());
}

/** Whether the clone lacks a part of its history. */
export function isShallow(): boolean {
  const answer = ask(["rev-parse", "--is-shallow-repository"], "a repository of Git");
  return answer.toString("utf8").trim() !== "false";
}

/**
 * What is being merged into HEAD just now, as commits; none where nothing is. Until a merge without
 * conflicts is committed, Git has no MERGE_HEAD, and tells it in the environment alone.
 */
export function mergeHeads(env: Environment): readonly string[] {
  const commit = findCommit("MERGE_HEAD");
  return commit === null ? headsOfMerge(env).flatMap((head) => findCommit(head) ?? []) : [commit];
}

/** The names that `git merge` gives to what it merges, while it runs (`GITHEAD_*`). */
export function headsOfMerge(env: Environment): readonly string[] {
  return Object.keys(env).flatMap((name) => GIT_HEAD.exec(name)?.[1] ?? []);
}

/** Runs Git for an answer that is needed. @throws HISTORY_INCOMPLETE where it does not come */
export function ask(parameters: readonly string[], expected: string, run: GitRun = {}): Buffer {
  const answer = runGit(parameters, run);
  return answer.exitCode === 0 ? answer.output : refuse(answer, expected, "HISTORY_INCOMPLETE");
}

function onlyDiff(output: Buffer): readonly DiffEntry[] {
  return [...parseRawDiff(output).values()].flat();
}

/** Git says the same of a HEAD that leads nowhere yet and of one that is broken: then it fails. */
function isUnborn(answer: GitAnswer): boolean {
  if (answer.exitCode !== 128 || !answer.error.includes("HEAD")) return false;
  return runGit(["rev-parse", "--verify", "--quiet", "HEAD"]).exitCode === 1;
}

function requireName(name: string): string {
  if (OBJECT_NAME.test(name)) return name;
  return fail("REVISION_UNREADABLE", `git: expected the name of an object, found ${name}`);
}

/** Ends what cannot be answered: by usage where there is no repository, else as not checked. */
function refuse(
  { error, failure }: GitAnswer,
  expected: string,
  code: "REVISION_UNREADABLE" | "HISTORY_INCOMPLETE" = "REVISION_UNREADABLE",
): never {
  if (failure === "ENOENT") fail("USAGE_INVALID", "expected Git on the PATH, found none");
  if (/not a git repository|must be run in a work tree/.test(error)) {
    fail("USAGE_INVALID", "expected to run in a repository of Git, found none here");
  }
  return fail(code, `expected ${expected}, found ${error === "" ? "nothing" : error}`);
}
