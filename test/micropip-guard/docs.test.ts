/** What docs/guard shows of an example is in the example. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");
const FOLDER = join(REPOSITORY, "docs/guard");
const SHOWN = /<!-- (?<path>examples\/\S+) -->\n\n```\w+\n(?<code>[^`]*)```/g;

/** Without what indenting changes. */
function lines(text: string): string {
  return text.replace(/^\s+/gm, "").trim();
}

describe.each(readdirSync(FOLDER))("docs/guard/%s", (name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");

  test("shows examples as they are", () => {
    for (const { groups } of text.matchAll(SHOWN)) {
      const example = readFileSync(join(REPOSITORY, groups?.["path"] ?? ""), "utf8");
      expect(lines(example)).toContain(lines(groups?.["code"] ?? ""));
    }
    expect([...text.matchAll(SHOWN)]).toHaveLength(text.split("<!-- examples/").length - 1);
  });

  test("leads to files that are there", () => {
    const links = [...text.matchAll(/\]\((?<path>[^)#]+)(?:#[^)]*)?\)/g)];
    const paths = links.map(({ groups }) =>
      join(dirname(join(FOLDER, name)), groups?.["path"] ?? ""),
    );
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});
