/** `pubpin tofu` records what the hook asks for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createGitFolder,
  type GitRepository,
  type LocalIndex,
  mintedFile,
  mintUvLock,
  startLocalIndex,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleHook } from "../../../scripts/bundle-hook.ts";

const PINS = ".provenance.txt";
const BYTES = /^#lock-bytes:uv\.lock +sha256:[0-9a-f]{64}$/m;
const CONFIGURATION = { "pyproject.toml": '[tool.pubpin]\nbinding = "bytes"\n' };
const MAIN = join(import.meta.dirname, "../../../packages/cli/src/main.ts");
const git = createGitFolder();
const hook = join(git.folder, "hook.mjs");
let index: LocalIndex;

beforeAll(async () => {
  await bundleHook(hook);
  const { filename, sha256 } = mintedFile("alpha");
  const content = { sha256: sha256 ?? "", size: 1000 };
  index = await startLocalIndex({ files: [{ filename, project: "alpha", content }] });
});
afterAll(async () => {
  await index.close();
  git.remove();
});

function lockText(): string {
  const source = `{ registry = "${index.simpleUrl}" }`;
  return mintUvLock([{ name: "alpha", source, files: [mintedFile("alpha")] }]);
}

async function tofu(repository: GitRepository): Promise<string> {
  const parameters = ["--conditions=pubpin-source", MAIN, "--no-cache", "--offline", "tofu"];
  const { exitCode, stderr } = await repository.run(process.execPath, parameters);
  expect([exitCode, stderr]).toEqual([0, expect.anything()]);
  return readFileSync(join(repository.folder, PINS), "utf8");
}

test("a lock is recorded by its bytes where the configuration asks for it", async () => {
  const repository = await git.newRepository();
  repository.write({ ...CONFIGURATION, "uv.lock": lockText() });
  expect(await tofu(repository)).toMatch(BYTES);
  await repository.stage();
  expect((await repository.run(process.execPath, [hook])).exitCode).toBe(0);
});

test("a lock is recorded by its bytes where it was before, and by what it installs", async () => {
  const repository = await git.newRepository();
  repository.write({ ...CONFIGURATION, "uv.lock": lockText() });
  await tofu(repository);
  await repository.commitUnchecked({ "pyproject.toml": null });
  await repository.stage({ "uv.lock": `${lockText()}# Another comment.\n` });
  expect((await repository.run(process.execPath, [hook])).exitCode).toBe(1);
  expect(await tofu(repository)).toMatch(/^#lock:uv\.lock /m);
  await repository.stage();
  expect((await repository.run(process.execPath, [hook])).exitCode).toBe(0);
});

test("a lock is not recorded by its bytes where nobody asks for it", async () => {
  const repository = await git.newRepository();
  repository.write({ "uv.lock": lockText() });
  expect(await tofu(repository)).not.toMatch(BYTES);
});
