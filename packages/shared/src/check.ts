import { type PendingCandidate, pendingCandidates } from "./check/candidates.ts";
import { findEvidence, type TrustRootSource, trustRootSource } from "./check/evidence.ts";
import { locateCandidates } from "./check/locate.ts";
import { decide } from "./decide.ts";
import type { DecideOptions } from "./decide/ruling.ts";
import { PubpinError } from "./errors.ts";
import { createIndexes, type Indexes, type IndexesOptions } from "./index/client.ts";
import { createPool, type Pool } from "./index/pool.ts";
import { readIndexUrl } from "./index/url.ts";
import { MAX_FILES_AT_ONCE, MAX_PROJECTS_AT_ONCE } from "./limits.ts";
import type { Decision, Distribution, Report } from "./model.ts";
import type { Pins } from "./pins/model.ts";
import type { TrustedRoot } from "./sigstore/trusted-root.ts";

/** What a check needs of the world. */
export interface CheckIo extends IndexesOptions {
  readonly root: TrustedRoot;
  readonly rootOrigin: Report["trustRoot"]["origin"];
  /** Asked at most once, when a signature was made under a key that `root` does not know. */
  readonly refreshRoot?: () => Promise<TrustedRoot | null>;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** How far a check is, in candidates. */
export interface CheckProgress {
  readonly done: number;
  readonly total: number;
}

/** How to check. */
export interface CheckOptions extends Omit<DecideOptions, "notices"> {
  /** What is checked, for the report: a lock's path. */
  readonly subject: string;
}

/**
 * Checks distributions against the pins: asks their indexes, verifies what these have, and decides
 * about every file that an installer could take.
 *
 * @throws INDEX_URL_INVALID for a default index that is none; else only what is no outcome of a
 *   check, such as a cancelled run
 */
export async function checkDistributions(
  distributions: readonly Distribution[],
  pins: Pins,
  io: CheckIo,
  given: CheckOptions,
): Promise<Report> {
  const options: CheckOptions = { ...given, defaultIndex: readIndexUrl(given.defaultIndex).url };
  const indexes = createIndexes(io);
  const root = trustRootSource(io.root, io.refreshRoot ?? null);
  const pending = distributions.flatMap((distribution) =>
    pendingCandidates(distribution, pins, options.defaultIndex, options.subject),
  );
  const context: CheckContext = {
    pins,
    options,
    indexes,
    root,
    files: createPool(MAX_FILES_AT_ONCE),
  };
  const projects = createPool(MAX_PROJECTS_AT_ONCE);
  let done = 0;
  const groups = await Promise.all(
    groupByPage(pending).map(async (group) => {
      const decisions = await projects(() => checkGroup(group, context));
      done += group.length;
      io.onProgress?.({ done, total: pending.length });
      return decisions;
    }),
  );
  return {
    subject: options.subject,
    decisions: groups.flat().toSorted(byNameAndFile),
    trustRoot: { origin: io.rootOrigin, newestStart: new Date(root.current().newestStart) },
    strict: options.strict,
  };
}

/** Candidates that share a page: of one project, from one index. */
function groupByPage(pending: readonly PendingCandidate[]): readonly PendingCandidate[][] {
  const groups = Map.groupBy(pending, ({ candidate: { name, origin } }) => {
    return `${name} ${origin.kind === "index" ? origin.url : origin.kind}`;
  });
  return [...groups.values()];
}

/** What is the same for all candidates of a check. */
interface CheckContext {
  readonly pins: Pins;
  readonly options: CheckOptions;
  readonly indexes: Indexes;
  readonly root: TrustRootSource;
  /** For the files of all projects together: what is held of one is gone once it is decided. */
  readonly files: Pool;
}

async function checkGroup(
  group: readonly PendingCandidate[],
  { pins, options, indexes, root, files }: CheckContext,
): Promise<readonly Decision[]> {
  const first = group[0]?.candidate;
  if (first?.origin.kind !== "index") {
    return group.map(({ candidate }) => decide(candidate, "none", pins, options));
  }
  try {
    const urls = [first.origin.url, ...(group[0]?.alternatives ?? [])];
    const found = await locateCandidates(group, urls, indexes);
    return await Promise.all(
      found.map(async ({ candidate, error, client, page }) => {
        if (error !== null) return decide(candidate, error, pins, options);
        const { evidence, notices } = await files(() =>
          findEvidence(candidate, page, client, root),
        );
        return decide(candidate, evidence, pins, { ...options, notices });
      }),
    );
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return group.map(({ candidate }) => decide(candidate, error, pins, options));
  }
}

function byNameAndFile(a: Decision, b: Decision): number {
  return (
    compare(a.name, b.name) ||
    compare(a.version ?? "", b.version ?? "") ||
    compare(a.filename ?? "", b.filename ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
