/** A Web Worker of page.ts. */
import { pubpin } from "./pubpin.ts";
import { raw, rawAtOnce } from "./raw.ts";
import { createWorker, type Order } from "./workers.ts";

const obey = createWorker({
  pubpin,
  "raw WebCrypto": raw,
  "raw WebCrypto, at once": rawAtOnce,
});

async function answer(order: Order): Promise<void> {
  self.postMessage(await obey(order), []);
}

self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  void answer(data);
});
