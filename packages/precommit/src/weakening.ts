/** What a change makes provenance files accept that they did not accept before. */
import {
  diffPins,
  EMPTY_PINS,
  entryValue,
  entryKey,
  type Lock,
  type Pins,
  type PinsChange,
  type PinsEntry,
  PubpinError,
  quote,
} from "@pubpin/shared";
import { type Finding, finding } from "./finding.ts";
import { type Settings } from "./settings.ts";
import type { State } from "./state.ts";

/** A provenance file before, and the one that has its place now: often the same path. */
export interface PinsPair {
  readonly before: string;
  /** Where nothing has its place, the path where it was. */
  readonly after: string;
  /** The locks for which one takes the other's place; where the path is the same, all count. */
  readonly locks: readonly Lock[];
}

/** Whether a merge brought a line as it is from its other side, where it was reviewed. */
export type IsInherited = (path: string, key: string) => boolean;

const WORDS: Readonly<Record<PinsChange["weakenings"][number], string>> = {
  PIN_REMOVED: "the pin was removed",
  PUBLISHER_REPLACED: "another publisher is accepted",
  IDENTIFIERS_REPLACED: "other identifiers are accepted",
  IDENTIFIERS_REMOVED: "the identifiers were removed",
  WORKFLOW_REPLACED: "another workflow is accepted",
  WORKFLOW_REMOVED: "any workflow is accepted",
  PUBLISHER_ADDED: "a further publisher is accepted",
  UNSIGNED_ALLOWED: "it may be unsigned",
  FILE_ADDED: "a file is accepted by its bytes",
  FILE_REPLACED: "a file is accepted with other bytes",
  FILE_REMOVED: "a file is not bound to its bytes any more",
  INDEX_ADDED: "another index is accepted",
  INDEX_REPLACED: "another index is accepted",
  INDEX_REMOVED: "it is not bound to its index any more",
  SOURCE_ADDED: "a source that is no index is accepted",
  SOURCE_REPLACED: "another source is accepted",
  SOURCE_REMOVED: "it is not bound to its source any more",
  LOCK_REMOVED: "the lock is not recorded any more",
};

/** Every way in which these files were weakened, for the reviewer. */
export function weakenings(
  pairs: readonly PinsPair[],
  before: State,
  after: State,
  isInherited: IsInherited,
): readonly Finding[] {
  return pairs.flatMap((pair) => {
    const old = before.pins.get(pair.before);
    const now = after.pins.get(pair.after) ?? EMPTY_PINS;
    if (old === undefined || now instanceof PubpinError) return [];
    if (old instanceof PubpinError) return [notComparable(pair, old)];
    return diffPins(old, now)
      .filter((change) => pair.before === pair.after || concerns(change, pair.locks))
      .filter(({ key }) => !isInherited(pair.after, key))
      .flatMap((change) => findingsOf(change, pair));
  });
}

/** Strictness that a configuration took back, and patterns that it took away. */
export function settingsWeakenings(before: State, after: State): readonly Finding[] {
  const found: Finding[] = [];
  const report = (weakening: NonNullable<Finding["weakening"]>, message: string): void => {
    const path = placeOf(after.settings, before.settings);
    found.push(finding("PINS_WEAKENED", path, message, { level: "warning", weakening }));
  };
  if (before.settings.strict && !after.settings.strict) {
    report("STRICT_REMOVED", "strict: expected true to stay, found that it is gone");
  }
  if (before.settings.binding === "bytes" && after.settings.binding === "digest") {
    report("BINDING_LOOSENED", 'binding: expected "bytes" to stay, found "digest"');
  }
  const gone = lostPatterns(before.settings, after.settings);
  if (gone.length > 0 && before.pins.size > 0) {
    report(
      "PATTERNS_NARROWED",
      `locks: expected ${gone.join(", ")} to stay, found that it is gone`,
    );
  }
  return found;
}

/** Patterns that were there before; those of nobody are the names of all locks. */
function lostPatterns(before: Settings, after: Settings): readonly string[] {
  if (after.patterns === null) return [];
  if (before.patterns === null) return ["the name of every lock"];
  const kept = new Set(after.patterns);
  return before.patterns.filter((pattern) => !kept.has(pattern)).map((each) => quote(each));
}

function placeOf(...settings: readonly Settings[]): string {
  return settings.map(({ path }) => path).find((path) => path !== null) ?? "package.json";
}

function notComparable({ before, after }: PinsPair, error: PubpinError): Finding {
  const message = `${before}: what it said before cannot be read: ${error.message}`;
  return finding("PINS_NOT_COMPARABLE", after, message, { level: "warning" });
}

function findingsOf(change: PinsChange, { after: path }: PinsPair): readonly Finding[] {
  const { before, after, weakenings: kinds, key } = change;
  const entry = (after ?? before)?.entry;
  return kinds.map((weakening) =>
    finding("PINS_WEAKENED", path, `${key}: ${WORDS[weakening]}: ${described(change)}`, {
      level: "warning",
      line: after?.number ?? null,
      package: entry !== undefined && "name" in entry ? entry.name : null,
      weakening,
    }),
  );
}

function described({ before, after }: PinsChange): string {
  const was = before === null ? null : entryValue(before.entry);
  const is = after === null ? null : entryValue(after.entry);
  if (was === null) return is ?? "";
  return is === null ? `was ${was}` : `was ${was}, is ${is}`;
}

/** Whether a line is about something in these locks. */
function concerns({ before, after }: PinsChange, locks: readonly Lock[]): boolean {
  const entry = (after ?? before)?.entry;
  if (entry === undefined || entry.kind === "lock" || entry.kind === "lock-bytes") return false;
  return locks.some((lock) => isAbout(entry, lock));
}

function isAbout(entry: PinsEntry, { distributions }: Lock): boolean {
  if (entry.kind === "index" && entryKey(entry) === "#index:*") return true;
  if (entry.kind === "file") {
    return distributions.some(({ files }) =>
      files.some(
        ({ filename, hashes }) =>
          filename === entry.filename || hashes.some(({ value }) => value === entry.sha256),
      ),
    );
  }
  return "name" in entry && distributions.some(({ name }) => name === entry.name);
}

/** What a provenance file says, or null where it cannot be read. */
export function readable(state: State, path: string | null): Pins | null {
  const pins = path === null ? undefined : state.pins.get(path);
  return pins === undefined || pins instanceof PubpinError ? null : pins;
}
