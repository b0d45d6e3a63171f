/** The packages of this repository that are published, and what they need to be built. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What packages.json files of this repository say, as far as scripts ask. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly repository?: { readonly type: string; readonly url: string };
}

/** Where this repository is. */
export const REPOSITORY: string = join(import.meta.dirname, "..");

/** The manifest of a folder of this repository. */
export async function manifestOf(folder: string): Promise<Manifest> {
  const text = await readFile(join(REPOSITORY, folder, "package.json"), "utf8");
  return JSON.parse(text) as Manifest;
}

/** The folders of the packages that are published, each after those that it needs. */
export async function publicPackages(): Promise<readonly string[]> {
  const { workspaces = [] } = await manifestOf(".");
  const manifests = await Promise.all(workspaces.map(manifestOf));
  return workspaces.filter((_folder, index) => manifests[index]?.private !== true);
}

/** The path of a command that an installed package brings, by the path of its manifest. */
export function commandOf(manifest: string, command: string): string {
  const { bin } = createRequire(manifest)(manifest) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const program = typeof bin === "string" ? bin : bin[command];
  if (program === undefined) throw new Error(`${manifest}: expected the command ${command}`);
  return join(dirname(manifest), program);
}
