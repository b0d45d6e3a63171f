/** The configuration files of hook runners: what is put in, and that all of it goes again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitRepository } from "@pubpin/test-kit/node";
import type { Runner } from "pubpin-precommit";
import { describe, expect, test } from "vitest";
import { meaning } from "../../../packages/precommit/src/install/structured.ts";
import { setUpSetting, snapshot } from "./support/setup.ts";

const { repositoryWith, install, uninstall } = setUpSetting();

const LOCAL_HOOK = {
  id: "pubpin",
  name: "pubpin",
  entry: "pubpin-precommit",
  language: "system",
  always_run: true,
  pass_filenames: false,
  require_serial: true,
  stages: ["pre-commit", "pre-merge-commit", "manual"],
};
const COMMAND = { run: "pubpin-precommit" };
const PUSH_COMMAND = { run: "pubpin-precommit --pre-push {1} {2}", use_stdin: true };

function meaningOf(repository: GitRepository, name: string): Record<string, unknown> {
  const text = readFileSync(join(repository.folder, name), "utf8");
  return plain(text, name);
}

/** What a file means, whatever kinds of objects a parser makes. */
function plain(text: string, name: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(meaning(text, name))) as Record<string, unknown>;
}

/** Sets up and takes out again; gives what the file meant in between. */
async function meaningBetween(
  runner: Runner,
  name: string,
  text: string | null,
  prePush = false,
): Promise<Record<string, unknown>> {
  const repository = await repositoryWith(text === null ? {} : { [name]: text });
  const before = snapshot(repository);
  await install(repository, runner, { prePush });
  const once = snapshot(repository);
  const between = meaningOf(repository, name);
  expect((await install(repository, runner)).shown).toBe("");
  expect(snapshot(repository)).toEqual(once);
  await uninstall(repository);
  expect(snapshot(repository)).toEqual(before);
  return between;
}

const RUFF = `- repo: https://example.org/ruff
  rev: v1 # pinned
  hooks:
  - id: ruff
`;
const RUFF_ENTRY = { repo: "https://example.org/ruff", rev: "v1", hooks: [{ id: "ruff" }] };

describe(".pre-commit-config.yaml", () => {
  const name = ".pre-commit-config.yaml";
  const indented = RUFF.replaceAll(/^/gm, "    ").trimEnd();
  const withRuff: readonly (readonly [string, string])[] = [
    ["a list that is not indented", `repos:\n${RUFF}`],
    ["a list that is indented", `# ours\nrepos:\n${indented}\n`],
    ["something after the list", `repos:\n${RUFF}\n# about ci\nci:\n  skip: [ruff]\n`],
    [
      "a comment of the list at its end",
      `repos:\n${indented}\n    # - id: more\nfail_fast: true\n`,
    ],
    ["something before the list", `---\nfail_fast: true\nrepos:\n${RUFF}`],
    ["a comment after the key", `repos: # all of them\n${RUFF}`],
    ["no end of its last line", `repos:\n${RUFF}`.trimEnd()],
    ["lines of Windows", `repos:\n${RUFF}`.replaceAll("\n", "\r\n")],
    ["lines of Windows, the last without an end", `repos:\r\n${indented.replaceAll("\n", "\r\n")}`],
    ["a key in quotes, and anchors", `x: &x [1]\ny: *x\n"repos":\n${RUFF}`],
    [
      "a text of several lines at its end",
      `repos:\n${RUFF}- repo: local\n  hooks:\n    - id: text\n      entry: |\n        # a\n        b\n\n`,
    ],
  ];

  test.each(withRuff)("of others, with %s, gets one more entry", async (_what, text) => {
    const before = plain(text, name) as { repos: unknown[] };
    const between = await meaningBetween("pre-commit", name, text);
    expect(between).toEqual({
      ...before,
      repos: [...before.repos, { repo: "local", hooks: [LOCAL_HOOK] }],
    });
    expect(before.repos[0]).toEqual(RUFF_ENTRY);
  });

  test.each([[null], ["repos:\n"], ["repos: # none yet\n"]])(
    "%j gets its first entry",
    async (text) => {
      expect(await meaningBetween("pre-commit", name, text)).toEqual({
        repos: [{ repo: "local", hooks: [LOCAL_HOOK] }],
      });
    },
  );

  test("has pre-push among the stages where that was asked for, and it stays", async () => {
    const between = await meaningBetween("pre-commit", name, `repos:\n${RUFF}`, true);
    const stages = ["pre-commit", "pre-merge-commit", "pre-push", "manual"];
    expect(between).toEqual({
      repos: [RUFF_ENTRY, { repo: "local", hooks: [{ ...LOCAL_HOOK, stages }] }],
    });
  });

  test("takes the hook from a repository of Git where one is named", async () => {
    const repository = await repositoryWith({ [name]: `repos:\n${RUFF}` });
    const source = { repository: "https://example.org/pubpin hook", revision: "0123abc" };
    await install(repository, "pre-commit", source);
    expect(meaningOf(repository, name)).toEqual({
      repos: [
        RUFF_ENTRY,
        {
          repo: "https://example.org/pubpin hook",
          rev: "0123abc",
          hooks: [{ id: "pubpin", stages: ["pre-commit", "pre-merge-commit", "manual"] }],
        },
      ],
    });
    await install(repository, "pre-commit", { ...source, revision: "1e3" });
    expect(meaningOf(repository, name)["repos"]).toMatchObject([{}, { rev: "1e3" }]);
    expect(readFileSync(join(repository.folder, name), "utf8").match(/>>> pubpin/g)).toHaveLength(
      1,
    );
  });

  test("calls the program of the repository where it has one", async () => {
    const repository = await repositoryWith({ [name]: "repos:\n", "package.json": "{}" });
    await install(repository, "pre-commit");
    expect(meaningOf(repository, name)["repos"]).toMatchObject([
      { hooks: [{ entry: "node_modules/.bin/pubpin-precommit" }] },
    ]);
  });

  test.each([
    ["a list in brackets", "repos: []\n", /put this in by hand, .*:\n {2}- repo: local\n/],
    ["no list", "fail_fast: true\n", /put this in by hand/],
    ["no YAML", "repos: [\n", /its runner can read, found: /],
    ["no keys", "- a\n", /expected keys with values/],
    ["two documents", "repos:\n- a: 1\n---\nb: 1\n", /its runner can read/],
  ])("with %s is left alone", async (_what, text, message) => {
    const repository = await repositoryWith({ [name]: text });
    const before = snapshot(repository);
    await expect(install(repository, "pre-commit")).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringMatching(message),
    });
    expect(snapshot(repository)).toEqual(before);
  });

  test("says which hooks of Git are missing, and not those that are there", async () => {
    const repository = await repositoryWith({
      [name]: "repos:\n",
      ".git/hooks/pre-commit": "# File generated by pre-commit: https://pre-commit.com\n",
    });
    const { notes } = await install(repository, "pre-commit", { prePush: true });
    expect(notes).toContain(
      "then: every clone needs `pre-commit install --hook-type pre-merge-commit --hook-type pre-push`",
    );
  });
});

