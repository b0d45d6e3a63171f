/** pyodide-lock.json, as Pyodide ships it and as micropip.freeze writes it. */
import { type Field, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import type { DistributionSource, LockedFile } from "../model.ts";
import { jsonDocument, readNamed, readTable } from "./document.ts";
import { type LockContent, type ReadEntry, readName } from "./entry.ts";
import { readFile } from "./file.ts";
import { readHash } from "./hash.ts";
import { jsonKeyLines } from "./json-lines.ts";
import { unsupported } from "./refuse.ts";
import { UNNAMED_INDEX } from "./source.ts";
import type { LockText } from "./text.ts";
import { looksLikeUrl, readFilename } from "./url.ts";

const TYPES: ReadonlySet<string> = new Set([
  "package",
  "cpython_module",
  "shared_library",
  "static_library",
]);
/** What other tools keep in a lock, for themselves. */
const IGNORED = ["tool"];
const IGNORED_IN_INFO = ["abi_version", "arch", "platform", "python", "version"];
const IGNORED_IN_PACKAGE = [
  "depends",
  "imports",
  "install_dir",
  "shared_library",
  "tool",
  "unvendored_tests",
];
const PYODIDE: DistributionSource = { kind: "pyodide" };

/** Reads a pyodide-lock.json. */
export function readPyodideLock(lock: LockText): LockContent {
  const root = readTable(jsonDocument(lock), ["info", "packages"], [], IGNORED);
  readTable(root.info, [], [], IGNORED_IN_INFO);
  const lineOf = jsonKeyLines(lock.text);
  return {
    entries: readNamed(root.packages).map(([key, field]) =>
      readPackage(lock, key, field, lineOf("packages", key)),
    ),
  };
}

function readPackage(lock: LockText, key: string, field: Field, line: number | null): ReadEntry {
  const where = line === null ? field.path : `${lock.path}, line ${line}, package ${quote(key)}`;
  const table = readTable(
    { ...field, path: where },
    ["name", "version", "file_name"],
    ["sha256", "package_type"],
    IGNORED_IN_PACKAGE,
  );
  const type = table.package_type === undefined ? "package" : readText(table.package_type);
  if (!TYPES.has(type)) unsupported(where, `the package_type ${quote(type)} is not known`);
  const given = readText(table.file_name);
  const isElsewhere = looksLikeUrl(given);
  return {
    where,
    distribution: {
      name: readName(table.name),
      version: readText(table.version),
      // A lock of micropip.freeze says where a file was, and not from which index it came.
      source: isElsewhere ? UNNAMED_INDEX : PYODIDE,
      files: [readPyodideFile(lock, given, isElsewhere, table.sha256, where)],
      member: false,
      line,
    },
  };
}

function readPyodideFile(
  lock: LockText,
  given: string,
  isUrl: boolean,
  field: Field | undefined,
  where: string,
): LockedFile {
  const sha256 = field === undefined ? "" : readText(field);
  const hashes = sha256 === "" ? [] : [readHash("sha256", sha256, where)];
  return readFile(
    isUrl
      ? { name: null, url: given, path: null }
      : { name: readFilename(given, where), url: null, path: null },
    { hashes, size: null },
    lock.folder,
    where,
  );
}
