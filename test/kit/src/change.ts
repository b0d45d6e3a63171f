/** How a test interferes: with one intermediate value, before everything else is derived from it. */
import type { Bytes } from "./bytes.ts";

/** Replaces a value on its way. What is returned is what all later steps hash, sign and embed. */
export type Change<T, Context = undefined> = (value: T, context: Context) => T | Promise<T>;

/** Replaces a signature; `message` is what was signed, so that another key can sign it instead. */
export type SignatureChange = Change<Bytes, Bytes>;

/** The value, changed if there is a change. */
export async function changed<T, Context = undefined>(
  change: Change<T, Context> | undefined,
  value: T,
  ...context: Context extends undefined ? [] : [Context]
): Promise<T> {
  return change === undefined ? value : await change(value, context[0] as Context);
}

/**
 * The same changes, watched: `assertApplied` throws if one of them was never called. A change that
 * nothing calls would leave a valid object, and a test that proves nothing.
 */
export function watched<T extends object>(changes: T): { changes: T; assertApplied: () => void } {
  const unused = new Set<string>();
  const wrapped = Object.entries(changes).map(([name, change]: [string, unknown]) => {
    if (!isChange(change)) return [name, change] as const;
    unused.add(name);
    const call = (...values: unknown[]): unknown => {
      unused.delete(name);
      return change(...values);
    };
    return [name, call] as const;
  });
  const assertApplied = (): void => {
    if (unused.size > 0) throw new Error(`changes that nothing applied: ${[...unused].join(", ")}`);
  };
  return { changes: Object.fromEntries(wrapped) as T, assertApplied };
}

function isChange(value: unknown): value is (...values: unknown[]) => unknown {
  return typeof value === "function";
}
