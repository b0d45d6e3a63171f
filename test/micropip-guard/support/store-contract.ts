/** What every store does. */
import type { GuardStore } from "micropip-guard";
import { describe, expect, test } from "vitest";

const BYTES = new Uint8Array([1, 2, 3]);

/** Tries a new store for each test. */
export function describeStore(name: string, create: () => GuardStore): void {
  describe(`${name} that has every store's duties`, () => {
    test("gives back what was put under a key, and nothing for another", async () => {
      const store = create();
      expect(await store.get("a")).toBeNull();
      await store.put("a", BYTES);
      expect(await store.get("a")).toEqual(BYTES);
      expect(await store.get("b")).toBeNull();
    });

    test("changes what is there in one step", async () => {
      const store = create();
      const append = async (byte: number): Promise<void> =>
        store.update("a", (bytes) => new Uint8Array([...(bytes ?? []), byte]));
      await Promise.all([1, 2, 3, 4, 5].map(append));
      expect((await store.get("a"))?.toSorted()).toEqual(new Uint8Array([1, 2, 3, 4, 5]));
    });

    test("keeps what was there when a change fails", async () => {
      const store = create();
      await store.put("a", BYTES);
      const failing = store.update("a", () => {
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await store.get("a")).toEqual(BYTES);
    });
  });
}
