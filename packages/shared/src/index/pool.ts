/** Runs a task as soon as fewer than the pool's limit are under way, in the order of the calls. */
export type Pool = <T>(task: () => Promise<T>) => Promise<T>;

/** A pool for at most `limit` tasks at once. A task that fails makes room like any other. */
export function createPool(limit: number): Pool {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free--;
    else await turn(waiting);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

async function turn(waiting: (() => void)[]): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
}
