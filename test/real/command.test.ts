/** The command's words on a project of real files with their real provenance. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalIndex, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { realFiles } from "../../scripts/wheels.ts";
import { type Ended, pubpin } from "../cli/command/support/command.ts";
import { dataPath } from "../support/data-folder.ts";
import { LOCKERS, lockingTools, makeLock, SAMPLE_PIN, sampleFiles } from "./lockers.ts";

const PATIENCE = 300_000;

let missing: string | null = null;
let programs = "";
let folder = "";
let index: LocalIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-real-"));
  const [files, tools] = await Promise.all([sampleFiles(), lockingTools(["uv"])]);
  index = await startLocalIndex("missing" in files ? {} : { files });
  if ("missing" in files) ({ missing } = files);
  else if ("missing" in tools) ({ missing } = tools);
  else programs = tools.get("uv") ?? "";
}, PATIENCE);

afterAll(async () => {
  await index.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

/** The command with the trust root that came with it. */
function command(cwd: string, ...parameters: readonly string[]): Promise<Ended> {
  return pubpin(cwd, ["--offline", "--index", index.simpleUrl, ...parameters]);
}

describe("a project that requires sampleproject 4.0.0", () => {
  it("is half attested, by its publisher, and explained file by file", async () => {
    const path = join(folder, "words");
    for (const locker of LOCKERS.filter(({ how }) => how === "uv lock")) {
      const place = { folder: path, home: folder, indexUrl: index.simpleUrl };
      await makeLock(locker, place, programs);
    }
    expect((await command(path, "tofu")).exitCode).toBe(0);
    const coverage = await command(path, "coverage");
    expect(coverage.exitCode).toBe(0);
    expect(coverage.stdout).toContain("1 of 2 (50%) packages, 2 of 3 (67%) files attested");
    expect(coverage.stdout).toContain("1  https://github.com/pypa/sampleproject");
    const explained = await command(path, "explain", "sampleproject");
    expect(explained.exitCode).toBe(0);
    expect(explained.stderr).toContain(SAMPLE_PIN);
    expect(explained.stdout).toContain("sampleproject-4.0.0.tar.gz  PUBLISHER_MATCH");
  });
});

describe("pubpin file verify", () => {
  const filename = "sampleproject-4.0.0.tar.gz";
  const verify = (from: string, repository: string): Promise<Ended> => {
    const provenance = ["--provenance", dataPath("pep740", `${filename}.provenance`)];
    const file = join(from, filename);
    return command(folder, "file", "verify", file, ...provenance, "--repository", repository);
  };

  it("passes the real file of its publisher, and no other publisher or bytes", async () => {
    const files = await realFiles();
    const from = "folder" in files ? files.folder : "";
    const ours = await verify(from, "https://github.com/pypa/sampleproject");
    expect([ours.exitCode, ours.stdout]).toEqual([
      0,
      `${filename}: published by https://github.com/pypa/sampleproject, release.yml\n`,
    ]);
    const theirs = await verify(from, "https://github.com/pypa/other");
    expect(theirs).toMatchObject({ exitCode: 1, stdout: "" });
    expect(theirs.stderr).toContain("IDENTITY_MISMATCH");
    const bytes = await readFile(join(from, filename));
    await writeFile(join(folder, filename), bytes.with(100, 0));
    const changed = await verify(folder, "https://github.com/pypa/sampleproject");
    expect(changed).toMatchObject({ exitCode: 1, stdout: "" });
    expect(changed.stderr).toContain("ARTIFACT_MISMATCH");
  });
});
