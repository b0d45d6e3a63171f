import { expect, it } from "vitest";
import { createPool } from "../../../packages/shared/src/index/pool.ts";

it("a pool runs no more tasks at once than its limit, in order, each once", async () => {
  const pool = createPool(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      pool(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        for (let turn = 0; turn < (index % 4) + 1; turn++) await Promise.resolve();
        running--;
        return index;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(started).toEqual(results);
  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

it("a task that fails makes room for the next", async () => {
  const pool = createPool(1);
  const failing = pool(async () => {
    throw new Error("no");
  });
  const next = pool(async () => "yes");
  await expect(failing).rejects.toThrow("no");
  await expect(next).resolves.toBe("yes");
});
