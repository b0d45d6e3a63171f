/** Which lines accepting a decision writes. */
import {
  type AlsoEntry,
  type Decision,
  type PinEntry,
  pinnedPublisher,
  type Pins,
  type PinsEntry,
  samePublisherUrl,
  type VerifiedPublisher,
} from "@pubpin/shared";

/** The lines for a decision that has the one publisher that is meant, and no other. */
type Entries = (decision: Decision, pins: Pins) => readonly PinsEntry[];

/** What accepting a decision writes, for those that a person can accept. */
export const ENTRIES: Readonly<Partial<Record<Decision["code"], Entries>>> = {
  FILE_CHANGED: fileEntry,
  ATTESTATION_MISSING: fileEntry,
  SOURCE_CHANGED: sourceEntry,
  NOT_FROM_INDEX: sourceEntry,
  INDEX_CHANGED: ({ name, index }) => (index === null ? [] : [{ kind: "index", name, url: index }]),
  PUBLISHER_MATCH: (decision, pins) =>
    decision.notices.some(({ code }) => code === "WORKFLOW_CHANGED")
      ? publisherEntry(decision, pins)
      : [],
  REPOSITORY_RENAMED: publisherEntry,
  REPOSITORY_TRANSFERRED: publisherEntry,
  REPOSITORY_REPLACED: publisherEntry,
  PUBLISHER_CHANGED: publisherEntry,
  PUBLISHER_UNPINNED: publisherEntry,
  UNSIGNED: ({ name }) => [{ kind: "unsigned", name, state: "allowed" }],
};

/** What accepting one file by its name can write beyond that. */
export const FILE_ENTRIES: typeof ENTRIES = {
  ...ENTRIES,
  HASH_NOT_ON_INDEX: fileEntry,
  ATTESTATION_INVALID: fileEntry,
};

function fileEntry({ filename, sha256 }: Decision): readonly PinsEntry[] {
  return filename === null || sha256 === null ? [] : [{ kind: "file", filename, sha256 }];
}

function sourceEntry({ name, source }: Decision): readonly PinsEntry[] {
  return source === null ? [] : [{ kind: "source", name, source }];
}

/** The line of the publisher that this one was, where it is one of several; else the pin. */
function publisherEntry({ name, found }: Decision, pins: Pins): readonly PinsEntry[] {
  const [publisher] = found;
  if (publisher === undefined) return [];
  const lines = pins.lines.flatMap(({ entry }) =>
    (entry?.kind === "pin" || entry?.kind === "also") && entry.name === name ? [entry] : [],
  );
  const line: PinEntry | AlsoEntry | undefined =
    lines.find((each) => isSameId(each, publisher)) ??
    lines.find((each) => samePublisherUrl(each.publisher, publisher));
  const { workflow, ...rest } = pinnedPublisher(publisher);
  const isAny = line !== undefined && line.publisher.workflow === null;
  const pinned = { ...rest, workflow: isAny ? null : workflow };
  return line?.kind === "also"
    ? [{ ...line, publisher: pinned }]
    : [{ kind: "pin", name, publisher: pinned }];
}

function isSameId({ publisher }: PinEntry | AlsoEntry, found: VerifiedPublisher): boolean {
  return (
    publisher.repositoryId !== null &&
    publisher.kind === found.kind &&
    publisher.repositoryId === found.repositoryId
  );
}
