/** A world for the tests of a file. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Pair } from "./pairs.ts";
import { createWorld, type World } from "./world.ts";

/** Milliseconds for a test that starts an interpreter, on a machine that does other things, too. */
export const PATIENCE = 120_000;

/** Makes a world before the tests; without the real wheels they are skipped with the reason. */
export function useWorld(pair: Pair, latencyMs: number = 0): () => World {
  let missing: string | null = null;
  let world: World | null = null;
  beforeAll(async () => {
    const created = await createWorld(pair.micropip, latencyMs);
    if ("missing" in created) missing = created.missing;
    else world = created;
  }, PATIENCE);
  afterAll(async () => {
    await world?.index.close();
  });
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
  return () => {
    if (world === null) throw new Error("the world is not there yet");
    return world;
  };
}
