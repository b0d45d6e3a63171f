/**
 * The only way out that pip gets: a proxy that leads to the guarding index and nowhere else. What a
 * package's metadata asks for by address (PEP 508, `name @ https://...`) ends here.
 */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { redactUrl } from "../../node/redact.ts";

/** The proxy, as long as pip runs. */
export interface Gate {
  /** For pip's `--proxy`. */
  readonly url: string;
  /** What was asked for and is not the guarding index's, each once, without passwords. */
  readonly refused: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

const HOST = "127.0.0.1";
const REASON = "Refused by pubpin: only packages of an index are let through";
/** Headers that are for the proxy itself (RFC 9110, section 7.6.1). */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "proxy-connection",
  "proxy-authorization",
  "connection",
  "keep-alive",
]);

/**
 * Opens the gate.
 *
 * @param baseUrl the guarding index's, with its token
 */
export async function openGate(baseUrl: string): Promise<Gate> {
  const refused = new Set<string>();
  const server = createServer((incoming, response) => {
    const { url = "" } = incoming;
    if (url.startsWith(`${baseUrl}/`)) {
      forward(new URL(url), incoming, response);
      return;
    }
    refused.add(redactUrl(url));
    response.writeHead(403, REASON, { "content-type": "text/plain" }).end(`${REASON}\n`);
  });
  server.on("connect", ({ url = "" }, socket: Socket) => {
    refused.add(`https://${url.replace(/:443$/, "")}`);
    socket.on("error", () => undefined);
    socket.end(`HTTP/1.1 403 ${REASON}\r\n\r\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${HOST}:${port}`, refused, close: () => closed(server) };
}

function forward(to: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !OWN_HEADERS.has(name)),
  );
  const outgoing = request(to, { method: incoming.method, headers }, (answer) => {
    const { statusCode = 502, statusMessage, headers: theirs } = answer;
    response.writeHead(statusCode, statusMessage, theirs);
    answer.pipe(response);
    answer.on("error", () => void response.destroy());
  });
  outgoing.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, "the guarding index is gone").end();
  });
  response.on("close", () => void outgoing.destroy());
  incoming.pipe(outgoing);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
