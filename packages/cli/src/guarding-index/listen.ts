/** The HTTP server: who may ask, and what. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail } from "@pubpin/shared";
import { MAX_GUARDED_CONNECTIONS } from "../node/limits.ts";
import { describeSystemError } from "../node/read-file.ts";
import { type Reply, sendReply, textReply } from "./reply.ts";

/** Where to listen, and who answers. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /**
   * Answers a request that may be answered.
   *
   * @param path below the token, with its query
   */
  readonly answer: (path: string, accept: string) => Promise<Reply>;
  /** Hears of what is no refusal and no answer, but a fault of ours. */
  readonly onFault: (error: unknown) => void;
}

/** A server that listens. */
export interface Listening {
  /** With the token, without a slash at the end. */
  readonly baseUrl: string;
  /** Takes nothing more, breaks all connections, and returns once they are gone. */
  readonly close: () => Promise<void>;
}

/** Secrets that the token may be: long enough not to be guessed, and nothing to be encoded. */
const TOKEN = /^[A-Za-z0-9_-]{16,128}$/;
const LOOPBACK = /^(?:127(?:\.[0-9]{1,3}){3}|::1|localhost)$/;
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than installers keep a connection: one that ends just as it is used again is an error. */
const KEEP_ALIVE_MS = 120_000;

/** Whether an address is this machine's own and nobody else's. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Starts to listen.
 *
 * @throws USAGE_INVALID for a token that is none, and where nothing can listen
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { host, token } = options;
  if (!TOKEN.test(token)) {
    fail("USAGE_INVALID", "expected a token of 16 to 128 letters, digits, - and _");
  }
  let hosts: ReadonlySet<string> | null = null;
  const digest = sha256(token);
  const server = createServer((request, response) => {
    const reply = permitted(request, digest, hosts, options);
    void finish(reply, request, response, options.onFault);
  });
  server.maxConnections = MAX_GUARDED_CONNECTIONS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await bound(server, options);
  const shown = host.includes(":") ? `[${host}]` : host;
  hosts = isLoopback(host)
    ? new Set([shown, "127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`))
    : null;
  return {
    baseUrl: `http://${shown}:${port}/${token}`,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function bound(server: Server, { host, port }: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    const found = describeSystemError(cause);
    fail("USAGE_INVALID", `expected to listen at ${host}, port ${port}, found ${found}`, cause);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * A page of the web in a browser here may send requests to any port, and by a name of its own that
 * leads to this machine read the answers: so the name must be ours, and the token known.
 */
async function permitted(
  { method, url = "", headers }: IncomingMessage,
  digest: Buffer,
  hosts: ReadonlySet<string> | null,
  { answer }: ListenOptions,
): Promise<Reply> {
  if (hosts !== null && !hosts.has(headers.host?.toLowerCase() ?? "")) {
    return textReply(421, "expected the address that this index was given");
  }
  if (method !== "GET" && method !== "HEAD") {
    return textReply(405, "only GET and HEAD", { allow: "GET, HEAD" });
  }
  const [, token = "", path] = /^\/([^/?#]+)\/([^#]*)$/.exec(url) ?? [];
  const isKnown = timingSafeEqual(sha256(token), digest);
  return isKnown && path !== undefined
    ? answer(path, headers.accept ?? "*/*")
    : textReply(404, "not found");
}

async function finish(
  reply: Promise<Reply>,
  request: IncomingMessage,
  response: ServerResponse,
  onFault: ListenOptions["onFault"],
): Promise<void> {
  try {
    await sendReply(request, response, await reply);
  } catch (error) {
    // Whoever asked is gone, which is nobody's fault, or the connection is of no use any more.
    if (response.headersSent || response.destroyed) response.destroy();
    else response.writeHead(500, { "content-type": "text/plain" }).end("internal error\n");
    if (!request.destroyed) onFault(error);
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
