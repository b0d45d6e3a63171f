import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const REPOSITORY = join(import.meta.dirname, "../..");

/**
 * A path in the folder of real-world data that tests and benchmarks read and that is no part of the
 * repository: where PUBPIN_DATA points, else `../shared/data` beside the repository.
 */
export function dataPath(...parts: readonly string[]): string {
  const chosen = process.env["PUBPIN_DATA"];
  const folder =
    chosen === undefined || chosen === "" ? join(REPOSITORY, "../shared/data") : resolve(chosen);
  return join(folder, ...parts);
}

/** Why tests on real-world data cannot run and what enables them; null where they can. */
export function whyNoData(): string | null {
  const folder = dataPath();
  if (existsSync(join(folder, "manifest.json"))) return null;
  return `no real-world data at ${folder}; to run these tests: PUBPIN_DATA=/path/to/data npm test`;
}
