/** What the readers have in common: names, versions, files, and entries put together to a lock. */
import { type Field, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { MAX_LOCK_ENTRIES } from "../limits.ts";
import type {
  Distribution,
  DistributionSource,
  Hash,
  InstallDirective,
  Lock,
  LockedFile,
  LockFormat,
} from "../model.ts";
import { normalizeName } from "../names/project.ts";
import { canonicalVersion } from "../names/version.ts";
import { formatHash, hasStrongHash } from "./hash.ts";
import { identityOf } from "./identity.ts";
import { isOwnFolder } from "./path.ts";
import { invalid, ofLock } from "./refuse.ts";
import type { LockText } from "./text.ts";

/** An entry as a reader makes it; the place is for messages. */
export interface ReadEntry {
  readonly distribution: Distribution;
  readonly where: string;
}

/** What a reader makes of a lock. */
export interface LockContent {
  readonly entries: readonly ReadEntry[];
  readonly directives?: readonly InstallDirective[];
}

/** A project's name at a field, normalised (PEP 503). */
export function readName(field: Field): string {
  const name = readText(field);
  return ofLock(field.path, () => normalizeName(name));
}

/** A version at a field (PEP 440), as it is written, or null where there is no field. */
export function readVersion(field: Field | undefined): string | null {
  return field === undefined ? null : checkVersion(readText(field), field.path);
}

/** A version as it is written, if it is one (PEP 440). */
export function checkVersion(version: string, where: string): string {
  ofLock(where, () => canonicalVersion(version));
  return version;
}

/** A file of which only hashes are known. */
export function hashOnlyFile(hash: Hash): LockedFile {
  return { filename: null, url: null, path: null, hashes: [hash], size: null };
}

/** Whether a source is the folder of the lock itself, given the path that the lock writes. */
export function isOwnProject(source: DistributionSource, path: string): boolean {
  const isFolder =
    source.kind === "directory" || source.kind === "editable" || source.kind === "virtual";
  return isFolder && source.part === null && isOwnFolder(path);
}

/**
 * Puts entries together to a lock: those of one name, version and source become one.
 *
 * @throws LOCK_INVALID when an entry from an index has no version or no file, or one of its files
 *   has two different hashes of one algorithm
 */
export function assembleLock(lock: LockText, format: LockFormat, content: LockContent): Lock {
  const merged = new Map<string, ReadEntry>();
  if (content.entries.length > MAX_LOCK_ENTRIES) {
    fail("LIMIT_EXCEEDED", `${lock.path}: expected at most ${MAX_LOCK_ENTRIES} packages`);
  }
  for (const entry of content.entries) {
    requireComplete(entry);
    const key = identityOf(entry.distribution);
    const first = merged.get(key)?.distribution;
    const files = first === undefined ? [] : first.files;
    const distribution = {
      ...(first ?? entry.distribution),
      files: mergeFiles([...files, ...entry.distribution.files], entry.where),
    };
    merged.set(key, { distribution, where: entry.where });
  }
  return {
    path: lock.path,
    format,
    distributions: [...merged.values()].map(({ distribution }) => distribution),
    directives: content.directives ?? [],
    logins: lock.logins,
  };
}

function requireComplete({ distribution, where }: ReadEntry): void {
  const { version, source, files } = distribution;
  if (source.kind !== "index" && source.kind !== "pyodide") return;
  if (version === null) invalid(where, "expected a version, found none; lock again");
  if (files.length === 0) invalid(where, "expected files or hashes, found none; lock again");
}

/** Unique files in the order they come; what is said of one file twice must agree. */
function mergeFiles(files: readonly LockedFile[], where: string): readonly LockedFile[] {
  const merged = new Map<string, LockedFile>();
  for (const file of files) {
    const key = file.filename ?? file.hashes.map(formatHash).join(" ");
    const first = merged.get(key);
    merged.set(
      key,
      first === undefined ? withHashes(file, file.hashes, where) : join(first, file, where),
    );
  }
  return [...merged.values()];
}

function join(a: LockedFile, b: LockedFile, where: string): LockedFile {
  const joined = withHashes(a, [...a.hashes, ...b.hashes], where);
  if (!hasStrongHash(joined.hashes) && (a.url !== b.url || a.path !== b.path)) {
    invalid(
      where,
      `expected one place for ${quote(a.filename ?? "")}, which has no strong hash, found two`,
    );
  }
  return { ...joined, size: a.size ?? b.size };
}

function withHashes(file: LockedFile, hashes: readonly Hash[], where: string): LockedFile {
  const byAlgorithm = new Map<string, Hash>();
  for (const hash of hashes) {
    const first = byAlgorithm.get(hash.algorithm);
    if (first !== undefined && first.value !== hash.value) {
      invalid(
        where,
        `expected one ${hash.algorithm} hash of ${quote(file.filename ?? "a file")}, found ` +
          `${first.value} and ${hash.value}`,
      );
    }
    byAlgorithm.set(hash.algorithm, hash);
  }
  const sorted = [...byAlgorithm.values()].toSorted((a, b) => (a.algorithm < b.algorithm ? -1 : 1));
  return { ...file, hashes: sorted };
}
