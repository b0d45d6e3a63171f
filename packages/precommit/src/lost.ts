/** Where locks went that are not where they were. */
import { lockFormat } from "@pubpin/shared";
import type { Blobs } from "./blobs.ts";
import { MOVED_PART } from "./limits.ts";
import { hashesIn } from "./locks.ts";
import type { DiffEntry, TreeEntry } from "./raw-diff.ts";
import type { Subject } from "./scope.ts";
import { isFile } from "./state.ts";

/** What is known of a change when it is asked where its locks went. */
export interface Whereabouts {
  /** Locks that were checked before, and do not hold any more what they held. */
  readonly former: readonly Pick<Subject, "path" | "before">[];
  /** The paths of the locks that are checked now. */
  readonly checked: ReadonlySet<string>;
  readonly diff: readonly DiffEntry[];
  readonly blobs: Blobs;
}

/**
 * The same paths, but a lock that is new, and governed, stands for one that is gone where it has the same format and
 * most of its hashes. So it is compared with what it was, and the file that governs it with the one
 * that did.
 */
export function followMoves(subjects: readonly Subject[], blobs: Blobs): readonly Subject[] {
  const gone = subjects.filter(
    ({ before, after, governedBefore }) =>
      after === null && isFile(before) && governedBefore !== null,
  );
  if (gone.length === 0) return subjects;
  return subjects.map((subject) => {
    const { path, before, after, governedAfter } = subject;
    if (before !== null || governedAfter === null || !isFile(after)) return subject;
    const origin = gone.find((each) => {
      if (lockFormat(each.path) !== lockFormat(path)) return false;
      const held = hashesAt(each.before, blobs);
      return each.before?.oid === after.oid || isMost(held, hashesAt(after, blobs), NO_HASHES);
    });
    if (origin === undefined) return subject;
    return { ...subject, before: origin.before, governedBefore: origin.governedBefore };
  });
}

/**
 * The locks whose content, or most of it, is now in a file that nobody checks, each with that file,
 * be it under the same name. It counts as moved if the same bytes, or at least MOVED_PART of its SHA-256 hashes, came into that
 * file with this change, and into no lock that is checked.
 */
export function movedLocks(whereabouts: Whereabouts): ReadonlyMap<string, string> {
  const { former, checked, diff, blobs } = whereabouts;
  const moved = new Map<string, string>();
  const written = diff.filter(({ after }) => isFile(after));
  const heirs = written.filter(({ path }) => checked.has(path));
  const strangers = written.filter(({ path }) => !checked.has(path));
  const kept = new Set(heirs.map(({ after }) => after?.oid));
  const gone = former.filter(({ before }) => before !== null && !kept.has(before.oid));
  if (gone.length === 0 || strangers.length === 0) return moved;
  blobs.load(gone.flatMap(({ before }) => oidsOf(before)));
  blobs.load(written.flatMap(({ before, after }) => oidsOf(before, after)));
  const inherited = new Set(heirs.flatMap(({ after }) => Array.from(hashesAt(after, blobs))));
  for (const { path, before } of gone) {
    const held = hashesAt(before, blobs);
    const isMissing = isMost(held, held, inherited);
    const found = strangers.find(
      (stranger) =>
        stranger.after?.oid === before?.oid ||
        (isMissing &&
          isMost(held, hashesAt(stranger.after, blobs), hashesAt(stranger.before, blobs))),
    );
    if (found !== undefined) moved.set(path, found.path);
  }
  return moved;
}

const NO_HASHES: ReadonlySet<string> = new Set();

/** Whether most of these hashes are in a file and were not in another. */
function isMost(
  hashes: ReadonlySet<string>,
  present: ReadonlySet<string>,
  absent: ReadonlySet<string>,
): boolean {
  let counted = 0;
  for (const hash of hashes) if (present.has(hash) && !absent.has(hash)) counted++;
  return counted >= Math.max(1, hashes.size * MOVED_PART);
}

function hashesAt(entry: TreeEntry | null, blobs: Blobs): ReadonlySet<string> {
  if (!isFile(entry) || !blobs.isReadable(entry.oid)) return NO_HASHES;
  return hashesIn(blobs.bytes(entry.oid, entry.oid));
}

function oidsOf(...entries: readonly (TreeEntry | null)[]): readonly string[] {
  return entries.flatMap((entry) => (isFile(entry) ? [entry.oid] : []));
}
