/** Requirements files with hashes, as pip-compile, uv and others write them. */
import { quote } from "../bytes/quote.ts";
import type { Distribution, DistributionSource, Hash, InstallDirective } from "../model.ts";
import { parseFilename } from "../names/filename.ts";
import { normalizeName } from "../names/project.ts";
import {
  checkVersion,
  hashOnlyFile,
  isOwnProject,
  type LockContent,
  type ReadEntry,
} from "./entry.ts";
import { readFile } from "./file.ts";
import { readHash, readPrefixedHash } from "./hash.ts";
import { isArchive, readLocation } from "./path.ts";
import { invalid, ofLock, unsupported } from "./refuse.ts";
import { hashesInFragment, indexSource, pathSource, pipSource, UNNAMED_INDEX } from "./source.ts";
import {
  type LineOption,
  requirementLines,
  type RequirementLine,
  requireNoVariable,
} from "./requirements-line.ts";
import type { LockText } from "./text.ts";
import { lastSegment, looksLikeUrl, quoteUrl, readUrl } from "./url.ts";

/** PEP 508, as far as it pins: a name, extras, `==` and a version, a marker. */
const PINNED =
  /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]]*\])? ?==(?!=) ?(?<version>[^\s;,]+) ?(?:;.*)?$/;
const NAMED = /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*) ?(?:\[[^\]]*\])? ?@ ?(?<url>\S+)(?: ?;.*)?$/;
/** A URL or path without a name, and for a path perhaps extras. */
const UNNAMED = /^(?<url>[A-Za-z][A-Za-z0-9+.-]*:\S+|\.{0,2}\/\S*|\.{1,2})(?: ;.*)?$/;
const EXTRAS = /\[[^\]]*\]$/;
const EDITABLE = "--editable";
const HASH = "--hash";
/** The directives whose values are files or folders beside the lock, if they are not URLs. */
const OF_PATHS: ReadonlySet<string> = new Set(["--requirement", "--constraint", "--find-links"]);
const INDEX_OPTIONS: ReadonlySet<string> = new Set(["--index-url", "--extra-index-url"]);
/** Options that say nothing that the lock does not say by itself. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(["--require-hashes"]);

/**
 * Reads a requirements file. Files that it includes are not read: they are directives, to be
 * followed or refused by the caller.
 */
export function readRequirements(lock: LockText): LockContent {
  const lines = requirementLines(lock);
  const directives = lines.flatMap((line) => directivesOf(lock, line));
  const index = indexOf(directives);
  return { entries: lines.flatMap((line) => readLine(lock, line, index)), directives };
}

/** What stands on lines of their own, in the order of the file. */
function directivesOf(
  lock: LockText,
  { requirement, options, line, where }: RequirementLine,
): readonly InstallDirective[] {
  const global = options.filter(({ option }) => option !== HASH && option !== EDITABLE);
  if (requirement !== "" && global.length > 0) {
    unsupported(where, `the option ${global[0]?.option} of a single requirement is not known`);
  }
  return global
    .filter(({ option }) => !WITHOUT_EFFECT.has(option))
    .map(({ option, value }) => ({
      option,
      value: directiveValue(lock, option, value, where),
      line,
    }));
}

function directiveValue(
  lock: LockText,
  option: string,
  value: string | null,
  where: string,
): string | null {
  if (value === null) return null;
  if (INDEX_OPTIONS.has(option)) {
    const source = indexSource(value, lock, where);
    return source.kind === "index" ? source.url : null;
  }
  requireNoVariable(value, where);
  if (!OF_PATHS.has(option)) return value;
  if (!looksLikeUrl(value)) return readLocation(value, lock.folder, where);
  const { base, query } = readUrl(value, where);
  return base + query;
}

/** The last `--index-url` counts, and every `--extra-index-url`. */
function indexOf(directives: readonly InstallDirective[]): DistributionSource {
  const urls = (option: string): readonly string[] =>
    directives.flatMap((each) => (each.option === option ? [each.value ?? ""] : []));
  const url = urls("--index-url").at(-1) ?? null;
  const alternatives = urls("--extra-index-url");
  return url === null && alternatives.length === 0
    ? UNNAMED_INDEX
    : { kind: "index", url, alternatives };
}

