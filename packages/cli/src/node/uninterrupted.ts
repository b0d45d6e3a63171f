import { setImmediate as nextTurn } from "node:timers/promises";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does something that no signal cuts short, other than one that cannot be heard (SIGKILL). A signal
 * that comes meanwhile does its work right after.
 *
 * @param action without pauses: it has everything done, or cleaned up, when it returns or throws
 */
export async function uninterrupted<T>(action: () => T): Promise<T> {
  const heard: NodeJS.Signals[] = [];
  const hear = (signal: NodeJS.Signals): void => {
    heard.push(signal);
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  try {
    return action();
  } finally {
    await nextTurn();
    for (const signal of SIGNALS) process.off(signal, hear);
    for (const signal of heard) {
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  }
}
