/** pylock.toml and pylock.NAME.toml (PEP 751), lock-version 1.0, whoever wrote it. */
import { type Field, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { MAX_LOCK_FILES } from "../limits.ts";
import type { DistributionSource, LockedFile, VcsName } from "../model.ts";
import {
  type Entry,
  readEntries,
  readFlag,
  readList,
  readOptionalText,
  readSize,
  readTable,
  tomlDocument,
  unsupportedVersion,
} from "./document.ts";
import {
  hashOnlyFile,
  isOwnProject,
  type LockContent,
  type ReadEntry,
  readName,
  readVersion,
} from "./entry.ts";
import { readFile } from "./file.ts";
import { readHashTable } from "./hash.ts";
import { invalid, unsupported } from "./refuse.ts";
import {
  indexSource,
  pathSource,
  UNNAMED_INDEX,
  urlSource,
  VCS_NAMES,
  vcsSource,
} from "./source.ts";
import type { LockText } from "./text.ts";
import { looksLikeUrl } from "./url.ts";

const HEADER = /^[ \t]*\[\[[ \t]*packages[ \t]*\]\]/gm;
const IGNORED = [
  "environments",
  "requires-python",
  "extras",
  "dependency-groups",
  "default-groups",
  "tool",
];
const IGNORED_IN_PACKAGE = [
  "marker",
  "requires-python",
  "dependencies",
  "attestation-identities",
  "tool",
];
/** The keys of which a package has one, but that `sdist` and `wheels` may go together. */
const ORIGINS = ["vcs", "directory", "archive", "sdist", "wheels"] as const;
/** The writer that makes up a wheel's name and URL for every hash it has, be it of an sdist. */
const NAMES_ARE_MADE_UP = "pipenv";

type PackageTable = Readonly<Partial<Record<(typeof ORIGINS)[number] | "index", Field>>>;

interface Contents {
  readonly source: DistributionSource;
  readonly files: readonly LockedFile[];
  readonly member: boolean;
}

/** Reads a pylock.toml. */
export function readPylock(lock: LockText): LockContent {
  const root = readTable(
    tomlDocument(lock),
    ["lock-version", "created-by", "packages"],
    [],
    IGNORED,
  );
  if (readText(root["lock-version"]) !== "1.0") {
    unsupportedVersion(lock, "lock-version", root["lock-version"], "lock-version 1.0");
  }
  const isMadeUp = readText(root["created-by"]) === NAMES_ARE_MADE_UP;
  return {
    entries: readEntries(lock, root.packages, HEADER).map((entry) =>
      readPackage(lock, entry, isMadeUp),
    ),
  };
}

function readPackage(lock: LockText, { field, line }: Entry, isMadeUp: boolean): ReadEntry {
  const table = readTable(field, ["name"], ["version", "index", ...ORIGINS], IGNORED_IN_PACKAGE);
  const contents = readContents(lock, table, field.path);
  const files = isMadeUp
    ? contents.files.flatMap(({ hashes }) => hashes.map(hashOnlyFile))
    : contents.files;
  return {
    where: field.path,
    distribution: {
      name: readName(table.name),
      version: readVersion(table.version),
      ...contents,
      files,
      line,
    },
  };
}

function readContents(lock: LockText, table: PackageTable, where: string): Contents {
  const origins = ORIGINS.filter((key) => table[key] !== undefined);
  const { vcs, directory, archive } = table;
  const isFromIndex = origins.every((key) => key === "sdist" || key === "wheels");
  if (origins.length === 0) invalid(where, "expected a file or another source, found none");
  if (!isFromIndex && origins.length > 1) {
    invalid(where, `expected one source, found ${origins.join(", ")}`);
  }
  if (vcs !== undefined) return { source: readVcs(vcs), files: [], member: false };
  if (directory !== undefined) return readDirectory(lock, directory);
  if (archive !== undefined) return readArchive(lock, archive);
  const files = [table.sdist ?? [], readList(table.wheels, MAX_LOCK_FILES)].flat();
  const index = readOptionalText(table.index);
  return {
    source: index === null ? UNNAMED_INDEX : indexSource(index, lock, where),
    files: files.map((each) => readIndexFile(lock, each)),
    member: false,
  };
}

function readVcs(field: Field): DistributionSource {
  const table = readTable(
    field,
    ["type", "commit-id"],
    ["url", "path", "requested-revision", "subdirectory"],
  );
  const type = readText(table.type);
  const vcs: VcsName | undefined = VCS_NAMES.find((each) => each === type);
  if (vcs === undefined) {
    return unsupported(field.path, `the version control system ${quote(type)} is not known`);
  }
  if (table.url === undefined || table.path !== undefined) {
    return unsupported(field.path, "expected the URL of a repository, found a path");
  }
  const details = {
    revision: readText(table["commit-id"]),
    requested: readOptionalText(table["requested-revision"]),
    subdirectory: readOptionalText(table.subdirectory),
  };
  const source = vcsSource(vcs, readText(table.url), details, field.path);
  if (source.kind === "vcs" && source.commit === null) {
    invalid(field.path, `expected a full commit, found ${quote(details.revision)}`);
  }
  return source;
}

function readDirectory(lock: LockText, field: Field): Contents {
  const table = readTable(field, ["path"], ["editable", "subdirectory"]);
  const path = readText(table.path);
  const kind = readFlag(table.editable) ? "editable" : "directory";
  const source = pathSource(kind, path, readOptionalText(table.subdirectory), lock, field.path);
  return { source, files: [], member: isOwnProject(source, path) };
}

function readArchive(lock: LockText, field: Field): Contents {
  const table = readTable(
    field,
    ["hashes"],
    ["url", "path", "size", "subdirectory"],
    ["upload-time"],
  );
  const url = readOptionalText(table.url);
  const path = readOptionalText(table.path);
  const subdirectory = readOptionalText(table.subdirectory);
  const details = { hashes: readHashTable(table.hashes), size: readSize(table.size) };
  const isRemote = url !== null && looksLikeUrl(url) && !/^file:/i.test(url);
  const source =
    url !== null && (isRemote || path === null)
      ? urlSource(url, subdirectory, field.path)
      : pathSource("path", path ?? "", subdirectory, lock, field.path);
  const file = readFile({ name: null, url, path }, details, lock.folder, field.path);
  return { source, files: [file], member: false };
}

function readIndexFile(lock: LockText, field: Field): LockedFile {
  const table = readTable(field, ["hashes"], ["name", "url", "path", "size"], ["upload-time"]);
  return readFile(
    {
      name: readOptionalText(table.name),
      url: readOptionalText(table.url),
      path: readOptionalText(table.path),
    },
    { hashes: readHashTable(table.hashes), size: readSize(table.size) },
    lock.folder,
    field.path,
  );
}
