/** A Web Worker of page.ts. */
import { pubpin } from "./pubpin.ts";
import { raw } from "./raw.ts";
import { createWorker, type Order } from "./workers.ts";

const obey = createWorker({ pubpin, "raw WebCrypto": raw });

async function answer(order: Order): Promise<void> {
  self.postMessage(await obey(order), []);
}

self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  void answer(data);
});
