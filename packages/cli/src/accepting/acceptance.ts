/** What `pubpin accept` writes for what was decided. */
import {
  acceptedPublishers,
  addEntries,
  type AlsoEntry,
  type Decision,
  entryKey,
  entryValue,
  fail,
  findSource,
  nextAlsoOrdinal,
  type PinnedPublisher,
  pinnedPublisher,
  type Pins,
  type PinsEntry,
  removeEntryByPerson,
  replaceEntryByPerson,
  samePublisherUrl,
  sameRepository,
} from "@pubpin/shared";
import { chosen, isNamed, published, refuseChoice } from "./choice.ts";
import { ENTRIES, FILE_ENTRIES } from "./entries.ts";

/** What a person is asked to accept. */
export interface Acceptance {
  readonly name: string;
  /** What was decided, in a sentence. */
  readonly message: string;
  /** The lines that will be there. */
  readonly entries: readonly PinsEntry[];
  /** Writes them; throws PINS_CONFLICT where another line stands there meanwhile. */
  readonly change: (pins: Pins) => Pins;
}

/**
 * What accepting these decisions about one project writes, in place of what is pinned.
 *
 * @param named the publisher that a person chose, where they chose one
 * @returns null where nothing is left to accept
 * @throws USAGE_INVALID where there are several publishers and none is named, or another one is
 */
export function acceptanceOf(
  decisions: readonly Decision[],
  pins: Pins,
  named: string | undefined,
  target: "project" | "file",
): Acceptance | null {
  const entriesFor = target === "file" ? FILE_ENTRIES : ENTRIES;
  const written = chosen(decisions, named)
    .map((decision) => ({ decision, entries: entriesFor[decision.code]?.(decision, pins) ?? [] }))
    .filter(({ decision, entries }) => entries.length > 0 || isBackOnIndex(decision));
  const [first] = written;
  if (first === undefined) return null;
  const entries = uniqueEntries(written.flatMap((each) => each.entries));
  const { name, message } = first.decision;
  const source = written.some(({ decision }) => isBackOnIndex(decision))
    ? findSource(pins, name)
    : null;
  return {
    name,
    message,
    entries,
    change: (now) => {
      const open = entries.filter((entry) => valueAt(now, entryKey(entry)) !== entryValue(entry));
      const removed =
        source === null ? [] : [entryKey(source.entry)].filter((key) => now.byKey.has(key));
      requireUnchanged(pins, now, [...removed, ...open.map(entryKey)]);
      return open.reduce(setEntry, removed.reduce(removeEntryByPerson, now));
    },
  };
}

/**
 * What accepting a further publisher of one project writes: it takes nothing from those that are
 * accepted already.
 *
 * @param named the publisher that a person chose, where they chose one
 * @returns null where all that were found are accepted
 * @throws USAGE_INVALID where the project is not pinned, there are several such publishers and none
 *   is named, or another one is
 */
export function additionOf(
  decisions: readonly Decision[],
  pins: Pins,
  named: string | undefined,
): Acceptance | null {
  const [decision] = decisions;
  if (decision === undefined) return null;
  const { name } = decision;
  const accepted = acceptedPublishers(pins, name);
  if (accepted.length === 0) {
    fail(
      "USAGE_INVALID",
      `${name}: nobody is pinned yet: \`pubpin accept ${name}\` without --also`,
    );
  }
  const further = decisions
    .flatMap((each) => published(each))
    .filter((each) => !accepted.some((known) => accepts(known, pinnedPublisher(each))));
  const [publisher, ...others] = further.filter((each) => isNamed(each, named));
  if (publisher === undefined) {
    if (named === undefined || further.length === 0) return null;
    return refuseChoice(name, further);
  }
  if (!others.every((each) => sameRepository(each, publisher))) return refuseChoice(name, further);
  const entry = (ordinal: number): AlsoEntry => ({
    kind: "also",
    name,
    ordinal,
    publisher: pinnedPublisher(publisher),
  });
  return {
    name,
    message: `also published by ${publisher.url}`,
    entries: [entry(nextAlsoOrdinal(pins, name))],
    change: (now) =>
      acceptedPublishers(now, name).some((known) => accepts(known, entry(2).publisher))
        ? now
        : addEntries(now, [entry(nextAlsoOrdinal(now, name))]),
  };
}

/** Whether a line accepts a publisher already; one without identifiers goes by its URL. */
function accepts(known: PinnedPublisher, publisher: PinnedPublisher): boolean {
  return known.repositoryId === null
    ? samePublisherUrl(known, publisher)
    : sameRepository(known, publisher);
}

/** What came from a repository, URL or path, and now comes from an index. */
function isBackOnIndex({ code, source }: Decision): boolean {
  return code === "SOURCE_CHANGED" && source === null;
}

/** Each entry once. */
function uniqueEntries(entries: readonly PinsEntry[]): readonly PinsEntry[] {
  const byKey = new Map<string, PinsEntry>();
  for (const entry of entries) {
    const other = byKey.get(entryKey(entry));
    byKey.set(entryKey(entry), other === undefined ? entry : together(other, entry));
  }
  return [...byKey.values()];
}

/**
 * One entry for two files: with any workflow, where they have different ones.
 *
 * @throws USAGE_INVALID where they have different publishers
 */
function together(one: PinsEntry, other: PinsEntry): PinsEntry {
  if (!("publisher" in one) || !("publisher" in other)) return other;
  if (!sameRepository(one.publisher, other.publisher)) {
    const urls = [one.publisher, other.publisher].map(({ url }) => url).join(" and ");
    return fail(
      "USAGE_INVALID",
      `${one.name}: its files are attested by ${urls}: name one of them with --publisher`,
    );
  }
  const isSame = one.publisher.workflow === other.publisher.workflow;
  return isSame ? other : { ...other, publisher: { ...other.publisher, workflow: null } };
}

/** @throws PINS_CONFLICT where a line is not what the person was shown a change to */
function requireUnchanged(seen: Pins, now: Pins, keys: readonly string[]): void {
  for (const key of keys) {
    const [expected, found] = [valueAt(seen, key), valueAt(now, key)];
    if (expected === found) continue;
    fail("PINS_CONFLICT", `the line for ${key}: expected ${expected}, found ${found} meanwhile`);
  }
}

function valueAt({ byKey }: Pins, key: string): string {
  const line = byKey.get(key);
  return line === undefined ? "none" : entryValue(line.entry);
}

function setEntry(pins: Pins, entry: PinsEntry): Pins {
  return pins.byKey.has(entryKey(entry))
    ? replaceEntryByPerson(pins, entry)
    : addEntries(pins, [entry]);
}
