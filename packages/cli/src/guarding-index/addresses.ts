/**
 * Our addresses. Below the token, each upstream has a root of the Simple API, `N/simple/NAME/`, and
 * each file of a distribution is at `file/SCHEME/HOST/` or `file/SCHEME-PORT/HOST/` and the rest of
 * its own URL: so that the addresses of an index and ours follow from each other without anything
 * being remembered. (A colon in a path is one of the characters that pip writes otherwise.)
 */
import { fail, readIndexUrl } from "@pubpin/shared";
import type { Upstream } from "./types.ts";

/** What a path below the token stands for. */
export type Target =
  | {
      readonly kind: "page";
      readonly upstream: number;
      readonly name: string;
      /** Whether the path ends with the slash that relative links on the page count on. */
      readonly hasSlash: boolean;
    }
  /** A file of a distribution, or the metadata beside it (PEP 658), by the file's URL. */
  | { readonly kind: "file" | "metadata"; readonly url: string }
  | { readonly kind: "health" | "metrics" };

/** The two ways between the upstreams' addresses and ours. */
export interface Addresses {
  readonly baseUrl: string;
  readonly indexUrl: (upstream: Upstream) => string;
  readonly toUpstream: (text: string) => string;
  readonly fromUpstream: (text: string) => string;
}

const PAGE = /^(?<upstream>0|[1-9][0-9]{0,3})\/simple\/(?<name>[^/?#]+)(?<slash>\/?)$/;
const FILE = /^file\/(?<scheme>https?)(?:-(?<port>[0-9]{1,5}))?\/(?<host>[^/?#]+)(?<rest>\/[^#]*)$/;
const ORIGIN = /^(?<scheme>https?):\/\/(?<host>[^/?#]*?)(?::(?<port>[0-9]+))?(?=[/?#]|$)/;
const METADATA = ".metadata";
/** A URL of a wheel or sdist, or of the metadata of one. */
const DISTRIBUTION =
  /https?:\/\/[^\s"'#<>?]+\.(?:whl|tar\.gz|zip)(?:\.metadata)?(?:\?[^\s"'#<>]*)?(?=["'#\s]|$)/g;
/** Where an entry of a lock begins (uv.lock; PEP 751). */
const ENTRY = /^(?=\[\[packages?\]\]\s*$)/m;
/** An entry of a pylock.toml that comes from no index (PEP 751). */
const DIRECT = /^(?:archive|vcs|directory) *=|^\[packages\.(?:archive|vcs|directory)\]/m;
const UV_SOURCE = /^source = \{(?<source>[^\r\n]*)\}\r?$/m;
const PYLOCK_INDEX = /^index *= *["'](?<index>[^"'\n]*)["']/m;

/** What a path below the token, with its query, stands for; null for nothing. */
export function readTarget(path: string): Target | null {
  if (path === "health" || path === "metrics") return { kind: path };
  const page = PAGE.exec(path)?.groups;
  if (page !== undefined) {
    const { upstream = "", name = "", slash = "" } = page;
    return { kind: "page", upstream: Number(upstream), name, hasSlash: slash !== "" };
  }
  const file = FILE.exec(path)?.groups;
  if (file === undefined) return null;
  const { scheme = "", port, host = "", rest = "" } = file;
  const [beforeQuery = "", ...query] = (originOf(scheme, port, host) + rest).split("?");
  const after = query.length === 0 ? "" : `?${query.join("?")}`;
  return beforeQuery.endsWith(METADATA)
    ? { kind: "metadata", url: beforeQuery.slice(0, -METADATA.length) + after }
    : { kind: "file", url: beforeQuery + after };
}

/** The place of a file below the token. */
export function filePath(url: string): string {
  const place = url.replace(ORIGIN, (_found, scheme: string, host: string, port?: string) =>
    port === undefined ? `${scheme}/${host}` : `${scheme}-${port}/${host}`,
  );
  return `file/${place}`;
}

function originOf(scheme: string, port: string | undefined, host: string): string {
  return `${scheme}://${host}${port === undefined ? "" : `:${port}`}`;
}

/** Whether two URLs of files are the same one: installers write some characters otherwise. */
export function isSameUrl(a: string, b: string): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(text: string): string {
  if (!URL.canParse(text)) return text;
  const { protocol, host, pathname, search } = new URL(text);
  try {
    return [protocol, host, decodeURIComponent(pathname), search].join(" ");
  } catch {
    return text;
  }
}

/**
 * The addresses of an index that listens at `baseUrl`.
 *
 * @param baseUrl with the token, without a slash at the end
 */
export function createAddresses(baseUrl: string, upstreams: readonly Upstream[]): Addresses {
  const roots = upstreams.map(({ url }) => readIndexUrl(url).url);
  const rootOf = (position: number): string => `${baseUrl}/${position}/simple`;
  return {
    baseUrl,
    indexUrl: ({ url }) => {
      const at = roots.indexOf(readIndexUrl(url).url);
      if (at === -1) fail("INDEX_URL_INVALID", "expected an index that this one guards");
      return rootOf(at) + (url.endsWith("/") ? "/" : "");
    },
    toUpstream: (text) => toUpstream(text, baseUrl, roots),
    fromUpstream: (text) => fromUpstream(text, baseUrl, roots, rootOf),
  };
}

function toUpstream(text: string, baseUrl: string, roots: readonly string[]): string {
  const base = escaped(baseUrl);
  const root = new RegExp(`${base}/([0-9]+)/simple(?![\\w.~%-])`, "g");
  const file = new RegExp(`${base}/file/(https?)(?:-([0-9]+))?/([^/\\s"']+)`, "g");
  return text
    .replace(root, (found, position: string) => roots[Number(position)] ?? found)
    .replace(file, (_found, scheme: string, port: string | undefined, host: string) =>
      originOf(scheme, port, host),
    );
}

function fromUpstream(
  text: string,
  baseUrl: string,
  roots: readonly string[],
  rootOf: (position: number) => string,
): string {
  const longestFirst = roots.toSorted((a, b) => b.length - a.length).map(escaped);
  const theirs = new RegExp(
    `(?<=^|["'\\s=])(?<root>${longestFirst.join("|")})(?=/?(?:["'\\s,;]|$))`,
    "gm",
  );
  return text
    .split(ENTRY)
    .map((entry) =>
      isFromIndex(entry, roots)
        ? entry.replace(DISTRIBUTION, (url) =>
            url.startsWith(`${baseUrl}/`) ? url : `${baseUrl}/${filePath(url)}`,
          )
        : entry,
    )
    .join("")
    .replace(theirs, (root) => rootOf(roots.indexOf(root)));
}

/** Whether an entry of a lock comes from one of these indexes, so that its files are theirs. */
function isFromIndex(entry: string, roots: readonly string[]): boolean {
  const isRoot = (url: string): boolean => roots.includes(url.replace(/\/+$/, ""));
  if (entry.startsWith("[[package]]")) {
    const { source = "" } = UV_SOURCE.exec(entry)?.groups ?? {};
    const { url } = /^ *registry = "(?<url>[^"]*)" *$/.exec(source)?.groups ?? {};
    return url !== undefined && isRoot(url);
  }
  if (!entry.startsWith("[[packages]]") || DIRECT.test(entry)) return false;
  const { index } = PYLOCK_INDEX.exec(entry)?.groups ?? {};
  return index === undefined || isRoot(index);
}

/** A text as a regular expression for exactly that text. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
