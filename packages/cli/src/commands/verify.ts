import { checkLocks } from "../checking.ts";
import type { Selection } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin verify` is told. */
export interface VerifyOptions extends Selection, RenderOptions {}

/**
 * `pubpin verify`: checks every file of the locks against the pins, and writes nothing but its
 * report.
 *
 * @returns the exit code: 0 fine, 1 blocked, 3 could not be verified
 */
export async function verify(session: Session, options: VerifyOptions): Promise<number> {
  const reports = await checkLocks(session, options);
  return showReports(reports, session.world, options);
}
