/**
 * `npm run pack:hook`: makes the root of the repository that pre-commit and prek install the hook
 * from. It has one program, no dependencies and no scripts: this repository's own root, with its
 * workspaces, cannot be installed from a Git URL.
 */
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleHook } from "./bundle-hook.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

const REPOSITORY = join(import.meta.dirname, "..");
const PACKAGE = join(REPOSITORY, "packages/precommit");
const PROGRAM = "pubpin-precommit.js";
const COPIED = [".pre-commit-hooks.yaml", "README.md", "LICENSE"];
/** Where the command puts it. */
const PACKED = join(REPOSITORY, ".cache/hook");

/** Fills a folder with the root; what was in it before is gone. The same sources give the same bytes. */
export async function packHook(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await bundleHook(join(folder, PROGRAM));
  await chmod(join(folder, PROGRAM), 0o755);
  await Promise.all(COPIED.map((name) => copyFile(join(PACKAGE, name), join(folder, name))));
  await writeFile(join(folder, "package.json"), await manifest());
}

async function manifest(): Promise<string> {
  const text = await readFile(join(PACKAGE, "package.json"), "utf8");
  const { name, version, license, engines } = JSON.parse(text) as Manifest;
  const description = "Refuses changed Python lock files unless their publishers were reviewed.";
  const packed = {
    name,
    version,
    description,
    license,
    type: "module",
    bin: { [name]: PROGRAM },
    engines,
  };
  return `${JSON.stringify(packed, null, 2)}\n`;
}

if (import.meta.main) {
  await packHook(PACKED);
  console.log(`packed the hook: ${PACKED}`);
}
