/** What the page of chromium.ts does. Its functions are called from outside, by name. */
import type { Contender, ContenderName } from "./contender.ts";
import { measureHere } from "./environment.ts";
import type { SetName, Workload } from "./jobs.ts";
import { pubpin } from "./pubpin.ts";
import { raw, rawAtOnce } from "./raw.ts";
import { type Answer, createPool, type WorkerPool, type WorkerPort } from "./workers.ts";

const CONTENDERS: readonly (readonly [ContenderName, Contender])[] = [
  ["pubpin", pubpin],
  ["raw WebCrypto", raw],
  ["raw WebCrypto, at once", rawAtOnce],
];

let loaded: { readonly workload: Workload; readonly pool: WorkerPool } | undefined;

/** What the page offers to the one who opened it. */
export const bench = {
  /** Fetches the jobs and starts the workers. */
  load: async (): Promise<void> => {
    const workload = (await (await fetch("/workload.json")).json()) as Workload;
    const workers = Array.from({ length: navigator.hardwareConcurrency }, startWorker);
    loaded = { workload, pool: await createPool(workers, workload.thousand) };
  },
  measure: async (name: ContenderName, set: SetName): Promise<readonly number[]> => {
    const contender = CONTENDERS.find(([known]) => known === name);
    if (contender === undefined || loaded === undefined) throw new Error("nothing to measure");
    return measureHere(loaded.workload, loaded.pool, contender, set);
  },
};

function startWorker(): WorkerPort {
  const worker = new Worker("/worker.js", { type: "module" });
  worker.addEventListener("error", ({ message }) => {
    throw new Error(message);
  });
  return {
    post: (order) => {
      worker.postMessage(order, []);
    },
    onAnswer: (take) => {
      const answered = ({ data }: MessageEvent<Answer>): void => {
        take(data);
      };
      worker.addEventListener("message", answered, { once: true });
    },
  };
}

Object.assign(globalThis, { bench });
