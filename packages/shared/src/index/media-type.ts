/** What an answer says that it is (RFC 9110, section 8.3). */
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";

/** For `Accept`: pages in JSON (PEP 691, "Version + Format Selection"). */
export const JSON_PAGE_ACCEPT: string = "application/vnd.pypi.simple.v1+json";
/** For `Accept`: the same, and HTML where there is none. */
export const PAGE_ACCEPT: string = `${JSON_PAGE_ACCEPT}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;
/** For `Accept`: the Integrity API's type, and plain JSON. */
export const PROVENANCE_ACCEPT: string =
  "application/vnd.pypi.integrity.v1+json, application/json;q=0.5";

const MEDIA_TYPE =
  /^(?<type>[a-z0-9.+-]+\/[a-z0-9.+-]+)(?:[ \t]*;[ \t]*charset="?(?<charset>[a-z0-9_-]+)"?)?[ \t]*;?$/;
const VERSIONED =
  /^application\/vnd\.pypi\.(?:simple|integrity)\.v(?<version>[0-9]+)\+(?:json|html)$/;

/**
 * The format of a project's page.
 *
 * @throws INDEX_RESPONSE_INVALID INDEX_VERSION_UNSUPPORTED
 */
export function pageFormat(contentType: string | null, what: string): "json" | "html" {
  const type = readMediaType(contentType, what);
  switch (type) {
    case "application/vnd.pypi.simple.v1+json":
    case "application/json":
      return "json";
    case "application/vnd.pypi.simple.v1+html":
    case "text/html":
      return "html";
    default:
      return unexpected(type, "a page of the Simple API", what);
  }
}

/**
 * Returns only for an answer that says that it is JSON.
 *
 * @throws INDEX_RESPONSE_INVALID INDEX_VERSION_UNSUPPORTED
 */
export function requireProvenanceType(contentType: string | null, what: string): void {
  const type = readMediaType(contentType, what);
  if (type !== "application/vnd.pypi.integrity.v1+json" && type !== "application/json") {
    unexpected(type, "JSON", what);
  }
}

function readMediaType(contentType: string | null, what: string): string {
  const { type, charset = "utf-8" } =
    MEDIA_TYPE.exec(contentType?.toLowerCase() ?? "")?.groups ?? {};
  if (type === undefined) {
    return fail(
      "INDEX_RESPONSE_INVALID",
      `${what}: expected a content type, found ${contentType === null ? "none" : quote(contentType)}`,
    );
  }
  if (charset !== "utf-8" && charset !== "utf8") {
    fail("INDEX_RESPONSE_INVALID", `${what}: expected UTF-8, found ${quote(charset)}`);
  }
  return type;
}

function unexpected(type: string, expected: string, what: string): never {
  const version = VERSIONED.exec(type)?.groups?.["version"];
  const code =
    version === undefined || version === "1"
      ? "INDEX_RESPONSE_INVALID"
      : "INDEX_VERSION_UNSUPPORTED";
  return fail(code, `${what}: expected ${expected}, found content of type ${quote(type)}`);
}
