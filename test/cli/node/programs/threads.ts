/** Says what the environment holds before and after the pool was started, and how many threads. */
import { readdirSync } from "node:fs";
import { startThreadPool } from "../../../../packages/cli/src/node/thread-pool.ts";

const count = (): number => readdirSync("/proc/self/task").length;
const before = count();
startThreadPool();
const jobs = Array.from({ length: 8 }, () => crypto.subtle.digest("SHA-256", new Uint8Array(1e6)));
await Promise.all(jobs);
const { UV_THREADPOOL_SIZE: inherited = null } = process.env;
console.log(JSON.stringify({ threads: count() - before, inherited }));
