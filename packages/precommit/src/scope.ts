/** Which locks are looked at: those in sight before or after a change, as far as it touches them. */
import type { Blobs } from "./blobs.ts";
import { canBeLock } from "./locks.ts";
import type { TreeEntry } from "./raw-diff.ts";
import { governing, isFile, type State } from "./state.ts";

/** What a change does: from one state of the repository to another. */
export interface Transition {
  readonly before: State;
  readonly after: State;
  /** Whether every lock is looked at, as it stands, and not just what the change touches. */
  readonly isWhole: boolean;
}

/** A path at which there is a lock, or was one, or could be one. */
export interface Subject {
  readonly path: string;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
  /** The file that governed it, and that governs it now; null where none does. */
  readonly governedBefore: string | null;
  readonly governedAfter: string | null;
}

/**
 * The paths to look at: in scope by the patterns of either state or by a line of either, and touched
 * by the change: themselves, the file that governs them, which file that is, or whether the patterns
 * select them.
 */
export function subjectsOf(transition: Transition): readonly Subject[] {
  const { before, after } = transition;
  const paths = new Set([
    ...before.recorded.keys(),
    ...after.recorded.keys(),
    ...[...before.tree.keys(), ...after.tree.keys()].filter(
      (path) => before.settings.selects(path) || after.settings.selects(path),
    ),
  ]);
  return [...paths]
    .toSorted()
    .map((path) => ({
      path,
      before: before.tree.get(path) ?? null,
      after: after.tree.get(path) ?? null,
      governedBefore: governing(before, path),
      governedAfter: governing(after, path),
    }))
    .filter((subject) => isTouched(subject, transition));
}

/** Whether the file at this path was a lock before the change, and checked. */
export function wasChecked(subject: Subject, { before }: Transition, blobs: Blobs): boolean {
  const { path, governedBefore } = subject;
  if (!isFile(subject.before) || governedBefore === null) return false;
  if (isRecorded(before, governedBefore, path)) return true;
  return before.settings.selects(path) && holdsLock(path, subject.before, blobs);
}

/**
 * Whether the file at this path is a lock now. What was governed before is judged by the patterns of
 * before as well: they cannot be narrowed in the commit that brings the lock.
 */
export function isChecked(subject: Subject, { before, after }: Transition, blobs: Blobs): boolean {
  const { path, governedAfter, governedBefore } = subject;
  if (!isFile(subject.after) || governedAfter === null) return false;
  if (isRecorded(after, governedAfter, path)) return true;
  const isSelected =
    after.settings.selects(path) || (governedBefore !== null && before.settings.selects(path));
  return isSelected && holdsLock(path, subject.after, blobs);
}

/** Whether the file that governs a lock has a line for it. */
export function isRecorded(state: State, pinsPath: string, path: string): boolean {
  return state.recorded.get(path)?.includes(pinsPath) === true;
}

/** Whether a file can be a lock by what it holds; what is too large to tell is one. */
export function holdsLock(path: string, entry: TreeEntry, blobs: Blobs): boolean {
  return !blobs.isReadable(entry.oid) || canBeLock(path, blobs.bytes(entry.oid, path));
}

/** Whether two entries are the same, or both are absent. */
export function sameEntry(
  a: TreeEntry | null | undefined,
  b: TreeEntry | null | undefined,
): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

function isTouched(subject: Subject, { before, after, isWhole }: Transition): boolean {
  const { path, governedBefore, governedAfter } = subject;
  if (isWhole || !sameEntry(subject.before, subject.after)) return true;
  if (governedBefore !== governedAfter) return true;
  if (before.settings.selects(path) && !after.settings.selects(path)) return true;
  return (
    governedAfter !== null &&
    !sameEntry(before.tree.get(governedAfter), after.tree.get(governedAfter))
  );
}
