import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createIndexClient } from "@pubpin/shared";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createTransport,
  type HttpTransport,
  type TransportOptions,
} from "../../../packages/cli/src/node/http.ts";
import { startLocalIndex } from "@pubpin/test-kit/node";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";
import { deadPort, startProxy, startServer, startSocks, startTcp } from "./support/servers.ts";
import { type LoopbackTls, mintLoopbackTls } from "./support/tls.ts";

/** A transport that is closed when the test is over. */
function transport(options: Partial<TransportOptions> = {}): HttpTransport {
  const made = createTransport({ env: {}, ...options });
  onTestFinished(made.close);
  return made;
}

function hello(): ReturnType<typeof startServer> {
  return startServer((_message, response) => response.end("hello"));
}

describe("a request", () => {
  test("says who asks, and gets the answer with its address", async () => {
    const server = await hello();
    const response = await transport().fetch(`${server.url}/a?b`, { headers: { accept: "x/y" } });
    expect(await response.text()).toBe("hello");
    expect([response.status, response.url]).toEqual([200, `${server.url}/a?b`]);
    expect(server.headers[0]).toMatchObject({
      "user-agent": expect.stringMatching(/^pubpin\/\d+\.\d+\.\d+$/),
      accept: "x/y",
    });
  });

  test("shares connections with others to the same host", async () => {
    const server = await hello();
    const { fetch } = transport();
    const texts = Array.from({ length: 200 }, async () => (await fetch(server.url)).text());
    expect(new Set(await Promise.all(texts))).toEqual(new Set(["hello"]));
    expect(server.connections()).toBeLessThanOrEqual(16);
  });

  test("serves the index client", async () => {
    const index = await startLocalIndex({ credentials: { user: "me", password: "secret" } });
    onTestFinished(() => index.close());
    const indexUrl = index.simpleUrl.replace("://", "://me:secret@");
    const client = createIndexClient({ fetch: transport().fetch, indexUrl });
    expect((await refusalOf(client.project("absent"))).code).toBe("PROJECT_NOT_ON_INDEX");
    expect(index.requests.map(({ status }) => status)).toEqual([404]);
  });

  test.each(["ftp://127.0.0.1/", "file:///etc/passwd", "nonsense", "http://u:secret@127.0.0.1/"])(
    "of %s is refused, and no message shows a password",
    async (url) => {
      const refusal = await refusalOf(transport().fetch(url));
      expect(refusal.code).toBe("INDEX_RESPONSE_INVALID");
      expect(refusal.message).not.toContain("secret");
    },
  );
});

