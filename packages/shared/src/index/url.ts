/** The URLs of an index and the URLs that an index gives: which of them may be asked. */
import { encodeBase64 } from "../bytes/base64.ts";
import { quote } from "../bytes/quote.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { type ErrorCode, fail } from "../errors.ts";
import { MAX_URL_LENGTH } from "../limits.ts";

/** An index as a person or a lock names it. */
export interface IndexUrl {
  /** Normalised, without credentials and without a slash at the end: indexes compare by it. */
  readonly url: string;
  /** The Authorization header that the URL's user name and password make, or null. */
  readonly authorization: string | null;
}

/** A URL that was judged, and what stood behind `#` in it. */
export interface Link {
  readonly url: URL;
  /** Without `#`; empty where there was none. */
  readonly fragment: string;
}

/** RFC 3986: every character that may stand in a URL, and non-ASCII letters, which get encoded. */
const URL_CHARACTERS = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@%/?#[\]-]|[^\0-\u00a0])+$/;
/** A percent sign without two digits; or a control character, dot or backslash in disguise. */
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})|%(?:[01][0-9A-Fa-f]|2[Ee]|5[Cc]|7[Ff])/;
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;
const INDEX = /^(?<scheme>https?:\/\/)(?:(?<credentials>[^/?#]*)@)?(?<rest>[^/].*)$/is;
const ABSOLUTE = /^https?:\/\/[^/]/i;
const CLIMB = /^(?:\.\/)?(?:\.\.\/)*/;

/**
 * The URL of an index: http or https, without query, fragment and dot segments. User name and
 * password become a header (RFC 7617), and are in no message.
 *
 * @throws INDEX_URL_INVALID
 */
export function readIndexUrl(text: string): IndexUrl {
  const where = `index ${quoteUrl(text)}`;
  const { scheme = "", credentials, rest = "" } = INDEX.exec(text)?.groups ?? {};
  if (scheme === "") fail("INDEX_URL_INVALID", `${where}: expected an http or https URL`);
  if (/[?#]/.test(rest)) {
    fail("INDEX_URL_INVALID", `${where}: expected a URL without query and fragment`);
  }
  requirePlain(scheme + rest, where, "INDEX_URL_INVALID");
  const url = parse(scheme + rest, undefined, where, "INDEX_URL_INVALID");
  return {
    url: url.href.replace(/\/+$/, ""),
    authorization: credentials === undefined ? null : basicAuthorization(credentials, where),
  };
}

/**
 * A URL on a page or in a header of an index, resolved against where that came from: http or
 * https, never http where the page came over https, without credentials. Dot segments may only
 * stand at the start of a relative URL.
 *
 * @throws INDEX_RESPONSE_INVALID
 */
export function resolveLink(href: string, base: string, where: string): Link {
  const [target = "", ...rest] = href.split("#");
  requirePlain(target, where, "INDEX_RESPONSE_INVALID");
  const url = parse(target, base, where, "INDEX_RESPONSE_INVALID");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    fail("INDEX_RESPONSE_INVALID", `${where}: expected an http or https URL`);
  }
  if (url.protocol === "http:" && base.startsWith("https:")) {
    fail("INDEX_RESPONSE_INVALID", `${where}: expected an https URL, found ${quoteUrl(target)}`);
  }
  if (url.username !== "" || url.password !== "") {
    fail("INDEX_RESPONSE_INVALID", `${where}: expected a URL without user name and password`);
  }
  return { url, fragment: rest.join("#") };
}

/** A URL for a message: without credentials, query and fragment, which may be secrets. */
export function quoteUrl(text: string): string {
  return quote(text.replace(/\/\/.*@/s, "//").replace(/[?#].*$/s, ""));
}

function requirePlain(target: string, where: string, code: ErrorCode): void {
  if (target.length > MAX_URL_LENGTH) {
    fail(code, `${where}: expected at most ${MAX_URL_LENGTH} characters, found ${target.length}`);
  }
  const [path = ""] = target.split("?");
  if (!URL_CHARACTERS.test(target) || BAD_PERCENT.test(path)) {
    fail(code, `${where}: expected a percent-encoded URL, found ${quoteUrl(target)}`);
  }
  const below = ABSOLUTE.test(path) ? path : path.replace(CLIMB, "");
  if (DOT_SEGMENT.test(below)) {
    fail(code, `${where}: expected a URL without dot segments, found ${quoteUrl(target)}`);
  }
}

function parse(text: string, base: string | undefined, where: string, code: ErrorCode): URL {
  try {
    return new URL(text, base);
  } catch {
    return fail(code, `${where}: expected a URL, found ${quoteUrl(text)}`);
  }
}

function basicAuthorization(credentials: string, where: string): string {
  const colon = credentials.includes(":") ? credentials.indexOf(":") : credentials.length;
  try {
    const user = decodeURIComponent(credentials.slice(0, colon));
    const password = decodeURIComponent(credentials.slice(colon + 1));
    return `Basic ${encodeBase64(encodeUtf8(`${user}:${password}`))}`;
  } catch {
    return fail("INDEX_URL_INVALID", `${where}: user name and password are not percent-encoded`);
  }
}
