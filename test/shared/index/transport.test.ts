import { describe, expect, it } from "vitest";
import { createTransport } from "../../../packages/shared/src/index/transport.ts";
import type {
  Resource,
  Transport,
  TransportOptions,
} from "../../../packages/shared/src/index/transport.ts";
import { codeOf, cutOff, fakeClock, fakeFetch, memoryStore, offline, ok, status } from "./fake.ts";
import type { Answering, FakeFetch } from "./fake.ts";

const HERE = "https://index.example/a";
const decoder = new TextDecoder();

function thing(more: Partial<Resource<string>> = {}): Resource<string> {
  return {
    kind: "simple",
    url: HERE,
    what: "a thing",
    accept: "text/plain",
    maxBytes: 1000,
    authorizationFor: () => null,
    read: ({ body, contentType }) => `${contentType}: ${decoder.decode(body)}`,
    refuse: (code) => {
      throw new Error(`refused ${code}`);
    },
    ...more,
  };
}

function transport(fake: FakeFetch, more: Partial<TransportOptions> = {}): Transport {
  return createTransport({ fetch: fake.fetch, clock: fakeClock(), ...more });
}

describe("repetition", () => {
  const passing: readonly (readonly [string, Answering])[] = [
    ["no network", offline],
    ["a body that breaks off", cutOff],
    ...[408, 425, 429, 500, 502, 503, 504].map((code) => [`status ${code}`, status(code)] as const),
  ];
  it.each(passing)("after %s the request is made again", async (_what, answering) => {
    const fake = fakeFetch({ [HERE]: [answering, answering, ok("x", "t")] });
    expect(await transport(fake).get(thing())).toBe("t: x");
    expect(fake.asked).toHaveLength(3);
  });

  it("ends after four attempts, with the code of the last", async () => {
    const clock = fakeClock();
    const busy = fakeFetch({ [HERE]: status(503) });
    await expect(transport(busy, { clock }).get(thing())).rejects.toMatchObject({
      code: "INDEX_ERROR",
      message: expect.stringMatching(/status 503 \(4 attempts\)$/),
    });
    expect(clock.waits).toEqual([500, 1000, 2000]);
    const dead = transport(fakeFetch({ [HERE]: [status(500), offline] }));
    await expect(dead.get(thing())).rejects.toMatchObject({
      code: "INDEX_UNREACHABLE",
      message: expect.stringMatching(/\(4 attempts\)$/),
      cause: expect.any(TypeError),
    });
  });

  it("waits less by chance, but never less than half", async () => {
    const clock = fakeClock(0, 0.5);
    await codeOf(transport(fakeFetch({ [HERE]: offline }), { clock }).get(thing()));
    expect(clock.waits).toEqual([375, 750, 1500]);
  });

  it("waits as long as the server asks, in seconds or until a date", async () => {
    const clock = fakeClock(Date.UTC(2030, 0, 1));
    const fake = fakeFetch({
      [HERE]: [
        status(429, { "retry-after": "7" }),
        status(503, { "retry-after": "Tue, 01 Jan 2030 00:00:20 GMT" }),
        status(503, { "retry-after": "soon" }),
        ok("x", "t"),
      ],
    });
    await transport(fake, { clock }).get(thing());
    expect(clock.waits).toEqual([7000, 13_000, 2000]);
  });

  it("does not wait for longer than a minute", async () => {
    const clock = fakeClock();
    const fake = fakeFetch({ [HERE]: status(429, { "retry-after": "61" }) });
    await expect(transport(fake, { clock }).get(thing())).rejects.toMatchObject({
      code: "INDEX_ERROR",
      message: expect.stringContaining("asks to wait 61 s"),
    });
    expect([clock.waits, fake.asked.length]).toEqual([[], 1]);
  });

  it.each([204, 400, 401, 403, 404, 406, 410, 501])(
    "status %i is not asked again",
    async (code) => {
      const fake = fakeFetch({ [HERE]: () => new Response(null, { status: code }) });
      await expect(transport(fake).get(thing())).rejects.toThrow(`refused ${code}`);
      expect(fake.asked).toHaveLength(1);
    },
  );

  it("a redirect that is not allowed is not asked again", async () => {
    const fake = fakeFetch({ [HERE]: status(302, { location: "ftp://index.example/" }) });
    expect(await codeOf(transport(fake).get(thing()))).toBe("INDEX_RESPONSE_INVALID");
    expect(fake.asked).toHaveLength(1);
  });

  it("reports every attempt", async () => {
    const events: unknown[] = [];
    const fake = fakeFetch({ [HERE]: [offline, status(500), ok("x")] });
    await transport(fake, { onRequest: (event) => void events.push(event) }).get(thing());
    expect(events).toEqual([
      { url: HERE, attempt: 1, status: null },
      { url: HERE, attempt: 2, status: 500 },
      { url: HERE, attempt: 3, status: 200 },
    ]);
  });

  it("ends when the signal says so", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const fake = fakeFetch({ [HERE]: status(500) });
    const asking = transport(fake, {
      signal: controller.signal,
      onRequest: () => controller.abort(reason),
    }).get(thing());
    expect(await codeOf(asking)).toBe(reason);
    expect(fake.asked).toHaveLength(1);
  });
});

