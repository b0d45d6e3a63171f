import type { Decision, Distribution, VerifiedPublisher } from "../model.ts";
import { EVERY_PROJECT } from "../pins/entry.ts";
import { entriesOf, findPin, findSource, findUnsigned } from "../pins/lookup.ts";
import type {
  FileEntry,
  IndexEntry,
  PinEntry,
  Pins,
  PinsEntry,
  SourceEntry,
} from "../pins/model.ts";
import { pinnedPublisher, samePublisherUrl, sameRepository } from "../pins/publisher.ts";
import { publishingPublishers } from "./compare.ts";

/** What trust on first use makes of a check. It adds and completes; it never replaces. */
export interface FirstUse {
  /** New lines: publishers, sources, files, and what was seen without attestation. */
  readonly added: readonly PinsEntry[];
  /** Pins without identifiers or workflow, with them. */
  readonly completed: readonly PinEntry[];
  /** Projects of which several publishers were seen: a person has to choose. */
  readonly undecided: readonly Undecided[];
}

/** A project with several verified publishers and no pin. */
export interface Undecided {
  readonly name: string;
  readonly found: readonly VerifiedPublisher[];
}

/**
 * The index lines that a lock needs before it is checked for the first time: the file's default,
 * where the lock's main index is not the product's default, and one for each project that is new
 * here and comes from another index. Projects that `.provenance.txt` knows are left as they are.
 */
export function firstUseIndexes(
  distributions: readonly Distribution[],
  pins: Pins,
  defaultIndex: string,
): readonly IndexEntry[] {
  const used = new Map<string, Set<string>>();
  for (const { name, source, member } of distributions) {
    if (member || source.kind !== "index" || source.url === null) continue;
    used.set(source.url, (used.get(source.url) ?? new Set()).add(name));
  }
  const everywhere = entriesOf(pins, "index").find(({ entry }) => entry.name === EVERY_PROJECT)
    ?.entry.url;
  const [main] = [...used].toSorted(([, a], [, b]) => b.size - a.size);
  const usual = everywhere ?? (pins.byKey.size === 0 ? main?.[0] : undefined) ?? defaultIndex;
  const entries: IndexEntry[] =
    everywhere === undefined && usual !== defaultIndex
      ? [{ kind: "index", name: EVERY_PROJECT, url: usual }]
      : [];
  for (const [url, names] of used) {
    if (url === usual) continue;
    for (const name of names) {
      if (!isKnown(pins, name)) entries.push({ kind: "index", name, url });
    }
  }
  return entries;
}

/**
 * The index lines of projects that are new here and that a check found on a further index of the
 * lock alone, because the one before it does not have them. Where that one has the project, and not
 * the file, a person decides: somebody may have taken the name on the other one.
 */
export function furtherIndexes(decisions: readonly Decision[], pins: Pins): readonly IndexEntry[] {
  const found = new Map<string, string>();
  for (const { code, name, index, cause } of decisions) {
    if (code !== "INDEX_CHANGED" || cause !== null || index === null) continue;
    if (!isKnown(pins, name)) found.set(name, index);
  }
  return [...found].map(([name, url]) => ({ kind: "index", name, url }));
}

function isKnown(pins: Pins, name: string): boolean {
  return (
    findPin(pins, name) !== null ||
    findUnsigned(pins, name) !== null ||
    findSource(pins, name) !== null ||
    pins.byKey.has(`#index:${name}`)
  );
}

/** Turns the decisions of a check into what trust on first use writes. */
export function firstUse(decisions: readonly Decision[], pins: Pins): FirstUse {
  const byName = Map.groupBy(decisions, ({ name }) => name);
  const uses = [...byName].map(([name, all]) => useOf(name, all, pins));
  return {
    added: uses.flatMap(({ added }) => added),
    completed: uses.flatMap(({ completed }) => completed),
    undecided: uses.flatMap(({ undecided }) => undecided),
  };
}

function useOf(name: string, decisions: readonly Decision[], pins: Pins): FirstUse {
  const unpinned = decisions.filter(({ code }) => code === "PUBLISHER_UNPINNED");
  const unsigned = decisions.filter(({ code }) => code === "UNSIGNED");
  const found = unpinned.flatMap((decision) => publishingPublishers(decision.found));
  const [first] = found;
  if (first === undefined) {
    return {
      added: [...sourcesOf(name, decisions), ...unsignedOf(name, unsigned, pins)],
      completed: completedOf(name, decisions, pins),
      undecided: [],
    };
  }
  if (!found.every((publisher) => sameRepository(publisher, first))) {
    return { added: [], completed: [], undecided: [{ name, found }] };
  }
  const pin: PinEntry = { kind: "pin", name, publisher: newest(found) };
  return { added: [pin, ...unsigned.flatMap(fileOf)], completed: [], undecided: [] };
}

/** The publisher as the latest signature has it; without a workflow, where files have several. */
function newest(found: readonly VerifiedPublisher[]): PinEntry["publisher"] {
  const [latest] = found.toSorted((a, b) => b.time.getTime() - a.time.getTime());
  const workflows = new Set(found.map(({ workflow }) => workflow));
  const publisher = pinnedPublisher(latest as VerifiedPublisher);
  return workflows.size > 1 ? { ...publisher, workflow: null } : publisher;
}

/** The unattested files of a project that is attested in part, accepted by their bytes. */
function fileOf({ filename, sha256 }: Decision): readonly FileEntry[] {
  return filename === null || sha256 === null ? [] : [{ kind: "file", filename, sha256 }];
}

function sourcesOf(name: string, decisions: readonly Decision[]): readonly SourceEntry[] {
  const sources = decisions.flatMap(({ code, source }) =>
    code === "NOT_FROM_INDEX" && source !== null ? [source] : [],
  );
  const [source, ...others] = new Set(sources);
  return source === undefined || others.length > 0 ? [] : [{ kind: "source", name, source }];
}

function unsignedOf(name: string, unsigned: readonly Decision[], pins: Pins): readonly PinsEntry[] {
  if (unsigned.length === 0 || findUnsigned(pins, name) !== null) return [];
  return [{ kind: "unsigned", name, state: "seen" }];
}

/** A pin that lacks what the verified publisher has, where they match. */
function completedOf(
  name: string,
  decisions: readonly Decision[],
  pins: Pins,
): readonly PinEntry[] {
  const pin = findPin(pins, name)?.entry;
  if (pin === undefined || pin.publisher.repositoryId !== null) return [];
  const matching = decisions
    .filter(({ code }) => code === "PUBLISHER_MATCH")
    .flatMap(({ found }) => publishingPublishers(found))
    .filter((publisher) => samePublisherUrl(publisher, pin.publisher));
  const [first] = matching;
  if (
    first === undefined ||
    first.repositoryId === null ||
    !matching.every((each) => sameRepository(each, first))
  ) {
    return [];
  }
  const { repositoryId, ownerId, workflow } = newest(matching);
  return [
    {
      ...pin,
      publisher: {
        ...pin.publisher,
        repositoryId,
        ownerId,
        workflow: pin.publisher.workflow ?? workflow,
      },
    },
  ];
}
