import type { Report } from "@pubpin/shared";
import { checkLock, openCheckIo } from "../checking.ts";
import { loadProjects } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin verify` is told. */
export interface VerifyOptions extends RenderOptions {
  readonly locks: readonly string[];
  readonly pinsFile: string | undefined;
}

/**
 * `pubpin verify`: checks every file of the locks against the pins, and writes nothing but its
 * report.
 *
 * @returns the exit code: 0 fine, 1 blocked, 3 could not be verified
 */
export async function verify(session: Session, options: VerifyOptions): Promise<number> {
  const reports: Report[] = [];
  for (const project of await loadProjects(session.world.cwd, options.locks, options.pinsFile)) {
    const io = await openCheckIo(session, project);
    for (const lock of project.locks) {
      reports.push(await checkLock(session, io, project, lock));
    }
  }
  return showReports(reports, session.world, options);
}
