/** A place to measure in: it holds the jobs and times one contender on one set of them. */
import { type Contender, type ContenderName, timeAll, timeEach } from "./contender.ts";
import type { SetName, Workload } from "./jobs.ts";
import type { WorkerPool } from "./workers.ts";

/** A place to measure in. */
export interface Environment {
  readonly name: "Node" | "Chromium" | "Python";
  readonly contenders: readonly ContenderName[];
  /** Versions of the programs that run here, by name. */
  readonly programs: Readonly<Record<string, string>>;
  /** Milliseconds for each attestation, one or several samples. */
  readonly measure: (contender: ContenderName, set: SetName) => Promise<readonly number[]>;
  readonly close: () => Promise<void>;
}

/** A release is over in a few milliseconds, so it is timed so many times in each round. */
const RELEASES = 5;

/** Measures in this thread, or for `thousand` in a pool of workers. */
export async function measureHere(
  workload: Workload,
  pool: WorkerPool,
  [name, contender]: readonly [ContenderName, Contender],
  set: SetName,
): Promise<readonly number[]> {
  if (set === "thousand") return [await pool.time(name)];
  const jobs = workload[set];
  if (jobs === undefined) throw new Error(`there are no jobs of the set ${set}`);
  if (set !== "release") return timeEach(await contender.prepare(jobs));
  const times: number[] = [];
  for (let time = 0; time < RELEASES; time++) {
    times.push(await timeAll(await contender.prepare(jobs), contender.atOnce));
  }
  return times;
}
