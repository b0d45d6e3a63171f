import { describe, expect, it } from "vitest";
import { isRetryable } from "../../../packages/shared/src/errors.ts";
import type { ErrorCode } from "../../../packages/shared/src/errors.ts";
import {
  createIndexClient,
  createIndexes,
  createJsonIndexes,
} from "../../../packages/shared/src/index/client.ts";
import type { IndexesOptions } from "../../../packages/shared/src/index/client.ts";
import type { IndexFile } from "../../../packages/shared/src/index/types.ts";
import {
  codeOf,
  cutOff,
  fakeClock,
  fakeFetch,
  jsonFile,
  jsonPage,
  memoryStore,
  offline,
  ok,
  status,
} from "./fake.ts";
import type { Answering, FakeFetch } from "./fake.ts";

const INDEX = "https://index.example/simple";
const PAGE = `${INDEX}/foo/`;
const FILE = "foo-1.0-py3-none-any.whl";
const PROVENANCE = "https://index.example/integrity/foo";
const INTEGRITY = "application/vnd.pypi.integrity.v1+json";

function options(fake: FakeFetch): IndexesOptions {
  return { fetch: fake.fetch, clock: fakeClock() };
}

function attested(more: object = {}): Answering {
  return ok(jsonPage("foo", [jsonFile(FILE, { provenance: PROVENANCE, ...more })]));
}

async function fileOf(fake: FakeFetch, index = INDEX, more = {}): Promise<IndexFile> {
  const client = createIndexClient({ ...options(fake), indexUrl: index, ...more });
  const file = (await client.project("foo")).files.get(FILE);
  if (file === undefined) throw new Error("the page lacks the file");
  return file;
}

describe("a project", () => {
  it("is asked for under its normalised name, as JSON or else HTML", async () => {
    const fake = fakeFetch({ [`${INDEX}/zope-interface/`]: ok(jsonPage("zope.interface", [])) });
    const client = createIndexClient({ ...options(fake), indexUrl: `${INDEX}/` });
    expect(await client.project("Zope.Interface")).toMatchObject({
      name: "zope-interface",
      index: INDEX,
    });
    expect(client.url).toBe(INDEX);
    expect(fake.asked).toMatchObject([
      { headers: { accept: expect.stringMatching(/^application\/vnd.pypi.simple.v1\+json, /) } },
    ]);
  });

  it("is read from HTML where the index has no JSON", async () => {
    const text = `<a href="${FILE}#sha256=${"ab".repeat(32)}" data-provenance="${PROVENANCE}">`;
    const file = await fileOf(fakeFetch({ [PAGE]: ok(text, "text/html") }));
    expect(file).toMatchObject({ url: `${PAGE}${FILE}`, provenance: PROVENANCE });
  });

  it("is asked for as JSON alone, and refused in HTML, by indexes of JSON", async () => {
    const fake = fakeFetch({ [PAGE]: ok(`<a href="${FILE}">`, "text/html") });
    const asked = createJsonIndexes(options(fake)).at(INDEX).project("foo");
    expect(await codeOf(asked)).toBe("INDEX_RESPONSE_INVALID");
    expect(fake.asked).toMatchObject([
      { headers: { accept: "application/vnd.pypi.simple.v1+json" } },
    ]);
  });

  it("has relative URLs resolved against where the page came from in the end", async () => {
    const fake = fakeFetch({
      [PAGE]: status(301, { location: "https://mirror.example/a/b/" }),
      "https://mirror.example/a/b/": ok(jsonPage("foo", [jsonFile(FILE, { url: `../${FILE}` })])),
    });
    expect((await fileOf(fake)).url).toBe(`https://mirror.example/a/${FILE}`);
  });

  const meanings: readonly (readonly [string, Answering, ErrorCode])[] = [
    ["no network", offline, "INDEX_UNREACHABLE"],
    ["a body that breaks off", cutOff, "INDEX_UNREACHABLE"],
    ["status 204", () => new Response(null, { status: 204 }), "INDEX_RESPONSE_INVALID"],
    ["status 304", status(304), "INDEX_RESPONSE_INVALID"],
    ["status 401", status(401), "INDEX_REFUSED"],
    ["status 403", status(403), "INDEX_REFUSED"],
    ["status 404", status(404), "PROJECT_NOT_ON_INDEX"],
    ["status 406", status(406), "INDEX_RESPONSE_INVALID"],
    ["status 410", status(410), "PROJECT_NOT_ON_INDEX"],
    ["status 429", status(429), "INDEX_ERROR"],
    ["status 500", status(500), "INDEX_ERROR"],
    ["status 501", status(501), "INDEX_ERROR"],
    ["no content type", ok("{}", null), "INDEX_RESPONSE_INVALID"],
    ["an empty body", ok(""), "INDEX_RESPONSE_INVALID"],
    ["an empty page in HTML", ok("", "text/html"), "INDEX_RESPONSE_INVALID"],
    ["half a document", ok('{"meta":{'), "INDEX_RESPONSE_INVALID"],
    ["HTML that says it is JSON", ok("<html></html>"), "INDEX_RESPONSE_INVALID"],
    ["a key twice", ok('{"a":1,"a":2}'), "INDEX_RESPONSE_INVALID"],
    ["bytes that are no text", ok(new Uint8Array([0xff])), "INDEX_RESPONSE_INVALID"],
    ["another project's page", ok(jsonPage("bar", [])), "INDEX_RESPONSE_INVALID"],
    ["a name that is none", ok(jsonPage("-", [])), "INDEX_RESPONSE_INVALID"],
    ["version 2", ok("", "application/vnd.pypi.simple.v2+json"), "INDEX_VERSION_UNSUPPORTED"],
    ["a login page", ok("<form></form>", "text/html"), "INDEX_RESPONSE_INVALID"],
  ];
  it.each(meanings)("that meets %s is an error", async (_what, answering, code) => {
    const asking = fileOf(fakeFetch({ [PAGE]: answering }));
    expect(await codeOf(asking)).toBe(code);
    expect(isRetryable(code)).toBe(code !== "PROJECT_NOT_ON_INDEX");
  });

  it("whose name is none is not asked for", async () => {
    const fake = fakeFetch({});
    const client = createIndexClient({ ...options(fake), indexUrl: INDEX });
    expect(await codeOf(client.project("../foo"))).toBe("NAME_INVALID");
    expect(fake.asked).toEqual([]);
  });
});

