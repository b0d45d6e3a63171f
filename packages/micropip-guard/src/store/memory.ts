import type { Bytes, GuardStore } from "../model.ts";

/** A store that lasts as long as the page. */
export function memoryStore(): GuardStore {
  const kept = new Map<string, Bytes>();
  return {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, bytes) => {
      kept.set(key, bytes);
    },
    update: async (key, change) => {
      kept.set(key, change(kept.get(key) ?? null));
    },
  };
}
