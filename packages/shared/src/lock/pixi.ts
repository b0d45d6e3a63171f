/** The PyPI part of pixi.lock, versions 6 and 7. Conda packages are no business of an index. */
import { type Field, readArray, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { DEFAULT_INDEX_URL } from "../addresses.ts";
import { MAX_LOCK_ENTRIES } from "../limits.ts";
import type { Distribution, DistributionSource, Hash } from "../model.ts";
import {
  type Entry,
  parsedDocument,
  readEntries,
  readFlag,
  readList,
  readNamed,
  readOptionalText,
  readTable,
  unsupportedVersion,
} from "./document.ts";
import { isOwnProject, type LockContent, type ReadEntry, readName, readVersion } from "./entry.ts";
import { readFile } from "./file.ts";
import { readHash } from "./hash.ts";
import { isArchive } from "./path.ts";
import { invalid, unsupported } from "./refuse.ts";
import { gitQuerySource, pathSource, UNNAMED_INDEX, urlSource } from "./source.ts";
import type { LockText } from "./text.ts";
import { looksLikeUrl, readIndexUrl } from "./url.ts";

const VERSIONS: ReadonlySet<unknown> = new Set([6n, 7n]);
const NAMES_DEFAULT_INDEX = 7n;
const HEADER = /^- (?:conda|conda_source|pypi):/gm;
const IGNORED_IN_PACKAGE = ["requires_dist", "requires_python", "build_packages", "host_packages"];
const DIRECT = "direct+";
const GIT = "git+";

/** The indexes of the environments that use a package, by the text that names the package. */
type Indexes = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads a pixi.lock that was parsed by a YAML library: arrays, plain objects and scalars. */
export function readPixiLock(lock: LockText, parsed: unknown): LockContent {
  const document = parsedDocument(lock, parsed);
  const root = readTable(document, ["version", "environments", "packages"], ["platforms"]);
  const version = root.version.value;
  if (!VERSIONS.has(version)) {
    unsupportedVersion(lock, "version", root.version, "version 6 or 7");
  }
  const indexes = readEnvironments(lock, root.environments, version === NAMES_DEFAULT_INDEX);
  const packages = readEntries(lock, root.packages, HEADER).filter(({ field }) => isPypi(field));
  const known = new Set(packages.map(({ field }) => pypiOf(field)));
  for (const used of indexes.keys()) {
    if (!known.has(used)) {
      invalid(lock.path, `expected a package for ${quote(used)}, which an environment uses`);
    }
  }
  return { entries: packages.map((entry) => readPackage(lock, entry, indexes)) };
}

function readEnvironments(lock: LockText, field: Field, hasDefault: boolean): Indexes {
  const indexes = new Map<string, Set<string>>();
  for (const [, environment] of readNamed(field)) {
    const table = readTable(
      environment,
      ["packages"],
      ["indexes"],
      ["channels", "find-links", "options"],
    );
    const urls = readList(table.indexes).map((each) =>
      readIndexUrl(readText(each), lock.logins, each.path),
    );
    const its = urls.length === 0 && hasDefault ? [DEFAULT_INDEX_URL] : urls;
    const lists = readNamed(table.packages).map(([, list]) => readArray(list, MAX_LOCK_ENTRIES));
    for (const selector of lists.flat().filter(isPypi)) {
      const used = pypiOf(selector);
      indexes.set(used, new Set([...(indexes.get(used) ?? []), ...its]));
    }
  }
  return indexes;
}

/** Whether an entry is of PyPI and not of conda; it must be of one of them. */
function isPypi(field: Field): boolean {
  const keys = Object.keys(field.value ?? {});
  const kinds = ["conda", "conda_source", "pypi"].filter((kind) => keys.includes(kind));
  if (kinds.length !== 1) {
    unsupported(field.path, "expected one of the keys conda, conda_source and pypi");
  }
  return kinds[0] === "pypi";
}

function pypiOf({ value, path, code }: Field): string {
  const table = value as { readonly pypi: Field["value"] };
  return readText({ value: table.pypi, path: `${path}.pypi`, code });
}

function readPackage(lock: LockText, { field, line }: Entry, indexes: Indexes): ReadEntry {
  const table = readTable(
    field,
    ["pypi", "name"],
    ["version", "sha256", "md5", "index", "editable"],
    IGNORED_IN_PACKAGE,
  );
  const given = readText(table.pypi);
  const hashes = (["md5", "sha256"] as const).flatMap((algorithm) => {
    const value = readOptionalText(table[algorithm]);
    return value === null ? [] : [readHash(algorithm, value, field.path)];
  });
  const index = readOptionalText(table.index);
  const named = index === null ? [] : [readIndexUrl(index, lock.logins, field.path)];
  const urls = index === null ? [...(indexes.get(given) ?? [])] : named;
  const origin = readOrigin(lock, given, urls, hashes, readFlag(table.editable), field.path);
  return {
    where: field.path,
    distribution: {
      name: readName(table.name),
      version: readVersion(table.version),
      ...origin,
      line,
    },
  };
}

function readOrigin(
  lock: LockText,
  given: string,
  indexes: readonly string[],
  hashes: readonly Hash[],
  isEditable: boolean,
  where: string,
): Pick<Distribution, "source" | "files" | "member"> {
  if (given.startsWith(GIT)) {
    return { source: gitQuerySource(given.slice(GIT.length), where), files: [], member: false };
  }
  const isDirect = given.startsWith(DIRECT);
  const location = isDirect ? given.slice(DIRECT.length) : given;
  if (!looksLikeUrl(location)) {
    const kind = isEditable ? "editable" : isArchive(location) ? "path" : "directory";
    const source = pathSource(kind, location, null, lock, where);
    return {
      source,
      files: kind === "path" ? [fileAt(lock, location, hashes, where)] : [],
      member: isOwnProject(source, location),
    };
  }
  const direct = urlSource(location, null, where);
  const isOnIndex = direct.kind === "url" && !isDirect;
  return {
    source: isOnIndex ? fromIndexes(indexes) : direct,
    files: direct.kind === "directory" ? [] : [fileAt(lock, location, hashes, where)],
    member: false,
  };
}

function fromIndexes([url, ...alternatives]: readonly string[]): DistributionSource {
  return url === undefined ? UNNAMED_INDEX : { kind: "index", url, alternatives };
}

function fileAt(
  lock: LockText,
  location: string,
  hashes: readonly Hash[],
  where: string,
): Distribution["files"][number] {
  const place = looksLikeUrl(location)
    ? { name: null, url: location, path: null }
    : { name: null, url: null, path: location };
  return readFile(place, { hashes, size: null }, lock.folder, where);
}
