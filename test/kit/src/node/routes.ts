/** Which answer a local index has for which request. */
import type { VirtualSigstore } from "@pubpin/test-kit";
import { type Catalog, type HeldFile, signProvenance } from "./catalog.ts";
import {
  type AnswerFault,
  type FaultBook,
  type FileFault,
  type PageFault,
  type ProvenanceFault,
  normalized,
} from "./faults.ts";
import { htmlPage, jsonPage, pageContent, pageEntry } from "./pages.ts";
import { type Reply, found, moved, refused } from "./reply.ts";

/** What routes know of the index. */
export interface Holdings {
  /** Where the index is, without a slash at the end. */
  readonly root: string;
  readonly catalog: Catalog;
  readonly faults: FaultBook;
  readonly sigstore: VirtualSigstore | undefined;
}

/** An answer, and the fault that it has. */
export interface Routed {
  readonly reply: Reply;
  readonly fault: AnswerFault | null;
}

const PROJECT = /^\/simple\/(?<name>[^/]+)(?<slash>\/?)$/;
const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";
const SIMPLE_HTML = "application/vnd.pypi.simple.v1+html";
const INTEGRITY_JSON = "application/vnd.pypi.integrity.v1+json";
const BINARY = "application/octet-stream";

/** The answer to a request for a path, which is decoded. */
export async function route(path: string, accept: string, holdings: Holdings): Promise<Routed> {
  if (path === "/simple") return withoutFault(moved("/simple/", 301));
  if (path === "/simple/") return projectList(accept, holdings);
  const { name, slash } = PROJECT.exec(path)?.groups ?? {};
  if (name !== undefined && slash === "/") return projectPage(name, accept, holdings);
  if (name !== undefined) return withoutFault(moved(`/simple/${normalized(name)}/`, 301));
  const held = holdings.catalog.at(path);
  switch (held?.part) {
    case "file":
      return fileAnswer(held.file, holdings);
    case "metadata":
      return metadataAnswer(held.file, holdings);
    case "provenance":
      return provenanceAnswer(held.file, accept, holdings);
    case undefined:
      return withoutFault(refused(404, "not found"));
  }
}

function projectList(accept: string, { catalog }: Holdings): Routed {
  const names = catalog.projects();
  const type = preferred(accept, [SIMPLE_JSON, SIMPLE_HTML, "text/html"]) ?? "text/html";
  if (type === SIMPLE_JSON) {
    const projects = names.map((name) => ({ name }));
    const body = JSON.stringify({ meta: { "api-version": "1.4" }, projects });
    return withoutFault(found(type, body));
  }
  const anchors = names.map((name) => `<a href="/simple/${name}/">${name}</a>`);
  return withoutFault(found(type, `<!DOCTYPE html><html><body>${anchors.join("")}</body></html>`));
}

function projectPage(asked: string, accept: string, holdings: Holdings): Routed {
  const name = normalized(asked);
  if (name !== asked) return withoutFault(moved(`/simple/${name}/`, 301));
  const held = holdings.catalog.ofProject(name);
  const fault = holdings.faults.take("page", name);
  if (held.length === 0) {
    return { reply: refused(404, "no such project"), fault: answerFault(fault) };
  }
  const entries = held.flatMap((file) => {
    return pageEntry(file, holdings.root, holdings.faults.take("entry", file.filename)) ?? [];
  });
  const page = pageContent(name, entries, fault);
  const types =
    fault?.kind === "html-only" ? ["text/html"] : [SIMPLE_JSON, SIMPLE_HTML, "text/html"];
  const type = preferred(accept, types) ?? "text/html";
  const reply = found(type, type === SIMPLE_JSON ? jsonPage(page) : htmlPage(page));
  return { reply: { ...reply, headers: { vary: "Accept" } }, fault: answerFault(fault) };
}

async function provenanceAnswer(
  file: HeldFile,
  accept: string,
  { faults, sigstore }: Holdings,
): Promise<Routed> {
  const fault = faults.take("provenance", file.filename);
  const type = preferred(accept, [INTEGRITY_JSON, "application/json"]);
  if (type === null) return withoutFault(refused(406, "Request not acceptable"));
  if (fault?.kind === "empty-bundles") {
    return withoutFault(found(type, JSON.stringify({ version: 1, attestation_bundles: [] })));
  }
  if (fault?.kind === "publisher") {
    const body = await signProvenance(file, [{ publisher: fault.publisher }], sigstore);
    return withoutFault(found(type, body));
  }
  const body = await file.provenance?.();
  const message = `No provenance available for ${file.filename}`;
  const reply = body === undefined ? refused(404, message) : found(type, body);
  return { reply: { ...reply, headers: { vary: "Accept" } }, fault };
}

function fileAnswer(file: HeldFile, { faults }: Holdings): Routed {
  const fault = faults.take("file", file.filename);
  if (file.bytes === null) return withoutFault(refused(404, "not kept"));
  if (fault?.kind !== "other-bytes") return { reply: found(BINARY, file.bytes), fault };
  const bytes = Buffer.from(file.bytes);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return withoutFault(found(BINARY, bytes));
}

function metadataAnswer(file: HeldFile, { faults }: Holdings): Routed {
  const fault = faults.take("metadata", file.filename);
  const reply = file.metadata === null ? refused(404, "none") : found(BINARY, file.metadata);
  return { reply, fault };
}

/** The part of a page's fault that concerns any answer. */
function answerFault(fault: PageFault | ProvenanceFault | FileFault | null): AnswerFault | null {
  switch (fault?.kind) {
    case undefined:
    case "html-only":
    case "project-status":
    case "other-name":
    case "api-version":
    case "empty-bundles":
    case "publisher":
    case "other-bytes":
      return null;
    default:
      return fault;
  }
}

function withoutFault(reply: Reply): Routed {
  return { reply, fault: null };
}

/** Content negotiation (RFC 9110, section 12.5.1): the offer with the highest weight, or null. */
function preferred<T extends string>(accept: string, offers: readonly T[]): T | null {
  const ranges = accept.split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((each) => each.trim());
    const weight = parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1";
    return { type: type.toLowerCase(), weight: Number(weight) };
  });
  const weigh = (offer: T): number => {
    const fits = ["*/*", `${offer.split("/")[0]}/*`, offer].findLast((type) =>
      ranges.some((range) => range.type === type),
    );
    return ranges.find(({ type }) => type === fits)?.weight ?? 0;
  };
  const best = offers.toSorted((a, b) => weigh(b) - weigh(a))[0];
  return best === undefined || weigh(best) === 0 ? null : best;
}
