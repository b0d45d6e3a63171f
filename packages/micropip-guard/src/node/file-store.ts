/** A store in a folder, for Pyodide in Node. */
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { digest, encodeHex, encodeUtf8 } from "@pubpin/shared";
import { LOCK_RETRY_MS, LOCK_WAIT_MS } from "../limits.ts";
import type { Bytes, GuardStore } from "../model.ts";

/** What the pins of trust on first use are called: a file that the command `pubpin` reads. */
const PINS_FILE = ".provenance.txt";

/**
 * A store in a folder, which is made when something is first kept. Several processes may use it at
 * once: whoever reads sees the old bytes or the new ones, never a part.
 */
export function fileStore(folder: string): GuardStore {
  return {
    get: async (key) => readBytes(await pathOf(folder, key)),
    put: async (key, bytes) => {
      await replace(await pathOf(folder, key), bytes);
    },
    update: async (key, change) => {
      const path = await pathOf(folder, key);
      await mkdir(folder, { recursive: true });
      const release = await lock(`${path}.lock`);
      try {
        await replace(path, change(await readBytes(path)));
      } finally {
        await release();
      }
    },
  };
}

async function pathOf(folder: string, key: string): Promise<string> {
  if (key === "pins") return join(folder, PINS_FILE);
  return join(folder, encodeHex(await digest("SHA-256", encodeUtf8(key))));
}

async function readBytes(path: string): Promise<Bytes | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Whole or not at all. */
async function replace(path: string, bytes: Bytes): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const unfinished = `${path}.${crypto.randomUUID()}`;
  try {
    await writeFile(unfinished, bytes, { flag: "wx", flush: true });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** A file that only one can make. One that a killed process left has to be removed by a person. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (let waited = 0; ; waited += LOCK_RETRY_MS) {
    try {
      await (await open(path, "wx")).close();
      return async () => rm(path, { force: true });
    } catch (error) {
      if (!hasCode(error, "EEXIST") || waited >= LOCK_WAIT_MS) throw error;
      await delay(LOCK_RETRY_MS);
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
