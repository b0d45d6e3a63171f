import {
  addEntries,
  completePublisher,
  type Decision,
  EMPTY_PINS,
  entryKey,
  entryValue,
  type FirstUse,
  firstUse,
  firstUseIndexes,
  formatPins,
  lockDigest,
  type LockEntry,
  MAX_PINS_BYTES,
  parsePins,
  type Pins,
  type PinsEntry,
  type Report,
  setLock,
} from "@pubpin/shared";
import { agreeOnPins } from "../agreement.ts";
import { checkLock, openCheckIo } from "../checking.ts";
import { updateFile } from "../node/atomic-write.ts";
import { loadProjects, type Project } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin tofu` is told. */
export interface TofuOptions extends RenderOptions {
  readonly locks: readonly string[];
  readonly pinsFile: string | undefined;
}

/** What trust on first use leaves for a person, or for its own pins to settle. */
const SETTLED_BY_PINS: ReadonlySet<string> = new Set(["PUBLISHER_UNPINNED"]);

/**
 * `pubpin tofu`: pins the publishers of packages that are new here, completes pins, and records
 * the locks' digests. It never removes or replaces a line, and where anything fails or could not be
 * verified it writes nothing at all.
 */
export async function tofu(session: Session, options: TofuOptions): Promise<number> {
  let code = 0;
  for (const project of await loadProjects(session.world.cwd, options.locks, options.pinsFile)) {
    code = Math.max(code, await tofuProject(session, project, options));
  }
  return code;
}

async function tofuProject(
  session: Session,
  project: Project,
  options: TofuOptions,
): Promise<number> {
  const indexes = firstUseIndexes(
    project.locks.flatMap(({ distributions }) => distributions),
    project.pins,
    session.defaultIndex,
  );
  const before = addEntries(project.pins, indexes);
  const io = await openCheckIo(session, project);
  const reports: Report[] = [];
  for (const lock of project.locks) {
    reports.push(await checkLock(session, io, project, lock, { pins: before }));
  }
  const decisions = reports.flatMap((report) => report.decisions);
  const use = firstUse(decisions, before);
  const code = refusal(session, decisions, use);
  if (code !== 0) {
    session.world.note(`${project.pinsPath}: nothing was written`);
    await showReports(reports, session.world, options);
    return code;
  }
  await agreeOnPins(session, io, decisions, [...use.added, ...use.completed]);
  await write(session, project, [...indexes, ...use.added], use);
  session.world.note(`${project.pinsPath}: written; review the new lines and commit them`);
  return 0;
}

/** Why nothing may be written, as an exit code; 0 where something may. */
function refusal(
  { world }: Session,
  decisions: readonly Decision[],
  { undecided }: FirstUse,
): number {
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

/** Writes all lines at once, over what the file holds by then. */
async function write(
  session: Session,
  project: Project,
  added: readonly PinsEntry[],
  { completed }: FirstUse,
): Promise<void> {
  const locks = await Promise.all(
    project.locks.map(async (lock): Promise<LockEntry> => ({
      kind: "lock",
      path: lock.path,
      digest: await lockDigest(lock),
    })),
  );
  await updateFile(
    project.pinsPath,
    (old) => {
      let pins: Pins = old === null ? EMPTY_PINS : parsePins(old, project.pinsPath);
      pins = addEntries(pins, added);
      for (const entry of completed) pins = completePublisher(pins, entry);
      for (const entry of locks) pins = setLock(pins, entry);
      return formatPins(pins);
    },
    { maxBytes: MAX_PINS_BYTES, signal: session.world.signal },
  );
  for (const entry of [...added, ...completed]) {
    session.world.out(`+ ${entryKey(entry)}  ${entryValue(entry)}\n`);
  }
}
