/** poetry.lock: lock versions 1.0, 1.1, 2.0 and 2.1. */
import { type Field, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { DEFAULT_INDEX_URL } from "../addresses.ts";
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
import {
  filesOf,
  type OldFiles,
  readOldFiles,
  requireAllUsed,
  splitByVersion,
} from "./old-files.ts";
import { invalid, ofLock, unsupported } from "./refuse.ts";
import { indexSource, pathSource, urlSource, vcsSource } from "./source.ts";
import type { LockText } from "./text.ts";

const VERSIONS: ReadonlySet<string> = new Set(["1.0", "1.1", "2.0", "2.1"]);
const HEADER = /^[ \t]*\[\[[ \t]*package[ \t]*\]\]/gm;
const IGNORED_IN_METADATA = ["content-hash", "python-versions"];
const IGNORED_IN_PACKAGE = [
  "category",
  "dependencies",
  "description",
  "extras",
  "groups",
  "marker",
  "markers",
  "optional",
  "platform",
  "python-versions",
];

/** Poetry writes no source for what comes from PyPI. */
const PYPI: DistributionSource = { kind: "index", url: DEFAULT_INDEX_URL, alternatives: [] };

/** Reads a poetry.lock. */
export function readPoetryLock(lock: LockText): LockContent {
  const root = readTable(tomlDocument(lock), ["metadata"], ["package"], ["extras"]);
  const metadata = readTable(root.metadata, ["lock-version"], ["files"], IGNORED_IN_METADATA);
  if (!VERSIONS.has(readText(metadata["lock-version"]))) {
    const expected = `lock-version ${[...VERSIONS].join(", ")}`;
    unsupportedVersion(lock, "lock-version", metadata["lock-version"], expected);
  }
  const oldFiles = readOldFiles(
    metadata.files,
    (name, where) => ofLock(where, () => normalizeName(name)),
    (field) => readPoetryFile(lock, field),
  );
  const entries = readEntries(lock, root.package, HEADER).map((entry) =>
    readPackage(lock, entry, oldFiles),
  );
  requireAllUsed(oldFiles, new Set(entries.map(({ distribution }) => distribution.name)));
  return { entries: oldFiles === null ? entries : splitByVersion(entries) };
}

function readPackage(lock: LockText, { field, line }: Entry, oldFiles: OldFiles | null): ReadEntry {
  const table = readTable(
    field,
    ["name", "version"],
    ["files", "source", "develop"],
    IGNORED_IN_PACKAGE,
  );
  const name = readName(table.name);
  const files =
    table.files === undefined
      ? filesOf(oldFiles, name)
      : readList(table.files, MAX_LOCK_FILES).map((each) => readPoetryFile(lock, each));
  const { source, member } = readSource(lock, table.source, readFlag(table.develop));
  return {
    where: field.path,
    distribution: { name, version: readVersion(table.version), source, files, member, line },
  };
}

function readSource(
  lock: LockText,
  field: Field | undefined,
  isEditable: boolean,
): { readonly source: DistributionSource; readonly member: boolean } {
  if (field === undefined) return { source: PYPI, member: false };
  const table = readTable(
    field,
    ["type", "url"],
    ["reference", "resolved_reference", "subdirectory"],
  );
  const type = readText(table.type);
  const url = readText(table.url);
  const subdirectory = readOptionalText(table.subdirectory);
  switch (type) {
    case "legacy":
      return { source: indexSource(url, lock, field.path), member: false };
    case "git":
      return { source: readGit(table, url, subdirectory, field.path), member: false };
    case "url":
      return { source: urlSource(url, subdirectory, field.path), member: false };
    case "file":
      return { source: pathSource("path", url, subdirectory, lock, field.path), member: false };
    case "directory": {
      const kind = isEditable ? "editable" : "directory";
      const source = pathSource(kind, url, subdirectory, lock, field.path);
      return { source, member: isOwnProject(source, url) };
    }
    default:
      return unsupported(field.path, `the type of source ${quote(type)} is not known`);
  }
}

function readGit(
  table: { readonly reference?: Field; readonly resolved_reference?: Field },
  url: string,
  subdirectory: string | null,
  where: string,
): DistributionSource {
  const revision = readOptionalText(table.resolved_reference);
  const requested = readOptionalText(table.reference);
  const source = vcsSource("git", url, { revision, requested, subdirectory }, where);
  // Poetry 1.0 had the commit in `reference`.
  if (source.kind !== "vcs" || source.commit !== null) return source;
  const old = vcsSource("git", url, { revision: requested, requested, subdirectory }, where);
  if (revision === null && old.kind === "vcs" && old.commit !== null) return old;
  return invalid(where, "expected a full commit as resolved_reference, found none; lock again");
}

function readPoetryFile(lock: LockText, field: Field): LockedFile {
  const table = readTable(field, ["file", "hash"]);
  return readFile(
    { name: readText(table.file), url: null, path: null },
    { hashes: [readPrefixedHash(readText(table.hash), field.path)], size: null },
    lock.folder,
    field.path,
  );
}
