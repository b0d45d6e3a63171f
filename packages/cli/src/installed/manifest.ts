/**
 * What this program has verified and then seen installed, by environment. It lies in the user's
 * cache and not in the environment: a wheel can bring files into the environment's folder without
 * running any code. Without it everything is installed again.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { updateFile } from "../node/atomic-write.ts";
import { cacheFolder } from "../node/cache-folder.ts";
import type { Environment } from "../node/environment.ts";
import { readIfPresent, removeIfAny } from "../node/file-steps.ts";
import { MAX_MANIFEST_BYTES } from "../node/limits.ts";
import type { ExpectedInstall, PythonEnvironment } from "./types.ts";

/** What is known of one installed distribution. */
export interface Remembered extends ExpectedInstall {
  /** SHA-256 of the bytes of its RECORD. */
  readonly record: string;
  /** Its files as they were when they agreed with RECORD; see `sealOf`. */
  readonly seal: string | null;
}

/** Where what is known of an environment is kept; null where there is no cache folder. */
export type ManifestPlace = string | null;

const SCHEMA = "pubpin-installed/1";
const FOLDER = "installed-v1";
const ONLY_MINE = 0o700;

/**
 * The file for an environment.
 *
 * @param env the variables by which the cache folder is found; null where nothing is kept
 */
export function manifestPlace(
  env: Environment | null,
  { sitePackages }: PythonEnvironment,
): ManifestPlace {
  const base = env === null ? null : cacheFolder(env);
  if (base === null) return null;
  const key = createHash("sha256").update(sitePackages.join("\0")).digest("hex");
  return join(base, FOLDER, `${key}.json`);
}

/**
 * What is known, by normalised name. A file that is none of ours, or not this user's, counts as
 * empty: then everything is installed again.
 */
export function readManifest(place: ManifestPlace): ReadonlyMap<string, Remembered> {
  if (place === null || !isOwn(place)) return new Map();
  try {
    const bytes = readIfPresent(place, MAX_MANIFEST_BYTES, place)?.bytes;
    return bytes === undefined ? new Map() : parseManifest(bytes.toString("utf8"));
  } catch {
    return new Map();
  }
}

/**
 * Replaces what is known of an environment, and forgets environments that are gone.
 *
 * @throws FILE_UNREADABLE FILE_UNWRITABLE FILE_CHANGED_MEANWHILE
 */
export async function writeManifest(
  place: string,
  { sitePackages }: PythonEnvironment,
  remembered: readonly Remembered[],
): Promise<void> {
  mkdirSync(dirname(place), { recursive: true, mode: ONLY_MINE });
  const text = `${JSON.stringify({ schema: SCHEMA, sitePackages, distributions: remembered })}\n`;
  await updateFile(place, () => text, { maxBytes: Number.POSITIVE_INFINITY });
  forgetGone(dirname(place));
}

function forgetGone(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const sites = name.endsWith(".json") ? sitesOf(path) : [];
    if (sites.length > 0 && !sites.some((site) => existsSync(site))) removeIfAny(path);
  }
}

function sitesOf(path: string): readonly string[] {
  try {
    const bytes = readIfPresent(path, MAX_MANIFEST_BYTES, path)?.bytes;
    const { sitePackages } = JSON.parse(bytes?.toString("utf8") ?? "{}") as Partial<Manifest>;
    return Array.isArray(sitePackages) ? textsOf(sitePackages) : [];
  } catch {
    return [];
  }
}

/** Where the system has owners, somebody else's file says nothing. */
function isOwn(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (process.getuid === undefined || stats.uid === process.getuid());
}

interface Manifest {
  readonly schema: unknown;
  readonly sitePackages: unknown;
  readonly distributions: unknown;
}

function parseManifest(text: string): ReadonlyMap<string, Remembered> {
  const { schema, distributions } = JSON.parse(text) as Partial<Manifest>;
  if (schema !== SCHEMA || !Array.isArray(distributions)) return new Map();
  const known = (distributions as readonly Partial<Remembered>[]).flatMap(readRemembered);
  return new Map(known.map((each) => [each.name, each]));
}

function readRemembered(value: Partial<Remembered>): readonly Remembered[] {
  const { name, version = null, sha256, basis = null, record, seal = null } = value;
  const texts = [version, basis, seal].every((each) => each === null || typeof each === "string");
  if (typeof name !== "string" || typeof record !== "string" || !texts) return [];
  if (!Array.isArray(sha256)) return [];
  return [{ name, version, basis, record, seal, sha256: textsOf(sha256) }];
}

function textsOf(list: readonly unknown[]): readonly string[] {
  return list.filter((each) => typeof each === "string");
}
