/**
 * Changes to a `.provenance.txt`, as functions from one to the next. Only the lines that must
 * change do; all others keep every byte. What replaces or removes what someone accepted has
 * `ByPerson` in its name: it is for the commands that a person gives, never for trust on first use.
 */
import { fail } from "../errors.ts";
import { MAX_ALSO_ORDINAL } from "../limits.ts";
import { normalizeName } from "../names/project.ts";
import { assemblePins } from "./file.ts";
import { EVERY_PROJECT, entryKey, entryValue, formatLine, sameEntry } from "./entry.ts";
import { parseLine } from "./line.ts";
import type {
  AlsoEntry,
  EntryLine,
  EntryText,
  LockBytesEntry,
  LockEntry,
  PinEntry,
  Pins,
  PinsEntry,
  LineText,
} from "./model.ts";
import { insertSorted } from "./order.ts";
import { samePublisherUrl } from "./publisher.ts";
import { quoteToken, refuse } from "./token.ts";

/** What a pin may lack. */
const COMPLETED = ["repositoryId", "ownerId", "workflow"] as const;

/** A file without lines. */
export const EMPTY_PINS: Pins = assemblePins([], true);

/**
 * Adds lines where they sort (by the first token; a comment stays with the line below it). An entry
 * that stands there already is not written again, and its line keeps every byte.
 *
 * @throws PINS_CONFLICT when an entry's key stands there with another value, be it only without
 *   identifiers (see `completePublisher`)
 * @throws PINS_INVALID NAME_INVALID LIMIT_EXCEEDED when an entry cannot be written
 */
export function addEntries(pins: Pins, entries: readonly PinsEntry[]): Pins {
  const added = new Map<string, EntryText>();
  for (const entry of entries.map(normalized)) {
    const key = entryKey(entry);
    const present = (pins.byKey.get(key) ?? added.get(key))?.entry;
    if (present === undefined) added.set(key, writeLine(key, entry));
    else if (!sameEntry(present, entry)) {
      conflict(key, `expected no line, or ${shown(entry)}, found ${shown(present)}`);
    }
  }
  const lines = insertSorted(pins.lines, [...added.values()]);
  const lastIsOld = lines.at(-1) === pins.lines.at(-1);
  return assemblePins(lines, lastIsOld ? pins.endsWithLineFeed : true, pins.path);
}

/**
 * The next free `#also:` of a project that is pinned.
 *
 * @throws PINS_CONFLICT when it is not pinned, or MAX_ALSO_ORDINAL is taken
 */
export function nextAlsoOrdinal(pins: Pins, name: string): number {
  const normal = normalizeName(name);
  if (!pins.byKey.has(normal)) conflict(normal, "expected a pin, found none");
  const taken = pins.lines.map(({ entry }) =>
    entry?.kind === "also" && entry.name === normal ? entry.ordinal : 1,
  );
  const next = taken.reduce((most, each) => Math.max(most, each), 1) + 1;
  return next <= MAX_ALSO_ORDINAL
    ? next
    : conflict(normal, `expected at most ${MAX_ALSO_ORDINAL - 1} #also: lines, found all taken`);
}

/**
 * Adds to a pin or `#also:` what it lacks: both identifiers, the workflow. What it has stays as it
 * is, so this only ever accepts less than before.
 *
 * @throws PINS_CONFLICT when there is no such line, or the publisher contradicts it
 */
export function completePublisher(pins: Pins, entry: PinEntry | AlsoEntry): Pins {
  const wanted = normalized(entry);
  const key = entryKey(wanted);
  const line = pins.byKey.get(key) ?? conflict(key, "expected a line to complete, found none");
  const present = line.entry as PinEntry | AlsoEntry;
  const pinned = present.publisher;
  const { publisher } = wanted;
  const agrees =
    samePublisherUrl(pinned, publisher) &&
    COMPLETED.every((field) => pinned[field] === null || pinned[field] === publisher[field]);
  if (!agrees) {
    conflict(key, `expected what completes ${shown(present)}, found ${shown(wanted)}`);
  }
  return rewrite(pins, line, {
    ...present,
    publisher: {
      ...pinned,
      repositoryId: publisher.repositoryId,
      ownerId: publisher.ownerId,
      workflow: publisher.workflow,
    },
  });
}

/**
 * Writes a lock's reviewed state: adds the line, or gives it the new digest. That is what trust on
 * first use is there for, so it is no replacement in the sense of the others.
 *
 * @throws PINS_INVALID NAME_INVALID LIMIT_EXCEEDED when the entry cannot be written
 */
export function setLock(pins: Pins, entry: LockEntry | LockBytesEntry): Pins {
  const line = pins.byKey.get(entryKey(entry));
  return line === undefined ? addEntries(pins, [entry]) : rewrite(pins, line, entry);
}

/**
 * Gives a line another value, at its place: what a person accepted instead.
 *
 * @throws PINS_CONFLICT when there is no line with this key
 * @throws PINS_INVALID NAME_INVALID LIMIT_EXCEEDED when the entry cannot be written
 */
export function replaceEntryByPerson(pins: Pins, entry: PinsEntry): Pins {
  const wanted = normalized(entry);
  const key = entryKey(wanted);
  const line = pins.byKey.get(key) ?? conflict(key, "expected a line to replace, found none");
  return rewrite(pins, line, wanted);
}

/**
 * Removes the line with a key (see `entryKey`).
 *
 * @throws PINS_CONFLICT when there is no such line
 * @throws PINS_INVALID when it is a pin to which an `#also:` still adds
 */
export function removeEntryByPerson(pins: Pins, key: string): Pins {
  const line = pins.byKey.get(key) ?? conflict(key, "expected a line to remove, found none");
  const kept = pins.lines.toSpliced(line.number - 1, 1);
  return assemblePins(kept, pins.endsWithLineFeed || line.number === pins.lines.length, pins.path);
}

function rewrite(pins: Pins, line: EntryLine, entry: PinsEntry): Pins {
  const written = writeLine(line.key, entry);
  if (entryValue(written.entry) === entryValue(line.entry)) return pins;
  const lines = (pins.lines as readonly LineText[]).with(line.number - 1, written);
  return assemblePins(lines, pins.endsWithLineFeed, pins.path);
}

/** Writes a line and reads it again, so that nothing is written that reads as something else. */
function writeLine(key: string, entry: PinsEntry): EntryText {
  const where = `the line for ${quoteToken(key)}`;
  const read = parseLine(formatLine(key, entryValue(entry)), where);
  if (read.entry === null || !saysTheSamePublisher(read.entry, entry)) {
    return refuse(where, `expected what can be written, found ${shown(entry)}`);
  }
  return { ...read, text: formatLine(key, entryValue(read.entry)) };
}

function saysTheSamePublisher(read: PinsEntry, meant: PinsEntry): boolean {
  if (!("publisher" in read) || !("publisher" in meant)) return true;
  return (
    read.publisher.kind === meant.publisher.kind &&
    read.publisher.url === meant.publisher.url &&
    COMPLETED.every((field) => read.publisher[field] === meant.publisher[field])
  );
}

function normalized<Entry extends PinsEntry>(entry: Entry): Entry {
  if (!("name" in entry) || entry.name === EVERY_PROJECT) return entry;
  return { ...entry, name: normalizeName(entry.name) };
}

function shown(entry: PinsEntry): string {
  return quoteToken(entryValue(entry));
}

function conflict(key: string, reason: string): never {
  return fail("PINS_CONFLICT", `the line for ${quoteToken(key)}: ${reason}`);
}
