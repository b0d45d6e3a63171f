/** Adds lines to a file, one update for each, as several processes do at once. */
import { PubpinError } from "@pubpin/shared";
import { updateFile } from "../../../../packages/cli/src/node/atomic-write.ts";

interface Parameters {
  readonly path: string;
  readonly name: string;
  readonly count: number;
}

const { path, name, count } = JSON.parse(process.argv[2] ?? "") as Parameters;
try {
  for (let index = 0; index < count; index++) {
    const text = (old: Uint8Array | null): string =>
      `${old === null ? "" : Buffer.from(old).toString()}${name}-${index}\n`;
    await updateFile(path, text, { maxBytes: 1_000_000 });
  }
} catch (error) {
  console.error(error instanceof PubpinError ? error.code : error);
  process.exitCode = 1;
}
