import { describe, expect, test } from "vitest";
import { githubAnnotations } from "../../../packages/shared/src/report/github.ts";
import {
  changed,
  decision,
  hostileReport,
  largeReport,
  match,
  mixedReport,
  notice,
  release,
  report,
} from "./fixtures.ts";

/** The form of a workflow command: no line break, no comma or colon inside a property. */
const COMMAND =
  /^::(?:error|notice) (?:file=[^\p{Cc},:]+,)?(?:line=\d+,)?title=[^\p{Cc},:]+::[^\p{Cc}]+$/u;

function lines(text: string): readonly string[] {
  return text.split("\n").slice(0, -1);
}

describe("annotations", () => {
  test("have the line of the lock, a title, and what a person needs", () => {
    expect(githubAnnotations([report(release(15, changed))])).toBe(
      "::error file=uv.lock,line=812,title=PUBLISHER_CHANGED%3A requests 2.32.4::" +
        "The publisher changed. Somebody else than the pinned publisher signed this file. " +
        "The project may have moved, or somebody may have its publishing rights.%0A" +
        "expected https://github.com/psf/requests (repository 1362490, owner 50630501, publish.yml), " +
        "found https://github.com/psf-mirror/requests (repository 987654321, owner 123456789, release.yml)%0A" +
        "requests-2.32.4-cp30-none-any.whl and 14 more files%0A" +
        "To accept it: pubpin accept requests%0A" +
        "docs/errors.md#publisher_changed\n",
    );
  });

  test("are errors for what fails or is unknown, notices for notices, and nothing for what passes", () => {
    const levels = lines(githubAnnotations([mixedReport()])).map((line) =>
      /^::(\w+) .*title=(\w+)/.exec(line)?.slice(1).join(" "),
    );
    expect(levels).toEqual([
      "error ATTESTATION_INVALID",
      "error PUBLISHER_CHANGED",
      "error PUBLISHER_UNPINNED",
      "error UNVERIFIABLE",
      "notice The",
      "notice The",
    ]);
    expect(githubAnnotations([largeReport()])).toBe("");
  });

  test("offer no command for what could not be verified", () => {
    expect(githubAnnotations([report([decision("UNVERIFIABLE")])])).not.toContain("accept");
  });

  test("that GitHub would drop are announced by the last one it shows", () => {
    const many = Array.from({ length: 14 }, (_, index) =>
      changed({ name: `package-${index}`, notices: [] }),
    );
    const shown = lines(githubAnnotations([report(many)]));
    expect(shown).toHaveLength(10);
    expect(shown.at(-1)).toBe(
      "::error title=pubpin%3A 5 more errors::" +
        "GitHub shows no more annotations of one step. The job's summary has them all.",
    );
    expect(lines(githubAnnotations([report(many.slice(0, 10))])).at(-1)).toContain("package-9");
  });

  test("point at the repository's path, with letters of any script, percent-encoded where needed", () => {
    const place = { path: "büro, 50%:x/uv.lock", line: null };
    const text = githubAnnotations([report([changed({ place })])], {
      repositoryPath: (path) => `services/${path}`,
    });
    expect(text).toMatch(/^::error file=services\/büro%2C 50%25%3Ax\/uv\.lock,title=/);
    expect(githubAnnotations([report([changed({ place: null })])])).toMatch(/^::error title=/);
  });

  test.each([
    ["a\nb\r.lock", "a%0Ab%0D.lock"],
    ["100%,a:b", "100%25%2Ca%3Ab"],
    ["a\u001b[2K\u202e\u2028b", "a\\u{1b}[2K\\u{202e}\\u{2028}b"],
    [`${"a".repeat(400)}/uv.lock`, `${"a".repeat(400)}/uv.lock`],
  ])("name the file %j as GitHub reads it", (path, written) => {
    const text = githubAnnotations([report([changed({ place: { path, line: 1 } })])]);
    expect(text.startsWith(`::error file=${written},line=1,`)).toBe(true);
  });

  test("hold hostile text without giving it a line of its own", () => {
    const text = githubAnnotations([hostileReport()]);
    expect(lines(text)).toHaveLength(2);
    for (const line of lines(text)) expect(line).toMatch(COMMAND);
  });

  test("of yanked files of one release are one", () => {
    const yanked = release(3, (fields) =>
      match({ ...fields, notices: [notice("YANKED", `${fields.filename ?? ""} was yanked`)] }),
    );
    expect(lines(githubAnnotations([report(yanked)]))).toHaveLength(1);
  });
});
