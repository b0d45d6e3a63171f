/** The command as people install it: compiled, not run from its sources. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "../../scripts/run.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const PACKAGE = "packages/cli";

/** Compiles the command, and gives the file that Node runs. */
export async function buildCommand(): Promise<string> {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const compiler = join(typescript, "../bin/tsc");
  const { exitCode } = await run(process.execPath, [compiler, "-b", PACKAGE], { cwd: REPOSITORY });
  if (exitCode !== 0) throw new Error("the command does not compile");
  return join(REPOSITORY, PACKAGE, "dist/main.js");
}
