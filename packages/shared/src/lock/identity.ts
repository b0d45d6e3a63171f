/** The canonical form of what a lock says: what its digest is made of, and what two locks compare by. */
import { type CanonicalValue, canonicalJson } from "../bytes/canonical.ts";
import { PubpinError } from "../errors.ts";
import type { Distribution, DistributionSource, InstallDirective, LockedFile } from "../model.ts";
import { canonicalVersion } from "../names/version.ts";
import { formatHash, hasStrongHash } from "./hash.ts";

/** `[NAME, VERSION, SOURCE]` as canonical JSON: no two entries of a lock have the same. */
export function identityOf(distribution: Distribution): string {
  return canonicalJson(identityValue(distribution));
}

/** Entries that were written once: a lock's digest and its differences need them both. */
const WRITTEN = new WeakMap<Distribution, string>();

/** `[NAME, VERSION, SOURCE, FILES]` as canonical JSON. */
export function canonicalEntry(distribution: Distribution): string {
  const written =
    WRITTEN.get(distribution) ??
    `${identityOf(distribution).slice(0, -1)},${canonicalFiles(distribution)}]`;
  WRITTEN.set(distribution, written);
  return written;
}

/** The list of an entry's files, sorted, as canonical JSON. */
export function canonicalFiles({ files }: Distribution): string {
  return `[${sortedUnique(files.map(canonicalFile)).join(",")}]`;
}

/**
 * `[FILENAME, HASHES, PLACE]` as canonical JSON. Where a file is, decides what is installed only if
 * no strong hash does.
 */
export function canonicalFile({ filename, hashes, url, path }: LockedFile): string {
  const sorted = hashes.length === 0 ? null : sortedUnique(hashes.map(formatHash));
  return canonicalJson([filename, sorted, hasStrongHash(hashes) ? null : (url ?? path)]);
}

/** `[OPTION, VALUE]` as canonical JSON. */
export function canonicalDirective({ option, value }: InstallDirective): string {
  return canonicalJson([option, value]);
}

/** A version as locks compare it: canonical (PEP 440), or as it is written where it is no such one. */
export function comparableVersion({ version, member }: Distribution): string | null {
  if (version === null || member) return null;
  try {
    return canonicalVersion(version);
  } catch (error) {
    if (error instanceof PubpinError && error.code === "VERSION_INVALID") return version;
    throw error;
  }
}

/** A source as canonical JSON. */
export function canonicalSource(source: DistributionSource): string {
  return canonicalJson(sourceValue(source));
}

/** Sorted by their UTF-16 code units, each once. */
export function sortedUnique(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].toSorted();
}

function identityValue(distribution: Distribution): readonly CanonicalValue[] {
  return [distribution.name, comparableVersion(distribution), sourceValue(distribution.source)];
}

function sourceValue(source: DistributionSource): readonly CanonicalValue[] {
  switch (source.kind) {
    case "index":
      return ["index", source.url, ...source.alternatives];
    case "vcs": {
      const { location, commit, reference, part } = source;
      return ["vcs", location, commit, commit === null ? reference : null, part];
    }
    case "url":
    case "path":
    case "directory":
    case "editable":
    case "virtual":
      return [source.kind, source.location, source.part];
    case "pyodide":
      return ["pyodide"];
  }
}
