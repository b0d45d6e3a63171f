/** The pages about the hook say what is so. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DECISION_CODES, TOOL_CODES, VERIFIER_CODES } from "@pubpin/shared";
import { createGitFolder, type GitFolder } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packHook } from "../../../scripts/pack-hook.ts";
import { packageSources } from "../../architecture/sources.ts";
import { refusalOf, REFUSALS } from "./support/refusals.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const PAGES = join(REPOSITORY, "docs/hook");
const REFUSED = "why-was-my-commit-refused.md";
/** Codes of decisions that the hook makes and never shows: they pass, or are for `pubpin verify`. */
const SILENT: ReadonlySet<string> = new Set([
  "ATTESTATION_MISSING",
  "FILE_PINNED",
  "SOURCE_PINNED",
]);
/** Codes that stop no commit. */
const REVIEWED: ReadonlySet<string> = new Set([
  "PINS_WEAKENED",
  "PINS_NOT_COMPARABLE",
  "LOCK_NOT_GOVERNED",
]);
/** Codes that small repositories do not show. */
const NOT_SHOWN = ["INTERNAL_ERROR", "LIMIT_EXCEEDED", "REVISION_UNREADABLE"];
/** What each page shows of the examples. */
const SHOWN: readonly (readonly [page: string, example: string])[] = [
  ["husky.md", "husky/.husky/pre-commit"],
  ["lint-staged.md", "lint-staged/lint-staged.config.mjs"],
  ["lint-staged.md", "lint-staged/.husky/pre-commit"],
  ["pre-commit.md", "pre-commit/.pre-commit-config.yaml"],
  ["prek.md", "prek/prek.toml"],
  ["lefthook.md", "lefthook/lefthook.yml"],
  ["github-actions.md", "github-workflow/.github/workflows/pubpin.yml"],
  ["github-actions.md", "dependabot/.github/workflows/pubpin-record.yml"],
  ["github-actions.md", "renovate/renovate.json"],
];

function pageText(name: string): string {
  return readFileSync(join(PAGES, name), "utf8");
}

/** The text below each heading that is a code. */
function sections(): ReadonlyMap<string, string> {
  const parts = pageText(REFUSED).split(/^### ([A-Z_]+)\n/m);
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index + 1] ?? ""]] : [])),
  );
}

describe("why was my commit refused", () => {
  let git: GitFolder;
  let program = "";
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    git = createGitFolder();
    await packHook(join(git.folder, "hook"));
    program = join(git.folder, "hook/pubpin-precommit.js");
  });

  afterAll(() => {
    git.remove();
  });

  test("has a heading for every code that the hook names", async () => {
    const known = new Set<string>([...VERIFIER_CODES, ...TOOL_CODES, ...DECISION_CODES]);
    const sources = (await packageSources()).filter(({ path }) =>
      path.startsWith("packages/precommit/src/"),
    );
    const named = sources.flatMap(({ text }) =>
      [...text.matchAll(/"(?<code>[A-Z][A-Z_]+)"/g)].flatMap(
        ({ groups }) => groups?.["code"] ?? [],
      ),
    );
    const codes = new Set(named.filter((code) => known.has(code) && !SILENT.has(code)));
    expect([...codes].filter((code) => !sections().has(code))).toEqual([
      // Set-up throws this one.
      "FILE_UNWRITABLE",
    ]);
    expect([...sections().keys()].filter((code) => !known.has(code))).toEqual([]);
  });

  test("has an output for each of them", () => {
    const shown = [...REFUSALS.map(({ code }) => code), ...NOT_SHOWN];
    expect([...sections().keys()].toSorted()).toEqual(shown.toSorted());
  });

  test.each(REFUSALS)("shows a change that leads to $code", async (refusal) => {
    const { exitCode, stdout, stderr } = await refusalOf(git, program, refusal);
    const said = stdout + stderr;
    expect(said).toContain(refusal.code);
    expect(exitCode !== 0).toBe(!REVIEWED.has(refusal.code));
    outputs.set(refusal.code, said.trimEnd());
  });

  // `vitest run -u` writes the page anew where the hook has other words.
  test("shows what the hook prints", async () => {
    expect(outputs.size).toBe(REFUSALS.length);
    const shown = [...outputs].reduce(
      (page, [code, said]) => page.replace(outputOf(code), (_all, head) => `${head}${said}\n`),
      pageText(REFUSED),
    );
    await expect(shown).toMatchFileSnapshot(join(PAGES, REFUSED));
  });
});

/** The output below a heading, with what comes before it. */
function outputOf(code: string): RegExp {
  return new RegExp(`(^### ${code}\\n(?:(?!^### )[^])*?^\`\`\`text\\n)[^]*?\\n(?=\`\`\`\\n)`, "m");
}

test.each(SHOWN)("%s shows examples/%s as it is", (page, example) => {
  const text = readFileSync(join(REPOSITORY, "examples", example), "utf8");
  expect(pageText(page)).toContain(`\n${text.trimEnd()}\n\`\`\`\n`);
});

test.each(readdirSync(PAGES))("%s leads nowhere that is not there", (page) => {
  const links = [...pageText(page).matchAll(/\]\((?<to>[^)#]+)(?:#(?<at>[^)]+))?\)/g)];
  const broken = links.filter(({ groups }) => {
    const to = groups?.["to"] ?? "";
    if (to.startsWith("https:")) return false;
    const path = join(PAGES, to);
    if (!existsSync(path)) return true;
    const at = groups?.["at"];
    if (at === undefined || statSync(path).isDirectory()) return false;
    const headings = readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm);
    const anchors = [...headings].map(([, text = ""]) =>
      text
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    return !anchors.includes(at);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});
