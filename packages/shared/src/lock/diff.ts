import type {
  Distribution,
  InstallDirective,
  Lock,
  LockChange,
  LockChangeKind,
  LockDiff,
  LockedFile,
} from "../model.ts";
import {
  canonicalDirective,
  canonicalEntry,
  canonicalFile,
  canonicalFiles,
  canonicalSource,
  comparableVersion,
  identityOf,
  sortedUnique,
} from "./identity.ts";

/**
 * What changed between two locks, project by project. Only what `lockDigest` covers counts: the
 * result is empty exactly if the two digests are equal.
 */
export function diffLocks(before: Lock, after: Lock): LockDiff {
  const old = byName(before);
  const now = byName(after);
  const names = sortedUnique([...old.keys(), ...now.keys()]);
  const changes = names.flatMap((name) => {
    const change = compare(name, old.get(name) ?? [], now.get(name) ?? []);
    return change === null ? [] : [change];
  });
  return { changes, directives: compareDirectives(before.directives, after.directives) };
}

function compare(
  name: string,
  before: readonly Distribution[],
  after: readonly Distribution[],
): LockChange | null {
  if (sameTexts(before.map(canonicalEntry), after.map(canonicalEntry))) return null;
  return {
    name,
    kinds: kindsOf(before, after),
    before,
    after,
    filesAdded: filesOnlyIn(after, before),
    filesRemoved: filesOnlyIn(before, after),
  };
}

function kindsOf(
  before: readonly Distribution[],
  after: readonly Distribution[],
): readonly LockChangeKind[] {
  if (before.length === 0) return ["added"];
  if (after.length === 0) return ["removed"];
  const kinds: LockChangeKind[] = [];
  if (!sameTexts(before.map(versionOf), after.map(versionOf))) kinds.push("updated");
  if (
    !sameTexts(before.map(sourceOf), after.map(sourceOf)) ||
    differ(before, after, versionOf, (each) => [sourceOf(each)])
  ) {
    kinds.push("source");
  }
  if (
    differ(before, after, versionOf, ({ files }) => files.map(canonicalFile)) ||
    differ(before, after, identityOf, (each) => [canonicalFiles(each)])
  ) {
    kinds.push("files");
  }
  return kinds;
}

/** Whether entries of one key that both sides have say different things. */
function differ(
  before: readonly Distribution[],
  after: readonly Distribution[],
  keyOf: (distribution: Distribution) => string,
  textsOf: (distribution: Distribution) => readonly string[],
): boolean {
  const old = groupBy(before, keyOf);
  const now = groupBy(after, keyOf);
  return [...old].some(([key, these]) => {
    const those = now.get(key);
    return those !== undefined && !sameTexts(these.flatMap(textsOf), those.flatMap(textsOf));
  });
}

function filesOnlyIn(
  these: readonly Distribution[],
  those: readonly Distribution[],
): readonly LockedFile[] {
  const known = new Set(those.flatMap(({ files }) => files.map(canonicalFile)));
  const only = new Map<string, LockedFile>();
  for (const file of these.flatMap(({ files }) => files)) {
    const key = canonicalFile(file);
    if (!known.has(key)) only.set(key, file);
  }
  return [...only.values()];
}

function compareDirectives(
  before: readonly InstallDirective[],
  after: readonly InstallDirective[],
): LockDiff["directives"] {
  const old = before.map(canonicalDirective).join("\n");
  return old === after.map(canonicalDirective).join("\n") ? null : { before, after };
}

function byName({ distributions }: Lock): ReadonlyMap<string, readonly Distribution[]> {
  return groupBy(distributions, ({ name }) => name);
}

function groupBy(
  distributions: readonly Distribution[],
  keyOf: (distribution: Distribution) => string,
): ReadonlyMap<string, readonly Distribution[]> {
  const groups = new Map<string, Distribution[]>();
  for (const each of distributions) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}

function versionOf(distribution: Distribution): string {
  return JSON.stringify(comparableVersion(distribution));
}

function sourceOf({ source }: Distribution): string {
  return canonicalSource(source);
}

/** Whether two lists hold the same texts, in whatever order and number. */
function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return sortedUnique(a).join("\n") === sortedUnique(b).join("\n");
}
