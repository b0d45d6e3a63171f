/** The distributions of an environment, as they lie there: nothing of this is trusted. */
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail, normalizeName, PubpinError } from "@pubpin/shared";
import { readIfPresent } from "../node/file-steps.ts";
import { MAX_METADATA_BYTES, MAX_RECORD_BYTES } from "../node/limits.ts";
import { describeSystemError, systemCode } from "../node/read-file.ts";
import { parseRecord } from "./record.ts";
import type { InstalledDistribution, PythonEnvironment } from "./types.ts";

/** What installers leave: folders of today, and files and folders of before. */
const METADATA_PLACE =
  /^(?<name>.+?)(?:-(?<version>[^-]+).*)?\.(?<kind>dist-info|egg-info|egg-link|egg)$/;
const HEADER = /^(?<key>Name|Version):[ \t]*(?<value>.*?)[ \t]*$/gim;

/**
 * Lists what is installed in the site-packages of an environment. What has no RECORD, or one that
 * cannot be read, is listed too, with what is wrong.
 *
 * @throws FILE_UNREADABLE for a site-packages that may not be looked into
 */
export function scanInstalled({
  sitePackages,
}: PythonEnvironment): readonly InstalledDistribution[] {
  return sitePackages.flatMap((site) =>
    entriesOf(site).flatMap(({ name }) => {
      const place = METADATA_PLACE.exec(name)?.groups;
      return place === undefined ? [] : [readOne(site, name, place)];
    }),
  );
}

/**
 * What is in a folder; nothing where there is none.
 *
 * @throws FILE_UNREADABLE for a folder that may not be looked into
 */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    const found = describeSystemError(error);
    return fail("FILE_UNREADABLE", `${folder}: expected a folder, found ${found}`, error);
  }
}

function readOne(
  site: string,
  entry: string,
  place: Readonly<Record<string, string | undefined>>,
): InstalledDistribution {
  const folder = join(site, entry);
  const claimed = { name: place["name"] ?? entry, version: place["version"] ?? null };
  const base = { site, folder, name: nameOf(claimed.name), version: claimed.version };
  if (place["kind"] !== "dist-info") {
    return { ...base, record: null, flaw: `${entry}: it was installed without a RECORD` };
  }
  try {
    const metadata = headersOf(join(folder, "METADATA"), entry);
    const named = { ...base, name: nameOf(metadata.name), version: metadata.version };
    if (named.name !== base.name) {
      return { ...named, record: null, flaw: `${entry}: its METADATA says ${metadata.name}` };
    }
    return { ...named, record: readRecord(join(folder, "RECORD"), `${entry}/RECORD`), flaw: null };
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return { ...base, record: null, flaw: error.message };
  }
}

/** Names that are none are kept: they are no one's, and must not hide. */
function nameOf(name: string): string {
  try {
    return normalizeName(name);
  } catch {
    return name;
  }
}

function headersOf(
  path: string,
  entry: string,
): { readonly name: string; readonly version: string | null } {
  const what = `${entry}/METADATA`;
  const found = readIfPresent(path, MAX_METADATA_BYTES, what);
  if (found === null) fail("RECORD_INVALID", `${what}: there is none`);
  const [headers = ""] = found.bytes.toString("utf8").split(/\r?\n\r?\n/, 1);
  const values = new Map<string, string>();
  for (const { groups } of headers.matchAll(HEADER)) {
    const key = groups?.["key"]?.toLowerCase() ?? "";
    if (values.has(key)) fail("RECORD_INVALID", `${what}: ${key} is there twice`);
    values.set(key, groups?.["value"] ?? "");
  }
  const name = values.get("name");
  if (name === undefined) fail("RECORD_INVALID", `${what}: it says no name`);
  return { name, version: values.get("version") ?? null };
}

function readRecord(path: string, what: string): InstalledDistribution["record"] {
  const found = readIfPresent(path, MAX_RECORD_BYTES, what);
  if (found === null) fail("RECORD_INVALID", `${what}: there is none`);
  return {
    sha256: createHash("sha256").update(found.bytes).digest("hex"),
    entries: parseRecord(found.bytes, what),
    identity: identityOf(path),
  };
}

/** Nobody but the system sets the time of the last change of a file's entry (ctime). */
function identityOf(path: string): string {
  const { ino, ctimeNs, mtimeNs, size } = statSync(path, { bigint: true });
  return [ino, ctimeNs, mtimeNs, size].join(" ");
}

/**
 * What {@link scanInstalled} lists, by its folder and the identity of its RECORD alone, of which nothing
 * is read.
 *
 * @throws FILE_UNREADABLE for a site-packages that may not be looked into
 */
export function installedIdentities({ sitePackages }: PythonEnvironment): readonly string[] {
  const found = sitePackages.flatMap((site) =>
    entriesOf(site).flatMap(({ name }) => (METADATA_PLACE.test(name) ? [join(site, name)] : [])),
  );
  return found.map((folder) => `${folder} ${identityIfAny(join(folder, "RECORD"))}`);
}

function identityIfAny(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? "" : identityOf(path);
}

/** What the files of a distribution are by their entries in the file system; null if one is absent. */
export function sealOf({ site, record }: InstalledDistribution): string | null {
  if (record === null) return null;
  const hash = createHash("sha256").update(record.sha256);
  for (const { path } of record.entries) {
    const stats = statSync(join(site, path), { bigint: true, throwIfNoEntry: false });
    // Bytecode is written when it is first needed.
    if (stats === undefined && !isBytecode(path)) return null;
    if (stats === undefined || isBytecode(path)) continue;
    hash.update(`${path}\0${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}\n`);
  }
  return hash.digest("hex");
}

/** Whether a path is one where Python keeps what it has compiled, by itself. */
export function isBytecode(path: string): boolean {
  return /(?:^|\/)__pycache__\/[^/]+\.pyc$/.test(path);
}

/** SHA-256 of a file in hexadecimal; null where there is none that can be read. */
export function digestOfFile(path: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return null;
  }
}
