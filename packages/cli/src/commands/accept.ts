import {
  type CheckIo,
  type Decision,
  entryKey,
  exitCodeOf,
  fail,
  normalizeName,
  type Report,
} from "@pubpin/shared";
import { acceptanceOf, type Acceptance, additionOf } from "../accepting/acceptance.ts";
import { agreeOnPins } from "../agreement.ts";
import { checkLock, openCheckIo } from "../checking.ts";
import { loadProjects, type Project, type Selection } from "../project.ts";
import type { RenderOptions } from "../render.ts";
import type { Session } from "../session.ts";
import { type PinsUpdate, refusedUpdate, showUpdates, updatePins } from "../updating.ts";

/** What `pubpin accept` is told. */
export interface AcceptOptions extends Selection, RenderOptions {
  /** A project's name, or the name of one of its files. */
  readonly target: string;
  /** Which of several publishers, by its repository URL, `mailto:` address or pipeline URL. */
  readonly publisher: string | undefined;
  /** Whether to add a publisher to those that are accepted, rather than to replace one. */
  readonly also: boolean;
}

/** What there is to accept in one project. */
interface Plan {
  readonly project: Project;
  readonly acceptance: Acceptance;
}

const WRITTEN = "run `pubpin tofu` to record the locks";

/**
 * `pubpin accept NAME`: writes what was found for one project, or one file, into the pins: a
 * person's decision, for what the decision table leaves to one. Where the index does not answer there
 * is nothing to accept. A file that the index does not have, or whose attestation does not verify, is
 * accepted by its own name only, and then by its bytes.
 *
 * @returns the exit code: where there is nothing to accept, that of the reports
 */
export async function accept(session: Session, options: AcceptOptions): Promise<number> {
  const { world } = session;
  const { target } = options;
  const reports: Report[] = [];
  const plans: Plan[] = [];
  for (const project of await loadProjects(session, options)) {
    const io = await openCheckIo(session, project);
    const about = await reportsAbout(session, io, project, target);
    const acceptance = await planFor(session, io, project, about, options);
    if (acceptance === null) reports.push(...about);
    else plans.push({ project, acceptance });
  }
  if (plans.length === 0) {
    if (reports.length === 0) fail("USAGE_INVALID", `no lock here has a package or file ${target}`);
    world.note(`${target}: there is nothing here that accepting would change`);
    const exitCode = exitCodeOf(reports);
    await showUpdates([], reports, exitCode, world, options);
    return exitCode;
  }
  const updates: PinsUpdate[] = [];
  for (const plan of plans) updates.push(await askAndWrite(session, plan));
  const exitCode = updates.some(({ outcome }) => outcome === "refused") ? 1 : 0;
  await showUpdates(updates, [], exitCode, world, options);
  return exitCode;
}

/** The decisions about the target; a file's name tells the project that it is of. */
async function reportsAbout(
  session: Session,
  io: CheckIo,
  project: Project,
  target: string,
): Promise<readonly Report[]> {
  const name = isFilename(target) ? null : normalizeName(target);
  const reports: Report[] = [];
  for (const lock of project.locks) {
    const only = lock.distributions.filter((each) =>
      name === null
        ? each.files.some(({ filename }) => filename === null || filename === target)
        : each.name === name,
    );
    if (only.length === 0) continue;
    const report = await checkLock(session, io, project, lock, { only });
    const decisions = report.decisions.filter(
      ({ filename }) => name !== null || filename === target,
    );
    if (decisions.length > 0) reports.push({ ...report, decisions });
  }
  return reports;
}

/** What there is to write, once a second verifier has agreed to it; null where there is nothing. */
async function planFor(
  session: Session,
  io: CheckIo,
  { pins }: Project,
  reports: readonly Report[],
  { target, publisher, also }: AcceptOptions,
): Promise<Acceptance | null> {
  const decisions: readonly Decision[] = reports.flatMap((report) => report.decisions);
  const acceptance = also
    ? additionOf(decisions, pins, publisher)
    : acceptanceOf(decisions, pins, publisher, isFilename(target) ? "file" : "project");
  if (acceptance !== null) await agreeOnPins(session, io, decisions, acceptance.entries);
  return acceptance;
}

async function askAndWrite({ world }: Session, { project, acceptance }: Plan): Promise<PinsUpdate> {
  const { name, message, change, entries } = acceptance;
  const keys = entries.map(entryKey).join(", ");
  world.note(`${name}: ${message}`);
  if ((await world.ask(`Write ${keys} into ${project.pinsPath}?`)) === "no") {
    return refusedUpdate(project);
  }
  return updatePins(world, project, change, WRITTEN);
}

function isFilename(target: string): boolean {
  return /\.(?:whl|tar\.gz|zip)$/.test(target);
}
