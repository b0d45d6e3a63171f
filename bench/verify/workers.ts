/** A thousand attestations on all cores: the same in worker threads and in Web Workers. */
import { type Contender, type ContenderName, type Run, runAll } from "./contender.ts";
import type { JobSet } from "./jobs.ts";

/** What a worker is told: its share of the jobs, then for each timing to prepare and to run. */
export type Order =
  | { readonly kind: "load"; readonly share: JobSet }
  | { readonly kind: "prepare"; readonly contender: ContenderName }
  | { readonly kind: "run" };

/** What a worker answers when it is done: null, or why it failed. */
export type Answer = string | null;

/** A worker as its owner sees it. */
export interface WorkerPort {
  readonly post: (order: Order) => void;
  /** Sets what is done with the next answer. */
  readonly onAnswer: (take: (answer: Answer) => void) => void;
}

/** Workers that each hold a share of the same jobs. */
export interface WorkerPool {
  /** Runs everything once on all workers together: milliseconds for each job. */
  readonly time: (contender: ContenderName) => Promise<number>;
}

/** Splits the jobs into equal runs, so that most releases stay together, and hands them out. */
export async function createPool(workers: readonly WorkerPort[], set: JobSet): Promise<WorkerPool> {
  const each = Math.ceil(set.jobs.length / workers.length);
  await Promise.all(
    workers.map((worker, index) => {
      const jobs = set.jobs.slice(index * each, (index + 1) * each);
      return ask(worker, { kind: "load", share: { ...set, jobs } });
    }),
  );
  const askAll = (order: Order): Promise<unknown> =>
    Promise.all(workers.map((worker) => ask(worker, order)));
  return {
    time: async (contender) => {
      await askAll({ kind: "prepare", contender });
      const start = performance.now();
      await askAll({ kind: "run" });
      return (performance.now() - start) / set.jobs.length;
    },
  };
}

function ask(worker: WorkerPort, order: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onAnswer((answer) => {
      if (answer === null) resolve();
      else reject(new Error(answer));
    });
    worker.post(order);
  });
}

/** What a worker does with its orders. */
export function createWorker(
  contenders: Readonly<Partial<Record<ContenderName, Contender>>>,
): (order: Order) => Promise<Answer> {
  let share: JobSet | undefined;
  let ready: { readonly runs: readonly Run[]; readonly atOnce: number } | undefined;
  const obey = async (order: Order): Promise<void> => {
    if (order.kind === "load") {
      share = order.share;
    } else if (order.kind === "prepare") {
      const contender = contenders[order.contender];
      if (contender === undefined || share === undefined) throw new Error("nothing to prepare");
      ready = { runs: await contender.prepare(share), atOnce: contender.atOnce };
    } else {
      if (ready === undefined) throw new Error("nothing is prepared");
      await runAll(ready.runs, ready.atOnce);
    }
  };
  return async (order) => {
    try {
      await obey(order);
      return null;
    } catch (error) {
      return String(error);
    }
  };
}
