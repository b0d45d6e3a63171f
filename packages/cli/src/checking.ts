import { dirname } from "node:path";
import {
  checkDistributions,
  type CheckIo,
  type Distribution,
  type Lock,
  type Pins,
  type Report,
} from "@pubpin/shared";
import { collectCredentials } from "./node/credentials.ts";
import { refreshAgain } from "./node/trust-root.ts";
import type { Project } from "./project.ts";
import type { Session } from "./session.ts";

/** What checks of a project's locks need of the world: made once, for all of them. */
export async function openCheckIo(session: Session, project: Project): Promise<CheckIo> {
  const { world, options, transport, cache } = session;
  const trustRoot = await session.trustRoot();
  const authorization = await collectCredentials({
    env: world.env,
    folder: dirname(project.pinsPath),
    urls: project.locks.flatMap(({ logins }) => logins),
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

/**
 * Checks a lock, or some of its distributions, with progress on stderr.
 *
 * @param only the distributions to check, by default all
 */
export async function checkLock(
  session: Session,
  io: CheckIo,
  lock: Lock,
  pins: Pins,
  only: readonly Distribution[] = lock.distributions,
): Promise<Report> {
  const progress = session.progress(lock.path);
  try {
    return await checkDistributions(
      only,
      pins,
      { ...io, onProgress: progress.update },
      {
        subject: lock.path,
        strict: session.options.strict,
        mode: "lock",
        defaultIndex: session.defaultIndex,
      },
    );
  } finally {
    progress.clear();
  }
}
