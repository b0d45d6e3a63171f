/** Puts and gets entries of a cache that other processes use at the same time. */
import { openCache } from "../../../../packages/cli/src/node/cache.ts";

interface Parameters {
  readonly folder: string;
  readonly rounds: number;
  readonly keys: number;
  readonly bytes: number;
}

const { folder, rounds, keys, bytes } = JSON.parse(process.argv[2] ?? "") as Parameters;
const { store, close } = openCache({
  env: { PUBPIN_CACHE_DIR: folder },
  onWarning: (message) => console.error(message),
});
let found = 0;
for (let round = 0; round < rounds; round++) {
  for (let key = 0; key < keys; key++) {
    const letter = 0x61 + ((process.pid + round) % 26);
    await store.put(`key ${key}`, new Uint8Array(bytes).fill(letter));
    const got = await store.get(`key ${(key + 1) % keys}`);
    if (got === null) continue;
    found++;
    if (got.length !== bytes || new Set(got).size !== 1) console.error(`damaged: ${got.length}`);
  }
}
close();
console.log(found > 0 ? "found" : "nothing");
