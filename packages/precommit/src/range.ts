/** Checks commits: each against its first parent, or all of a range as one change. */
import { fail, PubpinError } from "@pubpin/shared";
import { NO_COMMIT } from "./arguments.ts";
import { checkChange } from "./check.ts";
import { expectedOfDiff } from "./expected.ts";
import type { ChangeReport } from "./finding.ts";
import { COMMITS_AT_ONCE } from "./limits.ts";
import { mergedSides } from "./merges.ts";
import type { DiffEntry, TreeEntry } from "./raw-diff.ts";
import {
  applyDiff,
  ask,
  commitOfObject,
  type CommitParents,
  diffCommits,
  diffTrees,
  EMPTY_TREE,
  findCommit,
  isShallow,
  listCommits,
  listTree,
  mergeBase,
  resolveCommit,
  type Tree,
} from "./repository.ts";
import type { Reading } from "./staged.ts";
import { readState } from "./state.ts";

/** A range of commits, by whatever names Git takes for them. */
export interface Range {
  /** All zeros where there is nothing to begin from: then everything that `to` has is checked. */
  readonly from: string;
  readonly to: string;
}

/** A branch that is about to be pushed, as Git's pre-push hook is told. */
export interface Push {
  /** Null where the branch is about to be deleted. */
  readonly commit: string | null;
  /** What the remote has of it; null where it has nothing. */
  readonly remoteCommit: string | null;
}

/** What was found in commits, of those in which anything is to be reported. */
export interface CommitsReport {
  readonly changes: readonly ChangeReport[];
  /** How many commits were looked at. */
  readonly commits: number;
}

/** What a walk along commits has seen. */
interface History {
  /** Trees by the names of their commits. */
  readonly trees: Map<string, Tree>;
  /** Locks that went, and did not come back. */
  readonly departed: Map<string, TreeEntry>;
}

/** What a commit does. */
interface Step {
  readonly diff: readonly DiffEntry[];
  readonly before: Tree;
  readonly after: Tree;
}

/**
 * Checks every commit that one end of a range has and the other has not.
 *
 * @throws HISTORY_INCOMPLETE where the clone lacks a part of it
 * @throws USAGE_INVALID for a configuration that cannot be used
 */
export async function checkRange({ from, to }: Range, reading: Reading): Promise<CommitsReport> {
  const tip = resolveCommit(to);
  const base = NO_COMMIT.test(from) ? null : resolveCommit(from);
  return checkCommits(listCommits(base === null ? [tip] : [tip, `^${base}`]), reading);
}

/**
 * Checks what a range changes altogether, as a squash merge would: from the commit that both ends
 * have in common, or from nothing where there is none.
 *
 * @throws as `checkRange`
 */
export async function checkTip({ from, to }: Range, reading: Reading): Promise<CommitsReport> {
  const tip = resolveCommit(to);
  const base = NO_COMMIT.test(from) ? null : mergeBase(resolveCommit(from), tip);
  if (base === null && isShallow()) refuseShallow(tip);
  if (base === tip) return { changes: [], commits: 0 };
  const after = listTree(tip);
  const before = base === null ? EMPTY_TREE : listTree(base);
  const diff = base === null ? addedBy(after) : diffTrees(base, tip);
  const commit = { commit: tip, parents: [] };
  const change = await checkOne(commit, { diff, before, after }, openHistory(), reading);
  return { changes: [change], commits: 1 };
}

/**
 * Checks the commits of a push that the remote does not have yet, as far as this clone knows.
 *
 * @param remote its name or address; null where it is not known
 * @throws as `checkRange`
 */
export async function checkPush(
  pushes: readonly Push[],
  remote: string | null,
  reading: Reading,
): Promise<CommitsReport> {
  const tips = pushes.flatMap(({ commit }) =>
    commit === null ? [] : (commitOfObject(commit) ?? []),
  );
  if (tips.length === 0) return { changes: [], commits: 0 };
  const known = pushes.flatMap(({ remoteCommit }) =>
    remoteCommit === null ? [] : (findCommit(remoteCommit) ?? []),
  );
  // The name of a remote, or the address of one that has none.
  const isName = remote !== null && /^\w[\w./-]*$/.test(remote);
  const remotes = isName ? `--remotes=${remote}` : "--remotes";
  return checkCommits(listCommits([...tips, "--not", ...known, remotes]), reading);
}

