/** Files of a project by their digests, for locks that hold nothing else. */
import { PubpinError } from "../errors.ts";
import { parseFilename } from "../names/filename.ts";
import { canonicalVersion } from "../names/version.ts";
import type { IndexFile, IndexProject } from "./types.ts";

/** The files of a page that have one digest. */
export interface DigestMatch {
  readonly sha256: string;
  /** Those whose names say that they are of the project and of the version asked for. */
  readonly files: readonly IndexFile[];
  /** Those with a name of another project or version. */
  readonly strangers: readonly IndexFile[];
}

/**
 * Looks for files by digest: one result for each digest, in the order of the digests, with no file
 * where the page has none.
 *
 * @param version null where any version will do
 * @param digests SHA-256 in lower-case hexadecimal
 * @throws VERSION_INVALID LIMIT_EXCEEDED when `version` is not one of PEP 440
 */
export function findFiles(
  project: IndexProject,
  version: string | null,
  digests: readonly string[],
): readonly DigestMatch[] {
  const wanted = version === null ? null : canonicalVersion(version);
  const byDigest = new Map<string, IndexFile[]>(digests.map((digest) => [digest, []]));
  for (const file of project.files.values()) {
    if (file.sha256 !== null) byDigest.get(file.sha256)?.push(file);
  }
  return digests.map((sha256) => {
    const found = byDigest.get(sha256) ?? [];
    const files = found.filter((file) => isOf(file.filename, project.name, wanted));
    return { sha256, files, strangers: found.filter((file) => !files.includes(file)) };
  });
}

function isOf(filename: string, name: string, version: string | null): boolean {
  try {
    const parsed = parseFilename(filename);
    return parsed.name === name && (version === null || parsed.version === version);
  } catch (error) {
    if (error instanceof PubpinError) return false;
    throw error;
  }
}
