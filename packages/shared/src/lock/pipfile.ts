/** Pipfile.lock, pipfile-spec 6. */
import { type Field, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { MAX_LOCK_FILES } from "../limits.ts";
import type {
  Distribution,
  DistributionSource,
  Hash,
  InstallDirective,
  LockedFile,
} from "../model.ts";
import { normalizeName } from "../names/project.ts";
import {
  jsonDocument,
  readFlag,
  readList,
  readNamed,
  readOptionalText,
  readTable,
  unsupportedVersion,
} from "./document.ts";
import {
  checkVersion,
  hashOnlyFile,
  isOwnProject,
  type LockContent,
  type ReadEntry,
} from "./entry.ts";
import { readFile } from "./file.ts";
import { readPrefixedHash } from "./hash.ts";
import { jsonKeyLines } from "./json-lines.ts";
import { isArchive } from "./path.ts";
import { invalid, ofLock } from "./refuse.ts";
import { pathSource, urlSource, VCS_NAMES, vcsSource } from "./source.ts";
import type { LockText } from "./text.ts";
import { looksLikeUrl, readIndexUrl, readUrl } from "./url.ts";

const META = "_meta";
const SPEC = 6n;
/** Extras and markers, in all their spellings (PEP 508). */
const IGNORED_IN_PACKAGE = [
  "extras",
  "markers",
  "os_markers",
  "os_name",
  "sys_platform",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_version",
  "python_full_version",
  "implementation_name",
  "implementation_version",
];
const SOURCE_KEYS = ["path", "file", ...VCS_NAMES] as const;
const PACKAGE_KEYS = [
  ...SOURCE_KEYS,
  "version",
  "hashes",
  "index",
  "ref",
  "subdirectory",
  "editable",
  "no_binary",
] as const;

type PackageTable = Readonly<Partial<Record<(typeof PACKAGE_KEYS)[number], Field>>>;

/** The indexes of a lock by their names, in their order. */
type Indexes = ReadonlyMap<string, string>;

/** Reads a Pipfile.lock. */
export function readPipfileLock(lock: LockText): LockContent {
  const document = jsonDocument(lock);
  const sections = readNamed(document);
  const meta = sections.find(([key]) => key === META)?.[1];
  if (meta === undefined) return invalid(lock.path, "expected _meta, found none");
  const { indexes, directives } = readMeta(lock, meta);
  const lineOf = jsonKeyLines(lock.text);
  const packages = sections
    .filter(([key]) => key !== META)
    .flatMap(([section, field]) =>
      readNamed(field).map(([key, each]) => ({ key, field: each, line: lineOf(section, key) })),
    );
  const read = packages.map(({ key, field, line }) => readPackage(lock, key, field, line, indexes));
  return {
    entries: read.map(({ entry }) => entry),
    directives: [...directives, ...read.flatMap(({ directive }) => directive)],
  };
}

function readMeta(
  lock: LockText,
  field: Field,
): { readonly indexes: Indexes; readonly directives: readonly InstallDirective[] } {
  const meta = readTable(field, ["pipfile-spec", "sources"], [], ["hash", "requires"]);
  if (meta["pipfile-spec"].value !== SPEC) {
    unsupportedVersion(lock, "pipfile-spec", meta["pipfile-spec"], "pipfile-spec 6");
  }
  const indexes = new Map<string, string>();
  const directives: InstallDirective[] = [];
  for (const [position, each] of readList(meta.sources).entries()) {
    const source = readTable(each, ["url"], ["name", "verify_ssl"]);
    const url = readText(source.url);
    const name = readOptionalText(source.name) ?? `#${position}`;
    indexes.set(name, readIndexUrl(url, lock.logins, each.path));
    if (source.verify_ssl !== undefined && !readFlag(source.verify_ssl)) {
      const [, host = ""] = readUrl(url, each.path).base.split("//");
      const [value = ""] = host.split("/");
      directives.push({ option: "--trusted-host", value, line: null });
    }
  }
  return { indexes, directives };
}

function readPackage(
  lock: LockText,
  key: string,
  field: Field,
  line: number | null,
  indexes: Indexes,
): { readonly entry: ReadEntry; readonly directive: readonly InstallDirective[] } {
  const where = line === null ? field.path : `${lock.path}, line ${line}, package ${quote(key)}`;
  const table = readTable({ ...field, path: where }, [], PACKAGE_KEYS, IGNORED_IN_PACKAGE);
  const name = ofLock(where, () => normalizeName(key));
  const hashes = readList(table.hashes, MAX_LOCK_FILES).map((each) =>
    readPrefixedHash(readText(each), each.path),
  );
  const origin = readOrigin(lock, table, hashes, indexes, where);
  const distribution = { name, version: readPinned(table.version), ...origin, line };
  const directive = readFlag(table.no_binary) ? [{ option: "--no-binary", value: name, line }] : [];
  return { entry: { where, distribution }, directive };
}

function readOrigin(
  lock: LockText,
  table: PackageTable,
  hashes: readonly Hash[],
  indexes: Indexes,
  where: string,
): Pick<Distribution, "source" | "files" | "member"> {
  const [key, ...more] = SOURCE_KEYS.filter((each) => table[each] !== undefined);
  if (more.length > 0) invalid(where, `expected one source, found ${[key, ...more].join(", ")}`);
  const subdirectory = readOptionalText(table.subdirectory);
  const given = key === undefined ? null : readOptionalText(table[key]);
  if (key === undefined || given === null) {
    const source = indexOf(table.index, indexes);
    return { source, files: hashes.map(hashOnlyFile), member: false };
  }
  if (key === "path" || key === "file") {
    const isEditable = readFlag(table.editable);
    const source = localSource(lock, given, isEditable, subdirectory, where);
    const files = hashes.length === 0 ? [] : [archiveFile(lock, given, hashes, where)];
    return { source, files, member: isOwnProject(source, given) };
  }
  const details = { revision: readOptionalText(table.ref), requested: null, subdirectory };
  return { source: vcsSource(key, given, details, where), files: [], member: false };
}

function localSource(
  lock: LockText,
  given: string,
  isEditable: boolean,
  subdirectory: string | null,
  where: string,
): DistributionSource {
  if (looksLikeUrl(given)) return urlSource(given, subdirectory, where);
  const kind = isEditable ? "editable" : isArchive(given) ? "path" : "directory";
  return pathSource(kind, given, subdirectory, lock, where);
}

function archiveFile(
  lock: LockText,
  given: string,
  hashes: readonly Hash[],
  where: string,
): LockedFile {
  const place = looksLikeUrl(given)
    ? { name: null, url: given, path: null }
    : { name: null, url: null, path: given };
  return readFile(place, { hashes, size: null }, lock.folder, where);
}

/** pip is given every index of the lock for a package that names none. */
function indexOf(field: Field | undefined, indexes: Indexes): DistributionSource {
  const name = readOptionalText(field);
  if (name === null) {
    const [url = null, ...alternatives] = indexes.values();
    return { kind: "index", url, alternatives };
  }
  const url = indexes.get(name);
  if (url !== undefined) return { kind: "index", url, alternatives: [] };
  return invalid(field?.path ?? "", `expected the name of a source in _meta, found ${quote(name)}`);
}

function readPinned(field: Field | undefined): string | null {
  if (field === undefined) return null;
  const version = readText(field);
  if (!/^==(?!=)/.test(version)) {
    return invalid(field.path, `expected a version pinned with ==, found ${quote(version)}`);
  }
  return checkVersion(version.slice(2), field.path);
}
