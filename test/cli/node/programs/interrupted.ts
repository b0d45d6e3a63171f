/** Works until it is interrupted, and ends in order unless it is told to be stubborn. */
import { setTimeout as delay } from "node:timers/promises";
import { handleInterrupts } from "../../../../packages/cli/src/node/interrupt.ts";

interface Parameters {
  readonly isStubborn: boolean;
}

const { isStubborn } = JSON.parse(process.argv[2] ?? "") as Parameters;
const { signal, exitCode, dispose } = handleInterrupts(() => console.log("ending"));
console.log("started");
try {
  await delay(60_000, undefined, isStubborn ? {} : { signal });
} catch (error) {
  console.log((error as Error).name);
}
dispose();
process.exitCode = exitCode() ?? 0;
