/** What pages say of files beyond what a check needs: for those who pass pages on. */
import {
  documentField,
  type Field,
  readArray,
  readOpenFields,
  readText,
  wrongType,
} from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_INDEX_FILES, MAX_INDEX_PAGE_BYTES } from "../limits.ts";
import { decodeReferences, readTags, type Tag } from "./html.ts";
import { PAGE_ACCEPT, pageFormat } from "./media-type.ts";
import { lastSegment } from "./page-file.ts";
import { ALL_PAGES, type PageForms } from "./page-forms.ts";
import type { Answer, FileExtras } from "./types.ts";
import { resolveLink } from "./url.ts";

const CODE = "INDEX_RESPONSE_INVALID";
const SHA256 = /^[0-9a-f]{64}$/;

/** All forms of pages, read with the extras of their files. */
export const FULL_PAGES: PageForms = {
  accept: PAGE_ACCEPT,
  read: (answer, name, what) => {
    const page = ALL_PAGES.read(answer, name, what);
    return { ...page, extras: readExtras(answer, what) };
  },
};

/**
 * Reads the extras of a page that `readJsonPage` or `readHtmlPage` has read before.
 *
 * @returns by file name; files without any are left out
 * @throws INDEX_RESPONSE_INVALID where one of them is not what its specification says
 */
function readExtras(answer: Answer, what: string): ReadonlyMap<string, FileExtras> {
  const entries =
    pageFormat(answer.contentType, what) === "json"
      ? jsonExtras(answer, what)
      : htmlExtras(answer, what);
  return new Map(
    entries.filter(
      ([, { requiresPython, metadataSha256 }]) =>
        requiresPython !== null || metadataSha256 !== null,
    ),
  );
}

type Entry = readonly [filename: string, extras: FileExtras];

/** PEP 691, with PEP 714: `core-metadata` counts, and `dist-info-metadata` where there is none. */
function jsonExtras({ body }: Answer, what: string): readonly Entry[] {
  const root = documentField(body, MAX_INDEX_PAGE_BYTES, what, CODE);
  const { files } = readOpenFields(root, ["files"]);
  return readArray(files, MAX_INDEX_FILES).map((file): Entry => {
    const fields = readOpenFields(
      file,
      ["filename"],
      ["requires-python", "core-metadata", "dist-info-metadata"],
    );
    const python = fields["requires-python"];
    const metadata = fields["core-metadata"] ?? fields["dist-info-metadata"];
    return [
      readText(fields.filename),
      {
        requiresPython: python === undefined ? null : readText(python),
        metadataSha256: metadata === undefined ? null : readJsonMetadata(metadata),
      },
    ];
  });
}

/** True says that there is metadata of unknown content, which nobody could compare with anything. */
function readJsonMetadata(field: Field): string | null {
  if (typeof field.value === "boolean") return null;
  const { sha256 } = readOpenFields(field, [], ["sha256"]);
  if (sha256 === undefined) return null;
  const digest = readText(sha256);
  return SHA256.test(digest) ? digest : wrongType(sha256, "a SHA-256 in hexadecimal");
}

/** PEP 503, with PEP 714. */
function htmlExtras({ body, url }: Answer, what: string): readonly Entry[] {
  return readTags(decodeUtf8(body, what), what).flatMap((tag): readonly Entry[] => {
    const text = (name: string): string | null => {
      const value = tag.attributes.get(name);
      return value === undefined ? null : decodeReferences(value, `${what}: ${name}`);
    };
    const python = text("data-requires-python");
    const metadata = text("data-core-metadata") ?? text("data-dist-info-metadata");
    if (tag.name !== "a" || (python === null && metadata === null)) return [];
    const filename = filenameOf(tag, url, what);
    return [[filename, { requiresPython: python, metadataSha256: readHtmlHash(metadata, what) }]];
  });
}

function filenameOf({ attributes }: Tag, base: string, what: string): string {
  const where = `${what}: href`;
  const href = decodeReferences(attributes.get("href") ?? "", where);
  return lastSegment(resolveLink(href, base, where).url, where);
}

function readHtmlHash(value: string | null, what: string): string | null {
  if (value === null || !value.startsWith("sha256=")) return null;
  const digest = value.slice("sha256=".length);
  if (SHA256.test(digest)) return digest;
  return fail(CODE, `${what}: expected a SHA-256 in hexadecimal, found ${quote(digest)}`);
}
