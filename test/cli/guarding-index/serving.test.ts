/** What a guarding index gives out, and what it refuses. */
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { mintWheel, sha256Hex, startSite } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, test } from "vitest";
import {
  addWheel,
  JSON_PAGE,
  MALLORY,
  OCTO,
  OCTO_PIN,
  roomsIn,
  startSetting,
} from "./support/guard.ts";

const setting = await startSetting();
const { upstream, newUpstream, start } = setting;
const PINNED = [`foo ${OCTO_PIN}`];
let wheel = addWheel(upstream, "foo", OCTO);

beforeEach(() => {
  wheel = addWheel(upstream, "foo", OCTO);
});

/** The answer for the wheel, in words; how often upstream was asked for it. */
async function refusal(response: Response): Promise<string> {
  return `${response.status} ${response.statusText}\n${await response.text()}`;
}

function downloads(): number {
  return upstream.requests.filter(({ path }) => path.endsWith(".whl")).length;
}

describe("a file", () => {
  test("of the pinned publisher is served, to the byte", async () => {
    const guard = await start({ pins: PINNED });
    const response = await guard.file(wheel.filename);
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(wheel.bytes);
    expect(guard.index.refusals).toEqual([]);
    expect(guard.events).toContainEqual(
      expect.objectContaining({
        kind: "served",
        size: wheel.bytes.length,
        again: false,
        decision: expect.objectContaining({ code: "PUBLISHER_MATCH" }) as unknown,
      }),
    );
  });

  test("of another publisher is refused, with what was expected and found", async () => {
    addWheel(upstream, "foo", MALLORY);
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^403 Refused by pubpin: PUBLISHER_CHANGED: expected/);
    expect(text).toContain("https://github.com/octo/example");
    expect(text).toContain("https://github.com/mallory/example");
    expect(text).toContain("pubpin accept foo");
    expect(guard.index.refusals).toMatchObject([{ code: "PUBLISHER_CHANGED", name: "foo" }]);
  });

  test("of another publisher is refused whether or not its bytes can be had", async () => {
    addWheel(upstream, "foo", MALLORY);
    upstream.setFault({
      part: "file",
      name: wheel.filename,
      fault: { kind: "status", status: 500 },
    });
    const guard = await start({ pins: PINNED });
    expect(await refusal(await guard.file(wheel.filename))).toMatch(/^403 .*PUBLISHER_CHANGED/);
    upstream.clearFault("file", wheel.filename);
  });

  test("that nobody has pinned is refused, and served where trust on first use says so", async () => {
    const strict = await start({ pins: [] });
    expect(await refusal(await strict.file(wheel.filename))).toMatch(/^403 .*PUBLISHER_UNPINNED/);
    const guard = await start({ pins: [], tofu: "accept" });
    expect((await guard.file(wheel.filename)).status).toBe(200);
    expect(guard.index.firstUses).toMatchObject([
      { name: "foo", entries: [{ kind: "pin", publisher: { repositoryId: "123" } }] },
    ]);
  });

  test("of a second publisher is refused after trust on first use took the first one", async () => {
    const other = addWheel(upstream, "foo", MALLORY, { version: "2.0" });
    const guard = await start({ pins: [], tofu: "accept" });
    expect((await guard.file(wheel.filename)).status).toBe(200);
    expect(await refusal(await guard.file(other.filename))).toMatch(/^403 .*PUBLISHER_CHANGED/);
    upstream.removeFile(other.filename);
  });

  test("that nobody signed is served where nothing is pinned, and not under strict", async () => {
    addWheel(upstream, "foo", null);
    const guard = await start({ pins: [] });
    expect((await guard.file(wheel.filename)).status).toBe(200);
    const strict = await start({ pins: [], strict: true });
    expect(await refusal(await strict.file(wheel.filename))).toMatch(/^403 .*UNSIGNED/);
  });
});

