import {
  addEntries,
  completePublisher,
  type Decision,
  findLockBytes,
  type FirstUse,
  firstUse,
  firstUseIndexes,
  furtherIndexes,
  type LockBytesEntry,
  lockDigest,
  type LockEntry,
  type Pins,
  type PinsEntry,
  type Report,
  setLock,
} from "@pubpin/shared";
import { dirname } from "node:path";
import { agreeOnPins } from "../agreement.ts";
import { checkLock, openCheckIo } from "../checking.ts";
import { repositorySettings } from "../binding.ts";
import { loadProjects, type Project, type Selection } from "../project.ts";
import type { RenderOptions } from "../render.ts";
import type { Session } from "../session.ts";
import { type PinsUpdate, refusedUpdate, showUpdates, updatePins } from "../updating.ts";

/** What `pubpin tofu` is told. */
export interface TofuOptions extends Selection, RenderOptions {}

/** What is to be written for one project, or why nothing is. */
export interface Plan {
  readonly project: Project;
  readonly exitCode: 0 | 1 | 3;
  /** Null where nothing may be written; then the reports say why. */
  readonly change: ((pins: Pins) => Pins) | null;
  readonly reports: readonly Report[];
}

const WRITTEN = "review the new lines and commit them";
/** What trust on first use leaves for a person, or for its own pins to settle. */
const SETTLED_BY_PINS: ReadonlySet<string> = new Set(["PUBLISHER_UNPINNED"]);

/**
 * `pubpin tofu`: pins the publishers of packages that are new here, completes pins, and records
 * the locks' digests. It never removes or replaces a line, and where anything fails or could not be
 * verified it writes nothing at all into that `.provenance.txt`.
 *
 * @returns the exit code: 1 where anything is blocked, else 3 where anything could not be verified
 */
export async function tofu(session: Session, options: TofuOptions): Promise<number> {
  const plans: Plan[] = [];
  for (const project of await loadProjects(session, options)) {
    plans.push(await planFor(session, project));
  }
  const updates: PinsUpdate[] = [];
  for (const { project, change } of plans) {
    const update =
      change === null
        ? refusedUpdate(project)
        : await updatePins(session.world, project, change, WRITTEN);
    updates.push(update);
  }
  const codes = new Set(plans.map(({ exitCode }) => exitCode));
  const exitCode = ([1, 3] as const).find((code) => codes.has(code)) ?? 0;
  const reports = plans.flatMap((plan) => (plan.change === null ? plan.reports : []));
  await showUpdates(updates, reports, exitCode, session.world, options);
  return exitCode;
}

/** Checks a project. Nothing is written anywhere before all that may throw is done. */
export async function planFor(session: Session, project: Project): Promise<Plan> {
  const named = firstUseIndexes(
    project.locks.flatMap(({ distributions }) => distributions),
    project.pins,
    session.defaultIndex,
  );
  const io = await openCheckIo(session, project);
  const checkAll = async (pins: Pins): Promise<readonly Report[]> => {
    const reports: Report[] = [];
    for (const lock of project.locks) {
      reports.push(await checkLock(session, io, project, lock, { pins }));
    }
    return reports;
  };
  const first = await checkAll(addEntries(project.pins, named));
  const further = furtherIndexes(decisionsOf(first), addEntries(project.pins, named));
  const indexes = [...named, ...further];
  const before = addEntries(project.pins, indexes);
  const reports = further.length === 0 ? first : await checkAll(before);
  const decisions = decisionsOf(reports);
  const use = firstUse(decisions, before);
  const exitCode = refusal(session, decisions, use);
  if (exitCode !== 0) return { project, exitCode, change: null, reports };
  await agreeOnPins(session, io, decisions, [...use.added, ...use.completed]);
  const change = await changeOf(project, [...indexes, ...use.added], use);
  return { project, exitCode, change, reports };
}

function decisionsOf(reports: readonly Report[]): readonly Decision[] {
  return reports.flatMap((report) => report.decisions);
}

/** Why nothing may be written, as an exit code; 0 where something may. */
function refusal(
  { world }: Session,
  decisions: readonly Decision[],
  { undecided }: FirstUse,
): 0 | 1 | 3 {
  for (const { name, found } of undecided) {
    const urls = [...new Set(found.map(({ url }) => url))].join(", ");
    world.note(
      `${name}: attested by ${urls}: \`pubpin accept ${name} --publisher URL\` chooses one`,
    );
  }
  const left = decisions.filter(({ code }) => !SETTLED_BY_PINS.has(code));
  const verdicts = new Set(left.map(({ verdict }) => verdict));
  if (verdicts.has("fail") || undecided.length > 0) return 1;
  return verdicts.has("unverifiable") ? 3 : 0;
}

/**
 * All that is to be written, in one step. A lock that is in no file has no digest to record; its bytes
 * are recorded where they were before, or the repository's configuration asks for it.
 */
async function changeOf(
  { locks, madeBy, pinsPath, byteDigests }: Project,
  added: readonly PinsEntry[],
  { completed }: FirstUse,
): Promise<(pins: Pins) => Pins> {
  const { binding } = await repositorySettings(dirname(pinsPath));
  const recorded = await Promise.all(
    (madeBy === null ? locks : []).map(async (lock): Promise<LockEntry> => ({
      kind: "lock",
      path: lock.path,
      digest: await lockDigest(lock),
    })),
  );
  return (pins) => {
    const bytes = [...byteDigests]
      .filter(([path]) => binding === "bytes" || findLockBytes(pins, path) !== null)
      .map(([path, sha256]): LockBytesEntry => ({ kind: "lock-bytes", path, sha256 }));
    const completedPins = completed.reduce(completePublisher, addEntries(pins, added));
    return [...recorded, ...bytes].reduce(setLock, completedPins);
  };
}
