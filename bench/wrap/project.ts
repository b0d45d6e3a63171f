/** What is installed: a project with many dependencies, each attested by a publisher of its own. */
import type { VirtualSigstore } from "@pubpin/test-kit";
import { type LocalIndex, mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { mintReleases, type Minted } from "../lock/serve.ts";

/** How many packages the project needs. */
export const PACKAGES = 100;
/** Modules of each package, and characters of each module: about what middling packages have. */
const MODULES = { count: 20, length: 4000 } as const;

/** An index that has all that the project needs. */
export interface Served {
  readonly index: LocalIndex;
  /** The project's pyproject.toml. */
  readonly text: string;
}

/**
 * Mints the packages and starts their index.
 *
 * @param latencyMs by which every answer of the index comes later
 */
export async function servePackages(sigstore: VirtualSigstore, latencyMs: number): Promise<Served> {
  const names = Array.from(
    { length: PACKAGES },
    (_none, at) => `package-${String(at).padStart(3, "0")}`,
  );
  const wheels = names.map((name) => ({
    project: name,
    ...mintWheel({ name, version: "1.0", requiresPython: ">=3.9", files: modulesOf(name) }),
  }));
  const minted: Minted = new Map();
  const releases = wheels.map((wheel) => ({ ...wheel, version: "1.0", files: [wheel] }));
  await mintReleases(sigstore, releases, minted);
  const files = wheels.map(({ filename, bytes, sha256 }) => ({
    filename,
    content: bytes,
    provenance: minted.get(`${filename} ${sha256}`),
  }));
  return { index: await startLocalIndex({ sigstore, files, latencyMs }), text: projectText(names) };
}

function modulesOf(name: string): Readonly<Record<string, string>> {
  const folder = name.replaceAll("-", "_");
  const modules = Array.from({ length: MODULES.count }, (_none, at): [string, string] => [
    `${folder}/module_${at}.py`,
    `# ${at}\n`.padEnd(MODULES.length, "value = 1\n"),
  ]);
  return Object.fromEntries([[`${folder}/__init__.py`, ""], ...modules]);
}

function projectText(names: readonly string[]): string {
  return `[project]
name = "many"
version = "0.1"
requires-python = ">=3.9"
dependencies = ${JSON.stringify(names)}
`;
}
