import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Dependencies } from "./import-rules.ts";
import { PACKAGES } from "./import-table.ts";
import type { Source } from "./syntax.ts";

const REPOSITORY = join(import.meta.dirname, "../..");

/** Every TypeScript source of the packages. */
export async function packageSources(): Promise<readonly Source[]> {
  const lists = await Promise.all(
    Object.keys(PACKAGES).map(async (folder) => readSources(`${folder}/src`)),
  );
  return lists.flat();
}

/** Every TypeScript and JavaScript source of the repository that is written by hand or generated. */
export async function allSources(): Promise<readonly Source[]> {
  const folders = ["packages", "test", "scripts", "bench", "demo", "examples"];
  return (await Promise.all(folders.map(readSources))).flat();
}

/** What each package declares in its package.json. */
export async function packageDependencies(): Promise<Dependencies> {
  const entries = await Promise.all(
    Object.keys(PACKAGES).map(async (folder) => {
      const text = await readFile(join(REPOSITORY, folder, "package.json"), "utf8");
      const { dependencies } = JSON.parse(text) as { dependencies?: Record<string, string> };
      return [folder, Object.keys(dependencies ?? {})] as const;
    }),
  );
  return Object.fromEntries(entries);
}

async function readSources(folder: string): Promise<readonly Source[]> {
  const paths = globSync("**/*.{ts,mts,js,mjs}", {
    cwd: join(REPOSITORY, folder),
    exclude: isNotOurs,
  });
  return Promise.all(
    paths.toSorted().map(async (name) => ({
      path: `${folder}/${name.replaceAll(sep, "/")}`,
      text: await readFile(join(REPOSITORY, folder, name), "utf8"),
    })),
  );
}

function isNotOurs(name: string): boolean {
  return /(?:^|[\\/])(?:node_modules|dist|\.cache)$/.test(name);
}
