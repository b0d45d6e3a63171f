import { asciiJson, PUBLISH_PREDICATE, type Report } from "@pubpin/shared";
import { checkLocks } from "../checking.ts";
import type { Selection } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin coverage` is told. */
export interface CoverageOptions extends Selection, RenderOptions {}

/** The name and version of the JSON document. */
const SCHEMA = "pubpin-coverage/1";

/** A part of a whole. */
interface Part {
  readonly attested: number;
  readonly total: number;
}

/** How much of a lock is attested. */
interface Coverage {
  readonly subject: string;
  readonly packages: Part;
  readonly files: Part;
  /** Files of which nothing is known; they are not among the attested ones. */
  readonly unverifiable: number;
  /** Packages by publisher, the most first. */
  readonly publishers: readonly { readonly url: string; readonly packages: number }[];
}

/**
 * `pubpin coverage`: how much of the locks is attested, and by whom. It judges nothing, so that it
 * fails only where something could not be verified.
 */
export async function coverage(session: Session, options: CoverageOptions): Promise<number> {
  const { out } = session.world;
  const reports = await checkLocks(session, options);
  const locks = reports.map(coverageOf);
  const exitCode = locks.some(({ unverifiable }) => unverifiable > 0) ? 3 : 0;
  if (options.format === "json") out(asciiJson({ schema: SCHEMA, exitCode, locks }));
  else if (options.format === "text") out(locks.map(coverageText).join("\n"));
  else await showReports(reports, session.world, options);
  return exitCode;
}

function coverageOf({ subject, decisions }: Report): Coverage {
  const attested = decisions.filter(({ found }) => found.length > 0);
  const byPublisher = new Map<string, Set<string>>();
  for (const { name, found } of attested) {
    for (const { url, predicateType } of found) {
      if (predicateType !== PUBLISH_PREDICATE) continue;
      byPublisher.set(url, (byPublisher.get(url) ?? new Set()).add(name));
    }
  }
  return {
    subject,
    packages: {
      attested: new Set(attested.map(({ name }) => name)).size,
      total: new Set(decisions.map(({ name }) => name)).size,
    },
    files: { attested: attested.length, total: decisions.length },
    unverifiable: decisions.filter(({ verdict }) => verdict === "unverifiable").length,
    publishers: [...byPublisher]
      .map(([url, names]) => ({ url, packages: names.size }))
      .toSorted((a, b) => b.packages - a.packages || (a.url < b.url ? -1 : 1)),
  };
}

function coverageText({ subject, packages, files, unverifiable, publishers }: Coverage): string {
  const lines = [
    subject,
    `  ${share(packages)} packages, ${share(files)} files attested`,
    ...(unverifiable === 0 ? [] : [`  ${unverifiable} of ${files.total} files not verified`]),
    ...publishers.map((each) => `  ${String(each.packages).padStart(4)}  ${each.url}`),
  ];
  return `${lines.join("\n")}\n`;
}

function share({ attested, total }: Part): string {
  const percent = total === 0 ? 0 : Math.round((100 * attested) / total);
  return `${attested} of ${total} (${percent}%)`;
}
