/** Measures in Node, with worker threads. */
import { once } from "node:events";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Contender } from "./contender.ts";
import { type Environment, measureHere } from "./environment.ts";
import type { Workload } from "./jobs.ts";
import { pubpin } from "./pubpin.ts";
import { raw, rawAtOnce } from "./raw.ts";
import { sigstoreJs } from "./sigstore-js.ts";
import { type Answer, createPool, type WorkerPort } from "./workers.ts";

/** What runs in Node. */
export const NODE_CONTENDERS: Readonly<
  Record<"pubpin" | "raw WebCrypto" | "raw WebCrypto, at once" | "sigstore-js", Contender>
> = {
  pubpin,
  "raw WebCrypto": raw,
  "raw WebCrypto, at once": rawAtOnce,
  "sigstore-js": sigstoreJs,
};

/** Starts as many workers as there are cores. */
export async function startNode(workload: Workload): Promise<Environment> {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL("node-worker.ts", import.meta.url)),
  );
  await Promise.all(workers.map((worker) => once(worker, "online")));
  const pool = await createPool(workers.map(portOf), workload.thousand);
  const contenders = Object.entries(NODE_CONTENDERS) as [keyof typeof NODE_CONTENDERS, Contender][];
  return {
    name: "Node",
    contenders: contenders.map(([name]) => name),
    programs: { "@sigstore/verify": versionOf("@sigstore/verify") },
    measure: async (wanted, set) => {
      const contender = contenders.find(([name]) => name === wanted);
      if (contender === undefined) throw new Error(`${wanted} does not run in Node`);
      return measureHere(workload, pool, contender, set);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function portOf(worker: Worker): WorkerPort {
  return {
    post: (order) => {
      worker.postMessage(order, []);
    },
    onAnswer: (take) => {
      worker.once("message", (answer: Answer) => {
        take(answer);
      });
    },
  };
}

function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return manifest.version;
}
