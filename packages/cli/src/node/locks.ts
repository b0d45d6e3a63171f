/** Finds and reads lock files. */
import { type Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { lockFormat, MAX_LOCK_BYTES, PubpinError } from "@pubpin/shared";
import { readFileIfAny, readWholeFile, systemCode, unreadable } from "./read-file.ts";

/** A folder with requirements files, which a project may have beside its other locks. */
const REQUIREMENTS_FOLDER = "requirements";
/** What makes a requirements file a lock. */
const HASH_OPTION = "--hash=";

/**
 * The lock files of a folder, by their names, in order: every name that is one of a lock's, and the
 * requirements files that hold hashes, also those in a folder `requirements`. A file that cannot be
 * read is among them: whoever reads it gets the error.
 *
 * @returns paths from the folder, with `/`
 * @throws FILE_UNREADABLE when the folder cannot be read
 */
export async function findLocks(folder: string): Promise<readonly string[]> {
  const below = await namesIn(join(folder, REQUIREMENTS_FOLDER), true);
  const candidates = [
    ...(await namesIn(folder, false)),
    ...below.map((name) => `${REQUIREMENTS_FOLDER}/${name}`),
  ];
  const locks = await Promise.all(
    candidates.map(async (path) => ((await isLock(folder, path)) === "lock" ? [path] : [])),
  );
  return locks.flat().toSorted((a, b) => (a < b ? -1 : 1));
}

/**
 * The bytes of a lock file.
 *
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED FILE_CHANGED_MEANWHILE
 */
export async function readLockFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return readWholeFile(path, MAX_LOCK_BYTES, path);
}

async function isLock(folder: string, path: string): Promise<"lock" | "other"> {
  const format = lockFormat(path);
  if (format === null) return "other";
  if (format !== "requirements") return "lock";
  try {
    const bytes = await readFileIfAny(join(folder, path), MAX_LOCK_BYTES, path);
    return bytes !== null && new TextDecoder().decode(bytes).includes(HASH_OPTION)
      ? "lock"
      : "other";
  } catch (error) {
    if (error instanceof PubpinError) return "lock";
    throw error;
  }
}

/** What is in a folder, but for folders. */
async function namesIn(folder: string, mayBeAbsent: boolean): Promise<readonly string[]> {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = systemCode(error);
    if (mayBeAbsent && (code === "ENOENT" || code === "ENOTDIR")) return [];
    throw unreadable(folder, error);
  }
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}
