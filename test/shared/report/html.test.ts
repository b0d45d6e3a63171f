import { describe, expect, test } from "vitest";
import { encodeBase64 } from "../../../packages/shared/src/bytes/base64.ts";
import type { Decision } from "../../../packages/shared/src/model.ts";
import { htmlReport } from "../../../packages/shared/src/report/html.ts";
import {
  changed,
  decision,
  hostileReport,
  largeReport,
  match,
  mixedReport,
  release,
  report,
} from "./fixtures.ts";

/** Elements that hold, show and order text. None of them makes a browser ask for anything. */
const HARMLESS = new Set(
  "a article b body button circle code dd details div dl dt footer g h1 h2 h3 h4 head header html input label li main meta p script section span style summary svg table tbody td text th thead title tr ul".split(
    " ",
  ),
);

/** The elements of a page that are none of these, with the style sheet's requests. */
function requests(page: string): readonly string[] {
  const elements = [...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name ?? "");
  return [
    ...elements.filter((name) => !HARMLESS.has(name)),
    ...between(page, "<style>", "</style>").matchAll(/@import|url\(/g),
  ].map(String);
}

function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start) + start.length;
  return page.slice(from, page.indexOf(end, from));
}

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return encodeBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The page's text without its tags. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>|<script>.*?<\/script>|<[^>]*>/gs, " ")
    .replace(/\s+/g, " ");
}

describe("the page", () => {
  const page = htmlReport([mixedReport()]);

  test("allows its one style sheet and its one script by their digests, and nothing else", async () => {
    const style = await digest(between(page, "<style>", "</style>"));
    const script = await digest(between(page, "<script>", "</script>"));
    const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '"');
    expect(policy.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${script}'; ` +
        "base-uri 'none'; form-action 'none'",
    );
    expect(page.match(/<style|<script| style=| on[a-z]+=/g)).toEqual(["<style", "<script"]);
  });

  test("asks nobody for anything", () => {
    expect(requests(page)).toEqual([]);
    const links = [...page.matchAll(/href="([^"]*)"( rel="noopener noreferrer")?/g)];
    expect(links.length).toBeGreaterThan(5);
    for (const [, url, rel] of links) {
      expect(url).toMatch(/^https:\/\/[a-z.]+\//);
      expect(rel).toBeDefined();
    }
  });

  test("says what is blocked first, and what a match means last", () => {
    const text = textOf(page);
    expect(text).toMatch(
      /^ pubpin: uv\.lock pubpin 3 packages blocked, 1 package could not be verified/,
    );
    expect(text).toMatch(/What is in them nobody checked\. Trust root: .* 2025-10-01\. $/);
  });

  test("has everything about what did not pass", () => {
    const text = textOf(htmlReport([report(release(15, changed))]));
    expect(text).toContain(
      "The publisher changed PUBLISHER_CHANGED Somebody else than the pinned publisher signed",
    );
    expect(text).toContain(
      "requests 2.32.4 uv.lock:812 requests-2.32.4-cp30-none-any.whl and 14 more",
    );
    expect(text).toContain("Expected github.com/psf/requests repository 1362490, owner 50630501");
    expect(text).toContain("Found github.com/psf-mirror/requests repository 987654321");
    expect(text).toContain("To accept it pubpin accept requests");
    expect(text).toContain("`pubpin accept requests`".replaceAll("`", " "));
  });

  test("has every file with its digest, code and publisher", () => {
    const text = textOf(htmlReport([report(release(15, match))]));
    for (const { filename } of release(15, match)) {
      expect(text).toContain(`${filename ?? ""} PUBLISHER_MATCH published by`);
    }
    expect(text).toContain("signed 2026-01-02; log entry 9007199254740993 sha256:2727");
  });

  test("says what state it is in", () => {
    const states = [[match()], [changed()], [decision("UNVERIFIABLE")], []].map((decisions) => {
      const each = htmlReport([report(decisions)]);
      return [between(each, '<body class="', '"'), between(each, "<h1>", "</h1>")];
    });
    expect(states).toEqual([
      ["ok", "Nothing is blocked"],
      ["bad", "1 package blocked"],
      ["unknown", "1 package could not be verified"],
      ["ok", "Nothing to check"],
    ]);
  });
});

describe("the picture of coverage", () => {
  function failing(each: Decision): Decision {
    return { ...each, code: "INDEX_CHANGED", verdict: "fail" };
  }

  function picture(decisions: Parameters<typeof report>[0]): string {
    return between(htmlReport([report(decisions)]), "<svg", "</svg>");
  }

  test("has an arc for each outcome and says the same in words", () => {
    const svg = between(htmlReport([mixedReport()]), "<svg", "</svg>");
    expect(svg).toContain(
      'aria-label="9 packages. Publisher matches: 3, Accepted: 1, Not attested: 1, Not pinned: 1, ' +
        'Not verified: 1, Failed: 2."',
    );
    expect(svg.match(/<circle/g)).toHaveLength(6);
    const lengths = [...svg.matchAll(/stroke-dasharray="([\d.]+) /g)].map(([, each]) =>
      Number(each),
    );
    expect(lengths.reduce((sum, each) => sum + each + 0.6, 0)).toBeCloseTo(100, 1);
  });

  test("shows one failure among hundreds, and does not call it all", () => {
    const svg = picture([...largeReport().decisions, changed()]);
    expect(svg).toMatch(/class="arc failed"[^>]*stroke-dasharray="(?:0\.[89]|1\.)/);
    expect(svg).toContain(">99%</text>");
  });

  test("is a whole ring where there is one outcome, and knows none from few", () => {
    expect(picture([match()])).toContain('stroke-dasharray="100 0"');
    expect(picture([match()])).toContain(">100%</text>");
    expect(picture([changed()])).toContain(">0%</text>");
    const few = picture([...largeReport().decisions.map(failing), match()]);
    expect(few).toContain(">&lt;1%</text>");
  });
});

test("long lists are folded, not cut", () => {
  const names = Array.from({ length: 40 }, (_, index) => `package-${index}`);
  const page = htmlReport([report(names.map((name) => changed({ name })))]);
  expect(page).toContain("<summary>32 more</summary>");
  for (const name of names) expect(page).toContain(`pubpin accept ${name}<`);
});

test("hostile text is text: no element, attribute or link comes of it", () => {
  const page = htmlReport([hostileReport()]);
  expect(requests(page)).toEqual([]);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\ufeff\ud800-\udfff]/);
  expect(page).not.toMatch(/href="[^"]*evil/);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;`$(touch pwned)`;&amp;|");
});

test("the same reports make the same page", () => {
  expect(htmlReport([mixedReport()])).toBe(htmlReport([mixedReport()]));
});
