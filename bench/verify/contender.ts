/** A verifier to measure, and how the clock runs. */
import type { JobSet } from "./jobs.ts";

/** One verification. It throws where it refuses: everything here has to be accepted. */
export type Run = () => Promise<void>;

/** What can be measured; some run in one environment only. */
export type ContenderName = "pubpin" | "raw WebCrypto" | "sigstore-js" | "pypi-attestations";

/** A verifier to measure. */
export interface Contender {
  /** Whether several verifications are started together or one after the other. */
  readonly order: "at once" | "in turn";
  /** Gets ready to verify each job once, with nothing remembered of an earlier time. */
  readonly prepare: (set: JobSet) => Promise<readonly Run[]>;
}

/** Times each run by itself, in milliseconds. */
export async function timeEach(runs: readonly Run[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const run of runs) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

/** Times all runs together: milliseconds for each. */
export async function timeAll(runs: readonly Run[], order: Contender["order"]): Promise<number> {
  const start = performance.now();
  await runAll(runs, order);
  return (performance.now() - start) / runs.length;
}

/** Runs everything once. */
export async function runAll(runs: readonly Run[], order: Contender["order"]): Promise<void> {
  if (order === "at once") {
    await Promise.all(runs.map((run) => run()));
    return;
  }
  for (const run of runs) await run();
}
