/**
 * `npm run check:packages`: packs the published packages as for publishing, and checks what came out
 * as a stranger would get it.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PackedPackage, packPackages } from "./pack-packages.ts";
import { commandOf, REPOSITORY } from "./packages.ts";
import { run } from "./run.ts";

const require = createRequire(import.meta.url);
const ATTW = require.resolve("@arethetypeswrong/cli/package.json");
const PACKED = join(REPOSITORY, ".cache/packages");

/** What `publint` and `attw` say against a packed package: nothing, if it is as it should be. */
export async function packageProblems({
  manifest,
  tarball,
}: PackedPackage): Promise<readonly string[]> {
  const found = [...(await lint(tarball)), ...(await typeProblems(tarball))];
  return found.map((problem) => `${manifest.name}: ${problem}`);
}

async function lint(tarball: string): Promise<readonly string[]> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(bytes).buffer },
    strict: true,
  });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function typeProblems(tarball: string): Promise<readonly string[]> {
  const attw = commandOf(ATTW, "attw");
  const parameters = [attw, tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"];
  const { exitCode, stdout } = await run(process.execPath, parameters, { quiet: true });
  return exitCode === 0 ? [] : [`attw: ${stdout}`];
}

if (import.meta.main) {
  const packed = await packPackages(PACKED);
  const problems: string[] = [];
  for (const each of packed) problems.push(...(await packageProblems(each)));
  console.log([...problems, `${packed.length} packages, ${problems.length} problems`].join("\n"));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
