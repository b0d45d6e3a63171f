/** Keeps bytes between runs, safely for several processes at once. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { IndexStore } from "@pubpin/shared";
import { cacheFolder } from "./cache-folder.ts";
import { sweepCache } from "./cache-sweep.ts";
import type { Environment } from "./environment.ts";
import { removeIfAny } from "./file-steps.ts";
import { MAX_CACHE_BYTES, MAX_CACHE_ENTRY_BYTES } from "./limits.ts";
import { createMemoryStore } from "./memory-cache.ts";
import { describeSystemError, systemCode } from "./read-file.ts";

/** A cache that is open. */
export interface Cache {
  /** Whoever reads from it judges anew: nothing here is proof of anything. `put` does not fail. */
  readonly store: IndexStore;
  /** Where it lies, or null where it is in memory. */
  readonly folder: string | null;
  /** Keeps the cache within its bound. Nothing may be asked of the store afterwards. */
  readonly close: () => void;
}

/** How a cache is opened. */
export interface CacheOptions {
  readonly env: Environment;
  /** Nothing is read from disk, and nothing kept: `--no-cache`. */
  readonly inMemory?: boolean;
  /** By default MAX_CACHE_BYTES. */
  readonly maxBytes?: number;
  /** Hears once that the folder cannot be used; from then on the cache is in memory. */
  readonly onWarning: (message: string) => void;
}

/** The folder of this layout: an entry is the SHA-256 of key and bytes, then the bytes. */
const LAYOUT = "v1";
const DIGEST_BYTES = 32;
const ONLY_MINE = 0o700;
/** The part of the bound that makes a sweep urgent when one process has written it. */
const URGENT_PART = 0.1;

/** Opens the cache of the user. A folder that does not exist yet is made with the first entry. */
export function openCache(options: CacheOptions): Cache {
  const { env, inMemory = false, maxBytes = MAX_CACHE_BYTES, onWarning } = options;
  if (inMemory) return inMemoryCache();
  const base = cacheFolder(env);
  if (base === null) {
    onWarning("there is no home folder: the cache is kept in memory (PUBPIN_CACHE_DIR names one)");
    return inMemoryCache();
  }
  const owner = ownerOf(base);
  if (owner !== null && owner !== process.getuid?.()) {
    onWarning(`${base}: belongs to another user: the cache is kept in memory`);
    return inMemoryCache();
  }
  return diskCache(join(base, LAYOUT), maxBytes, onWarning);
}

function inMemoryCache(): Cache {
  return { store: createMemoryStore(), folder: null, close: () => undefined };
}

function diskCache(folder: string, maxBytes: number, onWarning: (text: string) => void): Cache {
  /** Takes what can no longer be written to disk. */
  let instead: IndexStore | null = null;
  let written = 0;
  const store: IndexStore = {
    get: async (key) => (await instead?.get(key)) ?? readEntry(pathOf(folder, key), key),
    put: async (key, bytes) => {
      if (instead !== null) return instead.put(key, bytes);
      if (bytes.length > Math.min(MAX_CACHE_ENTRY_BYTES, maxBytes)) return;
      try {
        await writeEntry(pathOf(folder, key), key, bytes);
        written += bytes.length;
      } catch (error) {
        if (instead === null) {
          const found = describeSystemError(error);
          onWarning(`${folder}: cannot be written (${found}): what is new is kept in memory`);
        }
        instead ??= createMemoryStore();
        return instead.put(key, bytes);
      }
    },
  };
  return {
    store,
    folder,
    close: () => {
      if (written > 0) sweepCache(folder, maxBytes, Date.now(), written > maxBytes * URGENT_PART);
    },
  };
}

/**
 * Reads at once and not in turns: an entry is small and its file mostly in the system's own cache,
 * so that handing it to another thread and back costs several times the reading. So would the error
 * for an entry that is not there, of which a first run has thousands.
 */
function readEntry(path: string, key: string): Uint8Array<ArrayBuffer> | null {
  if (!existsSync(path)) return null;
  try {
    const file = readFileSync(path);
    const bytes = new Uint8Array(
      file.buffer,
      file.byteOffset + DIGEST_BYTES,
      file.length - DIGEST_BYTES,
    );
    return digestOf(key, bytes).equals(file.subarray(0, DIGEST_BYTES)) ? bytes : null;
  } catch {
    return null;
  }
}

/** A rename makes the entry appear whole; two processes that write the same key do no harm. */
async function writeEntry(path: string, key: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeNew(unfinished, Buffer.concat([digestOf(key, bytes), bytes]));
    await rename(unfinished, path);
  } catch (error) {
    removeIfAny(unfinished);
    if (!isInUse(error) || !existsSync(path)) throw error;
  }
}

/** Windows replaces no file that somebody reads just now: then the old entry stays. */
function isInUse(error: unknown): boolean {
  return process.platform === "win32" && /^(?:EPERM|EACCES|EBUSY)$/.test(systemCode(error));
}

async function writeNew(path: string, content: Uint8Array): Promise<void> {
  const options = { flag: "wx", mode: 0o600 };
  try {
    await writeFile(path, content, options);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true, mode: ONLY_MINE });
    await writeFile(path, content, options);
  }
}

function pathOf(folder: string, key: string): string {
  const name = createHash("sha256").update(key).digest("hex");
  return join(folder, name.slice(0, 2), name.slice(2));
}

function digestOf(key: string, bytes: Uint8Array): Buffer {
  return createHash("sha256").update(key).update("\0").update(bytes).digest();
}

/** The owner of a folder that is there, where the system has owners. */
function ownerOf(folder: string): number | null {
  try {
    return process.getuid === undefined ? null : statSync(folder).uid;
  } catch {
    return null;
  }
}
