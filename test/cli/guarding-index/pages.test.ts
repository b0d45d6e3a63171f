/** The pages of a guarding index: what they show, in which form, and what they leave out. */
import { mintWheel, startSite } from "@pubpin/test-kit/node";
import { readIndexUrl, createIndexClient } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import {
  addWheel,
  type Guarded,
  JSON_PAGE,
  OCTO,
  OCTO_PIN,
  startSetting,
} from "./support/guard.ts";

const { upstream, start } = await startSetting();
const PINNED = [`foo ${OCTO_PIN}`];
const HTML_PAGE = "application/vnd.pypi.simple.v1+html";

const signed = addWheel(upstream, "foo", OCTO, { version: "1.0" });
const unsigned = addWheel(upstream, "foo", null, { version: "2.0" });
addWheel(upstream, "bar", null);

async function pageAs(guard: Guarded, accept: string, headers = {}): Promise<Response> {
  return guard.get("0/simple/foo/", { headers: { accept, ...headers } });
}

describe("a page", () => {
  test("hides what nobody signed of a project with a pinned publisher, and says so", async () => {
    const guard = await start({ pins: PINNED });
    expect([...(await guard.page("foo")).keys()]).toEqual([signed.filename]);
    expect(guard.index.hidden).toEqual([
      { name: "foo", index: upstream.simpleUrl, filenames: [unsigned.filename] },
    ]);
    const html = await (await pageAs(guard, HTML_PAGE)).text();
    expect(html).toContain(signed.filename);
    expect(html).not.toContain(unsigned.filename);
  });

  test("shows what nobody signed where a line accepts its bytes", async () => {
    const guard = await start({
      pins: [`#file:${unsigned.filename} sha256:${unsigned.sha256}`, ...PINNED],
    });
    expect([...(await guard.page("foo")).keys()]).toEqual([signed.filename, unsigned.filename]);
    expect((await guard.file(unsigned.filename)).status).toBe(200);
  });

  test("shows a file whose bytes are not those of its line, for it to be refused aloud", async () => {
    const guard = await start({
      pins: [`#file:${unsigned.filename} sha256:${"0".repeat(64)}`, ...PINNED],
    });
    const response = await guard.file(unsigned.filename);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("FILE_CHANGED"),
    ]);
  });

  test("shows all files where no publisher is pinned", async () => {
    const guard = await start({ pins: [] });
    expect([...(await guard.page("foo")).keys()]).toEqual([signed.filename, unsigned.filename]);
    expect((await guard.page("bar")).size).toBe(1);
    expect(guard.index.hidden).toEqual([]);
  });

  test("shows no file of another project", async () => {
    const evil = mintWheel({ name: "evil", version: "1.0" });
    upstream.addFile({ filename: evil.filename, content: evil.bytes, project: "foo" });
    const guard = await start({ pins: [] });
    expect([...(await guard.page("foo")).keys()]).not.toContain(evil.filename);
    upstream.removeFile(evil.filename);
  });

  test("says of a file what its index says of it", async () => {
    upstream.addFile({
      filename: signed.filename,
      content: signed.bytes,
      provenance: [{ publisher: OCTO }],
      yanked: "a reason",
    });
    const direct = await fetch(`${upstream.simpleUrl}/foo/`, { headers: { accept: JSON_PAGE } });
    const { files } = (await direct.json()) as {
      readonly files: readonly { readonly filename: string }[];
    };
    const theirs = files.find(({ filename }) => filename === signed.filename);
    const guard = await start({ pins: PINNED });
    const ours = (await guard.page("foo")).get(signed.filename);
    expect(ours).toMatchObject({ ...theirs, url: ours?.url, yanked: "a reason" });
    expect(ours).toMatchObject({ "requires-python": ">=3.8", size: signed.bytes.length });
    expect(ours?.["core-metadata"]).toHaveProperty("sha256");
    addWheel(upstream, "foo", OCTO, { version: "1.0" });
  });

  test.each([["json", JSON_PAGE] as const, ["html", "text/html"] as const])(
    "of an index in HTML or JSON says the same in %s",
    async (_form, accept) => {
      const read = async (): Promise<unknown> => {
        const guard = await start({ pins: PINNED });
        const body = await (await pageAs(guard, accept)).text();
        const ofGuard = guard.index.indexUrl({ url: upstream.simpleUrl, name: null });
        return body
          .replaceAll(guard.index.baseUrl, "")
          .replaceAll(ofGuard, "")
          .replace(/"api-version":"[^"]*"|content="1\.[0-9]"/, "")
          .replace(/"size":[0-9]+,"upload-time":"[^"]*",/g, "");
      };
      const fromJson = await read();
      upstream.setFault({ part: "page", name: "foo", fault: { kind: "html-only" } });
      const fromHtml = await read();
      upstream.clearFault("page", "foo");
      expect(fromHtml).toEqual(fromJson);
    },
  );

  test("is one that our own client reads, in both forms", async () => {
    const guard = await start({ pins: PINNED });
    const indexUrl = guard.index.indexUrl({ url: upstream.simpleUrl, name: null });
    for (const wanted of [JSON_PAGE, HTML_PAGE, "text/html"]) {
      const client = createIndexClient({
        indexUrl,
        fetch: (url, init) => fetch(url, { ...init, headers: { accept: wanted } }),
      });
      const { files } = await client.project("foo");
      const file = files.get(signed.filename);
      expect(file).toMatchObject({ sha256: signed.sha256, filename: signed.filename });
      expect(file?.url.startsWith(`${guard.index.baseUrl}/file/`)).toBe(true);
      expect(file?.provenance).toContain(upstream.url);
    }
  });

  test("is in JSON for those who ask for that, and in HTML for all others", async () => {
    const guard = await start({ pins: PINNED });
    for (const [accept, type] of [
      [JSON_PAGE, JSON_PAGE],
      ["application/vnd.pypi.simple.latest+json", JSON_PAGE],
      [`${JSON_PAGE}, ${HTML_PAGE};q=0.2, text/html;q=0.01`, JSON_PAGE],
      [`${JSON_PAGE};q=0.1, ${HTML_PAGE}`, HTML_PAGE],
      ["*/*", "text/html; charset=utf-8"],
      ["image/png", "text/html; charset=utf-8"],
    ] as const) {
      const response = await pageAs(guard, accept);
      expect([accept, response.headers.get("content-type")]).toEqual([accept, type]);
    }
  });

  test("that has not changed is not sent again", async () => {
    const guard = await start({ pins: PINNED });
    const etag = (await pageAs(guard, JSON_PAGE)).headers.get("etag") ?? "";
    const again = await pageAs(guard, JSON_PAGE, { "if-none-match": etag });
    expect(again.status).toBe(304);
    const other = await pageAs(guard, "text/html", { "if-none-match": etag });
    expect(other.status).toBe(200);
  });

  test("is at the normalised name, with a slash", async () => {
    const guard = await start({ pins: PINNED });
    for (const path of ["0/simple/Foo/", "0/simple/foo", "0/simple/FOO"]) {
      const response = await guard.get(path, { headers: { accept: JSON_PAGE } });
      expect(response.url).toBe(`${guard.index.baseUrl}/0/simple/foo/`);
      expect(response.status).toBe(200);
    }
  });

  test.each([
    [
      "the older key",
      { "dist-info-metadata": { sha256: "ab".repeat(32) } },
      { sha256: "ab".repeat(32) },
    ],
    ["a claim without a digest", { "core-metadata": true }, false],
    ["another digest alone", { "core-metadata": { md5: "ab" } }, false],
    ["a digest that is none", { "core-metadata": { sha256: "xy" } }, null],
    ["a number", { "core-metadata": 7 }, null],
    ["versions of Python that are no text", { "requires-python": 3 }, null],
  ])("with %s of metadata says what can be relied on", async (_what, more, expected) => {
    const filename = "odd-1.0-py3-none-any.whl";
    const file = { filename, url: `/${filename}`, hashes: { sha256: "ab".repeat(32) }, ...more };
    const body = JSON.stringify({ meta: { "api-version": "1.0" }, name: "odd", files: [file] });
    const site = await startSite({ "/simple/odd/": { body, type: JSON_PAGE } });
    const guard = await start({ pins: [], index: `${site.url}/simple` });
    const response = await guard.get("0/simple/odd/");
    expect(response.status).toBe(expected === null ? 502 : 200);
    expect((await guard.page("odd")).get(filename)?.["core-metadata"] ?? null).toEqual(expected);
    await site.close();
  });

  test("keeps the project's status", async () => {
    upstream.setFault({
      part: "page",
      name: "foo",
      fault: { kind: "project-status", status: "archived", reason: 'no "more"' },
    });
    const guard = await start({ pins: PINNED });
    const json = (await (await pageAs(guard, JSON_PAGE)).json()) as object;
    expect(json).toMatchObject({ "project-status": { status: "archived", reason: 'no "more"' } });
    const html = await (await pageAs(guard, "text/html")).text();
    expect(html).toContain('name="pypi:project-status" content="archived"');
    expect(html).toContain('content="no &quot;more&quot;"');
    upstream.clearFault("page", "foo");
  });

  test("holds nothing of the index's credentials", async () => {
    const guard = await start({
      pins: PINNED,
      upstreams: [{ url: upstream.simpleUrl.replace("//", "//user:secret@"), name: null }],
    });
    const { url } = readIndexUrl(upstream.simpleUrl);
    expect(guard.index.toUpstream(guard.index.indexUrl({ url, name: null }))).toBe(url);
    expect(await (await pageAs(guard, JSON_PAGE)).text()).not.toContain("secret");
    const sent = upstream.requests.filter(({ headers }) => headers["authorization"] !== undefined);
    expect(new Set(sent.map(({ headers }) => headers["authorization"]))).toEqual(
      new Set([`Basic ${Buffer.from("user:secret").toString("base64")}`]),
    );
  });
});
