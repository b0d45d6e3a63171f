/** Asks package indexes: Simple API and provenance. */
import { PubpinError } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { normalizeName } from "../names/project.ts";
import { FULL_PAGES } from "./page-extras.ts";
import { ALL_PAGES, JSON_PAGES, type PageForms } from "./page-forms.ts";
import { projectPage, provenanceDocument } from "./resources.ts";
import { type Transport, type TransportOptions, createTransport } from "./transport.ts";
import type { IndexFile, IndexProject } from "./types.ts";
import { type IndexUrl, readIndexUrl } from "./url.ts";

/** One package index. */
export interface IndexClient {
  /** The index's URL, without credentials and without a slash at the end. */
  readonly url: string;
  /**
   * The index's page of a project. Every call asks the index, or the store where that is fresh:
   * whoever has several files of one project asks once.
   *
   * @throws PROJECT_NOT_ON_INDEX when the index does not have the project
   * @throws INDEX_UNREACHABLE INDEX_ERROR INDEX_REFUSED INDEX_RESPONSE_INVALID
   * @throws INDEX_VERSION_UNSUPPORTED NAME_INVALID LIMIT_EXCEEDED
   */
  project(name: string): Promise<IndexProject>;
  /**
   * The provenance document of a file of this index, not verified; null exactly where its page
   * names none. A document that is named and cannot be had is an error, never null.
   *
   * @throws PROVENANCE_UNAVAILABLE when the index refuses what its page names
   * @throws INDEX_UNREACHABLE INDEX_ERROR INDEX_RESPONSE_INVALID INDEX_VERSION_UNSUPPORTED
   */
  provenance(file: IndexFile): Promise<Bytes | null>;
}

/** What all indexes of a run have in common. */
export interface IndexesOptions extends TransportOptions {
  /**
   * The URL of an index that is asked for provenance too, for people behind a mirror that leaves
   * it out. Only files with the same name and SHA-256 are taken for the same.
   */
  readonly provenanceIndex?: string | undefined;
  /** The Authorization header for an index whose URL has no user name; it is given the URL. */
  readonly authorization?: ((indexUrl: string) => string | null) | undefined;
}

/** How one index is asked. */
export interface IndexClientOptions extends IndexesOptions {
  /** The URL of the Simple API, such as DEFAULT_INDEX_URL; it may hold credentials. */
  readonly indexUrl: string;
}

/** The indexes of a run, each by its URL. */
export interface Indexes {
  /**
   * The client for an index, the same for the same URL. A project that one index has is never
   * looked for on another.
   *
   * @throws INDEX_URL_INVALID
   */
  at(indexUrl: string): IndexClient;
}

interface Index extends IndexUrl {
  readonly transport: Transport;
  readonly forms: PageForms;
}

/**
 * Indexes that share one pool and one store. Nothing is asked yet.
 *
 * @throws INDEX_URL_INVALID when `provenanceIndex` is no URL of an index
 */
export function createIndexes(options: IndexesOptions): Indexes {
  return indexesInForms(options, ALL_PAGES);
}

/**
 * The same for indexes that answer in JSON (PEP 691): a page in HTML is refused. Whoever bundles
 * this has no reader of HTML in the bundle.
 *
 * @throws INDEX_URL_INVALID
 */
export function createJsonIndexes(options: IndexesOptions): Indexes {
  return indexesInForms(options, JSON_PAGES);
}

/**
 * The same with pages that also have the `extras` of their files, for those who pass pages on.
 *
 * @throws INDEX_URL_INVALID
 */
export function createFullIndexes(options: IndexesOptions): Indexes {
  return indexesInForms(options, FULL_PAGES);
}

function indexesInForms(options: IndexesOptions, forms: PageForms): Indexes {
  const transport = createTransport(options);
  const clients = new Map<string, IndexClient>();
  const indexAt = (indexUrl: string): Index => {
    const { url, authorization } = readIndexUrl(indexUrl);
    const header = authorization ?? options.authorization?.(url) ?? null;
    return { transport, forms, url, authorization: header };
  };
  const { provenanceIndex } = options;
  const second = provenanceIndex === undefined ? null : indexAt(provenanceIndex);
  return {
    at(indexUrl) {
      const index = indexAt(indexUrl);
      const key = `${index.authorization ?? ""} ${index.url}`;
      const client =
        clients.get(key) ?? createClient(index, second?.url === index.url ? null : second);
      clients.set(key, client);
      return client;
    },
  };
}

/**
 * A client for one index. Nothing is asked yet.
 *
 * @throws INDEX_URL_INVALID
 */
export function createIndexClient(options: IndexClientOptions): IndexClient {
  return createIndexes(options).at(options.indexUrl);
}

function createClient(index: Index, second: Index | null): IndexClient {
  return {
    url: index.url,
    async project(name) {
      const normal = normalizeName(name);
      const [project, other] = await Promise.all([
        getProject(index, normal),
        second === null ? null : getProject(second, normal).catch(noneIfNotFound),
      ]);
      return other === null ? project : withProvenanceOf(other, project);
    },
    async provenance(file) {
      if (file.provenance === null) return null;
      const indexes = second === null ? [index] : [index, second];
      return index.transport.get(
        provenanceDocument(file.provenance, file.filename, (url) => authorizationOf(url, indexes)),
      );
    },
  };
}

async function getProject(index: Index, name: string): Promise<IndexProject> {
  const page = await index.transport.get(
    projectPage(index.url, name, index.forms, (url) => authorizationOf(url, [index])),
  );
  return { name, index: index.url, ...page };
}

/** Credentials go to the origin of their index and to no other (RFC 6454). */
function authorizationOf(url: string, indexes: readonly Index[]): string | null {
  const { origin } = new URL(url);
  const owner = indexes.find(
    (index) => index.authorization !== null && new URL(index.url).origin === origin,
  );
  return owner?.authorization ?? null;
}

function noneIfNotFound(error: unknown): null {
  if (error instanceof PubpinError && error.code === "PROJECT_NOT_ON_INDEX") return null;
  throw error;
}

/** The files of a project, with the provenance that another index has for the same bytes. */
function withProvenanceOf(other: IndexProject, project: IndexProject): IndexProject {
  const files = [...project.files].map(([filename, file]): [string, IndexFile] => {
    const twin = other.files.get(filename);
    const isSame = file.sha256 !== null && twin?.sha256 === file.sha256;
    return [
      filename,
      isSame && twin.provenance !== null ? { ...file, provenance: twin.provenance } : file,
    ];
  });
  return { ...project, files: new Map(files) };
}
