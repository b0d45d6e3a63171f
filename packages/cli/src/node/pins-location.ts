/** Which `.provenance.txt` governs a lock, and how paths are written in it. */
import { lstat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { PubpinError } from "@pubpin/shared";
import { systemCode, unreadable } from "./read-file.ts";

/** The usual name of the file. */
export const PINS_NAME = ".provenance.txt";

/** Where the pins of a lock are, or would be. */
export interface PinsLocation {
  /** The file that governs; null where there is none in the lock's folder or above. */
  readonly path: string | null;
  /** The folder of the repository (the one that holds `.git`), or null outside of one. */
  readonly repository: string | null;
}

/**
 * Finds the file that governs what lies in a folder: the nearest of that name in it or above, up to
 * the root of the repository, or of the file system where there is no repository. What has the name
 * counts, whatever it is: a folder or broken link is an error for whoever reads it, never passed by.
 *
 * @throws FILE_UNREADABLE for a folder that may not be looked into
 */
export async function findPins(folder: string, name: string = PINS_NAME): Promise<PinsLocation> {
  let found: string | null = null;
  for (let current = resolve(folder); ; current = dirname(current)) {
    found ??= await pathIfPresent(join(current, name));
    if ((await pathIfPresent(join(current, ".git"))) !== null) {
      return { path: found, repository: current };
    }
    if (dirname(current) === current) return { path: found, repository: null };
  }
}

/**
 * A path as locks and pins write it: from a folder, with `/` on every system.
 *
 * @throws USAGE_INVALID when there is no way from one to the other (drives of Windows)
 */
export function pathFrom(folder: string, path: string): string {
  const way = relative(resolve(folder), resolve(path));
  if (isAbsolute(way)) {
    throw new PubpinError("USAGE_INVALID", `${path}: expected a file on the drive of ${folder}`);
  }
  return way === "" ? "." : way.split(sep).join("/");
}

async function pathIfPresent(path: string): Promise<string | null> {
  try {
    await lstat(path);
    return path;
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(path, error);
  }
}
