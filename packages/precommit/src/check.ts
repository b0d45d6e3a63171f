/** Checks one change: what is staged, or what a commit does to its first parent. */
import { PubpinError } from "@pubpin/shared";
import { errorFinding, type Examination, type Examined, examine } from "./examine.ts";
import { type ChangeReport, type Finding, finding } from "./finding.ts";
import { followMoves, movedLocks } from "./lost.ts";
import { droppedBy, inheritedFrom, type MergedSide } from "./merges.ts";
import type { DiffEntry, TreeEntry } from "./raw-diff.ts";
import { sameEntry, type Subject, subjectsOf } from "./scope.ts";
import { isFile, type State } from "./state.ts";
import { type PinsPair, settingsWeakenings, weakenings } from "./weakening.ts";

/** A change to be checked. */
export interface Change extends Examination {
  /** Null for what is staged. */
  readonly commit: string | null;
  /** Every path that it changes, be it a lock's or not. */
  readonly diff: readonly DiffEntry[];
  /** Of a merge, its further parents. */
  readonly sides: readonly MergedSide[];
  /** Locks that went in earlier commits of a range, as they were last. */
  readonly departed: ReadonlyMap<string, TreeEntry>;
}

/** Everything that is to be said of a change. @throws HISTORY_INCOMPLETE */
export async function checkChange(change: Change): Promise<ChangeReport> {
  const { commit, diff, transition, blobs, sides } = change;
  const { before, after } = transition;
  const unmerged = unmergedPaths(diff, [before, after]);
  if (unmerged.length > 0) return { commit, locks: [], findings: unmerged };
  const found = subjectsOf(transition);
  blobs.load(found.flatMap(oidsOf));
  const examined: Examined[] = [];
  for (const subject of followMoves(found, blobs)) examined.push(await examine(subject, change));
  const moved = movedFindings(examined, change);
  return {
    commit,
    locks: examined.flatMap(({ report }) => {
      if (report === null) return [];
      return moved.has(report.path) ? [{ ...report, outcome: "refused" as const }] : [report];
    }),
    findings: unique([
      ...brokenPins(examined, change),
      ...examined.flatMap(({ findings }) => findings),
      ...moved.values(),
      ...settingsWeakenings(before, after),
      ...weakenings(pairsOf(examined, change), before, after, inheritedFrom(sides, transition)),
      ...droppedBy(sides, transition),
      ...notGoverned(examined, after),
    ]),
  };
}

/** Paths with conflicts that matter: nothing is known of what is in them. */
function unmergedPaths(diff: readonly DiffEntry[], states: readonly State[]): readonly Finding[] {
  const unmerged = diff.filter((entry) => entry.unmerged);
  const matters = (path: string): boolean =>
    states.some(
      ({ settings, recorded, pins }) =>
        pins.has(path) || recorded.has(path) || settings.selects(path) || settings.path === path,
    );
  return unmerged
    .filter(({ path }) => matters(path))
    .map(({ path }) =>
      finding("PATH_UNMERGED", path, `${path}: expected one version, found those of a conflict`),
    );
}

function isLost({ findings }: Examined): boolean {
  return findings.some(({ code }) => code === "LOCK_LOST");
}

/** Locks whose content is now in a file that is not checked, or that come back and are not. */
function movedFindings(
  examined: readonly Examined[],
  { diff, blobs, departed }: Change,
): ReadonlyMap<string, Finding> {
  const former = examined.filter(
    (each) =>
      each.wasChecked && !isLost(each) && !sameEntry(each.subject.before, each.subject.after),
  );
  const checked = new Set(
    examined
      .filter(({ report }) => report !== null && report.outcome !== "ungoverned")
      .map(({ subject }) => subject.path),
  );
  const earlier = [...departed]
    .filter(([path]) => !checked.has(path))
    .map(([path, before]) => ({ path, before }));
  const moved = new Map(
    movedLocks({
      former: [...former.map(({ subject }) => subject), ...earlier],
      checked,
      diff,
      blobs,
    }),
  );
  for (const { path } of earlier) {
    if (diff.some((entry) => entry.path === path && isFile(entry.after))) moved.set(path, path);
  }
  return new Map([...moved].map(([path, target]) => [path, movedFinding(path, target)]));
}

function movedFinding(path: string, target: string): Finding {
  const found = target === path ? "that it is back and not checked" : `it in ${target}`;
  const message = `${path}: expected that it stays in sight, found ${found}`;
  return finding("LOCK_LOST", path, target === path ? message : `${message}, which is not checked`);
}

/** Provenance files that cannot be read, and that came with this change or govern a lock of it. */
function brokenPins(
  examined: readonly Examined[],
  { transition: { before, after, isWhole } }: Change,
): readonly Finding[] {
  const governing = new Set(
    examined.flatMap(({ report }) => (report === null ? [] : [report.provenance])),
  );
  return [...after.pins].flatMap(([path, pins]) => {
    if (!(pins instanceof PubpinError)) return [];
    const isNew = !sameEntry(before.tree.get(path), after.tree.get(path));
    return isNew || isWhole || governing.has(path) ? [errorFinding(path, pins)] : [];
  });
}

/**
 * Provenance files that changed or went, and pairs of which one took the other's place for some locks.
 */
function pairsOf(
  examined: readonly Examined[],
  { transition: { before, after } }: Change,
): readonly PinsPair[] {
  const replaced = examined.flatMap(({ subject: { governedBefore, governedAfter }, lock }) => {
    if (governedBefore === null || governedAfter === null || lock === null) return [];
    return governedBefore === governedAfter
      ? []
      : [{ before: governedBefore, after: governedAfter, lock: lock.lock }];
  });
  const pairs = new Map<string, PinsPair>();
  for (const { lock, ...paths } of replaced) {
    const key = JSON.stringify(paths);
    pairs.set(key, { ...paths, locks: [...(pairs.get(key)?.locks ?? []), lock] });
  }
  const successors = new Set([...pairs.values()].map((pair) => pair.before));
  const changed = [...before.pins.keys()].filter(
    (path) =>
      !sameEntry(before.tree.get(path), after.tree.get(path)) &&
      (after.tree.has(path) || !successors.has(path)),
  );
  return [...changed.map((path) => ({ before: path, after: path, locks: [] })), ...pairs.values()];
}

/** Locks without a provenance file, in a repository that has one somewhere else. */
function notGoverned(examined: readonly Examined[], { pins }: State): readonly Finding[] {
  if (pins.size === 0) return [];
  return examined.flatMap(({ report }) => {
    if (report?.outcome !== "ungoverned") return [];
    const message = `${report.path}: expected a provenance file in its folder or above, found none`;
    return [finding("LOCK_NOT_GOVERNED", report.path, message, { level: "note" })];
  });
}

function oidsOf({ before, after }: Subject): readonly string[] {
  return [before, after].flatMap((entry) => (isFile(entry) ? [entry.oid] : []));
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(findings.map((each) => [JSON.stringify(each), each]));
  return [...byText.values()];
}
