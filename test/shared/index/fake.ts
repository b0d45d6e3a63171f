/** An index without a network: answers by URL, a log of what was asked, time that obeys. */
import type { Clock } from "../../../packages/shared/src/index/clock.ts";
import type { Fetch, FetchInit } from "../../../packages/shared/src/index/request.ts";
import type { IndexStore } from "../../../packages/shared/src/index/stored.ts";

/** Makes an answer; each request gets one of its own. */
export type Answering = (url: string, init: FetchInit) => Response | Promise<Response>;

/** A request that was made. */
export interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly redirect: string;
}

/** A `fetch` and what it was asked. */
export interface FakeFetch {
  readonly fetch: Fetch;
  readonly asked: readonly Asked[];
}

/** Answers by URL: each from its list in turn, the last one again and again; else 404. */
export function fakeFetch(routes: Readonly<Record<string, Answering | Answering[]>>): FakeFetch {
  const asked: Asked[] = [];
  const left = new Map(Object.entries(routes).map(([url, each]) => [url, [each].flat()]));
  return {
    asked,
    fetch: async (url, init) => {
      asked.push({ url, headers: init.headers, redirect: init.redirect });
      init.signal.throwIfAborted();
      const answers = left.get(url) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer === undefined ? new Response("no", { status: 404 }) : answer(url, init);
    },
  };
}

/** An answer with status 200. */
export function ok(
  body: string | Uint8Array<ArrayBuffer>,
  type: string | null = "application/vnd.pypi.simple.v1+json",
  headers: Readonly<Record<string, string>> = {},
): Answering {
  return () => {
    const response = new Response(body, { headers });
    if (type === null) response.headers.delete("content-type");
    else response.headers.set("content-type", type);
    return response;
  };
}

/** An answer with another status. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answering {
  return () => new Response(code === 304 ? null : "{}", { status: code, headers });
}

/** No answer at all. */
export function offline(): Response {
  throw new TypeError("fetch failed");
}

/** An answer whose body breaks off. */
export function cutOff(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"meta":'));
    },
    pull(controller) {
      controller.error(new TypeError("terminated"));
    },
  });
  const headers = { "content-type": "application/json" };
  return new Response(body, { headers });
}

/** No answer until the request is given up. */
export async function silent(_url: string, { signal }: FetchInit): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** The text of a page in JSON. */
export function jsonPage(name: string, files: readonly object[], more: object = {}): string {
  return JSON.stringify({ meta: { "api-version": "1.4" }, name, files, ...more });
}

/** A file of a page in JSON. */
export function jsonFile(filename: string, more: object = {}): object {
  const hashes = { sha256: "ab".repeat(32) };
  return {
    filename,
    url: `https://files.example/${encodeURIComponent(filename)}`,
    hashes,
    ...more,
  };
}

/** A clock that stands still but for the waits that are asked of it. */
export interface FakeClock extends Clock {
  readonly waits: readonly number[];
  advance(ms: number): void;
}

/** A clock that starts at `now`, and whose chance is always `random`. */
export function fakeClock(now = 1_000_000, random = 0): FakeClock {
  const waits: number[] = [];
  let time = now;
  return {
    waits,
    now: () => time,
    random: () => random,
    advance(ms) {
      time += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      time += ms;
    },
  };
}

/** A store in memory. */
export function memoryStore(): IndexStore & {
  readonly entries: Map<string, Uint8Array<ArrayBuffer>>;
} {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    entries,
    get: async (key) => entries.get(key) ?? null,
    put: async (key, bytes) => {
      entries.set(key, bytes);
    },
  };
}

/** The code that an error carries, or the error itself where it is none of this library. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return "no error";
}
