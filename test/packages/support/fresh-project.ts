/** Fresh projects, which have the packed packages from their files and all else from the registry. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fetchPackage } from "../../../scripts/fetch-package.ts";
import { type PackedPackage, packPackages } from "../../../scripts/pack-packages.ts";
import { REPOSITORY } from "../../../scripts/packages.ts";
import { run } from "../../real/python.ts";

/** A package manager, as it is started. */
export interface Manager {
  readonly name: string;
  readonly file: string;
  readonly parameters: readonly string[];
}

/** A project, or why there is none and what helps. */
export type FreshProject = { readonly folder: string } | { readonly missing: string };

/** Milliseconds for packing, and for installing from a registry. */
export const PATIENCE = 300_000;

const CACHE = join(REPOSITORY, ".cache");
const PNPM = "12.21.0";
/** Errors of a machine that has no registry. */
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET/;

/** Packs the packages for the tests of a file. Their folder is the test's to remove. */
export async function packFor(
  name: string,
): Promise<{ readonly folder: string; readonly packed: readonly PackedPackage[] }> {
  const folder = join(CACHE, `packages-${name}-${process.pid}`);
  try {
    return { folder, packed: await packPackages(folder) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The machine's npm, and pnpm. */
export async function managers(): Promise<readonly (Manager | { readonly missing: string })[]> {
  const script = process.env["npm_execpath"];
  const npm =
    script !== undefined && /npm-cli\.c?js$/.test(script)
      ? { file: process.execPath, parameters: [script] }
      : { file: "npm", parameters: [] };
  const pnpm = await fetchPackage(join(CACHE, "pnpm", PNPM), `pnpm@${PNPM}`, "bin/pnpm.mjs");
  return [
    { name: "npm", ...npm },
    pnpm === null
      ? { missing: `pnpm@${PNPM} cannot be fetched; to run this: npm view pnpm, where it answers` }
      : { name: "pnpm", file: process.execPath, parameters: [pnpm] },
  ];
}

/** Installs the packed packages into a new folder, as their users would, once they are published. */
export async function freshProject(
  manager: Manager,
  packed: readonly PackedPackage[],
  others: Readonly<Record<string, string>> = {},
): Promise<FreshProject> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pubpin-packages-")));
  const files = Object.fromEntries(
    packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  );
  const manifest = {
    name: "fresh",
    private: true,
    type: "module",
    dependencies: { ...files, ...others },
    overrides: Object.fromEntries(Object.keys(files).map((name) => [name, `$${name}`])),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const overrides = Object.entries(files).map(([name, file]) => `  "${name}": "${file}"\n`);
  writeFileSync(join(folder, "pnpm-workspace.yaml"), `overrides:\n${overrides.join("")}`);
  try {
    await run(manager.file, [...manager.parameters, "install", "--prefer-offline"], {
      cwd: folder,
      env: environment(),
    });
    return { folder };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!NO_REGISTRY.test(String(error))) throw error;
    return { missing: "no registry answers; to run this: npm ping, and set one that does" };
  }
}

/** The machine's own settings, without those of the npm that runs the tests. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_(?:config_)?local_/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    npm_config_cache: join(CACHE, "npm"),
    npm_config_store_dir: join(CACHE, "pnpm/store"),
    CI: "true",
  };
}
