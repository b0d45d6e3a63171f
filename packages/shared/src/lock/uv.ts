/** uv.lock and the locks of uv's scripts: version 1, revisions 0 to 5. */
import { type CanonicalValue, canonicalJson } from "../bytes/canonical.ts";
import { type Field, readText } from "../bytes/fields.ts";
import type { JsonValue } from "../bytes/json.ts";
import { MAX_LOCK_FILES } from "../limits.ts";
import type { DistributionSource, InstallDirective, LockedFile } from "../model.ts";
import {
  type Entry,
  readEntries,
  readList,
  readOptionalText,
  readSize,
  readTable,
  tomlDocument,
  unsupportedVersion,
} from "./document.ts";
import { isOwnProject, type LockContent, type ReadEntry, readName, readVersion } from "./entry.ts";
import { type FilePlace, readFile } from "./file.ts";
import { readPrefixedHash } from "./hash.ts";
import { isAbsolute } from "./path.ts";
import { invalid, unsupported } from "./refuse.ts";
import { gitQuerySource, indexSource, pathSource, urlSource } from "./source.ts";
import type { LockText } from "./text.ts";
import { looksLikeUrl } from "./url.ts";

const VERSION = 1n;
const LAST_REVISION = 5n;
const HEADER = /^[ \t]*\[\[[ \t]*package[ \t]*\]\]/gm;
/** Headers and what the resolver was told: they have no say in what is installed. */
const IGNORED = [
  "requires-python",
  "resolution-markers",
  "supported-markers",
  "required-markers",
  "conflicts",
  "options",
];
const IGNORED_IN_MANIFEST = [
  "requirements",
  "dependency-groups",
  "constraints",
  "overrides",
  "excludes",
  "dependency-metadata",
];
const IGNORED_IN_PACKAGE = [
  "dependencies",
  "optional-dependencies",
  "dev-dependencies",
  "dependency-groups",
  "metadata",
  "resolution-markers",
];
const IGNORED_IN_FILE = ["upload-time", "upload_time"];
const SOURCES = ["registry", "git", "url", "path", "directory", "editable", "virtual"] as const;

/** A source with the text that the lock writes for it. */
interface UvSource {
  readonly kind: (typeof SOURCES)[number];
  readonly given: string;
  readonly source: DistributionSource;
}

/** Reads a uv.lock. */
export function readUvLock(lock: LockText): LockContent {
  const document = tomlDocument(lock);
  const root = readTable(document, ["version"], ["revision", "manifest", "package"], IGNORED);
  if (root.version.value !== VERSION) {
    unsupportedVersion(lock, "version", root.version, "lock version 1");
  }
  requireRevision(lock, root.revision);
  const manifest =
    root.manifest === undefined
      ? {}
      : readTable(root.manifest, [], ["members", "build-constraints"], IGNORED_IN_MANIFEST);
  const members = new Set(readList(manifest.members).map(readName));
  return {
    entries: readEntries(lock, root.package, HEADER).map((entry) =>
      readPackage(lock, entry, members),
    ),
    directives: readList(manifest["build-constraints"]).map(buildConstraint),
  };
}

function requireRevision(lock: LockText, field: Field | undefined): void {
  if (field === undefined) return;
  const revision = field.value;
  if (typeof revision !== "bigint" || revision < 0n || revision > LAST_REVISION) {
    unsupportedVersion(lock, "revision", field, `a revision from 0 to ${LAST_REVISION}`);
  }
}

/** What sdists are built with is installed, too, and run. */
function buildConstraint({ value }: Field): InstallDirective {
  return { option: "--build-constraint", value: canonicalJson(asLists(value ?? null)), line: null };
}

/** The same value with sorted lists of pairs for tables. */
function asLists(value: JsonValue): CanonicalValue {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(asLists);
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, asLists(each)]);
}

