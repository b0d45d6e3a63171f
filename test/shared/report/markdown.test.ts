import { describe, expect, test } from "vitest";
import { githubSummary } from "../../../packages/shared/src/report/markdown.ts";
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

/** What a browser shows of character references. */
function decoded(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_match, code: string) => String.fromCharCode(Number(code)));
}

describe("a summary in Markdown", () => {
  test("says what did not pass, why, and how to accept it", () => {
    expect(decoded(githubSummary([report(release(2, changed))]))).toBe(`## pubpin: Blocked

- uv.lock: 2 files; trust root: the one embedded in pubpin, newest entry of 2025-10-01

|  | Packages | Files |
| --- | --- | --- |
| **Failed**: is not what is pinned or required | 1 | 2 |

### Not passed

| Package | Why | What | To accept it |
| --- | --- | --- | --- |
| **requests 2.32.4**<br>uv.lock:812 | PUBLISHER_CHANGED (docs/errors.md#publisher_changed)<br>The publisher changed | expected https://github.com/psf/requests (repository 1362490, owner 50630501, publish.yml), found https://github.com/psf-mirror/requests (repository 987654321, owner 123456789, release.yml)<br>requests-2.32.4-cp30-none-any.whl and 1 more file | <code>pubpin accept requests</code> |

- \`PUBLISHER_CHANGED\`: Somebody else than the pinned publisher signed this file. The project may have moved, or somebody may have its publishing rights. Find out from the project itself (its repository, its announcements) whether it moved. If it did, \`pubpin accept requests\` records it, and the changed line is there for review.

<details><summary>1 publisher</summary>

| Publisher | Packages | Files |  |
| --- | --- | --- | --- |
| [https://github.com/psf-mirror/requests](https://github.com/psf-mirror/requests)<br>repository 987654321, owner 123456789, release.yml | requests 2.32.4 | 2 | Failed |

</details>
`);
  });

  test("lists every publisher with its packages, and the notices", () => {
    const text = decoded(githubSummary([mixedReport()]));
    expect(text).toContain("urllib3 2.5.0<br>idna 3.10 | 2 | Publisher matches |");
    expect(text).toContain("| moved 4.0 | The repository was renamed | pinned as ");
    expect(text).toContain("<summary>4 publishers</summary>");
  });

  test("has a heading for each exit code", () => {
    const heading = (each: Parameters<typeof report>[0]) =>
      githubSummary([report(each)]).split("\n")[0];
    expect(heading([match()])).toBe("## pubpin: Nothing is blocked");
    expect(heading([changed()])).toBe("## pubpin: Blocked");
    expect(heading([decision("UNVERIFIABLE")])).toBe("## pubpin: Could not be verified");
    expect(githubSummary([report([])])).toContain("\n\nNothing to check.\n");
  });

  test("of 400 packages stays far below what GitHub takes", () => {
    const text = githubSummary([largeReport()]);
    expect(text).toContain("| and 200 more |");
    expect(text.length).toBeLessThan(200_000);
  });

  test("names only some packages of a publisher of many", () => {
    const many = Array.from({ length: 30 }, (_, index) => match({ name: `package-${index}` }));
    expect(githubSummary([report(many)])).toContain("package-19 2.32.4<br>and 10 more |");
  });

  test("takes nothing from outside for markup", () => {
    const text = githubSummary([hostileReport()]);
    const tags = [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    expect(new Set(tags)).toEqual(
      new Set(["<br>", "<details>", "<summary>", "</summary>", "</details>"]),
    );
    expect([...text.matchAll(/\]\(([^)]*)\)/g)].map(([, url]) => url)).toEqual([]);
    const rows = text.split("\n").filter((line) => line.startsWith("| &#92;u001b"));
    expect(rows.map((row) => row.split(" | ").length)).toEqual([3]);
    expect(text).not.toMatch(
      /[`*]{2}bold|`code`|[\u0000-\u0009\u000b-\u001f]|www\.|https?:\/\/evil/,
    );
  });
});
