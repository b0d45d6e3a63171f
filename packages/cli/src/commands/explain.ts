import { fail, normalizeName, type Report } from "@pubpin/shared";
import { checkLock, openCheckIo } from "../checking.ts";
import { loadProjects, type Selection } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin explain` is told. */
export interface ExplainOptions extends Selection, RenderOptions {
  readonly name: string;
}

/** `pubpin explain NAME`: what the pins say of a project, and each of its files with its decision. */
export async function explain(session: Session, options: ExplainOptions): Promise<number> {
  const name = normalizeName(options.name);
  const reports: Report[] = [];
  const { note } = session.world;
  for (const project of await loadProjects(session, options)) {
    const io = await openCheckIo(session, project);
    for (const { number, text, entry } of project.pins.lines) {
      if (entry !== null && "name" in entry && entry.name === name) {
        note(`${project.pinsPath}:${number}: ${text}`);
      }
    }
    for (const lock of project.locks) {
      const only = lock.distributions.filter((each) => each.name === name);
      if (only.length > 0) reports.push(await checkLock(session, io, project, lock, { only }));
    }
  }
  if (reports.length === 0) fail("USAGE_INVALID", `no lock here has a package ${name}`);
  return showReports(reports, session.world, { ...options, verbose: true });
}
