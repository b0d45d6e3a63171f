import { dirname, resolve } from "node:path";
import {
  checkDistributions,
  type CheckIo,
  type Decision,
  type Distribution,
  type Lock,
  type Pins,
  type Report,
} from "@pubpin/shared";
import { collectCredentials } from "./node/credentials.ts";
import { pathFrom } from "./node/pins-location.ts";
import { refreshAgain } from "./node/trust-root.ts";
import { loadProjects, type Project, type Selection } from "./project.ts";
import type { Session } from "./session.ts";

/** What checks of a project's locks need of the world: made once, for all of them. */
export async function openCheckIo(session: Session, project: Project): Promise<CheckIo> {
  const { world, options, transport, cache } = session;
  const trustRoot = await session.trustRoot();
  const authorization = await collectCredentials({
    env: world.env,
    folder: dirname(project.pinsPath),
    urls: [...session.logins, ...project.locks.flatMap(({ logins }) => logins)],
    onWarning: world.note,
  });
  return {
    fetch: transport.fetch,
    store: cache.store,
    signal: world.signal,
    provenanceIndex: options.provenanceIndex,
    authorization,
    root: trustRoot.root,
    rootOrigin: trustRoot.origin,
    refreshRoot: () => refreshAgain(trustRoot, session.trustRootOptions),
  };
}

/** Checks all of the locks that a command is about, each against the pins that govern it. */
export async function checkLocks(
  session: Session,
  selection: Selection,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const project of await loadProjects(session, selection)) {
    const io = await openCheckIo(session, project);
    for (const lock of project.locks) reports.push(await checkLock(session, io, project, lock));
  }
  return reports;
}

/** What of a lock is checked, and against what. */
export interface CheckScope {
  /** By default the project's. */
  readonly pins?: Pins;
  /** By default all of the lock's distributions. */
  readonly only?: readonly Distribution[];
}

/**
 * Checks a lock, or some of its distributions, with progress on stderr. The report names the lock
 * by its path from where the command runs: locks of several projects may be checked at once. One
 * that is in no file is named by the command that made it, and its decisions have no place.
 */
export async function checkLock(
  session: Session,
  io: CheckIo,
  project: Project,
  lock: Lock,
  { pins = project.pins, only = lock.distributions }: CheckScope = {},
): Promise<Report> {
  const path = pathFrom(session.world.cwd, resolve(dirname(project.pinsPath), lock.path));
  const subject = project.madeBy ?? path;
  const progress = session.progress(subject);
  try {
    const report = await checkDistributions(
      only,
      pins,
      { ...io, onProgress: progress.update },
      {
        subject,
        strict: session.options.strict,
        mode: "lock",
        defaultIndex: session.defaultIndex,
      },
    );
    return project.madeBy === null
      ? report
      : { ...report, decisions: report.decisions.map(placeless) };
  } finally {
    progress.clear();
  }
}

function placeless(decision: Decision): Decision {
  return { ...decision, place: null };
}
