/** Servers on loopback that do what a test tells them to. */
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import {
  type AddressInfo,
  type Server,
  type Socket,
  connect,
  createServer as createTcp,
} from "node:net";
import { onTestFinished } from "vitest";

const HOST = "127.0.0.1";

/** A server that runs until the test is over. */
export interface TestServer {
  /** Scheme, host and port. */
  readonly url: string;
  readonly port: number;
  /** Every request, as `METHOD target`. */
  readonly asked: string[];
  /** The headers of every request. */
  readonly headers: IncomingMessage["headers"][];
  readonly connections: () => number;
}

/** Answers a request; what it returns counts for nothing. */
export type Answering = (message: IncomingMessage, response: ServerResponse) => unknown;

/** Starts an HTTP server, or an HTTPS one with the key and certificate. */
export async function startServer(
  answer: Answering,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  const asked: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  let connections = 0;
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${message.method} ${message.url}`);
    headers.push(message.headers);
    answer(message, response);
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  server.on("connection", () => {
    connections++;
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const scheme = tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://${HOST}:${port}`,
    port,
    asked,
    headers,
    connections: () => connections,
  };
}

/** A server that takes connections and hands them to the test. */
export async function startTcp(take: (socket: Socket) => unknown): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    take(socket);
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

/** A proxy, and what went through it. */
export interface TestProxy {
  readonly port: number;
  /** `GET http://...` for what it passed on, `CONNECT host:port` for tunnels. */
  readonly passed: string[];
}

/** Starts an HTTP proxy; with credentials it wants them. */
export async function startProxy(credentials?: string): Promise<TestProxy> {
  const passed: string[] = [];
  const expected =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  const isAllowed = ({ headers }: IncomingMessage): boolean =>
    headers["proxy-authorization"] === expected;
  const server = createServer((message, response) => {
    const { method = "", url = "" } = message;
    if (!isAllowed(message)) {
      response.writeHead(407).end();
      return;
    }
    passed.push(`${method} ${url}`);
    const { "proxy-authorization": _ours, ...headers } = message.headers;
    message.pipe(
      request(url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  server.on("connect", (message: IncomingMessage, client: Socket) => {
    if (!isAllowed(message)) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const { url = "" } = message;
    passed.push(`CONNECT ${url}`);
    const [host = "", port = ""] = url.split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(target).pipe(client);
    });
    client.on("error", () => void target.destroy());
    target.on("error", () => void client.destroy());
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, passed };
}

/** Starts a SOCKS5 proxy (RFC 1928) without authentication, for which every host is this one. */
export async function startSocks(): Promise<TestProxy> {
  const passed: string[] = [];
  const port = await startTcp((client) => {
    client.once("data", () => {
      client.write(Uint8Array.of(5, 0));
      client.once("data", (asked) => {
        const isName = asked[3] === 3;
        const host = isName
          ? asked.subarray(5, 5 + (asked[4] ?? 0)).toString()
          : asked.subarray(4, 8).join(".");
        const target = asked.readUInt16BE(asked.length - 2);
        passed.push(`CONNECT ${host}:${target}`);
        const server = connect(target, HOST, () => {
          client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
          client.pipe(server).pipe(client);
        });
        server.on("error", () => void client.destroy());
      });
    });
  });
  return { port, passed };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createTcp();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, HOST);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
