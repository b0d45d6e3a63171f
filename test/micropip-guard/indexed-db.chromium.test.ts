import { indexedDbStore } from "micropip-guard";
import { describe, expect, test, vi } from "vitest";
import { describeStore } from "./support/store-contract.ts";

let created = 0;

describeStore("a store in IndexedDB", () => indexedDbStore(`test-${created++}-${Date.now()}`));

describe("a store in IndexedDB", () => {
  test("is there for the next page, by its name", async () => {
    await indexedDbStore("one").put("a", new Uint8Array([7]));
    expect(await indexedDbStore("one").get("a")).toEqual(new Uint8Array([7]));
    expect(await indexedDbStore("two").get("a")).toBeNull();
  });

  test("fails where the browser gives the page no database", async () => {
    const open = vi.spyOn(IDBFactory.prototype, "open").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    const store = indexedDbStore("denied");
    await expect(store.get("a")).rejects.toThrow("denied");
    open.mockRestore();
    expect(await store.get("a")).toBeNull();
  });
});
