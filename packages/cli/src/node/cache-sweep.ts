/** Keeps the cache on disk within its bound. */
import { type Dirent, type Stats, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeIfAny } from "./file-steps.ts";
import { CACHE_KEPT_PART, CACHE_SWEEP_MS } from "./limits.ts";

/** A file whose time says when the cache was last looked through. */
const MARK = "swept";
/** Files under way; see `cache.ts`. */
const UNFINISHED = ".tmp";

interface Entry {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970 when it was last written. */
  readonly time: number;
}

/**
 * Deletes the oldest entries until the cache is well within its bound, and what killed processes
 * left behind. Looks only once in CACHE_SWEEP_MS unless `isUrgent`. What another process deletes
 * meanwhile is no matter.
 */
export function sweepCache(folder: string, maxBytes: number, now: number, isUrgent: boolean): void {
  const mark = join(folder, MARK);
  if (!isUrgent && now - (statOf(mark)?.mtimeMs ?? 0) < CACHE_SWEEP_MS) return;
  touch(mark, now);
  const entries = entriesOf(folder);
  for (const { path, time } of entries) {
    if (path.endsWith(UNFINISHED) && now - time > CACHE_SWEEP_MS) removeIfAny(path);
  }
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return;
  for (const { path, bytes } of entries.toSorted((a, b) => a.time - b.time)) {
    if (total <= maxBytes * CACHE_KEPT_PART) return;
    removeIfAny(path);
    total -= bytes;
  }
}

function entriesOf(folder: string): readonly Entry[] {
  const folders = listOf(folder).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) =>
    listOf(join(folder, name)).flatMap((entry) => {
      const path = join(folder, name, entry.name);
      const stats = entry.isFile() ? statOf(path) : null;
      return stats === null ? [] : [{ path, bytes: stats.size, time: stats.mtimeMs }];
    }),
  );
}

function listOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

/** A cache that can no longer be written is looked through all the same. */
function touch(path: string, now: number): void {
  try {
    writeFileSync(path, "");
    utimesSync(path, now / 1000, now / 1000);
  } catch {
    return;
  }
}