describe("prek.toml", () => {
  test.each([
    ["of others", '[[repos]]\nrepo = "https://example.org/ruff"\nhooks = [{ id = "ruff" }]\n'],
    ["without an end of its last line", 'fail_fast = true\n\n[[repos]]\nrepo = "meta"\nhooks = []'],
    ["without a list", "fail_fast = true\n"],
    ["that is empty", ""],
  ])("%s gets one more entry", async (_what, text) => {
    const before = plain(text, "prek.toml") as { repos?: unknown[] };
    expect(await meaningBetween("prek", "prek.toml", text)).toEqual({
      ...before,
      repos: [...(before.repos ?? []), { repo: "local", hooks: [LOCAL_HOOK] }],
    });
  });

  test("with a list in brackets is left alone", async () => {
    const repository = await repositoryWith({ "prek.toml": "repos = []\n" });
    await expect(install(repository, "prek")).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });

  test("comes before .pre-commit-config.yaml, and that before .pre-commit-config.yml", async () => {
    const yaml = { ".pre-commit-config.yaml": "repos:\n", ".pre-commit-config.yml": "repos:\n" };
    const both = await repositoryWith({ ...yaml, "prek.toml": "" });
    expect((await install(both, "prek")).shown).toContain("+++ b/prek.toml");
    const one = await repositoryWith(yaml);
    expect((await install(one, "prek")).shown).toContain("+++ b/.pre-commit-config.yaml");
  });
});