describe("provenance", () => {
  async function provenance(answering: Answering, url = PROVENANCE): Promise<unknown> {
    const fake = fakeFetch({ [PAGE]: attested({ provenance: url }), [url]: answering });
    const client = createIndexClient({ ...options(fake), indexUrl: INDEX });
    return client.provenance(await fileOf(fake));
  }

  it("is the document's bytes, as they came", async () => {
    const text = '{ "version": 1,\n "attestation_bundles": [] }';
    const bytes = await provenance(ok(text, INTEGRITY));
    expect(new TextDecoder().decode(bytes as Uint8Array)).toBe(text);
  });

  it.each([{ provenance: null }, { provenance: undefined }])(
    "is null, and not asked for, where the page names none: %j",
    async (more) => {
      const fake = fakeFetch({ [PAGE]: attested(more) });
      const client = createIndexClient({ ...options(fake), indexUrl: INDEX });
      expect(await client.provenance(await fileOf(fake))).toBe(null);
      expect(fake.asked.map(({ url }) => url)).toEqual([PAGE]);
    },
  );

  const meanings: readonly (readonly [string, Answering, ErrorCode])[] = [
    ["no network", offline, "INDEX_UNREACHABLE"],
    ["a body that breaks off", cutOff, "INDEX_UNREACHABLE"],
    ["status 304", status(304), "INDEX_RESPONSE_INVALID"],
    ...[401, 403, 404, 406, 410, 418].map(
      (code) => [`status ${code}`, status(code), "PROVENANCE_UNAVAILABLE"] as const,
    ),
    ["status 429", status(429), "INDEX_ERROR"],
    ["status 503", status(503), "INDEX_ERROR"],
    ["status 505", status(505), "INDEX_ERROR"],
    ["HTML", ok("{}", "text/html"), "INDEX_RESPONSE_INVALID"],
    ["no content type", ok("{}", null), "INDEX_RESPONSE_INVALID"],
    ["an empty body", ok("", INTEGRITY), "INDEX_RESPONSE_INVALID"],
    ["half a document", ok('{"version":1', INTEGRITY), "INDEX_RESPONSE_INVALID"],
    ["null", ok("null", INTEGRITY), "INDEX_RESPONSE_INVALID"],
    ["a list", ok("[]", INTEGRITY), "INDEX_RESPONSE_INVALID"],
    ["a huge document", ok(`{"a":"${"x".repeat(2 ** 22)}"}`, INTEGRITY), "INDEX_RESPONSE_INVALID"],
    ["version 2", ok("{}", "application/vnd.pypi.integrity.v2+json"), "INDEX_VERSION_UNSUPPORTED"],
  ];
  it.each(meanings)("that meets %s is an error, not absence", async (_what, answering, code) => {
    expect(await codeOf(provenance(answering))).toBe(code);
    expect(isRetryable(code)).toBe(true);
  });

  it("may be on another host, which gets no credentials", async () => {
    const elsewhere = "https://provenance.example/foo?token=hunter2";
    const fake = fakeFetch({
      [PAGE]: attested({ provenance: elsewhere }),
      [elsewhere]: [ok("{}", INTEGRITY), status(404)],
    });
    const indexUrl = "https://user:hunter2@index.example/simple";
    const client = createIndexClient({ ...options(fake), indexUrl });
    const file = await fileOf(fake, indexUrl);
    await client.provenance(file);
    await expect(client.provenance(file)).rejects.toMatchObject({
      message: expect.not.stringContaining("hunter2"),
    });
    expect(fake.asked.map(({ headers }) => headers["authorization"])).toEqual([
      `Basic ${btoa("user:hunter2")}`,
      undefined,
      undefined,
    ]);
  });

  it("comes from the store while it is fresh, and is asked for anew if that is damaged", async () => {
    const store = memoryStore();
    const headers = { "cache-control": "max-age=600" };
    const fake = fakeFetch({ [PAGE]: attested(), [PROVENANCE]: ok('{"a":1}', INTEGRITY, headers) });
    const client = createIndexClient({ ...options(fake), indexUrl: INDEX, store });
    const file = await fileOf(fake);
    const first = await client.provenance(file);
    expect(await client.provenance(file)).toEqual(first);
    expect(fake.asked).toHaveLength(2);
    const [[key, whole] = ["", new Uint8Array()]] = [...store.entries];
    store.entries.set(key, whole.slice(0, -1));
    expect(await client.provenance(file)).toEqual(first);
    expect(fake.asked).toHaveLength(3);
  });
});

