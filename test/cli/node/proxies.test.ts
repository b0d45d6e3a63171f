import { describe, expect, test } from "vitest";
import { readProxies } from "../../../packages/cli/src/node/proxies.ts";

/** The proxy for a URL in an environment, or null. */
function proxy(env: Record<string, string>, url: string): string | null {
  return readProxies(env)(new URL(url));
}

const P = "http://proxy.example:3128";
const Q = "http://other.example:8080";

describe("the proxy is", () => {
  test.each<[string, Record<string, string>, string, string | null]>([
    ["none without variables", {}, "https://pypi.example/", null],
    ["HTTPS_PROXY's for https", { HTTPS_PROXY: P, HTTP_PROXY: Q }, "https://a.example/", `${P}/`],
    ["HTTP_PROXY's for http", { HTTPS_PROXY: P, HTTP_PROXY: Q }, "http://a.example/", `${Q}/`],
    ["none for https where only http has one", { HTTP_PROXY: P }, "https://a.example/", null],
    ["ALL_PROXY's for both", { ALL_PROXY: P }, "https://a.example/", `${P}/`],
    ["ALL_PROXY's last", { ALL_PROXY: P, http_proxy: Q }, "http://a.example/", `${Q}/`],
    [
      "the lower-case variable's",
      { https_proxy: P, HTTPS_PROXY: Q },
      "https://a.example/",
      `${P}/`,
    ],
    [
      "none where the lower-case one is empty",
      { https_proxy: "", HTTPS_PROXY: Q },
      "https://a.example/",
      null,
    ],
    [
      "http where the variable has no scheme",
      { https_proxy: "proxy:3128" },
      "https://a.example/",
      "http://proxy:3128/",
    ],
    [
      "SOCKS5 under each of its names",
      { all_proxy: "socks5h://p:1080" },
      "https://a.example/",
      "socks5://p:1080",
    ],
    [
      "not the one that a web client sets",
      { HTTP_PROXY: P, REQUEST_METHOD: "GET" },
      "http://a.example/",
      null,
    ],
    [
      "with its user name and password",
      { http_proxy: "http://u:p%40@p:1" },
      "http://a.example/",
      "http://u:p%40@p:1/",
    ],
  ])("%s", (_what, env, url, expected) => {
    expect(proxy(env, url)).toBe(expected);
  });

  test.each([
    ["a.example", "https://a.example/"],
    ["A.Example", "https://a.example/"],
    ["a.example", "https://b.a.example/"],
    [".a.example", "https://a.example/"],
    [".a.example", "https://b.a.example/"],
    ["*.a.example", "https://b.a.example/"],
    ["x, a.example", "https://a.example/"],
    ["x a.example", "https://a.example/"],
    ["*", "https://a.example/"],
    ["a.example:443", "https://a.example/"],
    ["a.example:8443", "https://a.example:8443/"],
    ["10.0.0.0/8", "https://10.1.2.3/"],
    ["10.1.2.3", "https://10.1.2.3/"],
    ["127.0.0.1:8080", "http://127.0.0.1:8080/"],
    ["fd00::/8", "https://[fd00::1]/"],
    ["[::1]", "https://[::1]/"],
    ["[::1]:8443", "https://[::1]:8443/"],
  ])("none where NO_PROXY is %s, for %s", (excluded, url) => {
    expect(proxy({ ALL_PROXY: P, NO_PROXY: excluded }, url)).toBeNull();
  });

  test.each([
    ["a.example", "https://ba.example/"],
    ["a.example", "https://a.example.org/"],
    ["*.a.example", "https://a.example/"],
    ["a.example:8443", "https://a.example/"],
    ["10.0.0.0/8", "https://11.1.2.3/"],
    ["10.0.0.0/33", "https://10.1.2.3/"],
    ["10.0.0.0/8/8", "https://10.1.2.3/"],
    [".", "https://a.example/"],
    ["", "https://a.example/"],
  ])("used where NO_PROXY is %j, for %s", (excluded, url) => {
    expect(proxy({ ALL_PROXY: P, NO_PROXY: excluded }, url)).toBe(`${P}/`);
  });
});

test.each(["ftp://proxy:21", "socks4://proxy:1080", "http://", "http://a b", ":", "http://[::"])(
  "%j is refused as a proxy, by the name of its variable alone",
  (value) => {
    expect(() => readProxies({ https_proxy: value })).toThrow(
      expect.objectContaining({
        code: "USAGE_INVALID",
        message: expect.stringMatching(/^https_proxy: expected the URL of a proxy [^:]*$/),
      }),
    );
  },
);
