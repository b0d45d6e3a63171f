/**
 * `npm run pack`: packs the published packages into `.cache/packages`, with a bill of materials
 * beside each, and SHA256SUMS. `--sizes` also writes docs/sizes.md anew. `--release TAG` refuses to
 * pack what must not be published under that tag.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Manifest, manifestOf, publicPackages, REPOSITORY } from "./packages.ts";
import { npm } from "./run.ts";
import { SIZES, sizesPage } from "./sizes.ts";
import { SBOM, stagePackages } from "./stage-packages.ts";

/** A package in a file, as it is published. */
export interface PackedPackage {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The path of the file. */
  readonly tarball: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
}

/** What `npm pack --json` says of a package. */
interface NpmPacked {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const PACKED = join(REPOSITORY, ".cache/packages");

/**
 * Builds and packs the published packages into a folder; what was in it before is gone. The same
 * sources, the same npm and the same Node give the same bytes.
 */
export async function packPackages(destination: string): Promise<readonly PackedPackage[]> {
  await rm(destination, { recursive: true, force: true });
  await mkdir(destination, { recursive: true });
  const stage = join(destination, "stage");
  const packed: PackedPackage[] = [];
  for (const { folder, manifest, path } of await stagePackages(stage)) {
    const parameters = ["pack", path, "--json", "--ignore-scripts"];
    const output = await npm([...parameters, "--pack-destination", destination], {
      cwd: destination,
      quiet: true,
    });
    const [made] = JSON.parse(output) as readonly NpmPacked[];
    if (made === undefined) throw new Error(`${manifest.name}: npm pack made nothing`);
    const tarball = join(destination, made.filename);
    await copyFile(join(path, SBOM), tarball.replace(/\.tgz$/, ".cdx.json"));
    packed.push({
      folder,
      manifest,
      tarball,
      sha256: createHash("sha256")
        .update(await readFile(tarball))
        .digest("hex"),
      bytes: made.size,
      unpackedBytes: made.unpackedSize,
      files: made.files.map((file) => file.path),
    });
  }
  await rm(stage, { recursive: true });
  const sums = packed.map(({ sha256, tarball }) => `${sha256}  ${nameOf(tarball)}\n`);
  await writeFile(join(destination, "SHA256SUMS"), sums.join(""));
  return packed;
}

/**
 * Why the packages must not be published under a tag: npm ties them to the repository that they name,
 * and users to the version that the tag names.
 */
export async function releaseProblems(tag: string): Promise<readonly string[]> {
  const { repository } = await manifestOf(".");
  const manifests = await Promise.all((await publicPackages()).map(manifestOf));
  const others = manifests.filter(({ version }) => `v${version}` !== tag);
  return [
    ...(repository === undefined
      ? ["package.json: expected the field repository, with the address of this repository"]
      : []),
    ...others.map(
      ({ name, version }) => `${name}: expected the version of ${tag}, found ${version}`,
    ),
  ];
}

function nameOf(path: string): string {
  return path.slice(path.search(/[^\\/]+$/));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { release: { type: "string" }, sizes: { type: "boolean", default: false } },
  });
  const problems = values.release === undefined ? [] : await releaseProblems(values.release);
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exitCode = 1;
    return;
  }
  const packed = await packPackages(PACKED);
  for (const { tarball, sha256, bytes } of packed) {
    console.log(`${sha256}  ${nameOf(tarball)}  ${bytes} bytes`);
  }
  if (values.sizes) await writeFile(SIZES, await sizesPage(packed));
}

if (import.meta.main) await main();
