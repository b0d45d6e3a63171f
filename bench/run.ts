/** `npm run bench -- NAME`: measures one thing beside its alternatives, in one run. */
import { benchGuard } from "./guard.ts";
import { benchHook } from "./hook.ts";
import { benchLock } from "./lock.ts";
import { benchVerify } from "./verify.ts";
import { benchWrap } from "./wrap.ts";

/** Each prints a table and writes it to bench/results. */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  guard: benchGuard,
  hook: benchHook,
  lock: benchLock,
  verify: benchVerify,
  wrap: benchWrap,
};

const [name = ""] = process.argv.slice(2);
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (benchmark === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join("|")}`);
  process.exitCode = 2;
} else {
  await benchmark();
}
