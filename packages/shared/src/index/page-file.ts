/** One file of a project's page: the rules that JSON and HTML share. */
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { MAX_FILENAME_LENGTH, MAX_INDEX_FILES } from "../limits.ts";
import type { IndexFile } from "./types.ts";
import { type Link, quoteUrl, resolveLink } from "./url.ts";

/** What a page claims about a file, not judged yet. */
export interface ClaimedFile {
  readonly filename: string;
  readonly link: Link;
  readonly hashes: ReadonlyMap<string, string>;
  readonly size: number | null;
  readonly yanked: string | null;
  readonly provenance: string | null;
  readonly uploadTime: string | null;
}

/** The files of a page, as they are gathered. */
export interface PageFiles {
  /** Where the page came from in the end. */
  readonly base: string;
  readonly what: string;
  readonly files: Map<string, IndexFile>;
}

/** What wheels (PEP 427) and sdists (PEP 625, and `.zip`) are called, as far as it matters here. */
const DISTRIBUTION = /^[A-Za-z0-9][A-Za-z0-9._+!-]*\.(?:whl|tar\.gz|zip)$/;
const HASH_NAME = /^[a-z0-9][a-z0-9_-]*$/;
const HEX = /^(?:[0-9a-f]{2})+$/;
const SHA256_DIGITS = 64;
const ABSOLUTE = /^https?:\/\//i;

/** Whether a file name is one of a wheel or sdist; all others are of no use to an installer. */
export function isDistribution(filename: string): boolean {
  return filename.length <= MAX_FILENAME_LENGTH && DISTRIBUTION.test(filename);
}

/**
 * Adds a file to those of its page.
 *
 * @throws INDEX_RESPONSE_INVALID when its URL ends in another name, a hash or the provenance's URL
 *   is malformed, or the page has the name twice and not with the same content
 */
export function addFile(page: PageFiles, claimed: ClaimedFile): void {
  const { filename, link, ...rest } = claimed;
  const where = `${page.what}: file "${filename}"`;
  if (lastSegment(link.url, where) !== filename) {
    refuse(where, `expected a URL that ends in its name, found ${quoteUrl(link.url.href)}`);
  }
  const file: IndexFile = {
    ...rest,
    filename,
    url: link.url.href,
    sha256: readHashes(claimed.hashes, where),
    provenance:
      claimed.provenance === null ? null : readProvenanceUrl(claimed.provenance, page.base, where),
  };
  const twin = page.files.get(filename);
  if (twin !== undefined && textOf(twin) !== textOf(file)) {
    refuse(where, "expected one entry, found two that differ");
  }
  if (page.files.size === MAX_INDEX_FILES) {
    refuse(page.what, `expected at most ${MAX_INDEX_FILES} files`);
  }
  page.files.set(filename, file);
}

/**
 * The last segment of a URL's path, decoded.
 *
 * @throws INDEX_RESPONSE_INVALID when it is not UTF-8
 */
export function lastSegment(url: URL, where: string): string {
  const segment = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return refuse(where, `expected a path in UTF-8, found ${quoteUrl(segment)}`);
  }
}

function readHashes(hashes: ReadonlyMap<string, string>, where: string): string | null {
  for (const [name, value] of hashes) {
    const isWhole = name !== "sha256" || value.length === SHA256_DIGITS;
    if (!HASH_NAME.test(name) || !HEX.test(value) || !isWhole) {
      refuse(
        where,
        `expected a hash in lower-case hexadecimal, found ${quote(name)} ${quote(value)}`,
      );
    }
  }
  return hashes.get("sha256") ?? null;
}

/** PEP 740, "Index changes": a fully qualified URL. */
function readProvenanceUrl(text: string, base: string, where: string): string {
  const what = `${where}: provenance`;
  if (!ABSOLUTE.test(text)) refuse(what, `expected an absolute URL, found ${quoteUrl(text)}`);
  const { url, fragment } = resolveLink(text, base, what);
  if (fragment !== "") refuse(what, "expected a URL without a fragment");
  return url.href;
}

function textOf(file: IndexFile): string {
  return JSON.stringify([file, [...file.hashes]]);
}

function refuse(where: string, reason: string): never {
  return fail("INDEX_RESPONSE_INVALID", `${where}: ${reason}`);
}
