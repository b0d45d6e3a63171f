/** Most commits touch no lock: for them, one run of Git is all that happens. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createGitFolder, mintPins, mintUvLock, type ProgramEnd } from "@pubpin/test-kit/node";
import { assert, constantFrom, oneof, property, stringMatching, tuple } from "fast-check";
import { lockFormat } from "@pubpin/shared";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mayMatter } from "../../../packages/precommit/src/paths.ts";
import { PRECOMMIT_VERSION } from "../../../packages/precommit/src/version.ts";
import { bundleHook } from "../../../scripts/bundle-hook.ts";

const SHARED = /packages\/shared\/src\/index\.ts$/;
const LOCK = mintUvLock([{ name: "alpha" }]);
const git = createGitFolder();
const program = join(git.folder, "hook.mjs");
const withoutShared = join(git.folder, "without-shared.mjs");

beforeAll(async () => {
  await bundleHook(program);
  await bundleHook(withoutShared, [
    {
      name: "shared ends the program",
      setup: (build) => {
        build.onLoad({ filter: SHARED }, async ({ path }) => ({
          contents: `throw new Error("evaluated");\n${await readFile(path, "utf8")}`,
          loader: "ts",
        }));
      },
    },
  ]);
});
afterAll(() => {
  git.remove();
});

/** The commands that Git was asked in a run of the hook on what is staged. */
async function traced(
  hook: string,
  staged: Readonly<Record<string, string>>,
): Promise<{ readonly end: ProgramEnd; readonly commands: readonly string[] }> {
  const repository = await git.newRepository();
  await repository.commitUnchecked({ "README.md": "hello\n" });
  await repository.stage(staged);
  const log = join(repository.folder, ".git/trace.log");
  const env = { GIT_TRACE: log };
  const end = await repository.run(process.execPath, [hook], { env });
  const lines = (await readFile(log, "utf8")).matchAll(/built-in: git (?<command>\S+)/g);
  return { end, commands: Array.from(lines, ({ groups }) => groups?.["command"] ?? "") };
}

describe("what is staged and is none of the hook's business", () => {
  test("costs one run of Git", async () => {
    const { end, commands } = await traced(program, { "src/a.ts": "export {};\n" });
    expect(end).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(commands).toEqual(["diff-index"]);
  });

  test("is passed before anything of the verifier or the readers of locks is evaluated", async () => {
    const { end } = await traced(withoutShared, { "src/a.ts": "export {};\n" });
    expect(end).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("is told by its name from what has to be looked at", async () => {
    const { end } = await traced(withoutShared, { "uv.lock": LOCK });
    expect(end.exitCode).toBe(3);
    expect(end.stderr).toContain("evaluated");
  });
});

test("a lock and its provenance file cost four runs of Git", async () => {
  const { end, commands } = await traced(program, {
    "uv.lock": LOCK,
    ".provenance.txt": await mintPins({ "uv.lock": LOCK }),
  });
  expect(end.exitCode).toBe(0);
  expect(commands).toEqual(["diff-index", "ls-tree", "cat-file", "rev-parse"]);
});

test("no name of a lock is passed by", () => {
  const word = stringMatching(/^[A-Za-z.-]{0,8}$/);
  const name = oneof(
    constantFrom("uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "pixi.lock"),
    word.map((each) => `${each}.py.lock`),
    word.map((each) => `pylock.${each}.toml`),
    word.map((each) => `pyodide-lock${each}.json`),
    word.map((each) => `${each}requirements${each}.txt`),
    word.map((each) => `requirements/${each}.TXT`),
  );
  assert(
    property(tuple(word, name), ([folder, file]) => {
      const path = folder === "" ? file : `${folder}/${file}`;
      expect(lockFormat(path) === null || mayMatter(path)).toBe(true);
    }),
  );
});

test("the version is that of the package", async () => {
  const manifest = join(import.meta.dirname, "../../../packages/precommit/package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string };
  expect(PRECOMMIT_VERSION).toBe(version);
});