describe("joined requests", () => {
  it("equal ones that are under way are one; later ones are made anew", async () => {
    const fake = fakeFetch({ [HERE]: ok("x") });
    const { get } = transport(fake);
    await Promise.all([get(thing()), get(thing()), get(thing({ kind: "provenance" }))]);
    expect(fake.asked).toHaveLength(2);
    await get(thing());
    expect(fake.asked).toHaveLength(3);
  });

  it("fail together, and the next is made anew", async () => {
    const fake = fakeFetch({ [HERE]: [status(404), ok("x", "t")] });
    const { get } = transport(fake);
    const both = await Promise.allSettled([get(thing()), get(thing())]);
    expect(both.map(({ status: state }) => state)).toEqual(["rejected", "rejected"]);
    expect(await get(thing())).toBe("t: x");
  });

  it("are no more at once than is allowed", async () => {
    let running = 0;
    let most = 0;
    const { get } = createTransport({
      concurrency: 4,
      fetch: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => {
          setTimeout(resolve, 1);
        });
        running--;
        return new Response("x");
      },
    });
    const urls = Array.from({ length: 30 }, (_, index) => `${HERE}${index}`);
    await Promise.all(urls.map(async (url) => get(thing({ url }))));
    expect([most, running]).toEqual([4, 0]);
  });
});

