import { PUBLISH_PREDICATE, type Report } from "@pubpin/shared";
import { checkLocks } from "../checking.ts";
import type { RenderOptions } from "../render.ts";
import { showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin coverage` is told. */
export interface CoverageOptions extends RenderOptions {
  readonly locks: readonly string[];
  readonly pinsFile: string | undefined;
}

/** How much of a lock is attested. */
interface Coverage {
  readonly files: number;
  readonly attestedFiles: number;
  readonly packages: number;
  readonly attestedPackages: number;
  /** Packages by publisher, the most first. */
  readonly publishers: readonly (readonly [url: string, packages: number])[];
}

/**
 * `pubpin coverage`: how much of the locks is attested, and by whom. It judges nothing, so that it
 * fails only where something could not be verified.
 */
export async function coverage(session: Session, options: CoverageOptions): Promise<number> {
  const reports = await checkLocks(session, options);
  if (options.format === "text") session.world.out(reports.map(coverageText).join("\n"));
  else await showReports(reports, session.world, options);
  const decisions = reports.flatMap((report) => report.decisions);
  return decisions.some(({ verdict }) => verdict === "unverifiable") ? 3 : 0;
}

function coverageOf({ decisions }: Report): Coverage {
  const attested = decisions.filter(({ found }) => found.length > 0);
  const byPublisher = new Map<string, Set<string>>();
  for (const { name, found } of attested) {
    for (const { url, predicateType } of found) {
      if (predicateType !== PUBLISH_PREDICATE) continue;
      byPublisher.set(url, (byPublisher.get(url) ?? new Set()).add(name));
    }
  }
  return {
    files: decisions.length,
    attestedFiles: attested.length,
    packages: new Set(decisions.map(({ name }) => name)).size,
    attestedPackages: new Set(attested.map(({ name }) => name)).size,
    publishers: [...byPublisher]
      .map(([url, names]) => [url, names.size] as const)
      .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
  };
}

function coverageText(report: Report): string {
  const { files, attestedFiles, packages, attestedPackages, publishers } = coverageOf(report);
  const lines = [
    report.subject,
    `  ${share(attestedPackages, packages)} packages, ${share(attestedFiles, files)} files attested`,
    ...publishers.map(([url, count]) => `  ${String(count).padStart(4)}  ${url}`),
  ];
  return `${lines.join("\n")}\n`;
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${whole === 0 ? 0 : Math.round((100 * part) / whole)}%)`;
}