describe("lefthook.yml", () => {
  const name = "lefthook.yml";
  const ours = { commands: { pubpin: COMMAND } };

  test.each<readonly [string, string | null, unknown]>([
    ["that is not there", null, { "pre-commit": ours, "pre-merge-commit": ours }],
    ["that is empty", "", { "pre-commit": ours, "pre-merge-commit": ours }],
    [
      "with other hooks",
      "pre-push:\n  commands:\n    test:\n      run: npm test",
      {
        "pre-push": { commands: { test: { run: "npm test" } } },
        "pre-commit": ours,
        "pre-merge-commit": ours,
      },
    ],
    [
      "with commands",
      "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: npm run lint # all\n    # more\n\n# end\n",
      {
        "pre-commit": {
          parallel: true,
          commands: { lint: { run: "npm run lint" }, pubpin: COMMAND },
        },
        "pre-merge-commit": ours,
      },
    ],
    [
      "with jobs",
      "pre-commit:\r\n    jobs:\r\n    - name: lint\r\n      run: |\r\n        a\r\n        b\r\n",
      {
        "pre-commit": {
          jobs: [
            { name: "lint", run: "a\nb\n" },
            { name: "pubpin", ...COMMAND },
          ],
        },
        "pre-merge-commit": ours,
      },
    ],
    [
      "with nothing but scripts, at both hooks",
      "pre-commit:\n    scripts:\n        a.sh:\n            runner: sh\npre-merge-commit:\n  skip: false\n",
      {
        "pre-commit": { scripts: { "a.sh": { runner: "sh" } }, ...ours },
        "pre-merge-commit": { skip: false, ...ours },
      },
    ],
  ])("%s gets a command for each hook", async (_what, text, expected) => {
    expect(await meaningBetween("lefthook", name, text)).toEqual(expected);
  });

  test("gives the program what Git gives, where pushes are checked too", async () => {
    expect(await meaningBetween("lefthook", name, null, true)).toEqual({
      "pre-commit": ours,
      "pre-merge-commit": ours,
      "pre-push": { commands: { pubpin: PUSH_COMMAND } },
    });
  });

  test.each([
    ["a hook in braces", "pre-commit: { commands: { a: { run: b } } }\n"],
    ["commands in braces", "pre-commit:\n  commands: {}\n"],
    ["a hook that is an alias", "x: &x\n  commands:\n    a:\n      run: b\npre-commit: *x\n"],
    ["a command of this name", "pre-commit:\n  commands:\n    pubpin:\n      run: other\n"],
  ])("with %s is left alone", async (_what, text) => {
    const repository = await repositoryWith({ [name]: text });
    const before = snapshot(repository);
    await expect(install(repository, "lefthook")).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("put this in by hand"),
    });
    expect(snapshot(repository)).toEqual(before);
  });

  test("keeps what others put below it, and is not taken out from under it", async () => {
    const repository = await repositoryWith({ [name]: "templates:\n    a: b\n" });
    await install(repository, "lefthook");
    const path = join(repository.folder, name);
    const text = `${readFileSync(path, "utf8")}    lint:\n      run: npm run lint\n`;
    repository.write({ [name]: text });
    await expect(uninstall(repository)).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("found lines that belong to a key in it"),
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("that was made for it keeps what others put in beside it", async () => {
    const repository = await repositoryWith({});
    await install(repository, "lefthook");
    const path = join(repository.folder, name);
    repository.write({
      [name]: `${readFileSync(path, "utf8")}    lint:\n      run: npm run lint\n`,
    });
    await uninstall(repository);
    expect(meaningOf(repository, name)).toMatchObject({
      "pre-merge-commit": { commands: { lint: { run: "npm run lint" } } },
    });
  });
});

describe("the other files of lefthook", () => {
  const ours = { commands: { pubpin: COMMAND } };

  test.each(["lefthook.yaml", ".lefthook.yml", ".config/lefthook.yml"])(
    "%s is found",
    async (name) => {
      const between = await meaningBetween("lefthook", name, "pre-commit:\n  parallel: true\n");
      expect(between["pre-commit"]).toEqual({ parallel: true, ...ours });
    },
  );

  test.each<readonly [string, unknown]>([
    [
      '[pre-commit.commands.lint]\nrun = "a"\n',
      { commands: { lint: { run: "a" }, pubpin: COMMAND } },
    ],
    [
      '[[pre-commit.jobs]]\nname = "lint"\nrun = "a"',
      {
        jobs: [
          { name: "lint", run: "a" },
          { name: "pubpin", ...COMMAND },
        ],
      },
    ],
    ["colors = false\n", ours],
  ])("lefthook.toml gets it too: %j", async (text, expected) => {
    const between = await meaningBetween("lefthook", "lefthook.toml", text);
    expect([between["pre-commit"], between["pre-merge-commit"]]).toEqual([expected, ours]);
  });

  test("lefthook.json is left alone, and its user told what belongs there", async () => {
    const repository = await repositoryWith({ "lefthook.json": "{}" });
    await expect(install(repository)).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("pre-commit:\n  commands:\n    pubpin:\n      run: pubpin-"),
    });
  });
});

