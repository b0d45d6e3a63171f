/** Runs of `pubpin verify`, each a process of its own. */
import { join } from "node:path";
import { type BenchLock, countFiles } from "./locks.ts";
import { type Cost, runNode } from "./process.ts";
import type { Served } from "./serve.ts";

/** What is on disk from runs before. */
export const STATES = ["nothing cached", "cached", "an hour later"] as const;

/** One of {@link STATES}. */
export type State = (typeof STATES)[number];

/** What one run cost. */
export interface Sample {
  readonly state: State;
  readonly cost: Cost;
}

/** How often each state is measured in a round. */
const TIMES: Readonly<Record<State, number>> = {
  "nothing cached": 1,
  cached: 3,
  "an hour later": 1,
};
/** A proxy that is none: nothing but the index on this machine can be asked. */
const NOWHERE = "http://127.0.0.1:9";
/** An hour after the index was asked, nothing that it said is fresh, and it is asked again. */
const LATER = "data:text/javascript,const now = Date.now; Date.now = () => now() + 36e5;";

/** What is run. */
interface Subject {
  /** The file that Node runs. */
  readonly command: string;
  readonly lock: BenchLock;
  readonly served: Served;
  /** The folder of the cache. */
  readonly cache: string;
}

/** One round: from an empty cache on, in the order of the states. */
export async function measureRound(
  command: string,
  lock: BenchLock,
  served: Served,
  round: number,
): Promise<readonly Sample[]> {
  // A new folder: some file systems are slow to make files where many were deleted just before.
  const subject = { command, lock, served, cache: join(served.folder, `cache-${round}`) };
  const samples: Sample[] = [];
  for (const state of STATES) {
    for (let time = 0; time < TIMES[state]; time++) {
      samples.push({ state, cost: await verify(subject, state) });
    }
  }
  return samples;
}

async function verify({ command, lock, served, cache }: Subject, state: State): Promise<Cost> {
  const { folder, indexUrl, takeRequests } = served;
  const options = ["--trusted-root", "trusted_root.json", "--index", indexUrl];
  const asIf = state === "an hour later" ? ["--import", LATER] : [];
  takeRequests();
  const { exitCode, stdout, stderr, cost } = await runNode(
    [...asIf, command, ...options, "verify", lock.name],
    { cwd: folder, env: { HOME: folder, PUBPIN_CACHE_DIR: cache, HTTPS_PROXY: NOWHERE } },
  );
  const requests = takeRequests();
  const passed = Number(/(\d+) signed by the pinned publisher/.exec(stdout)?.[1]);
  const isAsExpected = (requests === 0) === (state === "cached");
  if (exitCode === 0 && passed === countFiles(lock) && isAsExpected) return cost;
  throw new Error(`${lock.title}: ${requests} requests, exit code ${exitCode}\n${stdout}${stderr}`);
}
