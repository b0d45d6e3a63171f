/**
 * Awaits promises that already run side by side, and judges them in the order given: the first
 * rejection in that order is thrown, whichever came first in time, and none goes unhandled.
 */
export async function inOrder<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [index in keyof T]: Awaited<T[index]> }> {
  try {
    return await Promise.all(promises);
  } catch (earliest) {
    for (const promise of promises) await promise;
    throw earliest;
  }
}

/**
 * To be awaited before a longer step. Of signatures that are verified at once, all then take this
 * step one after another, with its code and data at hand, and before the next kind of step.
 */
export const othersFirst: Promise<void> = Promise.resolve();
