/** From an index's addresses to ours, and back. */
import { assert, constantFrom, property, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createAddresses,
  filePath,
  readTarget,
} from "../../../packages/cli/src/guarding-index/addresses.ts";

const BASE = "http://127.0.0.1:4000/Token-of_24";
const UPSTREAMS = [
  { url: "https://index.example/simple", name: null },
  { url: "https://user:secret@own.example:8443/simple/", name: "own" },
  { url: "https://own.example:8443/simple/more", name: null },
];
const { fromUpstream, toUpstream, indexUrl } = createAddresses(BASE, UPSTREAMS);

const UV_LOCK = `version = 1
[[package]]
name = "foo"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.example/a/foo-1.0.tar.gz", hash = "sha256:00", size = 1 }
wheels = [
    { url = "https://files.example/a/foo-1.0%2Bcpu-py3-none-any.whl", hash = "sha256:00" },
]

[[package]]
name = "direct"
source = { url = "https://files.example/a/direct-1.0-py3-none-any.whl" }
wheels = [
    { url = "https://files.example/a/direct-1.0-py3-none-any.whl", hash = "sha256:00" },
]

[[package]]
name = "own"
source = { registry = "https://own.example:8443/simple/" }
wheels = [
    { url = "https://own.example:8443/simple/../own-1.0-py3-none-any.whl?a=b", hash = "sha256:00" },
]
`;

describe("a lock", () => {
  test("of uv gets our addresses for what comes from the indexes, and for nothing else", () => {
    const ours = fromUpstream(UV_LOCK);
    expect(ours).toContain(`registry = "${BASE}/0/simple"`);
    expect(ours).toContain(`registry = "${BASE}/1/simple/"`);
    expect(ours).toContain(`url = "${BASE}/file/https/files.example/a/foo-1.0.tar.gz"`);
    expect(ours).toContain(
      `"${BASE}/file/https-8443/own.example/simple/../own-1.0-py3-none-any.whl?a=b"`,
    );
    expect(ours).toContain('url = "https://files.example/a/direct-1.0-py3-none-any.whl"');
    expect(toUpstream(ours)).toBe(UV_LOCK);
    const windows = UV_LOCK.replaceAll("\n", "\r\n");
    expect(fromUpstream(windows)).toBe(ours.replaceAll("\n", "\r\n"));
  });

  test("of pip gets them too, but for archives and repositories", () => {
    const pylock = `lock-version = "1.0"
[[packages]]
name = "foo"
wheels = [{ name = "foo-1.0-py3-none-any.whl", url = "https://files.example/foo-1.0-py3-none-any.whl" }]

[[packages]]
name = "direct"
archive = { url = "https://files.example/direct-1.0.zip" }
`;
    const ours = fromUpstream(pylock);
    expect(ours).toContain(`"${BASE}/file/https/files.example/foo-1.0-py3-none-any.whl"`);
    expect(ours).toContain('"https://files.example/direct-1.0.zip"');
    expect(toUpstream(ours)).toBe(pylock);
  });

  test("keeps the addresses of indexes that are not guarded", () => {
    const other = UV_LOCK.replaceAll("index.example/simple", "index.example/simple2");
    expect(fromUpstream(other)).toContain('registry = "https://index.example/simple2"');
    expect(fromUpstream(other)).toContain('"https://files.example/a/foo-1.0.tar.gz"');
    const deeper = "--index-url https://own.example:8443/simple/more\n";
    expect(fromUpstream(deeper)).toBe(`--index-url ${BASE}/2/simple\n`);
  });
});

describe("an address", () => {
  test("of an index holds no credentials, and has the slash of its own", () => {
    const [first, second] = UPSTREAMS;
    expect(indexUrl(first ?? fail())).toBe(`${BASE}/0/simple`);
    expect(indexUrl(second ?? fail())).toBe(`${BASE}/1/simple/`);
    expect(toUpstream(indexUrl(second ?? fail()))).toBe("https://own.example:8443/simple/");
    expect(() => indexUrl({ url: "https://elsewhere.example/simple", name: null })).toThrow(
      expect.objectContaining({ code: "INDEX_URL_INVALID" }) as Error,
    );
  });

  test("in a message of an installer becomes the index's", () => {
    const message = `Failed to fetch: ${BASE}/0/simple/foo/ and \`${BASE}/file/https/files.example/foo.whl\``;
    expect(toUpstream(message)).toBe(
      "Failed to fetch: https://index.example/simple/foo/ and `https://files.example/foo.whl`",
    );
  });

  test("of any file leads to that file, and its metadata", () => {
    const hosts = constantFrom("files.example", "127.0.0.1:8080", "[::1]:81", "a-1.example");
    const paths = stringMatching(/^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]{1,9}){1,4}$/);
    assert(
      property(constantFrom("http", "https"), hosts, paths, (scheme, host, path) => {
        const url = `${scheme}://${host}${path}/foo-1.0.tar.gz`;
        expect(readTarget(filePath(url))).toEqual({ kind: "file", url });
        expect(readTarget(filePath(`${url}.metadata`))).toEqual({ kind: "metadata", url });
        expect(toUpstream(`"${BASE}/${filePath(url)}"`)).toBe(`"${url}"`);
      }),
    );
  });

  test("of nothing leads nowhere", () => {
    for (const path of [
      "",
      "0/simple/",
      "00/simple/foo/",
      "file/ftp/host/a.whl",
      "file/https/host",
      "x",
    ]) {
      expect(readTarget(path)).toBeNull();
    }
  });
});

function fail(): never {
  throw new Error("there is no such upstream");
}
