/** The examples are what `hook install` writes. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Runner, RUNNERS } from "pubpin-precommit";
import { describe, expect, test } from "vitest";
import { type SetUpOptions, setUpSetting, snapshot } from "./support/setup.ts";

const { repositoryWith, install, uninstall } = setUpSetting();
const EXAMPLES = join(import.meta.dirname, "../../../examples");

interface Example {
  readonly runner: Runner;
  readonly options?: SetUpOptions;
}

/** What each example was made with. */
const HOOK_EXAMPLES: Readonly<Record<string, Example>> = {
  git: { runner: "git", options: { prePush: true } },
  husky: { runner: "husky" },
  "lint-staged": { runner: "lint-staged" },
  "pre-commit": {
    runner: "pre-commit",
    options: { repository: "https://git.example.org/pubpin/hook", revision: "v0.1.0" },
  },
  prek: { runner: "prek" },
  lefthook: { runner: "lefthook" },
  "github-workflow": { runner: "git", options: { workflow: true } },
};
test("there is one for each runner", () => {
  const shown = Object.values(HOOK_EXAMPLES).map(({ runner }) => runner);
  expect(shown).toEqual(expect.arrayContaining([...RUNNERS]));
});

describe.each(Object.entries(HOOK_EXAMPLES))("examples/%s", (name, { runner, options }) => {
  test("is written by `hook install`, and everything of it goes again", async () => {
    const repository = await repositoryWith({});
    cpSync(join(EXAMPLES, name), repository.folder, { recursive: true });
    if (name === "git") await repository.must("config", "core.hooksPath", ".githooks");
    const example = snapshot(repository);
    expect((await uninstall(repository)).exitCode).toBe(0);
    const without = snapshot(repository);
    expect(without).not.toEqual(example);
    await install(repository, runner, options);
    const files = [...snapshot(repository)].filter(([path]) => !path.startsWith(".git/"));
    expect(new Map(files)).toEqual(
      new Map([...example].filter(([path]) => !path.startsWith(".git/"))),
    );
  });
});
