/** HTTP for Node: proxies, own authorities, pooled connections, bounded answers and redirects. */
import { type SecureContext, createSecureContext } from "node:tls";
import { PubpinError } from "@pubpin/shared";
import type * as Undici from "undici";
import { readAuthorities } from "./authorities.ts";
import type { Environment } from "./environment.ts";
import { unreachable } from "./http-failure.ts";
import {
  CONNECT_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HTTP_BODY_BYTES,
  MAX_HTTP_REDIRECTS,
} from "./limits.ts";
import { type ProxyChoice, readProxies } from "./proxies.ts";
import { redactUrl } from "./redact.ts";
import { PUBPIN_VERSION } from "./version.ts";

/** What is asked. Other members, such as those that only browsers need, count for nothing. */
export interface HttpInit {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** By default redirects are followed; `manual` gives the redirect itself. */
  readonly redirect?: "manual" | "follow";
  readonly signal?: AbortSignal;
}

/**
 * A `fetch` for http and https URLs without user name and password. It throws INDEX_UNREACHABLE
 * where there is no answer, INDEX_RESPONSE_INVALID for a redirect that is not followed or a body that
 * is too large, and the signal's reason once that is aborted; so does reading the body.
 */
export type HttpFetch = (url: string, init?: HttpInit) => Promise<Response>;

/** How HTTP is spoken. */
export interface TransportOptions {
  readonly env: Environment;
  /** Milliseconds for a connection, by default CONNECT_TIMEOUT_MS. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds in which nothing may come, by default IDLE_TIMEOUT_MS. */
  readonly idleTimeoutMs?: number;
  /** Bytes of one answer, once unpacked, by default MAX_HTTP_BODY_BYTES. */
  readonly maxBytes?: number;
  /** Connections to one origin at once, by default MAX_CONNECTIONS. */
  readonly connections?: number;
}

/** A `fetch` with its connections. */
export interface HttpTransport {
  readonly fetch: HttpFetch;
  /** Breaks off everything and closes all connections. */
  readonly close: () => Promise<void>;
}

