import { describe, expect, it } from "vitest";
import { quoteUrl, readIndexUrl, resolveLink } from "../../../packages/shared/src/index/url.ts";

const PAGE = "https://index.example/simple/foo/";

describe("readIndexUrl", () => {
  it.each([
    ["https://index.example/simple", "https://index.example/simple"],
    ["https://index.example/simple/", "https://index.example/simple"],
    ["https://INDEX.example:443/simple//", "https://index.example/simple"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    [
      "https://index.example/api/v4/projects/a%2Fb/simple",
      "https://index.example/api/v4/projects/a%2Fb/simple",
    ],
  ])("reads %s", (text, url) => {
    expect(readIndexUrl(text)).toEqual({ url, authorization: null });
  });

  it.each([
    ["https://user:pass@index.example/simple", "user:pass"],
    ["https://user@index.example/simple", "user:"],
    ["https://:token@index.example/simple", ":token"],
    ["https://u%40example.com:p%3A%2F%5C%23@index.example/simple", "u@example.com:p:/\\#"],
    ["https://u:a:b@index.example/simple", "u:a:b"],
  ])("turns the credentials of %s into a header", (text, credentials) => {
    expect(readIndexUrl(text)).toEqual({
      url: "https://index.example/simple",
      authorization: `Basic ${btoa(credentials)}`,
    });
  });

  it("encodes a password that is not ASCII as UTF-8", () => {
    expect(readIndexUrl("https://u:%C3%A9@index.example").authorization).toBe("Basic dTrDqQ==");
  });

  it.each([
    "",
    "index.example/simple",
    "ftp://index.example/simple",
    "file:///simple",
    "https://",
    "https:///simple",
    "https://index.example/simple?a=b",
    "https://index.example/simple#a",
    "https://index.example/a/../simple",
    "https://index.example/a/./simple",
    "https://index.example/a/%2e%2e/simple",
    "https://index.example\\simple",
    "https://index.example/sim ple",
    "https://index.example/simple\n",
    " https://index.example/simple",
    "https://index.example/%zz",
    "https://index.example:99999/simple",
    "https://u:%ff@index.example/simple",
  ])("refuses %j", (text) => {
    expect(() => readIndexUrl(text)).toThrow(
      expect.objectContaining({ code: "INDEX_URL_INVALID" }),
    );
  });

  it("refuses a URL beyond the bound", () => {
    const read = (length: number): unknown => readIndexUrl("https://a/".padEnd(length, "a"));
    expect(read(8192)).toMatchObject({ authorization: null });
    expect(() => read(8193)).toThrow(expect.objectContaining({ code: "INDEX_URL_INVALID" }));
  });

  it.each([
    "https://user:hunter2@index.example/simple?a=b",
    "https://user:hunter2@index.example:99999/simple",
    "https://user:hunter2@",
    "https://user:hun/ter2@index.example/../simple",
    "https://user:hunter2#x@index.example/simple",
    "ftp://user:hunter2@index.example/simple",
    "https://user:hunter2%ff@index.example/simple",
  ])("does not print the password of %s", (text) => {
    expect(() => readIndexUrl(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hun|ter2|user:/) as string }),
    );
  });
});

describe("resolveLink", () => {
  it.each([
    ["foo-1.0.tar.gz", "https://index.example/simple/foo/foo-1.0.tar.gz"],
    ["../../packages/foo-1.0.tar.gz", "https://index.example/packages/foo-1.0.tar.gz"],
    ["./../foo-1.0.tar.gz", "https://index.example/simple/foo-1.0.tar.gz"],
    ["/packages/foo-1.0.tar.gz", "https://index.example/packages/foo-1.0.tar.gz"],
    ["//files.example/foo-1.0.tar.gz", "https://files.example/foo-1.0.tar.gz"],
    ["https://files.example/foo-1.0%2Bcpu.whl?a=b", "https://files.example/foo-1.0%2Bcpu.whl?a=b"],
  ])("resolves %s", (href, url) => {
    const link = resolveLink(`${href}#sha256=00`, PAGE, "link");
    expect([link.url.href, link.fragment]).toEqual([url, "sha256=00"]);
  });

  it("takes http from a page that came over http", () => {
    const link = resolveLink("http://files.example/a", "http://index.example/foo/", "link");
    expect(link.url.href).toBe("http://files.example/a");
  });

  it.each([
    "http://files.example/foo-1.0.tar.gz",
    "ftp://files.example/foo-1.0.tar.gz",
    "file:///foo-1.0.tar.gz",
    "data:text/plain,foo-1.0.tar.gz",
    "javascript:foo-1.0.tar.gz",
    "https://user@files.example/foo-1.0.tar.gz",
    "https://:password@files.example/foo-1.0.tar.gz",
    "https://files.example/a/../foo-1.0.tar.gz",
    "https://files.example/a/%2E%2e/foo-1.0.tar.gz",
    "a/../foo-1.0.tar.gz",
    "../a/./foo-1.0.tar.gz",
    "..\\foo-1.0.tar.gz",
    "foo-1.0%5c.tar.gz",
    "foo%00-1.0.tar.gz",
    "foo 1.0.tar.gz",
    "foo\t-1.0.tar.gz",
    "https://files.example:99999/foo-1.0.tar.gz",
    "",
  ])("refuses %j", (href) => {
    expect(() => resolveLink(href, PAGE, "link")).toThrow(
      expect.objectContaining({ code: "INDEX_RESPONSE_INVALID" }),
    );
  });
});

it("a URL in a message has no credentials, query or fragment", () => {
  expect(quoteUrl("https://a:b@host/c?token=d#e")).toBe('"https://host/c"');
  expect(quoteUrl("https://a:b@host/\u0430")).toBe('"https://host/\\u0430"');
});
