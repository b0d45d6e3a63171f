/** What is asked of an index, and what its answers mean. */
import { documentField, readObject } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { PubpinError, fail, isRetryable } from "../errors.ts";
import { MAX_DOCUMENT_BYTES, MAX_INDEX_PAGE_BYTES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { PROVENANCE_ACCEPT, requireProvenanceType } from "./media-type.ts";
import type { PageForms } from "./page-forms.ts";
import type { Page } from "./page-meta.ts";
import type { Request } from "./request.ts";
import type { Resource } from "./transport.ts";
import type { Answer } from "./types.ts";
import { quoteUrl } from "./url.ts";

type AuthorizationFor = Request["authorizationFor"];

/**
 * A project's page of the Simple API (PEP 503: the normalised name, with a slash at the end).
 *
 * @param indexUrl without a slash at the end
 * @param name normalised
 */
export function projectPage(
  indexUrl: string,
  name: string,
  forms: PageForms,
  authorizationFor: AuthorizationFor,
): Resource<Page> {
  const what = `project ${name} on ${quoteUrl(indexUrl)}`;
  return {
    kind: "simple",
    url: `${indexUrl}/${name}/`,
    what,
    accept: forms.accept,
    maxBytes: MAX_INDEX_PAGE_BYTES,
    authorizationFor,
    read: (answer) => understood(what, () => forms.read(answer, name, what)),
    refuse: (status) => refusePage(status, what),
  };
}

/** The provenance of a file (PEP 740), at the URL that its page names. */
export function provenanceDocument(
  url: string,
  filename: string,
  authorizationFor: AuthorizationFor,
): Resource<Bytes> {
  const what = `provenance of ${quote(filename)}`;
  return {
    kind: "provenance",
    url,
    what,
    accept: PROVENANCE_ACCEPT,
    maxBytes: MAX_DOCUMENT_BYTES,
    authorizationFor,
    read: (answer, from) => understood(what, () => readProvenance(answer, what, from)),
    refuse: (status) => refuseProvenance(status, what, url),
  };
}

/**
 * A body that is no JSON object is a wrong answer, not a wrong attestation. A stored one was looked
 * at when it came, and whoever verifies it looks again.
 */
function readProvenance(
  { contentType, body }: Answer,
  what: string,
  from: "network" | "store",
): Bytes {
  requireProvenanceType(contentType, what);
  if (from === "network") {
    readObject(documentField(body, MAX_DOCUMENT_BYTES, what, "INDEX_RESPONSE_INVALID"));
  }
  return body;
}

/** Whatever is wrong with an answer is the index's fault, and has its code. */
function understood<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PubpinError) || isRetryable(error.code)) throw error;
    return fail(
      "INDEX_RESPONSE_INVALID",
      `${what}: the answer cannot be read: ${error.message}`,
      error,
    );
  }
}

function refusePage(status: number, what: string): never {
  if (status === 404 || status === 410) {
    fail("PROJECT_NOT_ON_INDEX", `${what}: expected a page, found that the index has none`);
  }
  if (status === 401 || status === 403 || status === 407) {
    fail("INDEX_REFUSED", `${what}: expected a page, found that access is denied (${status})`);
  }
  return refuseOther(status, `${what}: expected a page of the Simple API`);
}

function refuseProvenance(status: number, what: string, url: string): never {
  if (status < 400 || status > 499) {
    return refuseOther(status, `${what}: expected the document that its page names`);
  }
  return fail(
    "PROVENANCE_UNAVAILABLE",
    `${what}: its page names ${quoteUrl(url)}, but the index answers with status ${status}`,
  );
}

function refuseOther(status: number, expected: string): never {
  const code = status >= 500 ? "INDEX_ERROR" : "INDEX_RESPONSE_INVALID";
  return fail(code, `${expected}, found status ${status}`);
}
