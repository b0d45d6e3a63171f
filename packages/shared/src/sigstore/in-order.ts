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
