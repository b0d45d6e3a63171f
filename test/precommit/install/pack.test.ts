/** The root that pre-commit and prek install the hook from. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createGitFolder, type GitFolder } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meaning } from "../../../packages/precommit/src/install/structured.ts";
import { packHook } from "../../../scripts/pack-hook.ts";

const PACKAGE = join(import.meta.dirname, "../../../packages/precommit");
const FILES = [
  ".pre-commit-hooks.yaml",
  "LICENSE",
  "README.md",
  "package.json",
  "pubpin-precommit.js",
];

let git: GitFolder;
let packed = "";

beforeAll(async () => {
  git = createGitFolder();
  packed = join(git.folder, "packed");
  await packHook(packed);
});

afterAll(() => {
  git.remove();
});

function bytesOf(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name), "base64")]);
}

describe("the packed root", () => {
  test("has one program, and nothing that would be installed or run beside it", () => {
    expect(readdirSync(packed).toSorted()).toEqual(FILES);
    const manifest = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as object;
    expect(Object.keys(manifest).toSorted()).toEqual([
      "bin",
      "description",
      "engines",
      "license",
      "name",
      "type",
      "version",
    ]);
    expect(manifest).toMatchObject({ bin: { "pubpin-precommit": "pubpin-precommit.js" } });
    const program = readFileSync(join(packed, "pubpin-precommit.js"), "utf8");
    expect(program.startsWith("#!/usr/bin/env node\n")).toBe(true);
    const imported = [...program.matchAll(/\b(?:from|import\()\s*"(?<from>[^"]+)"/g)];
    expect(imported.map(({ groups }) => groups?.["from"])).toSatisfy((names: string[]) =>
      names.every((name) => name.startsWith("node:")),
    );
  });

  test("is of the version of its package", () => {
    const read = (folder: string): unknown =>
      (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: unknown })
        .version;
    expect(read(packed)).toBe(read(PACKAGE));
  });

  test("has the same bytes each time", async () => {
    const again = join(git.folder, "again");
    await packHook(again);
    await packHook(again);
    expect(bytesOf(again)).toEqual(bytesOf(packed));
  });

  test("has a program that can be run", async () => {
    expect(statSync(join(packed, "pubpin-precommit.js")).mode & 0o111).toBe(0o111);
    const repository = await git.newRepository();
    const ended = await repository.run(join(packed, "pubpin-precommit.js"), ["--version"]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("tells pre-commit to run it always, also where only .provenance.txt was deleted", () => {
    const name = ".pre-commit-hooks.yaml";
    const { hooks } = meaning(`hooks:\n${readFileSync(join(packed, name), "utf8")}`, name);
    expect(hooks).toEqual([
      expect.objectContaining({
        id: "pubpin",
        entry: "pubpin-precommit",
        language: "node",
        always_run: true,
        pass_filenames: false,
        require_serial: true,
        stages: ["pre-commit", "pre-merge-commit", "pre-push", "manual"],
      }),
    ]);
  });

  test("is installed by npm from a repository of Git, without a registry", async () => {
    const source = await git.newRepository();
    await packHook(join(source.folder, "hook"));
    await source.must("init", "--quiet", "hook");
    const hook = source.at(join(source.folder, "hook"));
    const revision = await hook.commitUnchecked();
    const user = await git.newRepository();
    user.write({ "package.json": "{}" });
    const url = `git+file://${hook.folder}#${revision}`;
    const registry = "--registry=http://127.0.0.1:9/";
    const installed = await user.run("npm", ["install", "--save-dev", registry, url], {
      env: { npm_config_cache: join(git.folder, "npm") },
    });
    expect(installed).toMatchObject({ exitCode: 0 });
    const program = join(user.folder, "node_modules/.bin/pubpin-precommit");
    expect(await user.run(program, ["--version"])).toMatchObject({ exitCode: 0 });
  });
});
