/** pdm.lock: lock versions 4.0 to 4.5. */
import { type Field, readText } from "../bytes/fields.ts";
import { MAX_LOCK_FILES } from "../limits.ts";
import type { DistributionSource, LockedFile } from "../model.ts";
import { normalizeName } from "../names/project.ts";
import {
  type Entry,
  readEntries,
  readFlag,
  readList,
  readOptionalText,
  readTable,
  tomlDocument,
  unsupportedVersion,
} from "./document.ts";
import { isOwnProject, type LockContent, type ReadEntry, readName, readVersion } from "./entry.ts";
import { readFile } from "./file.ts";
import { readPrefixedHash } from "./hash.ts";
import { filesOf, type OldFiles, readOldFiles, requireAllUsed } from "./old-files.ts";
import { isArchive } from "./path.ts";
import { invalid, ofLock } from "./refuse.ts";
import { pathSource, UNNAMED_INDEX, urlSource, VCS_NAMES, vcsSource } from "./source.ts";
import type { LockText } from "./text.ts";

const VERSION = /^4\.[0-5](?:\.[0-9]+)?$/;
const HEADER = /^[ \t]*\[\[[ \t]*package[ \t]*\]\]/gm;
const IGNORED_IN_METADATA = [
  "content_hash",
  "cross_platform",
  "groups",
  "inherit_metadata",
  "lock_inputs",
  "static_urls",
  "strategy",
  "targets",
];
const IGNORED_IN_PACKAGE = [
  "dependencies",
  "extras",
  "groups",
  "marker",
  "requires_python",
  "summary",
  "targets",
];
/** How pdm writes the folder of the project into URLs. */
const PROJECT_ROOT = /^file:\/\/\/\$\{PROJECT_ROOT\}(?:\/|$)/;

type PackageTable = Readonly<
  Partial<Record<(typeof VCS_NAMES)[number] | (typeof SOURCE_KEYS)[number], Field>>
>;

const SOURCE_KEYS = ["path", "url", "ref", "revision", "subdirectory", "editable"] as const;

/** Reads a pdm.lock. */
export function readPdmLock(lock: LockText): LockContent {
  const root = readTable(tomlDocument(lock), ["metadata"], ["package"]);
  const metadata = readTable(root.metadata, ["lock_version"], ["files"], IGNORED_IN_METADATA);
  if (!VERSION.test(readText(metadata.lock_version))) {
    unsupportedVersion(lock, "lock_version", metadata.lock_version, "lock_version 4.0 to 4.5");
  }
  const oldFiles = readOldFiles(metadata.files, oldKey, (field) => readPdmFile(lock, field));
  const entries = readEntries(lock, root.package, HEADER).map((entry) =>
    readPackage(lock, entry, oldFiles),
  );
  requireAllUsed(
    oldFiles,
    new Set(entries.map(({ distribution: { name, version: its } }) => `${name} ${its}`)),
  );
  return { entries };
}

/** In older locks files stand under `NAME VERSION`. */
function oldKey(key: string, where: string): string {
  const space = key.indexOf(" ");
  if (space === -1) invalid(where, "expected a name and a version as key");
  const name = ofLock(where, () => normalizeName(key.slice(0, space)));
  return `${name} ${key.slice(space + 1)}`;
}

function readPackage(lock: LockText, { field, line }: Entry, oldFiles: OldFiles | null): ReadEntry {
  const table = readTable(
    field,
    ["name"],
    ["version", "files", ...SOURCE_KEYS, ...VCS_NAMES],
    IGNORED_IN_PACKAGE,
  );
  const name = readName(table.name);
  const version = readVersion(table.version);
  const files =
    table.files === undefined
      ? filesOf(oldFiles, `${name} ${version}`)
      : readList(table.files, MAX_LOCK_FILES).map((each) => readPdmFile(lock, each));
  const { source, member } = readSource(lock, table, field.path);
  return { where: field.path, distribution: { name, version, source, files, member, line } };
}

function readSource(
  lock: LockText,
  table: PackageTable,
  where: string,
): { readonly source: DistributionSource; readonly member: boolean } {
  const keys = ([...VCS_NAMES, "path", "url"] as const).filter((key) => table[key] !== undefined);
  if (keys.length > 1) invalid(where, `expected one source, found ${keys.join(", ")}`);
  const vcs = VCS_NAMES.find((key) => table[key] !== undefined);
  const subdirectory = readOptionalText(table.subdirectory);
  if (vcs !== undefined) {
    const details = {
      revision: readOptionalText(table.revision),
      requested: readOptionalText(table.ref),
      subdirectory,
    };
    const url = readOptionalText(table[vcs]) ?? "";
    return { source: vcsSource(vcs, url, details, where), member: false };
  }
  const url = readOptionalText(table.url);
  const inProject = url !== null && PROJECT_ROOT.test(url);
  if (url !== null && !inProject) {
    return { source: urlSource(url, subdirectory, where), member: false };
  }
  const path = inProject ? url.replace(PROJECT_ROOT, "./") : readOptionalText(table.path);
  if (path === null) {
    if (readFlag(table.editable)) invalid(where, "expected a path or repository, found none");
    return { source: UNNAMED_INDEX, member: false };
  }
  const kind = readFlag(table.editable) ? "editable" : isArchive(path) ? "path" : "directory";
  const source = pathSource(kind, path, subdirectory, lock, where);
  return { source, member: isOwnProject(source, path) };
}

function readPdmFile(lock: LockText, field: Field): LockedFile {
  const table = readTable(field, ["hash"], ["file", "url"]);
  return readFile(
    { name: readOptionalText(table.file), url: readOptionalText(table.url), path: null },
    { hashes: [readPrefixedHash(readText(table.hash), field.path)], size: null },
    lock.folder,
    field.path,
  );
}
