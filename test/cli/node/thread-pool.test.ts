import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { startProgram } from "./support/child.ts";

async function threadsOf(size?: string): Promise<unknown> {
  const env = { UV_THREADPOOL_SIZE: size };
  const { stdout } = await startProgram("threads.ts", {}, { env }).ended;
  return JSON.parse(stdout);
}

describe.runIf(process.platform === "linux")("the pool of threads", () => {
  test("has as many as there are processors, from two to four, and nobody inherits it", async () => {
    const threads = Math.min(4, Math.max(2, availableParallelism()));
    expect(await threadsOf()).toEqual({ threads, inherited: null });
  });

  test("has the size that the user asks for", async () => {
    expect(await threadsOf("3")).toEqual({ threads: 3, inherited: "3" });
  });
});
