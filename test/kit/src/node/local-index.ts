/** A package index on the loopback interface. */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { VirtualSigstore } from "@pubpin/test-kit";
import { type LocalFile, createCatalog, holdFile } from "./catalog.ts";
import { type FaultSetting, type Faults, createFaultBook } from "./faults.ts";
import { faulty, refused, send } from "./reply.ts";
import { type Holdings, type Routed, route } from "./routes.ts";

/** How a local index starts. */
export interface LocalIndexOptions {
  /** Signs the provenance of files that say who attests them. */
  readonly sigstore?: VirtualSigstore | undefined;
  readonly files?: readonly LocalFile[] | undefined;
  readonly faults?: readonly FaultSetting[] | undefined;
  /** Milliseconds that every answer takes longer. */
  readonly latencyMs?: number | undefined;
  /** Where given, a request without these credentials (Basic) gets status 401. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
}

/** A request that an index got. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was answered; 0 where the connection was broken before that. */
  readonly status: number;
}

/** A running index. */
export interface LocalIndex {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** The address of the Simple API, without a slash at the end. */
  readonly simpleUrl: string;
  /** Every request so far, in the order of the answers. */
  readonly requests: readonly LoggedRequest[];
  /** Adds a file, or replaces the one with its name. */
  addFile(file: LocalFile): void;
  removeFile(filename: string): void;
  /** Sets a fault in place of the one that is there. */
  setFault(setting: FaultSetting): void;
  clearFault(part: keyof Faults, name: string): void;
  /** Stops the server and breaks all connections. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Starts an index on a free port. */
export async function startLocalIndex(options: LocalIndexOptions = {}): Promise<LocalIndex> {
  const { sigstore, latencyMs = 0, credentials } = options;
  const catalog = createCatalog();
  const faults = createFaultBook(options.faults ?? []);
  const requests: LoggedRequest[] = [];
  const closing = new AbortController();
  const addFile = (file: LocalFile): void => {
    catalog.add(holdFile(file, sigstore));
  };
  for (const file of options.files ?? []) addFile(file);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: target = "/", headers } = request;
    const path = decodeURIComponent(new URL(target, url).pathname);
    const holdings: Holdings = { root: url, catalog, faults, sigstore };
    if (latencyMs > 0) await delay(latencyMs, undefined, { signal: closing.signal });
    const { reply, fault } = isAllowed(request, credentials)
      ? await routed(method, path, headers.accept ?? "*/*", holdings)
      : { reply: unauthorized(), fault: null };
    const status = await send(request, response, faulty(reply, fault), fault, closing.signal);
    requests.push({ method, path, headers, status });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (closing.signal.aborted) response.destroy();
      else response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, HOST, resolve);
  });
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    simpleUrl: `${url}/simple`,
    requests,
    addFile,
    removeFile: (filename) => {
      catalog.remove(filename);
    },
    setFault: (setting) => {
      faults.set(setting);
    },
    clearFault: (part, name) => {
      faults.clear(part, name);
    },
    close: async () => {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function routed(
  method: string,
  path: string,
  accept: string,
  holdings: Holdings,
): Promise<Routed> {
  if (method === "GET" || method === "HEAD") return route(path, accept, holdings);
  return { reply: refused(405, "method not allowed"), fault: null };
}

function isAllowed(
  request: IncomingMessage,
  credentials: LocalIndexOptions["credentials"],
): boolean {
  if (credentials === undefined) return true;
  const expected = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  return request.headers.authorization === `Basic ${expected}`;
}

function unauthorized(): ReturnType<typeof refused> {
  return refused(401, "who are you?", { "www-authenticate": 'Basic realm="index"' });
}
