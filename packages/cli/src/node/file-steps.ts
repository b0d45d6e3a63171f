/** Single steps with files, each done before the next line of the program runs. */
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { PubpinError } from "@pubpin/shared";
import { MAX_SYMLINKS } from "./limits.ts";
import { requireFile, systemCode, unreadable } from "./read-file.ts";

/** A file as it was found. */
export interface FoundFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly stats: Stats;
}

/** Links that are none of the kinds that can be read as one. */
const NO_LINK: ReadonlySet<string> = new Set(["EINVAL", "ENOENT", "UNKNOWN"]);

/**
 * Where a path leads: through all symbolic links, to a file that need not be there.
 *
 * @throws FILE_UNREADABLE when links lead in a circle or through what is no folder
 */
export function targetOf(path: string): string {
  let target = resolve(path);
  for (let links = 0; links <= MAX_SYMLINKS; links++) {
    const next = readLink(target, path);
    if (next === null) return target;
    target = resolve(dirname(target), next);
  }
  const message = `${path}: expected a file, found symbolic links that lead in a circle`;
  throw new PubpinError("FILE_UNREADABLE", message);
}

function readLink(link: string, path: string): string | null {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (NO_LINK.has(systemCode(error))) return null;
    throw unreadable(path, error);
  }
}

/**
 * The file, or null where there is none.
 *
 * @param what how messages call it
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export function readIfPresent(path: string, maxBytes: number, what: string): FoundFile | null {
  try {
    const file = openSync(path, "r");
    try {
      const stats = fstatSync(file);
      requireFile(stats, maxBytes, what);
      return { bytes: readFileSync(file), stats };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error instanceof PubpinError ? error : unreadable(what, error);
  }
}

/** Writes a new file, to the disk itself. */
export function writeThrough(path: string, text: string, mode: number | null): void {
  const file = openSync(path, "wx", mode === null ? 0o666 : 0o600);
  try {
    writeFileSync(file, text);
    if (mode !== null) fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename last through a power cut, on systems that can. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    return;
  }
}

/** Deletes a file, if it is there and can be. */
export function removeIfAny(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    return;
  }
}
