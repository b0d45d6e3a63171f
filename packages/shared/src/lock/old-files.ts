/** `[metadata.files]` of older locks of Poetry and pdm: files that stand apart from their packages. */
import type { Field } from "../bytes/fields.ts";
import { MAX_LOCK_FILES } from "../limits.ts";
import type { Distribution, LockedFile } from "../model.ts";
import { parseFilename } from "../names/filename.ts";
import { canonicalVersion } from "../names/version.ts";
import { PubpinError } from "../errors.ts";
import { readList, readNamed } from "./document.ts";
import type { ReadEntry } from "./entry.ts";
import { invalid } from "./refuse.ts";

/** Files by a key that names their package, each list with the place where it stands. */
export type OldFiles = ReadonlyMap<
  string,
  { readonly files: readonly LockedFile[]; readonly where: string }
>;

/**
 * Reads the table of files; null where there is none.
 *
 * @param keyOf the key that a package asks with, from the key in the table
 * @throws LOCK_INVALID when a key stands twice
 */
export function readOldFiles(
  field: Field | undefined,
  keyOf: (key: string, where: string) => string,
  readOne: (field: Field) => LockedFile,
): OldFiles | null {
  if (field === undefined) return null;
  const table = new Map<string, { files: readonly LockedFile[]; where: string }>();
  for (const [written, list] of readNamed(field)) {
    const key = keyOf(written, list.path);
    if (table.has(key)) invalid(list.path, "expected one list of files of a package, found two");
    table.set(key, { files: readList(list, MAX_LOCK_FILES).map(readOne), where: list.path });
  }
  return table;
}

/** The files with this key; none where there is no table or no such key. */
export function filesOf(table: OldFiles | null, key: string): readonly LockedFile[] {
  return table?.get(key)?.files ?? [];
}

/**
 * Returns only if every list of files belongs to a package.
 *
 * @throws LOCK_INVALID
 */
export function requireAllUsed(table: OldFiles | null, used: ReadonlySet<string>): void {
  for (const [key, { files, where }] of table ?? []) {
    if (files.length > 0 && !used.has(key)) {
      invalid(where, "expected a package that these files belong to, found none; lock again");
    }
  }
}

/**
 * Gives each entry those files that can be its own, where the table has one list for all versions
 * of a name: a file whose name tells another version of the lock belongs to that one alone.
 */
export function splitByVersion(entries: readonly ReadEntry[]): readonly ReadEntry[] {
  const versions = new Map<string, Set<string>>();
  for (const { distribution } of entries) {
    const known = versions.get(distribution.name) ?? new Set();
    versions.set(distribution.name, known.add(canonicalVersion(distribution.version ?? "0")));
  }
  return entries.map((entry) => {
    const { distribution } = entry;
    const others = new Set(versions.get(distribution.name));
    others.delete(canonicalVersion(distribution.version ?? "0"));
    const files = distribution.files.filter((file) => canBelong(file, distribution, others));
    return { ...entry, distribution: { ...distribution, files } };
  });
}

function canBelong(
  { filename }: LockedFile,
  { source }: Distribution,
  otherVersions: ReadonlySet<string>,
): boolean {
  switch (source.kind) {
    case "vcs":
    case "directory":
    case "editable":
    case "virtual":
      return false;
    case "path":
      return source.location.endsWith(`/${filename}`);
    case "index":
    case "url":
    case "pyodide":
      return !otherVersions.has(versionOf(filename ?? "") ?? "");
  }
}

function versionOf(filename: string): string | null {
  try {
    return parseFilename(filename).version;
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}
