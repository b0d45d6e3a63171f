/** The merge driver as `hook install` sets it up, used by Git. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GitRepository, mintPins, mintUvLock, type ProgramEnd } from "@pubpin/test-kit/node";
import { expect, test } from "vitest";
import { packHook } from "../../../scripts/pack-hook.ts";
import { setUpSetting } from "./support/setup.ts";

const { repositoryWith, install } = setUpSetting();
const PINS = ".provenance.txt";
const COMMON = ["b", "c", "d", "e", "f", "g"];

function lockOf(names: readonly string[]): string {
  return mintUvLock(names.map((name) => ({ name })));
}

/** Two branches that each added a package to one lock, and recorded it. */
async function twoBranches(): Promise<GitRepository> {
  const repository = await repositoryWith({ "package.json": "{}", ".gitignore": "node_modules\n" });
  const program = join(repository.folder, "node_modules/.bin");
  await packHook(program);
  repository.write({
    "node_modules/.bin/pubpin-precommit": { linkTo: "pubpin-precommit.js" },
  });
  const lock = lockOf(COMMON);
  const pins = await mintPins({ "uv.lock": lock });
  await repository.commitUnchecked({ "uv.lock": lock, [PINS]: pins });
  for (const [branch, names] of [
    ["first", ["a", ...COMMON]],
    ["second", [...COMMON, "h"]],
  ] as const) {
    await repository.must("checkout", "--quiet", "-b", branch, "main");
    const changed = lockOf(names);
    await repository.commitUnchecked({
      "uv.lock": changed,
      [PINS]: await mintPins({ "uv.lock": changed }, { before: pins }),
    });
  }
  return repository;
}

function merge(repository: GitRepository): Promise<ProgramEnd> {
  return repository.git("merge", "--no-edit", "first");
}

test("two branches that both changed a lock merge, and the hook accepts the merge", async () => {
  const repository = await twoBranches();
  await install(repository, "git", { mergeDriver: true });
  const { exitCode, stdout, stderr } = await merge(repository);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("refused")]);
  expect(stdout + stderr).toContain("uv.lock: 1 added");
  const both = lockOf(["a", ...COMMON, "h"]);
  expect(readFileSync(join(repository.folder, "uv.lock"), "utf8")).toBe(both);
  expect(readFileSync(join(repository.folder, PINS), "utf8")).toBe(
    await mintPins({ "uv.lock": both }),
  );
});

test("without it they conflict", async () => {
  const repository = await twoBranches();
  await install(repository, "git");
  const { exitCode, stdout } = await merge(repository);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`CONFLICT (content): Merge conflict in ${PINS}`);
});
