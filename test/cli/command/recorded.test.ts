/** `pubpin verify --recorded`: every lock that the repository has under review. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import { expect, test } from "vitest";
import { locked, OCTO, startSetting, wheel } from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const ONE = wheel("one", "1", OCTO);
const TWO = wheel("two", "2");
index.addFile(ONE);
index.addFile(TWO);

/** A repository with a lock in each of two folders, both recorded, and one that nobody recorded. */
async function repository(): Promise<string> {
  const folder = newFolder();
  execFileSync("git", ["init", "--quiet", folder]);
  for (const [name, file] of [
    ["a", ONE],
    ["b c", TWO],
  ] as const) {
    mkdirSync(join(folder, name));
    const version = "1.0";
    lock(join(folder, name), [{ name: file.project ?? "", version, files: [locked(file)] }]);
    const { exitCode, stderr } = await run(join(folder, name), ["tofu"]);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  }
  execFileSync("git", ["add", "--all"], { cwd: folder });
  mkdirSync(join(folder, "unrecorded"));
  lock(join(folder, "unrecorded"), []);
  return folder;
}

test("checks each of them, wherever it is run", async () => {
  const folder = await repository();
  for (const cwd of [folder, join(folder, "a")]) {
    const { exitCode, stdout } = await run(cwd, ["--format", "json", "verify", "--recorded"]);
    const { reports } = JSON.parse(stdout) as JsonReport;
    const decided = reports.flatMap(({ decisions }) =>
      decisions.map(({ name, code }) => [name, code]),
    );
    expect(exitCode).toBe(0);
    expect(decided).toEqual([
      ["one", "PUBLISHER_MATCH"],
      ["two", "UNSIGNED"],
    ]);
  }
});

test("fails where one of them does, or is gone", async () => {
  const folder = await repository();
  expect((await run(folder, ["--strict", "verify", "--recorded"])).exitCode).toBe(1);
  const gone = join(folder, "b c/.provenance.txt");
  writeFileSync(gone, `#lock:other.lock  v1-sha256:${"0".repeat(64)}\n`);
  const { exitCode, stderr } = await run(folder, ["verify", "--recorded"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("other.lock");
});

test("passes nowhere that records nothing, and beside no other choice of locks", async () => {
  const folder = newFolder();
  lock(folder, []);
  const outside = await run(folder, ["verify", "--recorded"], { GIT_CEILING_DIRECTORIES: folder });
  expect([outside.exitCode, outside.stderr]).toEqual([2, expect.stringContaining("USAGE_INVALID")]);
  execFileSync("git", ["init", "--quiet", folder]);
  const empty = await run(folder, ["verify", "--recorded"]);
  expect(empty.exitCode).toBe(2);
  expect(empty.stderr).toContain("expected a .provenance.txt that records a lock, found none");
  expect((await run(await repository(), ["verify", "--recorded", "a/uv.lock"])).exitCode).toBe(2);
});
