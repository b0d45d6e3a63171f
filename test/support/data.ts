/** Real-world data for tests, in Node and in browsers. */
import { dataMissing } from "#data-source";
import { describe, test } from "vitest";

export { listData, readData } from "#data-source";

/**
 * A group of tests that read the data. Where there is none, the group is one skipped test that
 * gives the reason and the command that enables it.
 */
export function describeWithData(name: string, define: () => Promise<void> | void): void {
  const missing = dataMissing;
  if (missing === null) describe(name, define);
  else test(name, (context) => context.skip(missing));
}
