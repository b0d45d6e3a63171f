import { inspectProvenance } from "../attestation/verify.ts";
import { quote } from "../bytes/quote.ts";
import type { Evidence } from "../decide.ts";
import { fail, PubpinError } from "../errors.ts";
import type { IndexClient } from "../index/client.ts";
import type { IndexFile, IndexProject } from "../index/types.ts";
import type { Candidate, Notice } from "../model.ts";
import type { TrustedRoot } from "../sigstore/trusted-root.ts";

/** What was found out about a candidate. */
export interface FoundEvidence {
  readonly evidence: Evidence;
  readonly notices: readonly Notice[];
}

/**
 * Finds out who published a candidate: its file on the index's page, and, where the page has a
 * provenance of it, that provenance, verified. An error becomes evidence, never "none".
 *
 * @param root gives the trust root, a newer one the second time where there is one
 */
export async function findEvidence(
  candidate: Candidate,
  page: IndexProject,
  client: IndexClient,
  root: TrustRootSource,
): Promise<FoundEvidence> {
  const notices: Notice[] = [...statusNotices(page)];
  try {
    const file = fileOf(candidate, page);
    if (file.yanked !== null) notices.push({ code: "YANKED", message: yankedMessage(file) });
    const provenance = await client.provenance(file);
    if (provenance === null) return { evidence: "none", notices };
    const subject = { filename: file.filename, sha256: file.sha256 ?? "" };
    const verified = await root.withNewest((trusted) =>
      inspectProvenance(provenance, subject, trusted),
    );
    for (const type of verified.unknownPredicates) {
      notices.push({ code: "UNKNOWN_PREDICATE", message: `not counted: ${quote(type)}` });
    }
    return { evidence: verified.publishers, notices };
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return { evidence: error, notices };
  }
}

/** A trust root that may be refreshed once in a run. */
export interface TrustRootSource {
  /** Runs a step; where it meets an unknown key, once more with a newer trust root, if any. */
  withNewest<T>(step: (root: TrustedRoot) => Promise<T>): Promise<T>;
  /** The trust root that counts at the end. */
  current(): TrustedRoot;
}

/** A source that asks `refresh` at most once, and only when a key is not known. */
export function trustRootSource(
  root: TrustedRoot,
  refresh: (() => Promise<TrustedRoot | null>) | null,
): TrustRootSource {
  let current = root;
  let refreshed: Promise<TrustedRoot | null> | null = null;
  return {
    current: () => current,
    async withNewest(step) {
      try {
        return await step(current);
      } catch (error) {
        const isUnknown = error instanceof PubpinError && error.code === "TRUST_ROOT_UNKNOWN_KEY";
        if (!isUnknown || refresh === null) throw error;
        refreshed ??= refresh();
        const newer = await refreshed;
        if (newer === null) throw error;
        current = newer;
        return step(newer);
      }
    },
  };
}

/** The file of the page with this name and these bytes. */
function fileOf({ filename, hashes }: Candidate, page: IndexProject): IndexFile {
  const file = filename === null ? undefined : page.files.get(filename);
  if (file === undefined) {
    return fail("HASH_NOT_ON_INDEX", `${page.index} has no file ${quote(filename ?? "")}`);
  }
  for (const { algorithm, value } of hashes) {
    if (algorithm === "sha256" && value === file.sha256) continue;
    fail(
      "HASH_NOT_ON_INDEX",
      `${page.index} has ${quote(file.filename)} with sha256:${file.sha256 ?? "(none)"}, ` +
        `expected ${algorithm}:${value}`,
    );
  }
  return file;
}

/**
 * Requires that an index has not stopped a project (PEP 792). It comes before anything else that a
 * page says: the index may have taken away the files of what it stopped.
 *
 * @throws PROJECT_QUARANTINED
 */
export function requireNotQuarantined({ name, index, status, statusReason }: IndexProject): void {
  if (status !== "quarantined") return;
  const reason = statusReason === null ? "" : `: ${quote(statusReason)}`;
  fail("PROJECT_QUARANTINED", `${index} has quarantined ${name}${reason}`);
}

function statusNotices({ status, index }: IndexProject): readonly Notice[] {
  if (status !== "archived" && status !== "deprecated") return [];
  return [{ code: "PROJECT_ARCHIVED", message: `the project is ${status} on ${index}` }];
}

function yankedMessage({ filename, yanked }: IndexFile): string {
  const reason = yanked === null || yanked === "" ? "" : `: ${quote(yanked)}`;
  return `${filename} was yanked${reason}`;
}
