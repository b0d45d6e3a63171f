/** What a merge does that its parents did not do before it. */
import { entryValue } from "@pubpin/shared";
import type { Finding } from "./finding.ts";
import { mergeBase, type Tree } from "./repository.ts";
import type { Transition } from "./scope.ts";
import { readState, type Readings, type State } from "./state.ts";
import { type IsInherited, readable, weakenings } from "./weakening.ts";

/** A further parent of a merge, and the commit that it and the first parent have in common. */
export interface MergedSide {
  readonly tree: State;
  /** Null where they have none. */
  readonly base: State | null;
}

/**
 * The further parents of a merge, with what they say.
 *
 * @param parents names of commits, the first parent first
 * @throws HISTORY_INCOMPLETE
 */
export async function mergedSides(
  [first, ...others]: readonly string[],
  treeOf: (commit: string) => Tree,
  readings: Readings,
): Promise<readonly MergedSide[]> {
  const sides: MergedSide[] = [];
  for (const parent of others) {
    const base = first === undefined ? null : mergeBase(first, parent);
    sides.push({
      tree: await readState(treeOf(parent), readings, "ignore"),
      base: base === null ? null : await readState(treeOf(base), readings, "ignore"),
    });
  }
  return sides;
}

/**
 * Tells of each line that differs from the first parent's whether another side brought it, where the
 * first parent had left it alone. Such a line was shown to a reviewer in the commit that wrote it.
 */
export function inheritedFrom(
  sides: readonly MergedSide[],
  { before, after }: Transition,
): IsInherited {
  return (path, key) => {
    const ours = valueAt(before, path, key);
    const merged = valueAt(after, path, key);
    return sides.some(
      ({ tree, base }) => valueAt(tree, path, key) === merged && valueAt(base, path, key) === ours,
    );
  };
}

/** Weakenings in lines that another side had written and that the merge does not have as written. */
export function droppedBy(sides: readonly MergedSide[], { after }: Transition): readonly Finding[] {
  return sides.flatMap(({ tree, base }) => {
    const pairs = [...after.pins.keys()]
      .filter((path) => tree.tree.get(path)?.oid !== after.tree.get(path)?.oid)
      .map((path) => ({ before: path, after: path, locks: [] }));
    return weakenings(
      pairs,
      tree,
      after,
      (path, key) => valueAt(tree, path, key) === valueAt(base, path, key),
    );
  });
}

/** What a line says, or null where there is none or its file cannot be read. */
function valueAt(state: State | null, path: string, key: string): string | null {
  const line = state === null ? undefined : readable(state, path)?.byKey.get(key);
  return line === undefined ? null : entryValue(line.entry);
}