describe("stored answers", () => {
  const fresh = { "cache-control": "max-age=600, public", etag: '"1"' };

  it("are used while they are fresh, and confirmed after that", async () => {
    const clock = fakeClock();
    const store = memoryStore();
    const events: unknown[] = [];
    const fake = fakeFetch({
      [HERE]: [ok("x", "t", fresh), status(304, { "cache-control": "max-age=600" })],
    });
    const { get } = transport(fake, {
      clock,
      store,
      onRequest: (event) => void events.push(event),
    });
    await get(thing());
    clock.advance(599_000);
    expect(await get(thing())).toBe("t: x");
    expect(fake.asked).toHaveLength(1);
    clock.advance(1000);
    expect(await get(thing())).toBe("t: x");
    expect(fake.asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"1"']);
    clock.advance(599_000);
    expect(await get(thing())).toBe("t: x");
    expect(fake.asked).toHaveLength(2);
    expect(events).toMatchObject([
      { status: 200 },
      { attempt: 0 },
      { status: 304 },
      { attempt: 0 },
    ]);
  });

  it("are replaced when they have changed", async () => {
    const clock = fakeClock();
    const store = memoryStore();
    const fake = fakeFetch({ [HERE]: [ok("x", "t", fresh), ok("y", "t", fresh)] });
    const { get } = transport(fake, { clock, store });
    await get(thing());
    clock.advance(600_000);
    expect([await get(thing()), await get(thing())]).toEqual(["t: y", "t: y"]);
  });

  it("are kept apart by kind", async () => {
    const store = memoryStore();
    const fake = fakeFetch({ [HERE]: [ok("x", "t", fresh), ok("y", "t", fresh)] });
    const { get } = transport(fake, { store });
    expect(await get(thing())).toBe("t: x");
    expect(await get(thing({ kind: "provenance" }))).toBe("t: y");
    expect([...store.entries.keys()]).toEqual([`simple ${HERE}`, `provenance ${HERE}`]);
  });

  it("are of provenance only where pages are not to be stored", async () => {
    const store = memoryStore();
    const fake = fakeFetch({ [HERE]: ok("x", "t", fresh) });
    const { get } = transport(fake, { store, storePages: false });
    await get(thing());
    await get(thing({ kind: "provenance" }));
    expect([...store.entries.keys()]).toEqual([`provenance ${HERE}`]);
    store.entries.set(
      `simple ${HERE}`,
      store.entries.get(`provenance ${HERE}`) ?? new Uint8Array(),
    );
    await get(thing());
    expect(fake.asked).toHaveLength(3);
  });

  it.each([
    ["no-store, max-age=600", "0", 0, 2],
    ["no-cache, max-age=600", "0", 1, 2],
    ["max-age=0", "0", 1, 2],
    ["max-age=600", "600", 1, 2],
    ["max-age=600", "590", 1, 1],
    ["MAX-AGE=600", "odd", 1, 1],
    ["max-age=x", "0", 1, 2],
    ["public", "0", 1, 2],
  ])("with Cache-Control %s and Age %s", async (control, age, kept, asked) => {
    const store = memoryStore();
    const headers = { "cache-control": control, age, etag: '"1"' };
    const fake = fakeFetch({ [HERE]: ok("x", "t", headers) });
    const { get } = transport(fake, { store });
    await get(thing());
    await get(thing());
    expect([store.entries.size, fake.asked.length]).toEqual([kept, asked]);
  });

  it("are not kept where they would be of no use", async () => {
    const store = memoryStore();
    const odd = { etag: "1", "cache-control": "max-age=0" };
    await transport(fakeFetch({ [HERE]: ok("x", "t", odd) }), { store }).get(thing());
    expect(store.entries.size).toBe(0);
  });

  it("are not fresh for longer than a day, and not before they were stored", async () => {
    const clock = fakeClock(10 ** 12);
    const fake = fakeFetch({ [HERE]: ok("x", "t", { "cache-control": "max-age=99999999" }) });
    const { get } = transport(fake, { clock, store: memoryStore() });
    await get(thing());
    clock.advance(86_399_000);
    await get(thing());
    expect(fake.asked).toHaveLength(1);
    clock.advance(1000);
    await get(thing());
    expect(fake.asked).toHaveLength(2);
    clock.advance(-1);
    await get(thing());
    expect(fake.asked).toHaveLength(3);
  });

  it("of another status than 200, or that cannot be read, are not kept", async () => {
    const store = memoryStore();
    const refused = transport(fakeFetch({ [HERE]: status(404, fresh) }), { store });
    await expect(refused.get(thing())).rejects.toThrow("refused 404");
    const read = (): never => {
      throw new Error("unreadable");
    };
    const unreadable = transport(fakeFetch({ [HERE]: ok("x", "t", fresh) }), { store });
    await expect(unreadable.get(thing({ read }))).rejects.toThrow("unreadable");
    expect(store.entries.size).toBe(0);
  });

  it("that are damaged count for nothing", async () => {
    const store = memoryStore();
    const fake = fakeFetch({ [HERE]: ok("x", "t", fresh) });
    const { get } = transport(fake, { store });
    await get(thing());
    const [[key, whole] = ["", new Uint8Array()]] = [...store.entries];
    const otherKey = new TextEncoder().encode(decoder.decode(whole).replace("/a", "/b"));
    const damaged = [
      whole.slice(0, -1),
      whole.slice(1),
      whole.slice(0, 9),
      new Uint8Array(),
      otherKey,
    ];
    for (const bytes of damaged) {
      store.entries.set(key, bytes);
      expect(await get(thing())).toBe("t: x");
    }
    expect(fake.asked).toHaveLength(damaged.length + 1);
    expect(fake.asked.at(-1)?.headers).not.toHaveProperty("if-none-match");
  });

  it("are not needed: a store that fails costs a request", async () => {
    const store = {
      get: async () => Promise.reject(new Error("disk")),
      put: async () => Promise.reject(new Error("disk")),
    };
    const fake = fakeFetch({ [HERE]: ok("x", "t", fresh) });
    expect(await transport(fake, { store }).get(thing())).toBe("t: x");
  });

  it("an answer 304 to a question without condition is not accepted", async () => {
    const asking = transport(fakeFetch({ [HERE]: status(304) }), { store: memoryStore() });
    await expect(asking.get(thing())).rejects.toThrow("refused 304");
  });
});
