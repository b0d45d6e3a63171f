/** A project's page in JSON (PEP 691, with PEP 700, 714, 740 and 792). */
import {
  type Field,
  documentField,
  readArray,
  readObject,
  readOpenFields,
  readText,
  wrongType,
} from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { MAX_INDEX_FILES, MAX_INDEX_PAGE_BYTES } from "../limits.ts";
import { type PageFiles, addFile, isDistribution } from "./page-file.ts";
import { type Page, readStatus, requireVersion } from "./page-meta.ts";
import { normalizeName } from "../names/project.ts";
import type { Answer } from "./types.ts";
import { resolveLink } from "./url.ts";

const CODE = "INDEX_RESPONSE_INVALID";
/** PEP 700: ISO 8601 in UTC. Offsets are taken too. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * Reads a project's page in JSON.
 *
 * @throws INDEX_RESPONSE_INVALID INDEX_VERSION_UNSUPPORTED LIMIT_EXCEEDED UTF8_INVALID JSON_INVALID
 */
export function readJsonPage(answer: Answer, name: string, what: string): Page {
  const root = documentField(answer.body, MAX_INDEX_PAGE_BYTES, what, CODE);
  const fields = readOpenFields(root, ["meta", "name", "files"], ["project-status"]);
  requireVersion(readText(readOpenFields(fields.meta, ["api-version"])["api-version"]), what);
  requireName(readText(fields.name), name, what);
  const page: PageFiles = { base: answer.url, what, files: new Map() };
  for (const file of readArray(fields.files, MAX_INDEX_FILES)) readFile(file, page);
  return { files: page.files, ...readProjectStatus(fields["project-status"], what) };
}

function requireName(found: string, name: string, what: string): void {
  if (normalizeName(found) !== name) {
    fail(CODE, `${what}: expected a page of that project, found one of ${quote(found)}`);
  }
}

/** PEP 792: an object; without one the project is active. */
function readProjectStatus(field: Field | undefined, what: string): ReturnType<typeof readStatus> {
  if (field === undefined) return readStatus(null, null, what);
  const { status, reason } = readOpenFields(field, [], ["status", "reason"]);
  return readStatus(
    status === undefined ? null : readText(status),
    reason === undefined ? null : readText(reason),
    what,
  );
}

function readFile(file: Field, page: PageFiles): void {
  const fields = readOpenFields(
    file,
    ["filename", "url", "hashes"],
    ["size", "yanked", "provenance", "upload-time"],
  );
  const filename = readText(fields.filename);
  if (!isDistribution(filename)) return;
  addFile(page, {
    filename,
    link: resolveLink(readText(fields.url), page.base, fields.url.path),
    hashes: readHashes(fields.hashes),
    size: fields.size === undefined ? null : readSize(fields.size),
    yanked: fields.yanked === undefined ? null : readYanked(fields.yanked),
    provenance: fields.provenance === undefined ? null : readText(fields.provenance),
    uploadTime: fields["upload-time"] === undefined ? null : readTime(fields["upload-time"]),
  });
}

function readHashes(field: Field): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(readObject(field)).map(([name, value]) => [
      name,
      readText({ ...field, value, path: `${field.path}.${name}` }),
    ]),
  );
}

function readSize(field: Field): number {
  const { value } = field;
  const size = typeof value === "bigint" ? Number(value) : -1;
  return Number.isSafeInteger(size) && size >= 0 ? size : wrongType(field, "a number of bytes");
}

/** PEP 592 in JSON: true, false, or the reason. */
function readYanked(field: Field): string | null {
  const { value } = field;
  if (typeof value === "boolean") return value ? "" : null;
  return typeof value === "string" ? value : wrongType(field, "true, false or a reason");
}

function readTime(field: Field): string {
  const time = readText(field);
  return TIME.test(time) ? time : wrongType(field, "a time in ISO 8601");
}
