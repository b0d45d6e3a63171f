/** On which of its indexes each file of a project is. */
import { PubpinError } from "../errors.ts";
import type { IndexClient, Indexes } from "../index/client.ts";
import type { IndexProject } from "../index/types.ts";
import type { Candidate } from "../model.ts";
import { completeCandidate, type FoundCandidate, type PendingCandidate } from "./candidates.ts";
import { requireNotQuarantined } from "./evidence.ts";

/** A candidate with the index that has its file, or would have to have it. */
export interface LocatedCandidate extends FoundCandidate {
  readonly client: IndexClient;
  readonly page: IndexProject;
}

/** A candidate that no index that was asked has. */
interface Missing {
  readonly pending: PendingCandidate;
  /** What is said of it where no further index has it either. */
  readonly located: LocatedCandidate;
}

/**
 * Completes the candidates of one project with what its indexes have. The first index that has the
 * project counts. What it does not have is looked for on the others, as installers do: there it is
 * found on another index than expected, which is a refusal until a person accepts it, and the
 * message says so.
 *
 * @param urls the indexes in the order in which they are asked
 * @throws PROJECT_NOT_ON_INDEX PROJECT_QUARANTINED, and whatever the first indexes end in
 */
export async function locateCandidates(
  group: readonly PendingCandidate[],
  urls: readonly string[],
  indexes: Indexes,
): Promise<readonly LocatedCandidate[]> {
  const name = group[0]?.candidate.name ?? "";
  const { client, page, others } = await firstPage(name, urls, indexes);
  requireNotQuarantined(page);
  const found: LocatedCandidate[] = [];
  const missing: Missing[] = [];
  for (const pending of group) {
    for (const each of completeCandidate(at(pending, page.index), page)) {
      const located = { ...each, client, page };
      if (isOn(page, each) || !isUsable(each)) found.push(located);
      else missing.push({ pending: { ...pending, candidate: each.candidate }, located });
    }
  }
  return [...found, ...(await lookFurther(missing, name, others, indexes))];
}

async function lookFurther(
  missing: readonly Missing[],
  name: string,
  [url, ...others]: readonly string[],
  indexes: Indexes,
): Promise<readonly LocatedCandidate[]> {
  if (url === undefined || missing.length === 0) return missing.map(({ located }) => located);
  const client = indexes.at(url);
  let page: IndexProject;
  try {
    page = await client.project(name);
    requireNotQuarantined(page);
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    if (error.code === "PROJECT_NOT_ON_INDEX") return lookFurther(missing, name, others, indexes);
    return missing.map(({ located }) => ({ ...located, error }));
  }
  const found: LocatedCandidate[] = [];
  const left: Missing[] = [];
  for (const each of missing) {
    const { pending, located } = each;
    const again = completeCandidate(at(pending, page.index), page);
    if (!again.every((one) => isOn(page, one))) {
      left.push(each);
      continue;
    }
    const absentFrom = located.page.index;
    found.push(
      ...again.map(({ candidate, error }) => ({
        candidate: { ...candidate, absentFrom },
        error,
        client,
        page,
      })),
    );
  }
  return [...found, ...(await lookFurther(left, name, others, indexes))];
}

/**
 * The page of the first index that has the project. A further index is asked only where those before
 * it say that they do not have it: any other error of theirs is one.
 */
async function firstPage(
  name: string,
  [url = "", ...others]: readonly string[],
  indexes: Indexes,
): Promise<{
  readonly client: IndexClient;
  readonly page: IndexProject;
  readonly others: readonly string[];
}> {
  const client = indexes.at(url);
  try {
    return { client, page: await client.project(name), others };
  } catch (error) {
    const isAbsent = error instanceof PubpinError && error.code === "PROJECT_NOT_ON_INDEX";
    if (!isAbsent || others.length === 0) throw error;
    return firstPage(name, others, indexes).catch((another: unknown) => {
      const isNowhere = another instanceof PubpinError && another.code === error.code;
      throw isNowhere ? error : another;
    });
  }
}

/** Whether a page has a file with this name and these bytes. */
function isOn({ files }: IndexProject, { candidate, error }: FoundCandidate): boolean {
  if (error !== null) return false;
  const { filename, hashes }: Candidate = candidate;
  const file = filename === null ? undefined : files.get(filename);
  return file !== undefined && hashes.every(({ value }) => value === file.sha256);
}

/** Whether it can be looked for at all; what has no SHA-256, or not only these, is refused anywhere. */
function isUsable({ candidate: { hashes } }: FoundCandidate): boolean {
  return hashes.length > 0 && hashes.every(({ algorithm }) => algorithm === "sha256");
}

function at(pending: PendingCandidate, url: string): PendingCandidate {
  return { ...pending, candidate: { ...pending.candidate, origin: { kind: "index", url } } };
}
