import { describe, expect, it } from "vitest";
import { makeRequest } from "../../../packages/shared/src/index/request.ts";
import type { RawAnswer, Request } from "../../../packages/shared/src/index/request.ts";
import { codeOf, cutOff, fakeFetch, offline, ok, silent, status } from "./fake.ts";
import type { Answering, FakeFetch } from "./fake.ts";

const HERE = "https://index.example/a";
const THERE = "https://other.example/b";
const SECRET = "Basic c2VjcmV0";

async function ask(
  { fetch }: FakeFetch,
  more: Partial<Request> = {},
  signal?: AbortSignal,
): Promise<RawAnswer> {
  const request: Request = {
    url: HERE,
    what: "a thing",
    accept: "text/plain",
    maxBytes: 10,
    authorizationFor: (url) => (url.startsWith("https://index.example/") ? SECRET : null),
    ...more,
  };
  return makeRequest(request, null, { fetch, timeoutMs: 50, signal });
}

function moved(location: string, code = 302): Answering {
  return status(code, { location });
}

/** How a browser shows a redirect that it was told not to follow. */
function opaque(): Response {
  const response = new Response();
  Object.defineProperty(response, "type", { value: "opaqueredirect" });
  Object.defineProperty(response, "status", { value: 0 });
  return response;
}

function arriving(url: string): Answering {
  return (...request) => {
    const response = ok("hello")(...request) as Response;
    Object.defineProperty(response, "url", { value: url });
    return response;
  };
}

describe("makeRequest", () => {
  it("gives the whole body and where it came from", async () => {
    const answer = await ask(fakeFetch({ [HERE]: ok("hello") }));
    expect(new TextDecoder().decode(answer.body)).toBe("hello");
    expect(answer).toMatchObject({ status: 200, url: HERE });
  });

  it("calls fetch as a function, as browsers want it", async () => {
    const receivers: unknown[] = [];
    const fetch = async function (this: unknown): Promise<Response> {
      receivers.push(this);
      return receivers.length === 1 ? opaque() : arriving(HERE)(HERE, {} as never);
    };
    await ask({ fetch, asked: [] });
    expect(receivers).toEqual([undefined, undefined]);
  });

  it("gives other statuses without their body", async () => {
    const answer = await ask(fakeFetch({ [HERE]: status(403) }));
    expect(answer).toMatchObject({ status: 403, body: new Uint8Array() });
  });

  it.each([301, 302, 303, 307, 308])("follows a redirect with status %i", async (code) => {
    const fake = fakeFetch({ [HERE]: moved("/c", code), "https://index.example/c": ok("hello") });
    expect(await ask(fake)).toMatchObject({ status: 200, url: "https://index.example/c" });
    expect(fake.asked.map(({ headers }) => headers["authorization"])).toEqual([SECRET, SECRET]);
  });

  it("takes no credentials to another origin", async () => {
    const fake = fakeFetch({ [HERE]: moved(THERE), [THERE]: ok("hello") });
    expect(await ask(fake)).toMatchObject({ url: THERE });
    expect(fake.asked.map(({ headers }) => headers["authorization"])).toEqual([SECRET, undefined]);
  });

  it.each([
    "http://index.example/c",
    "ftp://index.example/c",
    "https://user:hunter2@index.example/c",
    "https://index.example/x/../c",
    "data:text/plain,hello",
  ])("does not follow a redirect to %s", async (location) => {
    const asking = ask(fakeFetch({ [HERE]: moved(location) }));
    await expect(asking).rejects.toMatchObject({
      code: "INDEX_RESPONSE_INVALID",
      message: expect.not.stringContaining("hunter2"),
    });
  });

  it("follows five redirects and no more", async () => {
    const fake = fakeFetch({
      [HERE]: [...Array.from({ length: 5 }, () => moved(HERE)), ok("hello")],
    });
    expect(await ask(fake)).toMatchObject({ status: 200 });
    const endless = fakeFetch({ [HERE]: moved(HERE) });
    expect(await codeOf(ask(endless))).toBe("INDEX_RESPONSE_INVALID");
    expect(endless.asked).toHaveLength(6);
  });

  it("refuses a redirect without a target", async () => {
    expect(await codeOf(ask(fakeFetch({ [HERE]: status(302) })))).toBe("INDEX_RESPONSE_INVALID");
  });

  it("lets a browser follow, without credentials, and looks where it arrived", async () => {
    const fake = fakeFetch({ [HERE]: [opaque, arriving(THERE)] });
    expect(await ask(fake)).toMatchObject({ status: 200, url: THERE });
    expect(fake.asked).toMatchObject([
      { redirect: "manual", headers: { authorization: SECRET } },
      { redirect: "follow", headers: expect.not.objectContaining({ authorization: SECRET }) },
    ]);
    const downgraded = fakeFetch({ [HERE]: [opaque, arriving("http://other.example/b")] });
    expect(await codeOf(ask(downgraded))).toBe("INDEX_RESPONSE_INVALID");
  });

  it("takes a body up to the limit", async () => {
    expect((await ask(fakeFetch({ [HERE]: ok("0123456789") }))).body).toHaveLength(10);
    const asking = ask(fakeFetch({ [HERE]: ok("0123456789a") }));
    expect(await codeOf(asking)).toBe("INDEX_RESPONSE_INVALID");
  });

  it("stops reading an endless body", async () => {
    let pulled = 0;
    const endless = fakeFetch({
      [HERE]: () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => {
              pulled++;
              controller.enqueue(new Uint8Array(4));
            },
          }),
        ),
    });
    expect(await codeOf(ask(endless))).toBe("INDEX_RESPONSE_INVALID");
    expect(pulled).toBeLessThan(6);
  });

  it.each([
    ["no network", offline],
    ["a body that breaks off", cutOff],
    ["no answer in time", silent],
  ])("has one code for %s", async (_what, answering) => {
    const asking = ask(fakeFetch({ [HERE]: answering }), { maxBytes: 100 });
    await expect(asking).rejects.toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: expect.stringContaining("a thing: from"),
    });
  });

  it("rejects with the reason of the signal, before and while it asks", async () => {
    const fake = fakeFetch({ [HERE]: silent });
    const reason = new Error("enough");
    expect(await codeOf(ask(fake, {}, AbortSignal.abort(reason)))).toBe(reason);
    expect(fake.asked).toHaveLength(0);
    const controller = new AbortController();
    const asking = codeOf(ask(fake, {}, controller.signal));
    controller.abort(reason);
    expect(await asking).toBe(reason);
  });
});
