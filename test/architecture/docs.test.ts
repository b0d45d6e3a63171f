import { access, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { DECISION_CODES } from "@pubpin/shared";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["docs", "examples", "bench", "packages"];
/** `[text](target)` outside of code, with the anchor apart. */
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g;

describe("the documentation", () => {
  test("lists every decision, in the order of the table", async () => {
    const text = await readFile(join(ROOT, "docs/decisions.md"), "utf8");
    const found = [...text.matchAll(/\[([A-Z][A-Z_]+)\]\(errors\.md#([a-z_]+)\)/g)];
    expect(found.map(([, code]) => code)).toEqual([...DECISION_CODES]);
    for (const [, code, anchor] of found) expect(anchor).toBe(code?.toLowerCase());
  });

  test("has no link to a file or heading that is not there", async () => {
    const broken: string[] = [];
    for (const page of await pages()) {
      const targets = await brokenLinks(page);
      broken.push(...targets.map((target) => `${relative(ROOT, page)}: ${target}`));
    }
    expect(broken).toEqual([]);
  });
});

/** Every page that people read: those of the root and of the folders. */
async function pages(): Promise<readonly string[]> {
  const inRoot = (await readdir(ROOT)).filter((name) => name.endsWith(".md"));
  const below = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true }))
        .filter((path) => path.endsWith(".md") && !/(^|[/\\])node_modules[/\\]/.test(path))
        .map((path) => join(folder, path)),
    ),
  );
  return [...inRoot, ...below.flat()].map((path) => join(ROOT, path));
}

async function brokenLinks(page: string): Promise<readonly string[]> {
  const text = withoutCode(await readFile(page, "utf8"));
  const broken: string[] = [];
  for (const [, target = "", anchor] of text.matchAll(LINK)) {
    const file = target === "" ? page : join(dirname(page), decodeURI(target));
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (!isThere) broken.push(target);
    else if (anchor !== undefined && !(await anchors(file)).has(anchor)) {
      broken.push(`${target}#${anchor}`);
    }
  }
  return broken;
}

/** The anchors of headings, as GitHub makes them. */
async function anchors(file: string): Promise<ReadonlySet<string>> {
  if (!file.endsWith(".md")) return new Set();
  const text = withoutCode(await readFile(file, "utf8"), ["fences"]);
  return new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** A page without its blocks of code, and without code in lines unless only fences are asked for. */
function withoutCode(text: string, kinds: readonly string[] = ["fences", "spans"]): string {
  const bare = text.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return kinds.includes("spans") ? bare.replaceAll(/`[^`\n]*`/g, "") : bare;
}