async function checkCommits(
  commits: readonly CommitParents[],
  reading: Reading,
): Promise<CommitsReport> {
  requireWhole(commits);
  const diffs = diffCommits(commits);
  const history = openHistory();
  const reports: ChangeReport[] = [];
  for (let start = 0; start < commits.length; start += COMMITS_AT_ONCE) {
    const some = commits.slice(start, start + COMMITS_AT_ONCE);
    forget(reading);
    reading.blobs.load(
      some.flatMap(({ commit }) => expectedOfDiff(diffs.get(commit) ?? [], reading.flags)),
    );
    for (const each of some) {
      const step = stepOf(each, diffs.get(each.commit) ?? [], history);
      if (!mayConcern(step, each, history)) continue;
      const report = await checkOne(each, step, history, reading);
      for (const { path, outcome } of report.locks) {
        const was = step.before.get(path);
        if (outcome !== "removed") history.departed.delete(path);
        else if (was !== undefined) history.departed.set(path, was);
      }
      reports.push(report);
    }
  }
  const changes = reports.filter(({ locks, findings }) => locks.length + findings.length > 0);
  return { changes, commits: commits.length };
}

function openHistory(): History {
  return { trees: new Map(), departed: new Map() };
}

function stepOf(
  { commit, parents: [first] }: CommitParents,
  diff: readonly DiffEntry[],
  { trees }: History,
): Step {
  const before = first === undefined ? EMPTY_TREE : treeOf(first, trees);
  const after = applyDiff(before, diff);
  trees.set(commit, after);
  return { diff, before, after };
}

/** Whether a commit can matter: most of them change no path that does. */
function mayConcern(
  { before, after, diff }: Step,
  { parents }: CommitParents,
  { trees, departed }: History,
): boolean {
  if (before !== after || (departed.size > 0 && diff.length > 0)) return true;
  return mayDrop(after, parents, trees);
}

async function checkOne(
  { commit, parents }: CommitParents,
  { diff, before, after }: Step,
  { trees, departed }: History,
  reading: Reading,
): Promise<ChangeReport> {
  try {
    const transition = {
      before: await readState(before, reading, "ignore"),
      after: await readState(after, reading, "refuse"),
      isWhole: false,
    };
    const sides = await mergedSides(parents, (parent) => treeOf(parent, trees), reading);
    return await checkChange({ ...reading, commit, diff, transition, sides, departed });
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return fail(error.code, `commit ${commit}: ${error.message}`, error);
  }
}

/** Whether a merge's other side has a provenance file, or what could be one, that it has not. */
function mayDrop(after: Tree, [, ...others]: readonly string[], trees: History["trees"]): boolean {
  return others.some((parent) =>
    [...treeOf(parent, trees)].some(
      ([path, { oid }]) => path.endsWith(".txt") && after.get(path)?.oid !== oid,
    ),
  );
}

/**
 * Requires that history was not cut within these commits: Git takes the commits at which a shallow
 * clone ends for roots, and only their content still names their parents.
 */
function requireWhole(commits: readonly CommitParents[]): void {
  const roots = commits.filter(({ parents }) => parents.length === 0);
  for (const { commit } of roots) {
    const text = ask(["cat-file", "commit", commit], `the commit ${commit}`).toString("latin1");
    if (/^parent /m.test(text.slice(0, text.indexOf("\n\n")))) refuseShallow(commit);
  }
}

function refuseShallow(commit: string): never {
  return fail(
    "HISTORY_INCOMPLETE",
    `expected all commits of the range, found a shallow clone that ends at ${commit}: ` +
      "`git fetch --unshallow`, or a checkout with the full history, brings the rest",
  );
}

function treeOf(commit: string, trees: History["trees"]): Tree {
  const tree = trees.get(commit) ?? listTree(commit);
  trees.set(commit, tree);
  return tree;
}

function addedBy(tree: Tree): readonly DiffEntry[] {
  return [...tree].map(([path, after]) => ({ path, before: null, after, unmerged: false }));
}

function forget({ blobs, locks, pins }: Reading): void {
  blobs.clear();
  locks.clear();
  pins.clear();
}
