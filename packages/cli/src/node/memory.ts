/** How much memory V8 may take for what it could as well collect. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { MAX_YOUNG_SPACE_BYTES } from "./limits.ts";

/** Milliseconds between two looks. */
const INTERVAL_MS = 50;
/** How much the space for old objects may grow, in percent of what is alive, before it is collected. */
const GROWTH_PERCENT = 40;

/**
 * Keeps V8 from doubling its space for young objects once more when it has reached its bound, and
 * from letting old objects pile up. Of the thousands of documents that a check reads, few are held
 * at a time: larger spaces save no work, they only take the machine's memory
 * (`bench/results/lock.md`). Does not keep a process alive.
 */
export function boundMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  const look = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    if (young === undefined || young.space_size < MAX_YOUNG_SPACE_BYTES) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    clearInterval(look);
  }, INTERVAL_MS);
  look.unref();
}