describe("husky", () => {
  const husky = { "package.json": '{"devDependencies":{"husky":"9.1.7"}}' };

  test("gets one line in each of its hooks, and says that it is not active", async () => {
    const repository = await repositoryWith({ ...husky, ".husky/pre-commit": "npm test\n" });
    const before = snapshot(repository);
    const { notes } = await install(repository, undefined, { prePush: true });
    const read = (hook: string): string =>
      readFileSync(join(repository.folder, ".husky", hook), "utf8");
    expect(read("pre-commit")).toMatch(/^npm test\n# >>>[^]*\npubpin-precommit\n# <<<.*\n$/);
    expect(read("pre-merge-commit")).toContain("\npubpin-precommit\n");
    expect(read("pre-push")).toContain('\npubpin-precommit --pre-push "$@"\n');
    expect(notes).toContain("then: husky is not active in this clone: run `npx husky`");
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });

  test("ends at the first command that fails, so only where it does not is that said", async () => {
    const repository = await repositoryWith({
      ...husky,
      ".husky/pre-commit": "npm test\n",
      ".husky/pre-merge-commit": "set +e\nnpm test\n",
    });
    await install(repository);
    const read = (hook: string): string =>
      readFileSync(join(repository.folder, ".husky", hook), "utf8");
    expect(read("pre-commit")).not.toContain("pubpin_status");
    expect(read("pre-merge-commit")).toContain("pubpin_status=$?");
  });

  test("is found in a folder of another name", async () => {
    const repository = await repositoryWith({ ...husky, "web/.hooks/_/h": "" });
    await repository.must("config", "core.hooksPath", "web/.hooks/_");
    const { shown, notes } = await install(repository);
    expect(shown).toContain("+++ b/web/.hooks/pre-commit");
    expect(notes.join("\n")).not.toContain("not active");
    await expect(install(repository, "git")).rejects.toMatchObject({ code: "USAGE_INVALID" });
    await uninstall(repository);
    expect([...snapshot(repository).keys()].filter((name) => name.startsWith("web"))).toEqual([
      "web/.hooks/_/h",
    ]);
  });
});

describe("lint-staged", () => {
  const TASK = '  "**/*": () => "pubpin-precommit",\n';

  test.each([
    ["lint-staged.config.mjs", 'export default {\n  "*.js": "eslint",\n};\n'],
    ["lint-staged.config.js", "module.exports = {\n};\n"],
    [
      "lint-staged.config.ts",
      'import a from "b";\n\nconst c: D = {\n  "*": a,\n};\n\nexport default c;',
    ],
    [".lintstagedrc.mjs", "export default defineConfig({\r\n})\r\n"],
  ])("%s gets a task that is a function", async (name, text) => {
    const repository = await repositoryWith({ [name]: text });
    const before = snapshot(repository);
    const { shown } = await install(repository);
    const after = readFileSync(join(repository.folder, name), "utf8");
    expect(after.replaceAll("\r", "")).toContain(`{\n  // >>> pubpin hook >>>\n${TASK}`);
    expect(shown).toContain("+++ b/.git/hooks/pre-commit");
    await install(repository);
    expect(readFileSync(join(repository.folder, name), "utf8")).toBe(after);
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });

  test("gets a configuration where it has none", async () => {
    const repository = await repositoryWith({
      "package.json": '{"devDependencies":{"lint-staged":"17.6.1"}}',
    });
    const before = snapshot(repository);
    await install(repository);
    const path = join(repository.folder, "lint-staged.config.mjs");
    expect(readFileSync(path, "utf8")).toContain(TASK);
    await install(repository);
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });

  test.each<Record<string, string>>([
    { ".lintstagedrc.json": '{"*.js":"eslint"}' },
    { "package.json": '{"lint-staged":{"*.js":"eslint"}}' },
    { "lint-staged.config.mjs": 'export default { "*.js": "eslint" };\n' },
    { "lint-staged.config.mjs": 'export default {\n  "**/*": "prettier",\n};\n' },
    { "lint-staged.config.mjs": "export default tasks();\n" },
  ])(
    "stays as it is where no function finds a place, and the hook sees everything: %j",
    async (files) => {
      const repository = await repositoryWith(files);
      const { shown, notes } = await install(repository);
      expect(shown).toContain("+++ b/.git/hooks/pre-commit");
      expect(shown).not.toContain("() =>");
      expect(notes.join("\n")).toContain("lint-staged's own configuration stays as it is");
    },
  );

  test("is set up with the runner that runs it", async () => {
    const repository = await repositoryWith({
      ".husky/pre-commit": "lint-staged\n",
      "lint-staged.config.mjs": "export default {\n};\n",
    });
    const { shown } = await install(repository, "lint-staged");
    expect(shown).toContain("+++ b/.husky/pre-commit");
    expect(shown).toContain("+++ b/lint-staged.config.mjs");
  });
});
