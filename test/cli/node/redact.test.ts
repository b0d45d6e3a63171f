import { describe, expect, test } from "vitest";
import { redact, redactUrl } from "../../../packages/cli/src/node/redact.ts";

describe("a URL in a message", () => {
  test.each([
    ["https://me:secret@a.example/simple", "https://***@a.example/simple"],
    ["https://secret@a.example/simple", "https://***@a.example/simple"],
    ["https://:secret@a.example/", "https://***@a.example/"],
    ["https://a.example/f?token=secret", "https://a.example/f"],
    ["https://a.example/f#secret", "https://a.example/f"],
    ["https://me:sec/ret@a.example/", "https://***@a.example/"],
    ["https://me:sec?ret@[", "https://***@["],
    ["//me:secret@a.example/", "//***@a.example/"],
    ["https://a.example/simple", "https://a.example/simple"],
  ])("%s is shown as %s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe("text in a message", () => {
  test.each([
    [
      "cannot reach https://me:secret@a.example/x, sorry",
      "cannot reach https://***@a.example/x, sorry",
    ],
    ['"http://me:s@cret@a" and "socks5://u:secret@b"', '"http://***@a" and "socks5://***@b"'],
    ["nothing@here", "nothing@here"],
  ])("%s becomes %s", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });
});
