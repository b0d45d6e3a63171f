/** Where a project may come from: an index, or a repository, URL or path. */
import { FORGE } from "../addresses.ts";
import { decodeToken, encodeToken, isPlainSegment, quoteToken, refuse } from "./token.ts";

/** RFC 3986: `pchar`, `/`, `?`, and brackets for addresses of IPv6. */
const URL_CHARACTERS = /^[A-Za-z0-9._~!$&'()*+,;=:@%/?[\]-]+$/;
/** Not two digits; or a control character. */
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})|%(?:[01][0-9A-Fa-f]|7[Ff])/;
/** A dot segment for whoever takes encoded slashes for slashes. */
const HIDDEN_DOTS = /(?:\/|%2f|%5c)(?:\.|%2e){1,2}(?:\/|%2f|%5c|\?|$)/i;
const SCHEME = /^(?<vcs>(?:git|hg|svn|bzr)\+)?(?<transport>https?|ssh|git|file):\/\/(?<rest>.+)$/;
const GITHUB = FORGE.GitHub.replace("https://", "");
/** Any host: file URLs have none. */
const FILE_HOST = "host";
const SOURCE_PATH = /^(?:\.|(?:\.\.\/)*\.\.|(?:\.\/|(?:\.\.\/)+)(?<below>[^/].*))$/;

/**
 * A package index: its URL (http or https, without credentials, query, fragment and dot segments,
 * in the spelling that the WHATWG URL standard gives it), or the location of a folder of files
 * (`file:///PATH`, or a path as in `readSource`). Slashes at the end are taken away.
 *
 * @throws PINS_INVALID
 */
export function readIndex(token: string, where: string): string {
  if (token.startsWith(".")) return readSourcePath(token, where);
  const { vcs, transport = "", rest = "" } = SCHEME.exec(token)?.groups ?? {};
  if (vcs !== undefined || !/^(?:https?|file)$/.test(transport) || rest.includes("?")) {
    refuse(
      where,
      `expected the http or https URL of an index without a query, or a folder that begins with ` +
        `"./", "../" or "file:///", found ${quoteToken(token)}`,
    );
  }
  requirePlainUrl(asWebUrl(transport, rest, where), token, where);
  const trimmed = rest.replace(/(?<!\/)\/+$/, "");
  return `${transport}://${trimmed === "" ? "/" : trimmed}`;
}

/**
 * What a project is taken from instead of an index: a repository (`git+https://...`, also hg, svn
 * and bzr, over https, http, ssh, git or file), the URL of an archive, or a path that is `.` or begins
 * with `./` or `../`. No user name, password or fragment (so no commit), for repositories no query.
 *
 * @throws PINS_INVALID
 */
export function readSource(token: string, where: string): string {
  if (token.startsWith(".")) return readSourcePath(token, where);
  const { vcs, transport, rest } = SCHEME.exec(token)?.groups ?? {};
  const isBare = vcs === undefined && (transport === "ssh" || transport === "git");
  if (transport === undefined || rest === undefined || isBare) {
    return refuse(
      where,
      `expected a repository such as git+https://HOST/PATH, the URL of an archive, ` +
        `or a path that begins with "./" or "../", found ${quoteToken(token)}`,
    );
  }
  if (vcs !== undefined && rest.includes("?")) {
    refuse(where, `expected the URL of a repository without a query, found ${quoteToken(token)}`);
  }
  requirePlainUrl(asWebUrl(transport, rest, where), token, where);
  return token;
}

/** The token that `readSource`, or `readIndex`, reads as this location. */
export function encodeLocation(location: string): string {
  return location.startsWith(".") ? encodeToken(location) : location;
}

/** Whether two sources are the same (see `comparableSource`). */
export function sameSource(a: string, b: string): boolean {
  return comparableSource(a) === comparableSource(b);
}

/** A source as it is compared: repositories at GitHub without regard to case, all others exactly. */
export function comparableSource(source: string): string {
  const { vcs, rest = "" } = SCHEME.exec(source)?.groups ?? {};
  return vcs !== undefined && rest.startsWith(GITHUB) ? source.toLowerCase() : source;
}

/** The URL standard tidies the web's schemes only: others are judged as if they were of the web. */
function asWebUrl(transport: string, rest: string, where: string): string {
  if (transport === "ssh" || transport === "git") return `http://${rest}`;
  if (transport !== "file") return `${transport}://${rest}`;
  if (!rest.startsWith("/")) refuse(where, `expected file:///PATH, found ${quoteToken(rest)}`);
  return `http://${FILE_HOST}${rest}`;
}

function requirePlainUrl(url: string, token: string, where: string): void {
  const [authority = ""] = url.slice(url.indexOf("//") + 2).split("/");
  if (authority.includes("@")) {
    refuse(where, "expected a URL without user name and password, found one that has them");
  }
  if (token.includes("#")) {
    refuse(where, `expected a URL without a fragment, found ${quoteToken(token)}`);
  }
  if (!URL_CHARACTERS.test(url) || BAD_PERCENT.test(url)) {
    refuse(where, `expected a plain, percent-encoded URL, found ${quoteToken(token)}`);
  }
  const tidy = URL.canParse(url) ? new URL(url).href : null;
  if ((tidy !== url && tidy !== `${url}/`) || HIDDEN_DOTS.test(url)) {
    refuse(
      where,
      `expected a URL with a lower-case host, without dot segments and default port, ` +
        `found ${quoteToken(token)}`,
    );
  }
}

function readSourcePath(token: string, where: string): string {
  const path = decodeToken(token, where);
  const match = SOURCE_PATH.exec(path);
  const below = match?.groups?.["below"];
  if (match === null || (below ?? "x").split("/").some((segment) => !isPlainSegment(segment))) {
    refuse(where, `expected a path without other dot segments, found ${quoteToken(token)}`);
  }
  return path;
}