/** What is loaded for the first request: a run that needs none does not pay for it. */
interface Machinery {
  readonly undici: Pick<typeof Undici, "Agent" | "ProxyAgent" | "fetch">;
  /** Connections by the proxy they go through; the empty one is none. */
  readonly dispatchers: Map<string, Undici.Dispatcher>;
  readonly secureContext: SecureContext | null;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that are for one origin. */
const PRIVATE_HEADERS: ReadonlySet<string> = new Set(["authorization", "cookie"]);

/**
 * Reads the environment's proxies; nothing is connected yet. Every request says `pubpin/VERSION`.
 *
 * @throws USAGE_INVALID for a proxy that is no URL
 */
export function createTransport(options: TransportOptions): HttpTransport {
  const proxies = readProxies(options.env);
  let machinery: Promise<Machinery> | undefined;
  const load = (): Promise<Machinery> => (machinery ??= loadMachinery(options.env));
  return {
    fetch: async (url, init = {}) => {
      init.signal?.throwIfAborted();
      const { undici, dispatchers, secureContext } = await load();
      const once = async (target: URL, headers: HttpInit["headers"]): Promise<Response> => {
        const proxy = proxies(target);
        const key = proxy ?? "";
        const dispatcher =
          dispatchers.get(key) ?? createDispatcher(undici, proxy, secureContext, options);
        dispatchers.set(key, dispatcher);
        return request(undici, { target, headers, init, dispatcher, proxy }, options);
      };
      return follow(url, init, once);
    },
    close: async () => {
      const { dispatchers } = (await machinery?.catch(() => undefined)) ?? {};
      await Promise.all([...(dispatchers?.values() ?? [])].map((each) => each.destroy()));
    },
  };
}

async function loadMachinery(env: Environment): Promise<Machinery> {
  const [undici, authorities] = await Promise.all([import("undici"), readAuthorities(env)]);
  return {
    undici,
    dispatchers: new Map(),
    secureContext: authorities === null ? null : createSecureContext({ ca: [...authorities] }),
  };
}

function createDispatcher(
  { Agent, ProxyAgent }: Machinery["undici"],
  proxy: ReturnType<ProxyChoice>,
  secureContext: SecureContext | null,
  options: TransportOptions,
): Undici.Dispatcher {
  const idle = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
  const timeout = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const tls = { timeout, allowH2: false, ...(secureContext === null ? {} : { secureContext }) };
  const pool = {
    connections: options.connections ?? MAX_CONNECTIONS,
    headersTimeout: idle,
    bodyTimeout: idle,
    allowH2: false,
  };
  if (proxy === null) return new Agent({ ...pool, connect: tls });
  const agent = { ...pool, uri: proxy, connect: tls, requestTls: tls, connectTimeout: timeout };
  // With settings of TLS for the way to it, a SOCKS proxy would be asked over TLS, which none knows.
  return new ProxyAgent(proxy.startsWith("socks") ? agent : { ...agent, proxyTls: tls });
}

type Once = (target: URL, headers: HttpInit["headers"]) => Promise<Response>;

/** Follows redirects to http and https, never from https to http, without the first origin's secrets. */
async function follow(url: string, init: HttpInit, once: Once): Promise<Response> {
  let target = requireTarget(url, url);
  let headers = init.headers ?? {};
  for (let hop = 0; hop <= MAX_HTTP_REDIRECTS; hop++) {
    const response = await once(target, headers);
    const location = response.headers.get("location");
    if (init.redirect === "manual" || !REDIRECTS.has(response.status) || location === null) {
      return response;
    }
    await response.body?.cancel();
    const next = requireTarget(location, url, target);
    if (next.origin !== target.origin) headers = withoutSecrets(headers);
    target = next;
  }
  return refuse(url, `expected at most ${MAX_HTTP_REDIRECTS} redirects, found more`);
}

function requireTarget(text: string, url: string, from?: URL): URL {
  if (!URL.canParse(text, from?.href)) refuse(url, "expected a URL, found something else");
  const target = new URL(text, from);
  if (target.protocol !== "https:" && target.protocol !== "http:") {
    refuse(url, `expected an http or https URL, found ${JSON.stringify(target.protocol)}`);
  }
  if (from?.protocol === "https:" && target.protocol === "http:") {
    refuse(url, `expected a redirect to https, found ${redactUrl(target)}`);
  }
  if (target.username !== "" || target.password !== "") {
    refuse(url, "expected a URL without user name and password, found one that has them");
  }
  return target;
}

function withoutSecrets(headers: NonNullable<HttpInit["headers"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase())),
  );
}

interface Asking {
  readonly target: URL;
  readonly headers: HttpInit["headers"];
  readonly init: HttpInit;
  readonly dispatcher: Undici.Dispatcher;
  readonly proxy: string | null;
}

async function request(
  undici: Machinery["undici"],
  { target, headers, init, dispatcher, proxy }: Asking,
  { maxBytes = MAX_HTTP_BODY_BYTES }: TransportOptions,
): Promise<Response> {
  const { method = "GET", signal } = init;
  const failure = (cause: unknown): unknown =>
    signal?.aborted === true ? signal.reason : unreachable(target, proxy, cause);
  try {
    const response = await undici.fetch(target, {
      method,
      headers: { "user-agent": `pubpin/${PUBPIN_VERSION}`, ...headers },
      redirect: "manual",
      dispatcher,
      ...(signal === undefined ? {} : { signal }),
    });
    return bounded(response, target, maxBytes, failure);
  } catch (cause) {
    throw failure(cause);
  }
}

/** The same answer, but for a body that ends with an error beyond its bound. */
function bounded(
  response: Response,
  url: URL,
  maxBytes: number,
  failure: (cause: unknown) => unknown,
): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let length = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await reader.read().catch((cause: unknown) => {
        throw failure(cause);
      });
      if (part.done) return controller.close();
      length += part.value.length;
      if (length > maxBytes) {
        await reader.cancel();
        refuse(url, `expected at most ${maxBytes} bytes, found more`);
      }
      controller.enqueue(part.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  const answer = new Response(body, { status, statusText, headers });
  Object.defineProperty(answer, "url", { value: url.href });
  return answer;
}

function refuse(url: string | URL, message: string): never {
  throw new PubpinError("INDEX_RESPONSE_INVALID", `${redactUrl(url)}: ${message}`);
}
