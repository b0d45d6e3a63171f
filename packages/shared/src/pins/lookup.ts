/** What a `.provenance.txt` says about one project, file or lock. */
import { normalizeName } from "../names/project.ts";
import { EVERY_PROJECT, entryKey } from "./entry.ts";
import type { PinnedPublisher, Pins, PinsEntry, PinsEntryKind } from "./model.ts";

/** An entry of one kind. */
export type EntryOf<Kind extends PinsEntryKind> = Extract<PinsEntry, { readonly kind: Kind }>;

/** An entry with the number of its line. */
export interface FoundEntry<Kind extends PinsEntryKind> {
  readonly line: number;
  readonly entry: EntryOf<Kind>;
}

/** All entries of one kind, in the order of the file. */
export function entriesOf<Kind extends PinsEntryKind>(
  pins: Pins,
  kind: Kind,
): readonly FoundEntry<Kind>[] {
  return pins.lines.flatMap(({ number, entry }) =>
    entry?.kind === kind ? [{ line: number, entry: entry as EntryOf<Kind> }] : [],
  );
}

/**
 * The publishers that are accepted for a project, the pin first; none where it is not pinned.
 *
 * @throws NAME_INVALID LIMIT_EXCEEDED as `normalizeName`, as every function here that takes a name
 */
export function acceptedPublishers(pins: Pins, name: string): readonly PinnedPublisher[] {
  return pins.publishers.get(normalizeName(name)) ?? [];
}

/** The pin of a project, or null. */
export function findPin(pins: Pins, name: string): FoundEntry<"pin"> | null {
  return find(pins, "pin", normalizeName(name));
}

/** The line that says that a project had no attestation, or null. A pin outranks it. */
export function findUnsigned(pins: Pins, name: string): FoundEntry<"unsigned"> | null {
  return find(pins, "unsigned", `#unsigned:${normalizeName(name)}`);
}

/** The line about a file with exactly this name, or null. */
export function findFile(pins: Pins, filename: string): FoundEntry<"file"> | null {
  return find(pins, "file", entryKey({ kind: "file", filename, sha256: "" }));
}

/**
 * The line that says which index a project comes from: its own, else the one for every project;
 * null where it comes from the default index.
 */
export function findIndex(pins: Pins, name: string): FoundEntry<"index"> | null {
  return (
    find(pins, "index", `#index:${normalizeName(name)}`) ??
    find(pins, "index", `#index:${EVERY_PROJECT}`)
  );
}

/** The line that says where a project comes from if not from an index, or null. */
export function findSource(pins: Pins, name: string): FoundEntry<"source"> | null {
  return find(pins, "source", `#source:${normalizeName(name)}`);
}

/** The line with a lock's digest, or null. The path is relative to the folder of the file. */
export function findLock(pins: Pins, path: string): FoundEntry<"lock"> | null {
  return find(pins, "lock", entryKey({ kind: "lock", path, digest: "" }));
}

/** The line with the digest of a lock's bytes, or null. */
export function findLockBytes(pins: Pins, path: string): FoundEntry<"lock-bytes"> | null {
  return find(pins, "lock-bytes", entryKey({ kind: "lock-bytes", path, sha256: "" }));
}

/** The note with this key, or null. */
export function findNote(pins: Pins, key: string): FoundEntry<"note"> | null {
  return find(pins, "note", entryKey({ kind: "note", key, text: "" }));
}

function find<Kind extends PinsEntryKind>(
  pins: Pins,
  kind: Kind,
  key: string,
): FoundEntry<Kind> | null {
  const line = pins.byKey.get(key);
  return line?.entry?.kind === kind
    ? { line: line.number, entry: line.entry as EntryOf<Kind> }
    : null;
}
