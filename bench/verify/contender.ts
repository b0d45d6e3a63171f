/** A verifier to measure, and how the clock runs. */
import type { JobSet } from "./jobs.ts";

/** One verification. It throws where it refuses: everything here has to be accepted. */
export type Run = () => Promise<void>;

/** What can be measured; some run in one environment only. */
export type ContenderName =
  | "pubpin"
  | "raw WebCrypto"
  | "raw WebCrypto, at once"
  | "sigstore-js"
  | "pypi-attestations";

/** A verifier to measure. */
export interface Contender {
  /** How many verifications may be under way at once in one thread. */
  readonly atOnce: number;
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
export async function timeAll(runs: readonly Run[], atOnce: number): Promise<number> {
  const start = performance.now();
  await runAll(runs, atOnce);
  return (performance.now() - start) / runs.length;
}

/** Runs everything once, so many at a time. */
export async function runAll(runs: readonly Run[], atOnce: number): Promise<void> {
  const left = runs.values();
  const work = async (): Promise<void> => {
    for (const run of left) await run();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
