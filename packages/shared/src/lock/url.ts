/** URLs as locks write them: judged, without user names, passwords and fragments. */
import { quote } from "../bytes/quote.ts";
import { MAX_FILENAME_LENGTH, MAX_URL_LENGTH } from "../limits.ts";
import { absoluteLocation } from "./path.ts";
import { invalid, unsupported } from "./refuse.ts";

/** A URL taken apart. */
export interface LockUrl {
  /** Its scheme, in lower case, without the colon. */
  readonly scheme: string;
  /**
   * Without user name, password, query and fragment, in the spelling of the WHATWG URL standard:
   * lower-case scheme and host, no default port, no dot segments.
   */
  readonly base: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
  /** Without its `#`; empty where there is none. */
  readonly fragment: string;
  /** Whether it had a user name or password. */
  readonly hasLogin: boolean;
}

const SCHEME = /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):/;
const AUTHORITY = /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*:\/\/)(?<authority>[^/?#]*)(?<rest>.*)$/s;
/**
 * The short form that SSH and Git know: `git@host:path`. A single letter would be a drive, and
 * `NAME::` names a program that Git runs (gitremote-helpers).
 */
const SHORT_SSH = /^(?:[^@/:]+@)?(?<host>[A-Za-z0-9.-]{2,}):(?<path>[^/:].*)$/;
const URL_CHARACTERS = /^[!-~]+$/;
const ODD_CHARACTERS = /["<>\\^`{|}]/;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/;
/** Also in disguise (WHATWG URL, "double-dot URL path segment"). */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const SCHEMES: ReadonlySet<string> = new Set(["http", "https", "file", "ssh", "git"]);

/** Whether text begins like a URL and not like a path; a drive's letter is no scheme. */
export function looksLikeUrl(text: string): boolean {
  return (SCHEME.exec(text)?.groups?.["scheme"]?.length ?? 0) > 1;
}

/** Text that may hold URLs, for a message: quoted, user names and passwords hidden. */
export function quoteUrl(text: string): string {
  return quote(text.replace(/\/\/[^/?#\s]*@/g, "//***@"));
}

/**
 * Takes a URL apart: http, https, file, ssh or git, of printable ASCII, without dot segments, which
 * programs resolve at different times.
 *
 * @throws LOCK_INVALID when it is no such URL
 * @throws LOCK_UNSUPPORTED for other schemes and for variables of the environment
 */
export function readUrl(given: string, where: string): LockUrl {
  const text = withoutLogin(given);
  if (given.length > MAX_URL_LENGTH) {
    invalid(where, `expected a URL of at most ${MAX_URL_LENGTH} characters`);
  }
  if (text.includes("${")) {
    unsupported(where, `${quoteUrl(given)} depends on the environment; write the URL out`);
  }
  if (!URL_CHARACTERS.test(text) || ODD_CHARACTERS.test(text) || BAD_PERCENT.test(text)) {
    invalid(where, `expected a URL, percent-encoded where needed, found ${quoteUrl(given)}`);
  }
  const scheme = SCHEME.exec(text)?.groups?.["scheme"]?.toLowerCase() ?? "";
  if (!SCHEMES.has(scheme)) {
    unsupported(
      where,
      `expected a URL with http, https, file, ssh or git, found ${quoteUrl(given)}`,
    );
  }
  if (DOT_SEGMENT.test(text.split(/[?#]/, 1)[0] ?? "")) {
    invalid(where, `expected a URL without dot segments, found ${quoteUrl(given)}`);
  }
  const url = parse(text, where);
  if (scheme !== "file" && url.host === "") {
    invalid(where, `expected a host in ${quoteUrl(given)}`);
  }
  return {
    scheme,
    base: `${scheme}://${url.host.toLowerCase()}${url.pathname}`,
    query: url.search,
    fragment: url.hash.slice(1),
    hasLogin: text !== given,
  };
}

function parse(text: string, where: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    return invalid(where, `expected a URL, found ${quote(text)}`, cause);
  }
}

/**
 * The URL of a repository, whose query must be understood by the caller. Git's short form for SSH
 * is a URL, too.
 */
export function readRepositoryUrl(given: string, where: string): LockUrl {
  const { host, path } = SHORT_SSH.exec(given)?.groups ?? {};
  return readUrl(host === undefined ? given : `ssh://${host}/${path}`, where);
}

/**
 * The URL of an index, without a slash at the end; of a folder of files on disk its location.
 *
 * @param logins takes the URL as it is written if it has a user name or password
 */
export function readIndexUrl(given: string, logins: string[], where: string): string {
  const { scheme, base, query, fragment, hasLogin } = readUrl(given, where);
  if (query !== "" || fragment !== "" || scheme === "ssh" || scheme === "git") {
    unsupported(
      where,
      `expected the http or https URL of an index without query and fragment, found ${quoteUrl(given)}`,
    );
  }
  if (scheme === "file") return readFileUrl(given, where).location;
  if (hasLogin) logins.push(given);
  return base.replace(/\/+$/, "");
}

/** The URL of a file: its URL without fragment and its name, decoded. */
export interface FileUrl {
  readonly url: string;
  readonly filename: string;
}

/** The http or https URL of a file. */
export function readWebUrl(given: string, where: string): FileUrl {
  const { scheme, base, query } = readUrl(given, where);
  if (scheme !== "http" && scheme !== "https") {
    unsupported(where, `expected an http or https URL, found ${quoteUrl(given)}`);
  }
  return { url: base + query, filename: decodeFilename(lastSegment(base), where) };
}

/** The location of a file or folder on disk that a `file:` URL names. */
export function readFileUrl(
  given: string,
  where: string,
): { readonly location: string; readonly fragment: string } {
  const { scheme, base, query, fragment } = readUrl(given, where);
  if (scheme !== "file" || query !== "" || !base.startsWith("file:///")) {
    unsupported(where, `expected file:///PATH, found ${quoteUrl(given)}`);
  }
  return {
    location: absoluteLocation(decodePath(base.slice("file://".length), where), where),
    fragment,
  };
}

/**
 * The pieces of a query or fragment, `KEY=VALUE` with `&` between.
 *
 * @throws LOCK_UNSUPPORTED for a key that is not among the known ones
 * @throws LOCK_INVALID when a key stands twice or is not percent-encoded UTF-8
 */
export function readPairs(
  text: string,
  known: readonly string[],
  where: string,
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of text.split("&").filter((each) => each !== "")) {
    const equals = pair.indexOf("=");
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (!known.includes(key)) unsupported(where, `${quote(key)} in a URL is not known`);
    if (pairs.has(key)) invalid(where, `expected ${quote(key)} once in a URL, found it again`);
    pairs.set(key, equals === -1 ? "" : decodePercent(pair.slice(equals + 1), where));
  }
  return pairs;
}

/** The name of a file, decoded from the last segment of a URL's path. */
export function decodeFilename(segment: string, where: string): string {
  return readFilename(decodePercent(segment, where), where);
}

/**
 * The name of a file: no path, nothing that hides.
 *
 * @throws LOCK_INVALID
 */
export function readFilename(name: string, where: string): string {
  if (
    name.length > MAX_FILENAME_LENGTH ||
    !/^[ -.0-[\]-~]+$/.test(name) ||
    /^\.{1,2}$/.test(name)
  ) {
    invalid(where, `expected the name of a file in printable ASCII, found ${quote(name)}`);
  }
  return name;
}

/** What stands behind the last slash. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function decodePath(path: string, where: string): string {
  if (/%(?:2[Ff]|5[Cc]|00)/.test(path)) {
    invalid(where, `expected no slash or backslash in disguise, found ${quote(path)}`);
  }
  return decodePercent(path, where);
}

function decodePercent(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    return invalid(where, `expected percent-encoded UTF-8, found ${quote(text)}`, cause);
  }
}

/** Before anything else is looked at, so that no message can hold a password. */
function withoutLogin(text: string): string {
  const { scheme, authority = "", rest = "" } = AUTHORITY.exec(text)?.groups ?? {};
  const at = authority.lastIndexOf("@");
  return scheme === undefined || at === -1 ? text : scheme + authority.slice(at + 1) + rest;
}
