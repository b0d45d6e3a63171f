import { PubpinError } from "../errors.ts";
import { findFiles } from "../index/find.ts";
import type { IndexProject } from "../index/types.ts";
import type { Candidate, Distribution, Hash, LockedFile, Origin, Place } from "../model.ts";
import { findIndex } from "../pins/lookup.ts";
import type { Pins } from "../pins/model.ts";

/** A candidate that may need its index's page to be complete: a lock may hold hashes alone. */
export interface PendingCandidate {
  readonly candidate: Candidate;
  /** Whether the lock names no file, so that the page has to be searched for the hash. */
  readonly hashOnly: boolean;
  /** Indexes that an installer asks too. */
  readonly alternatives: readonly string[];
}

/** A candidate, with the error that its look-up ended in, if it did. */
export interface FoundCandidate {
  readonly candidate: Candidate;
  readonly error: PubpinError | null;
}

/**
 * What an installer could take for an entry of a lock: each of its files, or the entry itself where
 * it has none. A project's own folders are not candidates: nothing is installed from elsewhere.
 */
export function pendingCandidates(
  distribution: Distribution,
  pins: Pins,
  defaultIndex: string,
  path: string,
): readonly PendingCandidate[] {
  if (distribution.member || distribution.source.kind === "virtual") return [];
  const { name, version, line } = distribution;
  const origin = originOf(distribution, pins, defaultIndex);
  const alternatives = alternativesOf(distribution, origin, pins, defaultIndex);
  const place: Place = { path, line };
  const entry = (file: LockedFile | null): PendingCandidate => ({
    candidate: {
      name,
      version,
      filename: file?.filename ?? null,
      origin,
      hashes: file?.hashes ?? [],
      place,
    },
    hashOnly: origin.kind === "index" && (file?.filename ?? null) === null,
    alternatives,
  });
  return distribution.files.length === 0 ? [entry(null)] : distribution.files.map(entry);
}

/** Where an entry comes from; where the lock leaves that open, what `.provenance.txt` says. */
function originOf({ name, source }: Distribution, pins: Pins, defaultIndex: string): Origin {
  if (source.kind === "pyodide") return { kind: "local" };
  if (source.kind !== "index") return { kind: "source", source: source.location };
  const expected = findIndex(pins, name)?.entry.url ?? defaultIndex;
  const url = source.alternatives.includes(expected) ? expected : (source.url ?? expected);
  return /^https?:/.test(url) ? { kind: "index", url } : { kind: "source", source: url };
}

/** The other indexes that a lock names; none for a project that has an index of its own. */
function alternativesOf(
  { name, source }: Distribution,
  origin: Origin,
  pins: Pins,
  defaultIndex: string,
): readonly string[] {
  if (source.kind !== "index" || source.alternatives.length === 0) return [];
  if (origin.kind !== "index" || pins.byKey.has(`#index:${name}`)) return [];
  const isFurther = source.alternatives.includes(origin.url);
  const main = isFurther ? [source.url ?? defaultIndex] : [];
  const urls = new Set([...main, ...source.alternatives]);
  return [...urls].filter((url) => url !== origin.url && /^https?:/.test(url));
}

/**
 * Completes a candidate with what its index's page has for its hashes. A hash that no file of the
 * page has is an error: installers would take whatever has it.
 */
export function completeCandidate(
  { candidate, hashOnly }: PendingCandidate,
  page: IndexProject,
): readonly FoundCandidate[] {
  if (!hashOnly) return [{ candidate, error: null }];
  const digests = candidate.hashes.filter(isSha256).map(({ value }) => value);
  if (digests.length !== candidate.hashes.length || digests.length === 0) {
    return [{ candidate, error: null }];
  }
  const matches = findFiles(page, candidate.version, digests);
  return matches.flatMap(({ sha256, files, strangers }): readonly FoundCandidate[] => {
    const hashes: readonly Hash[] = [{ algorithm: "sha256", value: sha256 }];
    const found = [...files, ...strangers].map(({ filename }) => ({
      candidate: { ...candidate, filename, hashes },
      error: null,
    }));
    if (found.length > 0) return found;
    const message = `sha256:${sha256} is that of no file of ${candidate.name} on ${page.index}`;
    const error = new PubpinError("HASH_UNUSABLE", message);
    return [{ candidate: { ...candidate, hashes }, error }];
  });
}

function isSha256({ algorithm }: Hash): boolean {
  return algorithm === "sha256";
}