describe("a redirect", () => {
  const authorization = "Basic c2VjcmV0";

  test("is given as it is where it is asked for so", async () => {
    const server = await startServer((_message, response) => {
      response.writeHead(302, { location: "/b" }).end();
    });
    const response = await transport().fetch(server.url, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/b"]);
    expect(server.asked).toEqual(["GET /"]);
  });

  test("within the origin is followed with credentials", async () => {
    const server = await startServer(({ url }, response) => {
      if (url === "/end") response.end("end");
      else response.writeHead(301, { location: "end" }).end();
    });
    const response = await transport().fetch(`${server.url}/start`, { headers: { authorization } });
    expect([await response.text(), response.url]).toEqual(["end", `${server.url}/end`]);
    expect(server.headers.map((each) => each.authorization)).toEqual([
      authorization,
      authorization,
    ]);
  });

  test("to another origin is followed without credentials, also on the way back", async () => {
    const other = await startServer((_message, response) => {
      response.writeHead(307, { location: `${server.url}/end` }).end();
    });
    const server = await startServer(({ url }, response) => {
      if (url === "/end") response.end("end");
      else response.writeHead(303, { location: `${other.url}/` }).end();
    });
    const headers = { Authorization: authorization, Cookie: "a=b", accept: "x/y" };
    await transport().fetch(`${server.url}/start`, { headers });
    const seen = [server.headers[0], other.headers[0], server.headers[1]];
    expect(seen.map((each) => each?.authorization)).toEqual([authorization, undefined, undefined]);
    expect(seen.map((each) => each?.cookie)).toEqual(["a=b", undefined, undefined]);
    expect(seen.map((each) => each?.accept)).toEqual(["x/y", "x/y", "x/y"]);
  });

  test("is followed ten times and no more", async () => {
    const server = await startServer(({ url = "" }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end("end");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const { fetch } = transport();
    expect(await (await fetch(`${server.url}/10`)).text()).toBe("end");
    expect(await refusalOf(fetch(`${server.url}/11`))).toMatchObject({
      code: "INDEX_RESPONSE_INVALID",
      message: expect.stringContaining("at most 10 redirects"),
    });
  });

  test.each([
    ["another scheme", "ftp://127.0.0.1/"],
    ["a file", "file:///etc/passwd"],
    ["a URL with a user name", "http://me:secret@127.0.0.1/"],
    ["what is no URL", "http://["],
  ])("to %s is refused", async (_what, location) => {
    const server = await startServer((_message, response) => {
      response.writeHead(302, { location }).end();
    });
    const refusal = await refusalOf(transport().fetch(server.url));
    expect(refusal.code).toBe("INDEX_RESPONSE_INVALID");
    expect(refusal.message).not.toContain("secret");
  });
});

describe("no whole answer", () => {
  test("is INDEX_UNREACHABLE where nobody listens", async () => {
    const url = `http://127.0.0.1:${await deadPort()}`;
    expect(await refusalOf(transport().fetch(url))).toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: `${url}/: expected an answer, found that it refuses connections`,
      cause: expect.any(TypeError),
    });
  });

  test("is INDEX_UNREACHABLE where the connection breaks at once", async () => {
    const port = await startTcp((socket) => socket.destroy());
    const refusal = await refusalOf(transport().fetch(`http://127.0.0.1:${port}`));
    expect(refusal.code).toBe("INDEX_UNREACHABLE");
    expect(refusal.message).toContain("the connection broke off");
  });

  test("is INDEX_UNREACHABLE where the body breaks off", async () => {
    const server = await startServer((_message, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("five5", () => void response.destroy());
    });
    const response = await transport().fetch(server.url);
    expect((await refusalOf(response.text())).code).toBe("INDEX_UNREACHABLE");
  });

  test("is INDEX_UNREACHABLE where nothing comes for too long, before or in the body", async () => {
    const server = await startServer(({ url }, response) => {
      if (url === "/body") response.writeHead(200).write("a");
    });
    const { fetch } = transport({ idleTimeoutMs: 200 });
    expect(await refusalOf(fetch(server.url))).toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: expect.stringContaining("no answer in time"),
    });
    const response = await fetch(`${server.url}/body`);
    expect(await refusalOf(response.text())).toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: expect.stringContaining("the answer stopped coming"),
    });
  });

  test("is the signal's reason where that was aborted, before, meanwhile and in the body", async () => {
    const server = await startServer(({ url }, response) => {
      if (url === "/body") response.writeHead(200).write("a");
    });
    const { fetch } = transport();
    const reason = new Error("enough");
    await expect(fetch(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const meanwhile = new AbortController();
    const asked = fetch(server.url, { signal: meanwhile.signal });
    setTimeout(() => meanwhile.abort(reason), 100);
    await expect(asked).rejects.toBe(reason);
    const later = new AbortController();
    const response = await fetch(`${server.url}/body`, { signal: later.signal });
    setTimeout(() => later.abort(reason), 100);
    await expect(response.text()).rejects.toBe(reason);
  });
});

describe("a body beyond its bound is refused", () => {
  const large = "x".repeat(100_000);

  test("while it comes", async () => {
    const server = await startServer((_message, response) => response.end(large));
    const { fetch } = transport({ maxBytes: 1000 });
    const response = await fetch(server.url);
    expect(await refusalOf(response.text())).toMatchObject({
      code: "INDEX_RESPONSE_INVALID",
      message: `${server.url}/: expected at most 1000 bytes, found more`,
    });
  });

  test("by its size once it is unpacked", async () => {
    const server = await startServer((_message, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(large));
    });
    const small = transport({ maxBytes: 1000 });
    expect((await refusalOf((await small.fetch(server.url)).text())).code).toBe(
      "INDEX_RESPONSE_INVALID",
    );
    expect(await (await transport().fetch(server.url)).text()).toBe(large);
  });
});