describe("an index for provenance", () => {
  const SECOND = "https://second.example/simple";
  const there = `${SECOND}/foo/`;

  async function merged(first: Answering, second: Answering): Promise<IndexFile> {
    const fake = fakeFetch({ [PAGE]: first, [there]: second });
    return fileOf(fake, INDEX, { provenanceIndex: SECOND });
  }

  it("gives what the mirror leaves out", async () => {
    const file = await merged(attested({ provenance: null }), attested({ yanked: true }));
    expect(file).toMatchObject({ provenance: PROVENANCE, yanked: null });
  });

  it("is not believed about other bytes under the same name", async () => {
    const other = attested({ hashes: { sha256: "cd".repeat(32) } });
    expect((await merged(attested({ provenance: null }), other)).provenance).toBe(null);
    const bare = attested({ hashes: {} });
    expect((await merged(attested({ provenance: null, hashes: {} }), bare)).provenance).toBe(null);
  });

  it("takes nothing away", async () => {
    expect((await merged(attested(), attested({ provenance: null }))).provenance).toBe(PROVENANCE);
    expect((await merged(attested(), status(404))).provenance).toBe(PROVENANCE);
  });

  it("must answer", async () => {
    expect(await codeOf(merged(attested(), offline))).toBe("INDEX_UNREACHABLE");
    expect(await codeOf(merged(attested(), ok("")))).toBe("INDEX_RESPONSE_INVALID");
  });

  it("is asked once where it is the index itself", async () => {
    const fake = fakeFetch({ [PAGE]: attested() });
    await fileOf(fake, INDEX, { provenanceIndex: `${INDEX}/` });
    expect(fake.asked).toHaveLength(1);
  });

  it("must have a URL", () => {
    const create = (): unknown =>
      createIndexes({ ...options(fakeFetch({})), provenanceIndex: "x" });
    expect(create).toThrow(expect.objectContaining({ code: "INDEX_URL_INVALID" }));
  });
});

describe("several indexes", () => {
  it("do not answer for one another", async () => {
    const fake = fakeFetch({
      [PAGE]: attested(),
      "https://b.example/simple/bar/": ok(jsonPage("bar", [])),
    });
    const indexes = createIndexes(options(fake));
    await indexes.at(INDEX).project("foo");
    await indexes.at("https://b.example/simple").project("bar");
    expect(await codeOf(indexes.at("https://b.example/simple").project("foo"))).toBe(
      "PROJECT_NOT_ON_INDEX",
    );
    expect(await codeOf(indexes.at(INDEX).project("bar"))).toBe("PROJECT_NOT_ON_INDEX");
  });

  it("are known by URL, however it is spelled", () => {
    const indexes = createIndexes(options(fakeFetch({})));
    expect(indexes.at("https://INDEX.example:443/simple/")).toBe(indexes.at(INDEX));
  });

  it("get their own credentials, those of the URL first", async () => {
    const fake = fakeFetch({});
    const indexes = createIndexes({
      ...options(fake),
      authorization: (url) => (url === INDEX ? "Bearer index" : null),
    });
    for (const url of [INDEX, "https://a:b@index.example/simple", "https://b.example/simple"]) {
      await codeOf(indexes.at(url).project("foo"));
    }
    expect(fake.asked.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer index",
      `Basic ${btoa("a:b")}`,
      undefined,
    ]);
  });
});
