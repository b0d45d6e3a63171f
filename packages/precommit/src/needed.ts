/** Lines that were removed although a lock still needs them. */
import {
  type Distribution,
  entriesOf,
  entryKey,
  type FileEntry,
  findFile,
  findIndex,
  findSource,
  findUnsigned,
  type Pins,
  type PinsEntry,
  sameSource,
} from "@pubpin/shared";
import { type Finding, finding } from "./finding.ts";
import { type GovernedLock, isEveryFileRecorded, isPinned } from "./judge.ts";

/**
 * A finding for every line of what governed a lock before that is gone, and without which what the lock
 * has would be trusted anew: the pin of a package, unless it does not come from an index any more or all
 * its files are accepted by their bytes; the line of a file or source that the lock still has; what said
 * that a package is unsigned, if nothing else is said of it; the index of a package for which the lock
 * names none.
 */
export function stillNeeded(
  { path, pinsPath, lock, pins: after }: GovernedLock,
  before: Pins,
): readonly Finding[] {
  const found = new Map<string, Finding>();
  const report = (entry: PinsEntry, name: string, reason: string): void => {
    const key = entryKey(entry);
    const message = `${key}: expected the line to stay, found that it is gone; ${reason}`;
    found.set(key, finding("PINS_STILL_NEEDED", pinsPath, message, { package: name }));
  };
  const files = new Map(entriesOf(before, "file").map(({ entry }) => [entry.sha256, entry]));
  for (const distribution of lock.distributions) {
    if (distribution.member || distribution.source.kind === "virtual") continue;
    const lost = [
      ...lostPublisher(distribution, before, after),
      ...lostFiles(distribution, files, after),
      ...lostOrigin(distribution, before, after),
    ];
    for (const entry of lost) {
      report(entry, distribution.name, `${path} still has ${distribution.name}`);
    }
  }
  return [...found.values()];
}

function lostPublisher(
  distribution: Distribution,
  before: Pins,
  after: Pins,
): readonly PinsEntry[] {
  const { name, source } = distribution;
  if ("location" in source || isPinned(after, name)) return [];
  if (isEveryFileRecorded(distribution, after)) return [];
  const pin = before.byKey.get(name);
  if (pin !== undefined) return [pin.entry];
  const unsigned = findUnsigned(before, name)?.entry;
  return unsigned === undefined || findUnsigned(after, name) !== null ? [] : [unsigned];
}

/** The digest tells a file whose name the lock does not have. */
function lostFiles(
  { files }: Distribution,
  before: ReadonlyMap<string, FileEntry>,
  after: Pins,
): readonly PinsEntry[] {
  return files.flatMap(({ filename, hashes }) =>
    hashes.flatMap(({ value }) => {
      const entry = before.get(value);
      if (entry === undefined || findFile(after, entry.filename) !== null) return [];
      return filename === null || filename === entry.filename ? [entry] : [];
    }),
  );
}

/** Where a lock names an index, another one than expected is a decision of its own. */
function lostOrigin(
  { name, source }: Distribution,
  before: Pins,
  after: Pins,
): readonly PinsEntry[] {
  if ("location" in source) {
    const line = findSource(before, name)?.entry;
    if (line === undefined || findSource(after, name) !== null) return [];
    return sameSource(line.source, source.location) ? [line] : [];
  }
  if (source.kind !== "index" || source.url !== null) return [];
  const line = findIndex(before, name)?.entry;
  const left = findIndex(after, name)?.entry.url;
  return line === undefined || line.url === left || after.byKey.has(entryKey(line)) ? [] : [line];
}