describe("a proxy", () => {
  test("passes http on, and gets its own credentials for itself", async () => {
    const server = await hello();
    const proxy = await startProxy("me:s%cret");
    const env = { http_proxy: `http://me:s%25cret@127.0.0.1:${proxy.port}` };
    expect(await (await transport({ env }).fetch(`${server.url}/a`)).text()).toBe("hello");
    expect(proxy.passed).toEqual([`GET ${server.url}/a`]);
    expect(server.headers[0]).not.toHaveProperty("proxy-authorization");
  });

  test("tunnels https, which it cannot look into", async () => {
    const tls = await mintLoopbackTls();
    const server = await startServer((_message, response) => response.end("hello"), tls);
    const proxy = await startProxy("me:secret");
    const env = {
      HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy.port}`,
      SSL_CERT_FILE: authorityFile(tls),
    };
    expect(await (await transport({ env }).fetch(server.url)).text()).toBe("hello");
    expect(proxy.passed).toEqual([`CONNECT 127.0.0.1:${server.port}`]);
    expect(server.headers[0]).not.toHaveProperty("proxy-authorization");
  });

  test.each(["http", "https"])("of ALL_PROXY may be one of SOCKS5, for %s", async (scheme) => {
    const tls = await mintLoopbackTls();
    const server = await startServer(
      (_message, response) => response.end("hello"),
      scheme === "https" ? tls : undefined,
    );
    const proxy = await startSocks();
    const env = {
      ALL_PROXY: `socks5h://127.0.0.1:${proxy.port}`,
      SSL_CERT_FILE: authorityFile(tls),
    };
    const url = `${scheme}://index.test:${server.port}/`;
    expect(await (await transport({ env }).fetch(url)).text()).toBe("hello");
    expect(proxy.passed).toEqual([`CONNECT index.test:${server.port}`]);
  });

  test("is left out for what NO_PROXY names", async () => {
    const server = await hello();
    const env = { ALL_PROXY: `http://127.0.0.1:${await deadPort()}`, NO_PROXY: "127.0.0.0/8" };
    expect(await (await transport({ env }).fetch(server.url)).text()).toBe("hello");
  });

  test.each([
    ["http", "HTTP_PROXY"],
    ["https", "HTTPS_PROXY"],
  ])("that refuses %s is named, without its password", async (scheme, variable) => {
    const proxy = await startProxy("me:right");
    const env = { [variable]: `http://me:secret@127.0.0.1:${proxy.port}` };
    const refusal = await refusalOf(transport({ env }).fetch(`${scheme}://127.0.0.1:1/`));
    expect(refusal.code).toBe("INDEX_UNREACHABLE");
    expect(refusal.message).toContain(`the proxy http://***@127.0.0.1:${proxy.port}/`);
    expect(refusal.message).not.toContain("secret");
  });

  test("that is not there is not gone around", async () => {
    const server = await hello();
    const env = { HTTP_PROXY: `http://127.0.0.1:${await deadPort()}` };
    expect((await refusalOf(transport({ env }).fetch(server.url))).code).toBe("INDEX_UNREACHABLE");
    expect(server.asked).toEqual([]);
  });
});

describe("a certificate", async () => {
  const tls = await mintLoopbackTls();

  test("of an unknown authority is refused, and the message says what to set", async () => {
    const server = await startServer((_message, response) => response.end("hello"), tls);
    const refusal = await refusalOf(transport().fetch(server.url));
    expect(refusal.code).toBe("INDEX_UNREACHABLE");
    expect(refusal.message).toContain("SSL_CERT_FILE");
    expect(server.asked).toEqual([]);
  });

  test.each(["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])(
    "of the authority that %s names is taken",
    async (variable) => {
      const server = await startServer((_message, response) => response.end("hello"), tls);
      const { fetch } = transport({ env: { [variable]: authorityFile(tls) } });
      expect(await (await fetch(server.url)).text()).toBe("hello");
    },
  );

  test("of an authority in the folder that SSL_CERT_DIR names is taken", async () => {
    const server = await startServer((_message, response) => response.end("hello"), tls);
    const folder = temporaryFolder();
    writeFileSync(join(folder, "readme"), "nothing to see");
    writeFileSync(join(folder, "a.pem"), tls.authority);
    const { fetch } = transport({ env: { SSL_CERT_DIR: folder } });
    expect(await (await fetch(server.url)).text()).toBe("hello");
  });

  test("that was good elsewhere does not make up for another host's", async () => {
    const server = await startServer((_message, response) => response.end("hello"), tls);
    const env = { SSL_CERT_FILE: authorityFile(tls) };
    const refusal = await refusalOf(
      transport({ env }).fetch(server.url.replace("127.0.0.1", "localhost")),
    );
    expect(refusal).toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: expect.stringContaining("a certificate of another host"),
    });
  });

  test("keeps redirects to http from being followed", async () => {
    const plain = await hello();
    const server = await startServer((_message, response) => {
      response.writeHead(302, { location: plain.url }).end();
    }, tls);
    const { fetch } = transport({ env: { SSL_CERT_FILE: authorityFile(tls) } });
    expect(await refusalOf(fetch(server.url))).toMatchObject({
      code: "INDEX_RESPONSE_INVALID",
      message: expect.stringContaining("expected a redirect to https"),
    });
    expect(plain.asked).toEqual([]);
  });

  test("file that is missing or holds none is an error, and nothing is asked", async () => {
    const server = await hello();
    const missing = { SSL_CERT_FILE: join(temporaryFolder(), "missing.pem") };
    const refusal = await refusalOf(transport({ env: missing }).fetch(server.url));
    expect(refusal).toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringMatching(/^SSL_CERT_FILE .*found no such file$/),
    });
    const empty = join(temporaryFolder(), "empty.pem");
    writeFileSync(empty, "");
    expect((await refusalOf(transport({ env: { PIP_CERT: empty } }).fetch(server.url))).code).toBe(
      "USAGE_INVALID",
    );
    expect(server.asked).toEqual([]);
  });
});

function authorityFile({ authority }: LoopbackTls): string {
  const path = join(temporaryFolder(), "authority.pem");
  writeFileSync(path, authority);
  return path;
}
