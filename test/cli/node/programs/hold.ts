/** Takes part in an update for as long as it is told, saying where it is. */
import { updateFile } from "../../../../packages/cli/src/node/atomic-write.ts";

interface Parameters {
  readonly path: string;
  readonly ms: number;
  readonly text: string;
}

const { path, ms, text } = JSON.parse(process.argv[2] ?? "") as Parameters;
const outcome = await updateFile(
  path,
  () => {
    process.stdout.write("inside\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return text;
  },
  { maxBytes: 1_000_000 },
);
console.log(outcome);
setInterval(() => undefined, 1000);
