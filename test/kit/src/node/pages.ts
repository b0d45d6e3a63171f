/** A project's page as a local index writes it: JSON (PEP 691) and HTML (PEP 503). */
import { type FilePart, type HeldFile, pathsOf } from "./catalog.ts";
import type { EntryFault, PageFault } from "./faults.ts";
import { sha256Hex } from "./wheel.ts";

/** What a page says of one file. */
export interface PageEntry {
  readonly filename: string;
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
  readonly requiresPython: string | null;
  readonly yanked: string | null;
  readonly uploadTime: string;
  readonly metadataSha256: string | null;
  readonly provenance: string | null;
}

/** What a page says. */
export interface PageContent {
  readonly name: string;
  readonly apiVersion: string;
  readonly status: { readonly status: string; readonly reason?: string } | null;
  readonly entries: readonly PageEntry[];
}

const API_VERSION = "1.4";

/** A project's page with the fault that it has. */
export function pageContent(
  name: string,
  entries: readonly PageEntry[],
  fault: PageFault | null,
): PageContent {
  const page: PageContent = { name, apiVersion: API_VERSION, status: null, entries };
  switch (fault?.kind) {
    case "project-status": {
      const { status, reason } = fault;
      const marker = reason === undefined ? { status } : { status, reason };
      return { ...page, status: marker, entries: status === "quarantined" ? [] : entries };
    }
    case "other-name":
      return { ...page, name: fault.name };
    case "api-version":
      return { ...page, apiVersion: fault.version };
    default:
      return page;
  }
}

/** The entry of a file with the fault that it has; null where it is not on its page. */
export function pageEntry(
  file: HeldFile,
  root: string,
  fault: EntryFault | null,
): PageEntry | null {
  const urlOf = (part: FilePart): string =>
    root + pathsOf(file)[part].split("/").map(encodeURIComponent).join("/");
  const entry: PageEntry = {
    filename: file.filename,
    url: urlOf("file"),
    sha256: file.sha256,
    size: file.size,
    requiresPython: file.requiresPython,
    yanked: file.yanked,
    uploadTime: file.uploadTime,
    metadataSha256: file.metadata === null ? null : sha256Hex(file.metadata),
    provenance: file.provenance === null ? null : urlOf("provenance"),
  };
  switch (fault?.kind) {
    case undefined:
      return entry;
    case "missing-key":
      return { ...entry, provenance: null };
    case "provenance-url":
      return { ...entry, provenance: fault.url };
    case "wrong-digest":
      return { ...entry, sha256: fault.sha256 ?? sha256Hex(new Uint8Array()) };
    case "file-url":
      return { ...entry, url: fault.url };
    case "unlisted":
      return null;
  }
}

/** PEP 691, with PEP 700, 714, 740 and 792. A file without provenance has the key with null. */
export function jsonPage({ name, apiVersion, status, entries }: PageContent): string {
  return JSON.stringify({
    meta: { "api-version": apiVersion },
    name,
    ...(status === null ? {} : { "project-status": status }),
    "alternate-locations": [],
    versions: [],
    files: entries.map((entry) => ({
      filename: entry.filename,
      url: entry.url,
      hashes: { sha256: entry.sha256 },
      "requires-python": entry.requiresPython,
      size: entry.size,
      "upload-time": entry.uploadTime,
      yanked: entry.yanked === null ? false : entry.yanked === "" ? true : entry.yanked,
      "core-metadata": entry.metadataSha256 === null ? false : { sha256: entry.metadataSha256 },
      provenance: entry.provenance,
    })),
  });
}

/** PEP 503, with PEP 592, 629, 714, 740 and 792. */
export function htmlPage({ name, apiVersion, status, entries }: PageContent): string {
  const meta = { "repository-version": apiVersion, ...statusMeta(status) };
  const head = Object.entries(meta).map(
    ([key, value]) => `<meta name="pypi:${key}" content="${escaped(value)}">`,
  );
  const title = `Links for ${escaped(name)}`;
  return [
    `<!DOCTYPE html>\n<html>\n<head>\n${head.join("\n")}\n<title>${title}</title>\n</head>`,
    `<body>\n<h1>${title}</h1>`,
    ...entries.map((entry) => `${anchor(entry)}<br>`),
    "</body>\n</html>\n",
  ].join("\n");
}

function statusMeta(status: PageContent["status"]): Readonly<Record<string, string>> {
  if (status === null) return {};
  const { status: marker, reason } = status;
  return {
    "project-status": marker,
    ...(reason === undefined ? {} : { "project-status-reason": reason }),
  };
}

function anchor(entry: PageEntry): string {
  const attributes = Object.entries({
    href: `${entry.url}#sha256=${entry.sha256}`,
    "data-requires-python": entry.requiresPython,
    "data-yanked": entry.yanked,
    "data-core-metadata": entry.metadataSha256 === null ? null : `sha256=${entry.metadataSha256}`,
    "data-provenance": entry.provenance,
  }).flatMap(([key, value]) => (value === null ? [] : [`${key}="${escaped(value)}"`]));
  return `<a ${attributes.join(" ")}>${escaped(entry.filename)}</a>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
