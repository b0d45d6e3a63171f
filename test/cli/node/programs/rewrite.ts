/** Writes a large file again and again, each time with another letter, until it is killed. */
import { updateFile } from "../../../../packages/cli/src/node/atomic-write.ts";

interface Parameters {
  readonly path: string;
  readonly bytes: number;
}

const { path, bytes } = JSON.parse(process.argv[2] ?? "") as Parameters;
console.log("started");
for (let round = 0; ; round++) {
  const letter = String.fromCharCode(0x61 + (round % 26));
  await updateFile(path, () => letter.repeat(bytes), { maxBytes: Number.POSITIVE_INFINITY });
}
