/** Whether what is installed is what its RECORD says, and nothing else. */
import { join, relative, sep } from "node:path";
import { digestOfFile, entriesOf, isBytecode } from "./scan.ts";
import type { InstalledDistribution, PythonEnvironment, RecordEntry } from "./types.ts";

/** A file that Python would run and that no RECORD names. */
export interface Stray {
  /** Absolute. */
  readonly path: string;
  /** The distributions in whose folders it lies; none for what runs whenever Python starts. */
  readonly owners: readonly string[];
}

/** What Python runs or loads; what links lead to may be anything. */
const CODE = /\.(?:py|pyw|pyc|pyo|pyd|so(?:\.[0-9.]+)?|dll|dylib|pth|egg-link)$/i;
/** Directly in site-packages: run whenever Python starts (module `site`). */
const AT_START = /^(?:.+\.pth|(?:sitecustomize|usercustomize)(?:\.[^/]+)?)$/i;
/** What virtualenv and uv put into each new environment, without a RECORD. */
const OF_ENVIRONMENT = /^_virtualenv\.(?:pth|py)$/;

/**
 * What of a distribution is not as its RECORD says: files that are gone or differ, and files of
 * which it gives no hash, its bytecode and itself apart. Bytecode is not looked at.
 */
export function findTampering(distribution: InstalledDistribution): readonly string[] {
  const { record, flaw, site, folder } = distribution;
  if (record === null) return [flaw ?? "it has no RECORD"];
  const own = `${relative(site, folder).split(sep).join("/")}/RECORD`;
  const isThere = record.entries.some(({ path }) => path === own);
  const found = record.entries.flatMap((entry) =>
    entry.path === own || isBytecode(entry.path) ? [] : (flawOf(entry, site) ?? []),
  );
  return isThere ? found : ["its RECORD does not name itself", ...found];
}

function flawOf({ path, sha256 }: RecordEntry, site: string): string | null {
  if (sha256 === null) return `${path}: its RECORD gives no hash`;
  const found = digestOfFile(join(site, path));
  if (found === null) return `${path}: it is gone, or cannot be read`;
  return found === sha256 ? null : `${path}: its bytes are others than its RECORD says`;
}

/**
 * Files that no RECORD names: code in the folders of distributions, anything in their `.dist-info`,
 * and what runs whenever Python starts.
 *
 * @throws FILE_UNREADABLE for a folder that may not be looked into
 */
export function findStrays(
  { sitePackages }: PythonEnvironment,
  distributions: readonly InstalledDistribution[],
): readonly Stray[] {
  return sitePackages.flatMap((site) => {
    const here = distributions.filter((each) => each.site === site);
    const paths = here.flatMap(({ record }) => record?.entries ?? []).map(({ path }) => path);
    const named: ReadonlySet<string> = new Set(paths);
    const owners = ownersOf(here);
    const inFolders = [...owners].flatMap(([folder, names]) =>
      codeIn(site, folder, folder.endsWith(".dist-info"))
        .filter((path) => !named.has(path))
        .map((path) => ({ path: join(site, path), owners: [...names] })),
    );
    const atStart = entriesOf(site)
      .filter(({ name }) => AT_START.test(name) && !OF_ENVIRONMENT.test(name))
      .filter(({ name }) => !named.has(name) && !owners.has(name))
      .map(({ name }) => ({ path: join(site, name), owners: [] }));
    return [...inFolders, ...atStart];
  });
}

/** The folders directly in a site-packages that hold files of its distributions, with these. */
function ownersOf(
  distributions: readonly InstalledDistribution[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { name, record } of distributions) {
    for (const { path } of record?.entries ?? []) {
      const end = path.indexOf("/");
      const folder = path.slice(0, Math.max(end, 0));
      if (folder === "" || folder === ".." || folder === "__pycache__") continue;
      const known = owners.get(folder);
      if (known === undefined) owners.set(folder, new Set([name]));
      else known.add(name);
    }
  }
  return owners;
}

/**
 * The files in a folder and those below that are code, or all of them, as RECORD writes paths; links
 * are not followed.
 */
function codeIn(site: string, folder: string, isEvery: boolean): readonly string[] {
  const found: string[] = [];
  for (const entry of entriesOf(join(site, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...codeIn(site, path, isEvery));
    else if (isBytecode(path)) continue;
    else if (isEvery || entry.isSymbolicLink() || CODE.test(entry.name)) found.push(path);
  }
  return found;
}
