/** Who may ask a guarding index, and what is left of it. */
import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { addWheel, OCTO, OCTO_PIN, roomsIn, startSetting } from "./support/guard.ts";

const setting = await startSetting();
const { upstream, start } = setting;
const PINNED = [`foo ${OCTO_PIN}`];
const wheel = addWheel(upstream, "foo", OCTO);

/** The status of an answer to a request that is not in order. */
async function statusOf(
  baseUrl: string,
  { path = "/health", method = "GET", host }: { path?: string; method?: string; host?: string },
): Promise<number> {
  const url = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const options = {
      host: url.hostname,
      port: url.port,
      path: url.pathname + path,
      method,
      headers,
    };
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("error", reject)
      .end();
  });
}

describe("a guarding index", () => {
  test("answers at this machine's own names and at no other", async () => {
    const { index } = await start({ pins: PINNED });
    const { port } = new URL(index.baseUrl);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) {
      expect([host, await statusOf(index.baseUrl, { host })]).toEqual([host, 200]);
    }
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1:1", "127.0.0.1"]) {
      expect([host, await statusOf(index.baseUrl, { host })]).toEqual([host, 421]);
    }
  });

  test("answers nobody who does not know its token", async () => {
    const { index } = await start({ pins: PINNED });
    const { origin, pathname } = new URL(index.baseUrl);
    const token = pathname.slice(1);
    expect(token.length).toBeGreaterThanOrEqual(32);
    for (const path of [
      "/",
      "/health",
      "/0/simple/foo/",
      `/${token.slice(0, -1)}/0/simple/foo/`,
      `/${token}x/0/simple/foo/`,
      `/${token.toUpperCase()}/health`,
    ]) {
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
    }
  });

  test("has a token of its own each time, or the one that it is given", async () => {
    const [one, two] = await Promise.all([start({ pins: PINNED }), start({ pins: PINNED })]);
    expect(new URL(one.index.baseUrl).pathname).not.toBe(new URL(two.index.baseUrl).pathname);
    const given = await start({ pins: PINNED, token: "a-token-of-our-own" });
    expect(new URL(given.index.baseUrl).pathname).toBe("/a-token-of-our-own");
    await expect(start({ pins: PINNED, token: "short" })).rejects.toMatchObject({
      code: "USAGE_INVALID",
    });
  });

  test("takes GET and HEAD, and nothing else", async () => {
    const { index } = await start({ pins: PINNED });
    expect(await statusOf(index.baseUrl, { method: "HEAD" })).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      expect([method, await statusOf(index.baseUrl, { method })]).toEqual([method, 405]);
    }
  });

  test("does not listen where somebody else does", async () => {
    const { index } = await start({ pins: PINNED });
    const port = Number(new URL(index.baseUrl).port);
    await expect(start({ pins: PINNED, port })).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining(String(port)) as string,
    });
  });

  test("leaves neither a socket nor a file behind, whatever is under way", async () => {
    const before = roomsIn(setting);
    const guard = await start({ pins: PINNED });
    expect((await guard.file(wheel.filename)).status).toBe(200);
    expect(roomsIn(setting).length).toBe(before.length + 1);
    upstream.setFault({ part: "page", name: "foo", fault: { kind: "slow", ms: 20_000 } });
    addWheel(upstream, "slow", OCTO);
    upstream.setFault({ part: "page", name: "slow", fault: { kind: "slow", ms: 20_000 } });
    const pending = guard.get("0/simple/slow/").then(
      () => "answered",
      () => "broken off",
    );
    await delay(100);
    const { port } = new URL(guard.index.baseUrl);
    await Promise.all([guard.index.close(), guard.index.close()]);
    expect(await pending).toBe("broken off");
    expect(roomsIn(setting)).toEqual(before);
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    expect(reached).toBe(false);
    upstream.clearFault("page", "foo");
  });

  test("leaves nothing where it could not start", async () => {
    const before = roomsIn(setting);
    await expect(start({ pins: PINNED, upstreams: [] })).rejects.toMatchObject({
      code: "USAGE_INVALID",
    });
    await expect(
      start({ pins: PINNED, upstreams: [{ url: "ftp://index.example", name: null }] }),
    ).rejects.toMatchObject({ code: "INDEX_URL_INVALID" });
    await expect(start({ pins: PINNED, host: "192.0.2.1" })).rejects.toMatchObject({
      code: "USAGE_INVALID",
    });
    expect(roomsIn(setting)).toEqual(before);
  });
});