describe("bytes", () => {
  test("of an sdist other than the page's are refused, and the right ones are served", async () => {
    const filename = "foo-1.0.tar.gz";
    const content = Buffer.from("what an sdist holds is not looked into");
    upstream.addFile({ filename, content, provenance: [{ publisher: OCTO }] });
    upstream.setFault({ part: "file", name: filename, fault: { kind: "other-bytes" } });
    const guard = await start({ pins: PINNED });
    expect(await refusal(await guard.file(filename))).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    upstream.clearFault("file", filename);
    expect(Buffer.from(await (await guard.file(filename)).arrayBuffer())).toEqual(content);
    upstream.removeFile(filename);
  });

  test("other than the page's are refused, and none of them is sent", async () => {
    upstream.setFault({
      part: "file",
      name: wheel.filename,
      fault: { kind: "other-bytes" },
      times: 9,
    });
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    expect(text).not.toContain("dist-info");
    upstream.clearFault("file", wheel.filename);
  });

  test("that the page has another digest for are refused", async () => {
    upstream.setFault({ part: "entry", name: wheel.filename, fault: { kind: "wrong-digest" } });
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^403 .*(?:ATTESTATION_INVALID|HASH_NOT_ON_INDEX)/);
    upstream.clearFault("entry", wheel.filename);
  });

  test("that are cut off are an error of the index, and none of them is sent", async () => {
    upstream.setFault({ part: "file", name: wheel.filename, fault: { kind: "cut-off" } });
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^502 Not verified by pubpin: INDEX_UNREACHABLE: /);
    upstream.clearFault("file", wheel.filename);
  });

  test("that break off once are fetched again", async () => {
    upstream.setFault({ part: "file", name: wheel.filename, fault: { kind: "reset" }, times: 1 });
    const guard = await start({ pins: PINNED });
    expect((await guard.file(wheel.filename)).status).toBe(200);
    upstream.clearFault("file", wheel.filename);
  });

  test("that a redirect leads to are judged like any others", async () => {
    const other = mintWheel({ name: "evil", version: "1.0" });
    upstream.addFile({ filename: other.filename, content: other.bytes });
    const path = `/files/${other.sha256.slice(0, 2)}/${other.sha256.slice(2)}/${other.filename}`;
    upstream.setFault({
      part: "file",
      name: wheel.filename,
      fault: { kind: "redirect", to: path },
    });
    const guard = await start({ pins: PINNED });
    expect(await refusal(await guard.file(wheel.filename))).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    upstream.clearFault("file", wheel.filename);
    upstream.removeFile(other.filename);
  });

  test("of another version in a file's place are refused", async () => {
    const other = addWheel(upstream, "foo", OCTO, { version: "2.0" });
    const path = `/files/${other.sha256.slice(0, 2)}/${other.sha256.slice(2)}/${other.filename}`;
    upstream.setFault({
      part: "file",
      name: wheel.filename,
      fault: { kind: "redirect", to: path },
    });
    const guard = await start({ pins: PINNED });
    expect(await refusal(await guard.file(wheel.filename))).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    expect((await guard.file(other.filename)).status).toBe(200);
    upstream.clearFault("file", wheel.filename);
    upstream.removeFile(other.filename);
  });

  test("beyond the size that the page says are not read to their end", async () => {
    upstream.setFault({ part: "file", name: wheel.filename, fault: { kind: "huge", bytes: 1e6 } });
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^403 .*HASH_NOT_ON_INDEX: .*expected \d+ bytes, found more/);
    upstream.clearFault("file", wheel.filename);
  });

  test("of a file that is asked for many times at once are fetched once", async () => {
    const guard = await start({ pins: PINNED });
    const before = downloads();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => guard.file(wheel.filename).then(({ status }) => status)),
    );
    expect(new Set(all)).toEqual(new Set([200]));
    expect(downloads()).toBe(before + 1);
  });

  test("of a large file are kept on disk, and are the same", async () => {
    const files = { "big/data.txt": randomBytes(600_000).toString("base64") };
    const { filename, bytes } = mintWheel({ name: "big", version: "1.0", files });
    upstream.addFile({ filename, content: bytes });
    const guard = await start({ pins: [] });
    const [room = ""] = roomsIn(setting);
    expect(readdirSync(join(setting.temporary, room))).toEqual([]);
    const response = await guard.file(filename);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(readdirSync(join(setting.temporary, room)).length).toBe(1);
    const range = "bytes=300000-300009";
    const part = await guard.file(filename, { headers: { range } });
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(300_000, 300_010));
    upstream.setFault({ part: "file", name: filename, fault: { kind: "other-bytes" } });
    const later = await start({ pins: [] });
    expect(await refusal(await later.file(filename))).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    upstream.removeFile(filename);
  });

  test("of a part are those of the verified file", async () => {
    const guard = await start({ pins: PINNED });
    const size = wheel.bytes.length;
    for (const [range, from, to] of [
      ["bytes=0-3", 0, 4],
      [`bytes=${size - 5}-`, size - 5, size],
      ["bytes=-7", size - 7, size],
    ] as const) {
      const part = await guard.file(wheel.filename, { headers: { range } });
      expect(part.status).toBe(206);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(wheel.bytes.subarray(from, to));
      expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/${size}`);
    }
    const beyond = await guard.file(wheel.filename, { headers: { range: `bytes=${size}-` } });
    expect(beyond.status).toBe(416);
  });

  test("of a part of a refused file are refused too", async () => {
    addWheel(upstream, "foo", MALLORY);
    const guard = await start({ pins: PINNED });
    const part = await guard.file(wheel.filename, { headers: { range: "bytes=0-3" } });
    expect(part.status).toBe(403);
  });

  test("that the installer has already are not sent again", async () => {
    const guard = await start({ pins: PINNED });
    const first = await guard.file(wheel.filename, { method: "HEAD" });
    expect(first.headers.get("content-length")).toBe(String(wheel.bytes.length));
    const etag = first.headers.get("etag") ?? "";
    const again = await guard.file(wheel.filename, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });
});

describe("credentials", () => {
  test("go to the origin of their index, and to no other", async () => {
    const elsewhere = await newUpstream();
    addWheel(elsewhere, "foo", OCTO);
    const page = await fetch(`${elsewhere.simpleUrl}/foo/`, { headers: { accept: JSON_PAGE } });
    const { files } = (await page.json()) as { readonly files: readonly { url: string }[] };
    const url = files[0]?.url ?? "";
    const index = upstream.simpleUrl.replace("//", "//user:secret@");
    const header = `Basic ${Buffer.from("user:secret").toString("base64")}`;
    const sent = (requests: typeof upstream.requests): readonly unknown[] =>
      requests
        .filter(({ path }) => path.endsWith(".whl"))
        .map(({ headers }) => headers["authorization"]);
    const here = await start({ pins: PINNED, index });
    expect((await here.file(wheel.filename)).status).toBe(200);
    expect(sent(upstream.requests).at(-1)).toBe(header);
    upstream.setFault({ part: "entry", name: wheel.filename, fault: { kind: "file-url", url } });
    const there = await start({ pins: PINNED, index });
    expect((await there.file(wheel.filename)).status).toBe(200);
    expect(sent(elsewhere.requests)).toEqual([undefined]);
    upstream.clearFault("entry", wheel.filename);
  });
});

describe("an attestation", () => {
  test("that cannot be had is no reason to pass", async () => {
    upstream.setFault({
      part: "provenance",
      name: wheel.filename,
      fault: { kind: "status", status: 503 },
    });
    const guard = await start({ pins: PINNED });
    const text = await refusal(await guard.file(wheel.filename));
    expect(text).toMatch(/^502 Not verified by pubpin: UNVERIFIABLE: /);
    expect(guard.index.refusals).toMatchObject([
      { status: 502, decision: { verdict: "unverifiable", cause: "INDEX_ERROR" } },
    ]);
    upstream.clearFault("provenance", wheel.filename);
  });

  test("that the page leaves out makes no unsigned file of a pinned one", async () => {
    const guard = await start({ pins: PINNED });
    const url = (await guard.page("foo")).get(wheel.filename)?.url ?? "";
    upstream.setFault({ part: "entry", name: wheel.filename, fault: { kind: "missing-key" } });
    const later = await start({ pins: PINNED });
    const path = url.slice(guard.index.baseUrl.length + 1);
    expect(await refusal(await later.get(path))).toMatch(/^403 .*ATTESTATION_MISSING/);
    upstream.clearFault("entry", wheel.filename);
  });
});

describe("metadata beside a wheel", () => {
  test("is served where it is what the page says", async () => {
    const guard = await start({ pins: PINNED });
    const file = (await guard.page("foo")).get(wheel.filename);
    const response = await fetch(`${file?.url}.metadata`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Name: foo\n");
  });

  test("that is something else is refused", async () => {
    upstream.setFault({
      part: "metadata",
      name: wheel.filename,
      fault: { kind: "body", body: "Metadata-Version: 2.1\nName: foo\nRequires-Dist: evil\n" },
    });
    const guard = await start({ pins: PINNED });
    const file = (await guard.page("foo")).get(wheel.filename);
    const text = await refusal(await fetch(`${file?.url}.metadata`));
    expect(text).toMatch(/^403 .*HASH_NOT_ON_INDEX/);
    expect(text).not.toContain("Requires-Dist");
    upstream.clearFault("metadata", wheel.filename);
  });
});

describe("a wheel", () => {
  test("whose METADATA is not what its page and the metadata beside it say is refused", async () => {
    const { filename, bytes, sha256 } = mintWheel({ name: "bar", version: "1.0" });
    const lie = "Metadata-Version: 2.1\nName: bar\nVersion: 1.0\nRequires-Dist: evil\n";
    const file = {
      filename,
      url: `/${filename}`,
      hashes: { sha256 },
      "core-metadata": { sha256: sha256Hex(Buffer.from(lie)) },
    };
    const page = { meta: { "api-version": "1.0" }, name: "bar", files: [file] };
    const site = await startSite({
      "/simple/bar/": { body: JSON.stringify(page), type: JSON_PAGE },
      [`/${filename}`]: { body: bytes, type: "application/octet-stream" },
      [`/${filename}.metadata`]: { body: lie, type: "text/plain" },
    });
    const guard = await start({ pins: [], index: `${site.url}/simple` });
    const url = (await guard.page("bar")).get(filename)?.url;
    expect(await (await fetch(`${url}.metadata`)).text()).toContain("Requires-Dist: evil");
    const text = await refusal(await fetch(url ?? ""));
    expect(text).toMatch(/^403 .*HASH_NOT_ON_INDEX: METADATA in bar-1\.0-py3-none-any\.whl/);
    await site.close();
  });

  test("whose metadata is another project's is refused", async () => {
    const claims = { name: "evil", version: "1.0" };
    const { filename, bytes } = mintWheel({ name: "baz", version: "1.0", claims });
    upstream.addFile({ filename, content: bytes });
    const guard = await start({ pins: [] });
    expect(await refusal(await guard.file(filename))).toMatch(/^403 .*FILE_MISMATCH/);
  });

  test("that is no archive at all is refused", async () => {
    const filename = "qux-1.0-py3-none-any.whl";
    const content = Buffer.from("PK and nothing more");
    const hashes = { sha256: sha256Hex(content) };
    const page = {
      meta: { "api-version": "1.0" },
      name: "qux",
      files: [{ filename, url: `/${filename}`, hashes }],
    };
    const site = await startSite({
      "/simple/qux/": { body: JSON.stringify(page), type: JSON_PAGE },
      [`/${filename}`]: { body: content },
    });
    const guard = await start({ pins: [], index: `${site.url}/simple` });
    expect(await refusal(await guard.file(filename))).toMatch(/^403 .*FILE_MISMATCH/);
    await site.close();
  });
});

describe("an index that fails", () => {
  test("is said to have failed, with its error", async () => {
    upstream.setFault({ part: "page", name: "foo", fault: { kind: "status", status: 500 } });
    const guard = await start({ pins: PINNED });
    const response = await guard.get("0/simple/foo/", { headers: { accept: JSON_PAGE } });
    expect(await refusal(response)).toMatch(/^502 Not verified by pubpin: INDEX_ERROR: /);
    upstream.clearFault("page", "foo");
  });

  test("has stopped a project and lists its files all the same: none is served", async () => {
    const { filename, bytes, sha256 } = mintWheel({ name: "bar", version: "1.0" });
    const file = { filename, url: `/${filename}`, hashes: { sha256 } };
    const page = { meta: { "api-version": "1.4" }, name: "bar", files: [file] };
    const stopped = { ...page, "project-status": { status: "quarantined" } };
    const site = await startSite({
      "/simple/bar/": { body: JSON.stringify(stopped), type: JSON_PAGE },
      [`/${filename}`]: { body: bytes },
    });
    const guard = await start({ pins: [], index: `${site.url}/simple` });
    for (const path of [
      "0/simple/bar/",
      `file/http-${new URL(site.url).port}/127.0.0.1/${filename}`,
    ]) {
      expect(await refusal(await guard.get(path))).toMatch(/^403 .*PROJECT_QUARANTINED/);
    }
    await site.close();
  });

  test("does not have what it does not have", async () => {
    const guard = await start({ pins: PINNED });
    expect((await guard.get("0/simple/nothing/")).status).toBe(404);
    expect((await guard.get("0/simple/no thing/")).status).toBe(404);
    const path = `file/http-${new URL(upstream.url).port}/127.0.0.1/nothing-1.0-py3-none-any.whl`;
    expect((await guard.get(path)).status).toBe(404);
    expect(guard.index.refusals).toEqual([]);
  });

  test("and whose page leads to a file of another name is not believed", async () => {
    const url = `${upstream.url}/evil-1.0-py3-none-any.whl`;
    upstream.setFault({ part: "entry", name: wheel.filename, fault: { kind: "file-url", url } });
    const guard = await start({ pins: PINNED });
    const response = await guard.get("0/simple/foo/", { headers: { accept: JSON_PAGE } });
    expect(await refusal(response)).toMatch(/^502 .*INDEX_RESPONSE_INVALID/);
    upstream.clearFault("entry", wheel.filename);
  });

  test("is not asked for addresses that its pages do not name", async () => {
    const guard = await start({ pins: PINNED });
    await guard.page("foo");
    const before = upstream.requests.length;
    const place = `http-${new URL(upstream.url).port}/127.0.0.1/elsewhere/${wheel.filename}`;
    const response = await guard.get(`file/${place}`);
    expect(response.status).toBe(404);
    expect(upstream.requests.length).toBe(before);
  });

  test("has stopped a project: nothing of it is served", async () => {
    const guard = await start({ pins: PINNED });
    const url = (await guard.page("foo")).get(wheel.filename)?.url ?? "";
    upstream.setFault({
      part: "page",
      name: "foo",
      fault: { kind: "project-status", status: "quarantined", reason: "malware" },
    });
    const later = await start({ pins: PINNED });
    const page = await later.get("0/simple/foo/", { headers: { accept: JSON_PAGE } });
    expect(await refusal(page)).toMatch(/^403 .*PROJECT_QUARANTINED[^]*malware/);
    const path = url.slice(guard.index.baseUrl.length + 1);
    expect((await later.get(path)).status).toBe(404);
    upstream.clearFault("page", "foo");
  });
});
