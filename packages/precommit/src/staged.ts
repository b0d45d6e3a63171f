/** Checks what is staged. */
import type { Environment } from "./arguments.ts";
import { checkChange } from "./check.ts";
import { expectedOfDiff, expectedOfTree } from "./expected.ts";
import type { ChangeReport } from "./finding.ts";
import type { GitAnswer } from "./git.ts";
import { mergedSides } from "./merges.ts";
import type { TreeEntry } from "./raw-diff.ts";
import { applyDiff, EMPTY_TREE, listTree, mergeHeads, stagedDiff } from "./repository.ts";
import type { LockReader } from "./locks.ts";
import { readState, type Readings } from "./state.ts";

/** What a check has read so far, and what the command line says of locks. */
export interface Reading extends Readings {
  readonly locks: LockReader;
  readonly defaultIndex: string | undefined;
}

/**
 * Checks the index against HEAD. Where nothing at all is staged, as when a runner checks all files,
 * every lock is checked as it stands.
 *
 * @param answer of `runIndexDiff("HEAD")`
 * @param env says what is merged, where a merge is about to be committed
 * @throws USAGE_INVALID for a configuration that cannot be used
 * @throws HISTORY_INCOMPLETE REVISION_UNREADABLE
 */
export async function checkStaged(
  answer: GitAnswer,
  isWhole: boolean,
  reading: Reading,
  env: Environment,
): Promise<{ readonly change: ChangeReport; readonly isAll: boolean }> {
  const { diff, parent } = stagedDiff(answer);
  const before = parent === null ? EMPTY_TREE : listTree(parent);
  const after = applyDiff(before, diff);
  const isAll = isWhole || diff.length === 0;
  const { flags, blobs } = reading;
  blobs.load([...expectedOfTree(before, flags), ...expectedOfDiff(diff, flags)]);
  const transition = {
    before: await readState(before, reading, "ignore"),
    after: await readState(after, reading, "refuse"),
    isWhole: isAll,
  };
  const parents = parent === null ? [] : [parent, ...mergeHeads(env)];
  const sides = await mergedSides(parents, listTree, reading);
  const departed = new Map<string, TreeEntry>();
  const change = { ...reading, commit: null, diff, transition, sides, departed };
  return { change: await checkChange(change), isAll };
}
