/** What a lock will be after a merge that Git has not finished: the same three-way merge as Git's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./arguments.ts";
import { runGit } from "./git.ts";
import { findCommit, headsOfMerge } from "./repository.ts";

/** The commits that Git merges. */
export interface MergedCommits {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

const PICKED = /^(?:p|pick|r|reword|e|edit|s|squash|f|fixup)(?: -[cC])? ([0-9a-f]{7,64})\b/;

/**
 * The commits that are merged just now, as far as a merge driver can find out. While drivers run, the
 * index and the work tree are still what they were, and no MERGE_HEAD is written: `git merge` tells
 * the other side in the environment, a rebase notes it in its folder, and cherry-pick, revert and
 * stash tell nobody.
 */
export function mergedCommits(env: Environment): MergedCommits | null {
  const ours = findCommit("HEAD");
  if (ours === null) return null;
  const [head, ...others] = headsOfMerge(env);
  if (head !== undefined) return others.length > 0 ? null : withMergeBase(ours, head);
  const picked = pickedCommit();
  const base = picked === null ? null : findCommit(`${picked}^`);
  return picked === null || base === null ? null : { base, ours, theirs: picked };
}

/**
 * The content of a path in a commit.
 *
 * @returns null where the commit does not have it, or it cannot be had
 */
export function contentAt(commit: string, path: string): Buffer | null {
  const listed = runGit([
    "--literal-pathspecs",
    "ls-tree",
    "-z",
    "--full-tree",
    commit,
    "--",
    path,
  ]);
  const [, oid] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(listed.output.toString("latin1")) ?? [];
  if (listed.exitCode !== 0 || oid === undefined) return null;
  const content = runGit(["cat-file", "blob", oid]);
  return content.exitCode === 0 ? content.output : null;
}

/** Merges three texts as Git does. Null where they conflict. */
export function mergeTexts(base: Buffer, ours: Buffer, theirs: Buffer): Buffer | null {
  if (ours.equals(theirs) || base.equals(theirs)) return ours;
  if (base.equals(ours)) return theirs;
  const folder = mkdtempSync(join(tmpdir(), "pubpin-merge-"));
  try {
    const paths = [ours, base, theirs].map((content, index) => {
      const path = join(folder, String(index));
      writeFileSync(path, content);
      return path;
    });
    const answer = runGit(["merge-file", "--quiet", "-p", ...paths]);
    return answer.exitCode === 0 ? answer.output : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only where there is one best common ancestor: of several, Git first merges those. */
function withMergeBase(ours: string, theirs: string): MergedCommits | null {
  const answer = runGit(["merge-base", "--all", ours, theirs]);
  const [base = "", ...more] = answer.output.toString("latin1").trim().split("\n");
  return answer.exitCode === 0 && more.length === 0 ? { base, ours, theirs } : null;
}

/** The commit that a rebase is about to put on top. */
function pickedCommit(): string | null {
  const answer = runGit(["rev-parse", "--git-path", "rebase-merge/done"]);
  if (answer.exitCode !== 0) return null;
  let done: string;
  try {
    done = readFileSync(answer.output.toString("utf8").trimEnd(), "utf8");
  } catch {
    return null;
  }
  const last = done.trimEnd().split("\n").at(-1) ?? "";
  const [, picked] = PICKED.exec(last) ?? [];
  return picked === undefined ? null : findCommit(picked);
}
