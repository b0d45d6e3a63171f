/**
 * `npm run test:nodes`: runs the tests of what runs everywhere under the other Node versions that
 * are supported. Each version is fetched once, as a package, into a folder that git ignores. With
 * PUBPIN_REQUIRE=1 a version that cannot be fetched is a failure.
 */
import { join } from "node:path";
import { fetchNode, nodePackage, OTHER_NODES } from "./fetch-package.ts";
import { REPOSITORY } from "./packages.ts";
import { run } from "./run.ts";
import { addCounts, formatCounts, parseCounts } from "./test-counts.ts";
import type { Counts } from "./test-counts.ts";

const TESTS = ["test/shared/", ".isomorphic.test."];

const counts: Counts[] = [];
for (const version of OTHER_NODES) counts.push(await testWith(version));
const sum = addCounts(counts);
console.log(["", ...counts.map(describe), formatCounts(sum)].join("\n"));
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

function describe(count: Counts, index: number): string {
  return `Node ${OTHER_NODES[index]}: ${formatCounts(count)}`;
}

async function testWith(version: string): Promise<Counts> {
  const node = await fetchNode(version);
  if (node === null) return notFetched(version);
  console.log(`\nNode ${version}`);
  const script = join(REPOSITORY, "scripts/test.ts");
  const parameters = ["--conditions=pubpin-source", script, "--project", "node", ...TESTS];
  const { exitCode, stdout } = await run(node, parameters, { cwd: REPOSITORY });
  const counted = parseCounts(stdout) ?? { passed: 0, failed: 0, skipped: 0 };
  const unseen = exitCode !== 0 && counted.failed === 0 ? 1 : 0;
  return { ...counted, failed: counted.failed + unseen };
}

function notFetched(version: string): Counts {
  const required = process.env["PUBPIN_REQUIRE"] === "1";
  const remedy = "to run its tests: npm run test:nodes, where npm can fetch that package";
  console.log(`Node ${version}: ${nodePackage(version)} cannot be fetched; ${remedy}`);
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}
