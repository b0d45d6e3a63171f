/** How far V8's space for young objects may grow. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { MAX_YOUNG_SPACE_BYTES } from "./limits.ts";

/** Milliseconds between two looks. */
const INTERVAL_MS = 50;

/**
 * Keeps V8 from doubling its space for young objects once more when it has reached its bound. Of the
 * thousands of documents that a check reads, few are held at a time, so that a larger space saves no
 * work; it only takes the machine's memory (`bench/results/lock.md`). Does not keep a process alive.
 */
export function boundYoungSpace(): void {
  const look = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    if (young === undefined || young.space_size < MAX_YOUNG_SPACE_BYTES) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    clearInterval(look);
  }, INTERVAL_MS);
  look.unref();
}
