/**
 * A project's page as we write it. It is made anew of what was read and judged, and of nothing else:
 * a key that we do not know could name another place to take files from (PEP 708).
 */
import { createHash } from "node:crypto";
import {
  acceptedPublishers,
  type FileExtras,
  findFile,
  type IndexFile,
  type IndexProject,
  type Pins,
} from "@pubpin/shared";
import { filePath } from "./addresses.ts";
import { readWrittenName } from "./filename.ts";

/** A file that a page shows. */
interface ShownFile {
  readonly file: IndexFile;
  readonly extras: FileExtras | null;
  readonly version: string;
}

/** What is shown of a project. */
export interface ShownPage {
  readonly project: IndexProject;
  readonly files: readonly ShownFile[];
  /** Files that nobody signed, of a project whose publisher is pinned. */
  readonly hidden: readonly string[];
}

/** A page that is ready to be sent. */
export interface PageBody {
  readonly type: string;
  readonly body: Buffer;
  /** In quotes (RFC 9110, section 8.8.3). */
  readonly etag: string;
}

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const HTML_TYPE = "application/vnd.pypi.simple.v1+html";
const OFFERS = [JSON_TYPE, HTML_TYPE, "text/html"] as const;
/** What PEP 691 also calls the newest version. */
const LATEST: Readonly<Record<string, (typeof OFFERS)[number]>> = {
  "application/vnd.pypi.simple.latest+json": JSON_TYPE,
  "application/vnd.pypi.simple.latest+html": HTML_TYPE,
};
/** From `N/simple/NAME/` to below the token. */
const UP = "../../../";
/** With PEP 700, 714, 740 and 792; and the version for an index that does not say sizes. */
const API_VERSION = { full: "1.4", plain: "1.0" } as const;

/**
 * What of a project's page may be seen: no file whose name is another project's, and of a project
 * with a pinned publisher no file that nobody signed, unless a `#file:` line is about it.
 */
export function shownPage(project: IndexProject, pins: Pins): ShownPage {
  const isPinned = acceptedPublishers(pins, project.name).length > 0;
  const files: ShownFile[] = [];
  const hidden: string[] = [];
  for (const file of project.files.values()) {
    const written = readWrittenName(file.filename);
    if (written?.name !== project.name) continue;
    const isUnsigned = file.provenance === null && findFile(pins, file.filename) === null;
    if (isPinned && isUnsigned) hidden.push(file.filename);
    else files.push({ file, extras: project.extras?.get(file.filename) ?? null, ...written });
  }
  return { project, files, hidden };
}

/**
 * Writes a page in the form that is asked for (PEP 691, "Version + Format Selection").
 *
 * @param accept the Accept header; HTML where it asks for nothing that there is
 */
export function writePage(page: ShownPage, accept: string): PageBody {
  const type = preferred(accept);
  const body = Buffer.from(type === JSON_TYPE ? jsonPage(page) : htmlPage(page));
  return { type: type === "text/html" ? `${type}; charset=utf-8` : type, body, etag: etagOf(body) };
}

function etagOf(body: Buffer): string {
  return `"${createHash("sha256").update(body).digest("base64url")}"`;
}

function apiVersion(files: readonly ShownFile[]): string {
  return files.every(({ file }) => file.size !== null) ? API_VERSION.full : API_VERSION.plain;
}

function jsonPage({ project, files }: ShownPage): string {
  const { name, status, statusReason } = project;
  const reason = statusReason === null ? {} : { reason: statusReason };
  return JSON.stringify({
    meta: { "api-version": apiVersion(files) },
    name,
    "project-status": { status, ...reason },
    versions: [...new Set(files.map(({ version }) => version))],
    files: files.map(({ file, extras }) => jsonFile(file, extras)),
  });
}

function jsonFile(file: IndexFile, extras: FileExtras | null): object {
  const metadata =
    extras?.metadataSha256 === null || extras === null ? false : { sha256: extras.metadataSha256 };
  return {
    filename: file.filename,
    url: UP + filePath(file.url),
    hashes: Object.fromEntries(file.hashes),
    "requires-python": extras?.requiresPython ?? null,
    ...(file.size === null ? {} : { size: file.size }),
    ...(file.uploadTime === null ? {} : { "upload-time": file.uploadTime }),
    yanked: file.yanked === null ? false : file.yanked === "" ? true : file.yanked,
    "core-metadata": metadata,
    "dist-info-metadata": metadata,
    provenance: file.provenance,
  };
}

/** PEP 503, with PEP 592, 629, 714, 740 and 792. */
function htmlPage({ project, files }: ShownPage): string {
  const { name, status, statusReason } = project;
  const meta: Readonly<Record<string, string | null>> = {
    "repository-version": apiVersion(files),
    "project-status": status,
    "project-status-reason": statusReason,
  };
  const head = Object.entries(meta).flatMap(([key, value]) =>
    value === null ? [] : [`<meta name="pypi:${key}" content="${escaped(value)}">`],
  );
  return [
    "<!DOCTYPE html>",
    "<html>",
    "<head>",
    ...head,
    `<title>Links for ${escaped(name)}</title>`,
    "</head>",
    "<body>",
    ...files.map(({ file, extras }) => htmlAnchor(file, extras)),
    "</body>",
    "</html>\n",
  ].join("\n");
}

function htmlAnchor(file: IndexFile, extras: FileExtras | null): string {
  const metadata = extras?.metadataSha256 ?? null;
  const digest = file.sha256 === null ? "" : `#sha256=${file.sha256}`;
  const attributes: Readonly<Record<string, string | null>> = {
    href: `${UP}${filePath(file.url)}${digest}`,
    "data-requires-python": extras?.requiresPython ?? null,
    "data-yanked": file.yanked,
    "data-core-metadata": metadata === null ? null : `sha256=${metadata}`,
    "data-dist-info-metadata": metadata === null ? null : `sha256=${metadata}`,
    "data-provenance": file.provenance,
  };
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escaped(value)}"`],
  );
  return `<a${written.join("")}>${escaped(file.filename)}</a><br>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Content negotiation (RFC 9110, section 12.5.1): the offer with the highest weight, else HTML. */
function preferred(accept: string): (typeof OFFERS)[number] {
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [range = "", ...parameters] = part.split(";").map((each) => each.trim());
    const weight = Number(parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1");
    weights.set(LATEST[range] ?? range, Number.isNaN(weight) ? 0 : weight);
  }
  let best: { readonly offer: (typeof OFFERS)[number]; readonly weight: number } | null = null;
  for (const offer of OFFERS) {
    const weight = weights.get(offer) ?? 0;
    if (weight > (best?.weight ?? 0)) best = { offer, weight };
  }
  return best?.offer ?? "text/html";
}
