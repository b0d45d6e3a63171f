/** A static site on the loopback interface. */
import { createReadStream, statSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";

/** What is at a path of a site: a file or folder of this machine, or content. */
export type SiteEntry =
  | { readonly path: string }
  | { readonly body: string | Uint8Array; readonly type?: string; readonly status?: number };

/** A running site. */
export interface Site {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** The paths of all requests, with the statuses of their answers. */
  readonly requests: readonly { readonly path: string; readonly status: number }[];
  /** Puts something at a path. What is at the longest path that leads to a request answers it. */
  set(path: string, entry: SiteEntry): void;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts a site that has, at each path, what is given for it.
 *
 * @param headers of every answer
 * @param port by default one that is free
 * @throws where the port is taken, or may not be had
 */
export async function startSite(
  entries: Readonly<Record<string, SiteEntry>>,
  headers: Readonly<Record<string, string>> = {},
  port: number = 0,
): Promise<Site> {
  const held = new Map(Object.entries(entries));
  const requests: { path: string; status: number }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(request.url ?? "/", `http://${HOST}`).pathname);
    const found = resolved(held, path);
    const status = found === null ? 404 : "body" in found ? (found.status ?? 200) : 200;
    requests.push({ path, status });
    const type = found === null ? "text/plain" : typeOf(found, path);
    response.writeHead(status, { ...headers, "content-type": type, "cache-control": "no-store" });
    if (found === null) response.end("not found");
    else if ("body" in found) response.end(found.body);
    else await pipeline(createReadStream(found.path), response);
  };
  const server = createServer((request, response) => {
    // A page that is closed breaks its connections.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    requests,
    set: (path, entry) => {
      held.set(path, entry);
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** What is at a path, with the page of a folder for the folder. */
function resolved(held: ReadonlyMap<string, SiteEntry>, path: string): SiteEntry | null {
  const leading = [...held.keys()]
    .filter((key) => path === key || (key.endsWith("/") && path.startsWith(key)))
    .toSorted((a, b) => b.length - a.length);
  for (const key of leading) {
    const entry = held.get(key);
    if (entry === undefined) continue;
    if ("body" in entry) return entry;
    const place = join(entry.path, path.slice(key.length));
    const file = place.endsWith("/") ? `${place}index.html` : place;
    if (isFile(file)) return { path: file };
  }
  return null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function typeOf(entry: SiteEntry, path: string): string {
  if ("body" in entry && entry.type !== undefined) return entry.type;
  const name = "path" in entry ? entry.path : path;
  return TYPES[extname(name)] ?? "application/octet-stream";
}
