/** One request: redirects, time limit, size limit. What its status means is judged elsewhere. */
import { concatBytes } from "../bytes/bytes.ts";
import { PubpinError, fail } from "../errors.ts";
import { MAX_REDIRECTS } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { quoteUrl, resolveLink } from "./url.ts";

/** What is asked of {@link Fetch}. */
export interface FetchInit {
  readonly method: "GET";
  readonly headers: Record<string, string>;
  readonly redirect: "manual" | "follow";
  readonly credentials: "same-origin";
  readonly referrerPolicy: "no-referrer";
  readonly signal: AbortSignal;
}

/**
 * The part of `globalThis.fetch` that is used. It rejects once the signal is aborted. It is called
 * as a function, not as a method: browsers want that of their own.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** A thing to ask for. */
export interface Request {
  /** Without credentials. */
  readonly url: string;
  /** How messages call it. */
  readonly what: string;
  readonly accept: string;
  readonly maxBytes: number;
  /** The Authorization header for a URL, or null. */
  readonly authorizationFor: (url: string) => string | null;
}

/** What came back, whatever its status. The body is empty unless the status is 200. */
export interface RawAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Bytes;
}

/** How requests are made. */
export interface RequestOptions {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A request under way. */
interface Asking {
  readonly request: Request;
  readonly etag: string | null;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/**
 * Makes a request and follows its redirects, to http and https URLs only, never from https to
 * http. Credentials are sent where `authorizationFor` has them for the very URL that is asked.
 *
 * @param etag for the If-None-Match header (RFC 9110, section 13.1.2)
 * @throws INDEX_UNREACHABLE when there is no answer, or not all of it, in time
 * @throws INDEX_RESPONSE_INVALID when the answer is too large or redirects where it may not
 * @throws the reason of `options.signal` once that is aborted
 */
export async function makeRequest(
  request: Request,
  etag: string | null,
  options: RequestOptions,
): Promise<RawAnswer> {
  const { fetch, timeoutMs } = options;
  options.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal =
    options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    return await followRedirects({ request, etag, fetch, signal });
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof PubpinError) throw cause;
    const found = timeout.aborted ? `no whole answer in ${timeoutMs / 1000} s` : "no whole answer";
    const where = `${request.what}: from ${quoteUrl(request.url)}`;
    return fail("INDEX_UNREACHABLE", `${where}: expected an answer, found ${found}`, cause);
  }
}

async function followRedirects(asking: Asking): Promise<RawAnswer> {
  const { request, fetch } = asking;
  let { url } = request;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(url, initOf(asking, url, "manual"));
    if (response.type === "opaqueredirect") return followBlindly(asking);
    if (!REDIRECTS.has(response.status)) return readAnswer(response, url, request);
    await response.body?.cancel();
    url = redirectTarget(response, url, request.what);
  }
  return fail(
    "INDEX_RESPONSE_INVALID",
    `${request.what}: expected at most ${MAX_REDIRECTS} redirects, found more`,
  );
}

/**
 * Browsers do not show where a redirect leads, but follow it: so without credentials, and where it
 * led is judged afterwards.
 */
async function followBlindly(asking: Asking): Promise<RawAnswer> {
  const { fetch } = asking;
  const request: Request = { ...asking.request, authorizationFor: () => null };
  const init = initOf({ ...asking, request }, request.url, "follow");
  const response = await fetch(request.url, init);
  const { url } = resolveLink(response.url, request.url, `${request.what}: redirect`);
  return readAnswer(response, url.href, request);
}

function initOf(
  { request, etag, signal }: Asking,
  url: string,
  redirect: "manual" | "follow",
): FetchInit {
  const authorization = request.authorizationFor(url);
  return {
    method: "GET",
    headers: {
      accept: request.accept,
      ...(authorization === null ? {} : { authorization }),
      ...(etag === null ? {} : { "if-none-match": etag }),
    },
    redirect,
    credentials: "same-origin",
    referrerPolicy: "no-referrer",
    signal,
  };
}

function redirectTarget(response: Response, url: string, what: string): string {
  const location =
    response.headers.get("location") ??
    fail(
      "INDEX_RESPONSE_INVALID",
      `${what}: expected a redirect (status ${response.status}) with a target, found none`,
    );
  return resolveLink(location, url, `${what}: redirect`).url.href;
}

async function readAnswer(response: Response, url: string, request: Request): Promise<RawAnswer> {
  const { status, headers } = response;
  if (status === 200) return { status, url, headers, body: await readBody(response, request) };
  await response.body?.cancel();
  return { status, url, headers, body: new Uint8Array() };
}

async function readBody(response: Response, { maxBytes, what }: Request): Promise<Bytes> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return concatBytes(...parts);
    length += chunk.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      fail("INDEX_RESPONSE_INVALID", `${what}: expected at most ${maxBytes} bytes, found more`);
    }
    parts.push(chunk.value);
  }
}
