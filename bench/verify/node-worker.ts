/** A worker thread of node.ts. */
import { parentPort } from "node:worker_threads";
import { NODE_CONTENDERS } from "./node.ts";
import { createWorker, type Order } from "./workers.ts";

const obey = createWorker(NODE_CONTENDERS);

async function answer(order: Order): Promise<void> {
  parentPort?.postMessage(await obey(order), []);
}

parentPort?.on("message", (order: Order) => {
  void answer(order);
});