function readPackage(
  lock: LockText,
  { field, line }: Entry,
  members: ReadonlySet<string>,
): ReadEntry {
  const table = readTable(
    field,
    ["name", "source"],
    ["version", "sdist", "wheels"],
    IGNORED_IN_PACKAGE,
  );
  const name = readName(table.name);
  const origin = readSource(lock, table.source);
  const files = [table.sdist ?? [], readList(table.wheels, MAX_LOCK_FILES)]
    .flat()
    .map((each) => readUvFile(lock, each, origin));
  const { kind, given, source } = origin;
  return {
    where: field.path,
    distribution: {
      name,
      version: readVersion(table.version),
      source,
      files,
      member:
        isOwnProject(source, given) || (members.has(name) && isFolder(kind) && isWithin(given)),
      line,
    },
  };
}

function readSource(lock: LockText, field: Field): UvSource {
  const table = readTable(field, [], [...SOURCES, "subdirectory"]);
  const [kind, ...more] = SOURCES.filter((each) => table[each] !== undefined);
  const value = kind === undefined ? undefined : table[kind];
  if (kind === undefined || value === undefined || more.length > 0) {
    return invalid(field.path, `expected one source, found ${more.length === 0 ? "none" : "more"}`);
  }
  const given = readText(value);
  const subdirectory = readOptionalText(table.subdirectory);
  if (subdirectory !== null && kind !== "url") {
    unsupported(field.path, "expected a subdirectory with a URL only");
  }
  return { kind, given, source: makeSource(lock, kind, given, subdirectory, value.path) };
}

function makeSource(
  lock: LockText,
  kind: UvSource["kind"],
  given: string,
  subdirectory: string | null,
  where: string,
): DistributionSource {
  switch (kind) {
    case "registry":
      return indexSource(given, lock, where);
    case "git":
      return gitQuerySource(given, where);
    case "url":
      return urlSource(given, subdirectory, where);
    case "path":
    case "directory":
    case "editable":
    case "virtual":
      return pathSource(kind, given, null, lock, where);
  }
}

function readUvFile(lock: LockText, field: Field, origin: UvSource): LockedFile {
  const table = readTable(field, [], ["url", "path", "filename", "hash", "size"], IGNORED_IN_FILE);
  const hash = readOptionalText(table.hash);
  const place: FilePlace = {
    name: readOptionalText(table.filename),
    url: readOptionalText(table.url),
    path: readOptionalText(table.path),
  };
  return readFile(
    placeOf(place, origin, field.path),
    {
      hashes: hash === null ? [] : [readPrefixedHash(hash, field.path)],
      size: readSize(table.size),
    },
    place.path === null ? lock.folder : folderOf(lock, origin, field.path),
    field.path,
  );
}

/** A file of a direct source is that source, whatever else is not said of it. */
function placeOf(place: FilePlace, { kind, given }: UvSource, where: string): FilePlace {
  switch (kind) {
    case "registry":
      return place;
    case "url":
      return { ...place, url: place.url ?? given };
    case "path":
      return { ...place, path: given };
    case "git":
    case "directory":
    case "editable":
    case "virtual":
      return unsupported(where, `expected no files of a source that is built, found one`);
  }
}

/** Paths of files count from the folder that serves as index. */
function folderOf(lock: LockText, { kind, given }: UvSource, where: string): string {
  if (kind !== "registry") return lock.folder;
  if (looksLikeUrl(given)) {
    return invalid(where, "expected the URL of a file of an index that has a URL, found a path");
  }
  const folder = isAbsolute(given) ? given : lock.folder + given;
  return folder.endsWith("/") ? folder : `${folder}/`;
}

function isFolder(kind: UvSource["kind"]): boolean {
  return kind === "directory" || kind === "editable" || kind === "virtual";
}

/** Whether a path stays within the lock's own folder. */
function isWithin(path: string): boolean {
  return !isAbsolute(path) && !path.split("/").includes("..");
}
