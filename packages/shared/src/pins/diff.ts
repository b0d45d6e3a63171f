/** What changed between two states of a `.provenance.txt`, and which of it accepts more. */
import { sameEntry } from "./entry.ts";
import type { EntryLine, PinnedPublisher, Pins, PinsEntry, PinsEntryKind } from "./model.ts";
import { samePublisherUrl } from "./publisher.ts";

/** A way in which a change makes the file accept what it did not accept before. */
export type Weakening =
  | "PIN_REMOVED"
  | "PUBLISHER_REPLACED"
  | "IDENTIFIERS_REPLACED"
  | "IDENTIFIERS_REMOVED"
  | "WORKFLOW_REPLACED"
  | "WORKFLOW_REMOVED"
  | "PUBLISHER_ADDED"
  | "UNSIGNED_ALLOWED"
  | "FILE_ADDED"
  | "FILE_REPLACED"
  | "FILE_REMOVED"
  | "INDEX_ADDED"
  | "INDEX_REPLACED"
  | "INDEX_REMOVED"
  | "SOURCE_ADDED"
  | "SOURCE_REPLACED"
  | "SOURCE_REMOVED"
  | "LOCK_REMOVED";

/** One key whose line was added, removed or given another meaning. */
export interface PinsChange {
  /** See `entryKey`. */
  readonly key: string;
  /** The line before, or null where it was added. */
  readonly before: EntryLine | null;
  /** The line after, or null where it was removed. */
  readonly after: EntryLine | null;
  /** Every way in which this change weakens the file; none where it does not. */
  readonly weakenings: readonly Weakening[];
}

interface Table {
  readonly added: Weakening | null;
  readonly replaced: Weakening | null;
  readonly removed: Weakening | null;
}

const NEVER: Table = { added: null, replaced: null, removed: null };
/** A lock gets a new digest with every change of the lock: only its loss weakens. */
const LOCK: Table = { ...NEVER, removed: "LOCK_REMOVED" };
/** Publishers that are replaced are looked at more closely. */
const WEAKENINGS: Readonly<Record<PinsEntryKind, Table>> = {
  pin: { ...NEVER, removed: "PIN_REMOVED" },
  also: { ...NEVER, added: "PUBLISHER_ADDED" },
  unsigned: NEVER,
  file: { added: "FILE_ADDED", replaced: "FILE_REPLACED", removed: "FILE_REMOVED" },
  index: { added: "INDEX_ADDED", replaced: "INDEX_REPLACED", removed: "INDEX_REMOVED" },
  source: { added: "SOURCE_ADDED", replaced: "SOURCE_REPLACED", removed: "SOURCE_REMOVED" },
  lock: LOCK,
  "lock-bytes": LOCK,
  note: NEVER,
};

/**
 * Every change of meaning, in the order of the keys. Order, padding, blank lines, free comments,
 * the spelling of names and the case of GitHub URLs have no meaning.
 */
export function diffPins(before: Pins, after: Pins): readonly PinsChange[] {
  const keys = new Set([...before.byKey.keys(), ...after.byKey.keys()]);
  return [...keys].toSorted().flatMap((key) => {
    const old = before.byKey.get(key) ?? null;
    const now = after.byKey.get(key) ?? null;
    if (old !== null && now !== null && sameEntry(old.entry, now.entry)) return [];
    const weakenings = weakeningsOf(old?.entry ?? null, now?.entry ?? null);
    return [{ key, before: old, after: now, weakenings }];
  });
}

function weakeningsOf(before: PinsEntry | null, after: PinsEntry | null): readonly Weakening[] {
  if (after?.kind === "unsigned") return after.state === "allowed" ? ["UNSIGNED_ALLOWED"] : [];
  if (before !== null && "publisher" in before && after !== null && "publisher" in after) {
    return publisherWeakenings(before.publisher, after.publisher);
  }
  const kind = (after ?? before)?.kind;
  const table = kind === undefined ? NEVER : WEAKENINGS[kind];
  const weakening = before === null ? table.added : after === null ? table.removed : table.replaced;
  return weakening === null ? [] : [weakening];
}

function publisherWeakenings(
  before: PinnedPublisher,
  after: PinnedPublisher,
): readonly Weakening[] {
  const weakenings: Weakening[] = [];
  if (!samePublisherUrl(before, after)) weakenings.push("PUBLISHER_REPLACED");
  if (before.repositoryId !== null) {
    if (after.repositoryId === null) weakenings.push("IDENTIFIERS_REMOVED");
    else if (before.repositoryId !== after.repositoryId || before.ownerId !== after.ownerId) {
      weakenings.push("IDENTIFIERS_REPLACED");
    }
  }
  if (before.workflow !== null && before.workflow !== after.workflow) {
    weakenings.push(after.workflow === null ? "WORKFLOW_REMOVED" : "WORKFLOW_REPLACED");
  }
  return weakenings;
}
