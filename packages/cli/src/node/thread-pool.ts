/** The pool of threads in which Node verifies signatures, hashes, and asks for addresses. */
import { stat } from "node:fs";
import { availableParallelism } from "node:os";

const VARIABLE = "UV_THREADPOOL_SIZE";
/** What Node makes by itself. */
const DEFAULT_THREADS = 4;
/** With one alone, a name server that does not answer would hold up every signature. */
const LEAST_THREADS = 2;

/**
 * Starts the pool, with no more threads than there are processors. A check is thousands of short
 * jobs, and threads that wait for a processor cost more than they do (`bench/results/lock.md`).
 * A size that the user's environment names goes first. Programs started later see no change of it.
 */
export function startThreadPool(): void {
  const threads = Math.max(LEAST_THREADS, availableParallelism());
  if (process.env[VARIABLE] !== undefined || threads >= DEFAULT_THREADS) return;
  process.env[VARIABLE] = `${threads}`;
  // The first job starts the threads, and with that the variable has been read.
  stat(".", () => undefined);
  delete process.env[VARIABLE];
}
