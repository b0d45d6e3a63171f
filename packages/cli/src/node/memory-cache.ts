import type { IndexStore } from "@pubpin/shared";
import { MAX_MEMORY_CACHE_BYTES } from "./limits.ts";

/** A store that is gone with the process. Beyond its bound the oldest entries go first. */
export function createMemoryStore(maxBytes: number = MAX_MEMORY_CACHE_BYTES): IndexStore {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  let total = 0;
  const remove = (key: string): void => {
    total -= entries.get(key)?.length ?? 0;
    entries.delete(key);
  };
  return {
    get: async (key) => entries.get(key) ?? null,
    put: async (key, bytes) => {
      remove(key);
      if (bytes.length > maxBytes) return;
      entries.set(key, new Uint8Array(bytes));
      total += bytes.length;
      for (const oldest of entries.keys()) {
        if (total <= maxBytes) return;
        remove(oldest);
      }
    },
  };
}