function readLine(
  lock: LockText,
  line: RequirementLine,
  index: DistributionSource,
): readonly ReadEntry[] {
  const { requirement, options, where } = line;
  const hashes = options
    .filter(({ option }) => option === HASH)
    .map(({ value }) => readPrefixedHash(value ?? "", where));
  const editables = options.filter(({ option }) => option === EDITABLE);
  if (requirement === "") return editableOf(lock, line, editables, hashes);
  if (editables.length > 0) invalid(where, "expected -e on a line of its own");
  requireNoVariable(requirement, where);
  const { name, version } = PINNED.exec(requirement)?.groups ?? {};
  if (name === undefined || version === undefined) {
    return [readDirect(lock, line, hashes)];
  }
  if (hashes.length === 0) {
    invalid(where, `expected ${quote(name)} with --hash, found none; lock with hashes`);
  }
  if (version.includes("*")) invalid(where, `expected one version, found ${quote(version)}`);
  const distribution: Distribution = {
    name: ofLock(where, () => normalizeName(name)),
    version: checkVersion(version, where),
    source: index,
    files: hashes.map(hashOnlyFile),
    member: false,
    line: line.line,
  };
  return [{ where, distribution }];
}

function editableOf(
  lock: LockText,
  { line, where }: RequirementLine,
  [editable, ...more]: readonly LineOption[],
  hashes: readonly Hash[],
): readonly ReadEntry[] {
  if (hashes.length > 0) invalid(where, "expected a requirement before --hash, found none");
  if (editable === undefined) return [];
  if (more.length > 0) invalid(where, "expected one -e on a line, found more");
  const given = editable.value ?? "";
  requireNoVariable(given, where);
  return [{ where, distribution: unnamed(lock, given, true, [], line, where) }];
}

function readDirect(
  lock: LockText,
  { requirement, line, where }: RequirementLine,
  hashes: readonly Hash[],
): ReadEntry {
  const named = NAMED.exec(requirement)?.groups;
  if (named !== undefined) {
    const name = ofLock(where, () => normalizeName(named["name"] ?? ""));
    const distribution = unnamed(lock, named["url"] ?? "", false, hashes, line, where, name);
    return { where, distribution };
  }
  const url = UNNAMED.exec(requirement)?.groups?.["url"];
  if (url === undefined) {
    return invalid(
      where,
      `expected NAME==VERSION or NAME @ URL, found ${quoteUrl(requirement)}; lock with hashes`,
    );
  }
  return { where, distribution: unnamed(lock, url, false, hashes, line, where) };
}

/** A requirement by URL or path, of which the name may have to be found out. */
function unnamed(
  lock: LockText,
  given: string,
  isEditable: boolean,
  hashes: readonly Hash[],
  line: number,
  where: string,
  name?: string,
): Distribution {
  const isUrl = looksLikeUrl(given);
  const plain = isUrl ? given : given.replace(EXTRAS, "");
  const { source, egg } = isUrl
    ? pipSource(given, where)
    : { source: localSource(lock, plain, isEditable, where), egg: null };
  const all = [...hashes, ...fragmentHashes(given, isUrl, where)];
  const files = readFiles(lock, plain, source, all, where);
  return {
    name: name ?? nameOf(source, egg, files, where),
    version: null,
    source: isEditable && source.kind === "directory" ? { ...source, kind: "editable" } : source,
    files,
    member: !isUrl && isOwnProject(source, plain),
    line,
  };
}

function localSource(
  lock: LockText,
  path: string,
  isEditable: boolean,
  where: string,
): DistributionSource {
  const kind = isEditable ? "editable" : isArchive(path) ? "path" : "directory";
  return pathSource(kind, path, null, lock, where);
}

function fragmentHashes(given: string, isUrl: boolean, where: string): readonly Hash[] {
  const at = given.indexOf("#");
  if (!isUrl || at === -1) return [];
  return hashesInFragment(given.slice(at + 1)).map(([algorithm, value]) =>
    readHash(algorithm, value, where),
  );
}

function readFiles(
  lock: LockText,
  given: string,
  source: DistributionSource,
  hashes: readonly Hash[],
  where: string,
): Distribution["files"] {
  if (source.kind !== "url" && source.kind !== "path") {
    if (hashes.length > 0) invalid(where, "expected no hash of what is not a file, found one");
    return [];
  }
  const place = looksLikeUrl(given)
    ? { name: null, url: given, path: null }
    : { name: null, url: null, path: given };
  return [readFile(place, { hashes, size: null }, lock.folder, where)];
}

/** The name that pip would find: of the fragment, of the file, or as a makeshift of the folder. */
function nameOf(
  source: DistributionSource,
  egg: string | null,
  [file]: Distribution["files"],
  where: string,
): string {
  if (egg !== null) return ofLock(where, () => normalizeName(egg.replace(EXTRAS, "")));
  if (file !== undefined) return ofLock(where, () => parseFilename(file.filename ?? "").name);
  const location = "location" in source ? source.location : "";
  if (location === ".") return ".";
  try {
    return normalizeName(lastSegment(location).replace(/\.git$/, ""));
  } catch {
    return unsupported(where, `expected a name, as in NAME @ ${quote(location)}, found none`);
  }
}
