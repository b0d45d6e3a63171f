/** A project's page in HTML (PEP 503, with PEP 592, 629, 740 and 792). */
import { decodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { type Tag, decodeReferences, readTags } from "./html.ts";
import { type PageFiles, addFile, isDistribution, lastSegment } from "./page-file.ts";
import { type Page, readStatus, requireVersion } from "./page-meta.ts";
import type { Answer } from "./types.ts";
import { resolveLink } from "./url.ts";

const META = {
  version: "pypi:repository-version",
  status: "pypi:project-status",
  reason: "pypi:project-status-reason",
} as const;
const NAMES: readonly string[] = Object.values(META);
/** PEP 503: what may stand behind `#` besides notes of other tools. */
const HASHES: ReadonlySet<string> = new Set([
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
]);
/** An anchor that cannot be a file's is not judged further. */
const FILE_HREF = /\.(?:whl|tar\.gz|zip)(?:[?#].*)?$/s;

/**
 * Reads a project's page in HTML. The text of links is not looked at: installers do not either.
 *
 * @throws INDEX_RESPONSE_INVALID INDEX_VERSION_UNSUPPORTED UTF8_INVALID
 */
export function readHtmlPage(answer: Answer, what: string): Page {
  const tags = readTags(decodeUtf8(answer.body, what), what);
  const meta = readMeta(tags, what);
  requireVersion(meta.get(META.version) ?? "1.0", what);
  const page: PageFiles = { base: answer.url, what, files: new Map() };
  for (const tag of tags) if (tag.name === "a") readAnchor(tag, page);
  if (page.files.size === 0 && !meta.has(META.version)) {
    fail("INDEX_RESPONSE_INVALID", `${what}: expected a page of an index, found another document`);
  }
  const status = readStatus(meta.get(META.status) ?? null, meta.get(META.reason) ?? null, what);
  return { files: page.files, ...status };
}

function readMeta(tags: readonly Tag[], what: string): ReadonlyMap<string, string> {
  const meta = new Map<string, string>();
  for (const { name, attributes } of tags) {
    const key = attributes.get("name")?.toLowerCase() ?? "";
    if (name !== "meta" || !NAMES.includes(key)) continue;
    if (meta.has(key)) {
      fail("INDEX_RESPONSE_INVALID", `${what}: expected one meta element ${key}, found two`);
    }
    meta.set(key, decodeReferences(attributes.get("content") ?? "", what));
  }
  return meta;
}

function readAnchor({ attributes }: Tag, page: PageFiles): void {
  const href = decodeReferences(attributes.get("href") ?? "", `${page.what}: href`);
  if (!FILE_HREF.test(href)) return;
  const link = resolveLink(href, page.base, `${page.what}: href`);
  const filename = lastSegment(link.url, `${page.what}: href`);
  if (!isDistribution(filename)) return;
  const text = (name: string): string | null => {
    const value = attributes.get(name);
    return value === undefined ? null : decodeReferences(value, `${page.what}: ${name}`);
  };
  addFile(page, {
    filename,
    link,
    hashes: readHashes(link.fragment, `${page.what}: file ${filename}`),
    size: null,
    yanked: text("data-yanked"),
    provenance: text("data-provenance"),
    uploadTime: null,
  });
}

function readHashes(fragment: string, where: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const part of fragment.split("&")) {
    const [name = "", ...value] = part.split("=");
    if (!HASHES.has(name)) continue;
    if (hashes.has(name)) fail("INDEX_RESPONSE_INVALID", `${where}: two hashes ${name}`);
    hashes.set(name, value.join("="));
  }
  return hashes;
}
