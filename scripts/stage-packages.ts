/** Lays out the published packages as users get them: built from nothing, in folders of their own. */
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildGuardFiles } from "./build-guard.ts";
import { bundleHook } from "./bundle-hook.ts";
import { commandOf, type Manifest, manifestOf, publicPackages, REPOSITORY } from "./packages.ts";
import { run } from "./run.ts";
import { packageSbom } from "./sbom.ts";

/** A package as npm packs it. */
export interface StagedPackage {
  /** Where it is in this repository: `packages/shared`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Where it is laid out. */
  readonly path: string;
}

/** The bill of materials of a package, within it. */
export const SBOM: string = "sbom.cdx.json";

/** The condition under which this repository takes a package's sources. No user has it. */
const SOURCE = "pubpin-source";
const TYPESCRIPT = createRequire(import.meta.url).resolve("typescript/package.json");
const COPIED = ["LICENSE", "README.md"];
const MODE = 0o644;
const PROGRAM_MODE = 0o755;
/** Compiled within this repository, where the packages' own dependencies are found. */
const BUILDS = join(REPOSITORY, ".cache/builds");

/**
 * Builds every published package and lays it out, each in a folder of `destination`. The same sources
 * give the same bytes and modes.
 *
 * @throws where something does not compile
 */
export async function stagePackages(destination: string): Promise<readonly StagedPackage[]> {
  const folders = await publicPackages();
  await mkdir(BUILDS, { recursive: true });
  const build = await mkdtemp(join(BUILDS, "build-"));
  try {
    await compile(build, folders);
    return await Promise.all(folders.map(async (folder) => stage(build, folder, destination)));
  } finally {
    await rm(build, { recursive: true, force: true });
  }
}

/** Compiles copies of the sources, so that nothing of an earlier build gets in, and none is lost. */
async function compile(build: string, folders: readonly string[]): Promise<void> {
  await copyFile(join(REPOSITORY, "tsconfig.base.json"), join(build, "tsconfig.base.json"));
  const projects = await Promise.all(folders.map(async (folder) => copySources(build, folder)));
  const parameters = [commandOf(TYPESCRIPT, "tsc"), "-b", ...projects.flat()];
  const { exitCode } = await run(process.execPath, parameters, { cwd: build });
  if (exitCode !== 0) throw new Error("the packages do not compile");
}

/** Copies a package, where its like find it by name; gives what there is to compile. */
async function copySources(build: string, folder: string): Promise<readonly string[]> {
  const from = join(REPOSITORY, folder);
  const to = join(build, folder);
  const configurations = (await readdir(from)).filter((name) => /^tsconfig.*\.json$/.test(name));
  await cp(join(from, "src"), join(to, "src"), { recursive: true });
  for (const name of ["package.json", ...configurations]) {
    await copyFile(join(from, name), join(to, name));
  }
  await link(to, join(build, "node_modules", (await manifestOf(folder)).name));
  const modules = join(from, "node_modules");
  if (existsSync(modules)) await link(modules, join(to, "node_modules"));
  return configurations.map((name) => join(folder, name));
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, "junction");
}

async function stage(build: string, folder: string, destination: string): Promise<StagedPackage> {
  const path = join(destination, folder);
  const manifest = await publicManifest(folder);
  for (const part of ["src", "dist"]) {
    await cp(join(build, folder, part), join(path, part), { recursive: true });
  }
  for (const name of COPIED) await copyFile(join(REPOSITORY, folder, name), join(path, name));
  await addBundles(folder, path);
  await writeFile(join(path, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(path, SBOM), await packageSbom(folder));
  await setModes(path, Object.values(manifest.bin ?? {}));
  return { folder, manifest, path };
}

/** Files that are whole in themselves. */
async function addBundles(folder: string, path: string): Promise<void> {
  if (folder === "packages/precommit") {
    await bundleHook(join(path, "dist/pubpin-precommit.js"));
  }
  if (folder === "packages/micropip-guard") {
    for (const { filename, code, sourceMap } of await buildGuardFiles()) {
      await writeFile(join(path, "dist", filename), code);
      await writeFile(join(path, "dist", `${filename}.map`), sourceMap);
    }
  }
}

/**
 * The manifest that users get: without the condition that leads to the sources, and with the address
 * of the repository, which stands in this repository's own package.json and nowhere else.
 */
async function publicManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(REPOSITORY, folder, "package.json"), "utf8");
  const manifest = JSON.parse(text, (key, value: unknown) =>
    key === SOURCE ? undefined : value,
  ) as Manifest;
  const { repository } = await manifestOf(".");
  return repository === undefined
    ? manifest
    : { ...manifest, repository: { ...repository, directory: folder } as typeof repository };
}

/** What the file system or the user's mask made of modes is no part of a package. */
async function setModes(path: string, programs: readonly string[]): Promise<void> {
  const executable = new Set(programs.map((program) => join(path, program)));
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) await chmod(file, executable.has(file) ? PROGRAM_MODE : MODE);
  }
}
