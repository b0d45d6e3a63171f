/** Packages with several publishers: `pubpin accept` with `--publisher` and `--also`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonDecision, JsonReport } from "@pubpin/shared";
import type { Publisher } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const OTHER: Publisher = { kind: "GitLab", repository: "group/other" };
const OTHER_URL = "https://gitlab.com/group/other";
const OCTO_URL = "https://github.com/octo/example";

const old = wheel("torn", "1", OCTO);
const renewed = { ...wheel("torn", "2", OTHER), filename: "torn-1.0-cp312-cp312-win_amd64.whl" };
const both = {
  ...wheel("both", "3"),
  provenance: [{ publisher: OCTO }, { publisher: OTHER }] as const,
};
for (const file of [old, renewed, both]) index.addFile(file);

const TORN = { name: "torn", version: "1.0", files: [locked(old), locked(renewed)] };
const BOTH = { name: "both", version: "1.0", files: [locked(both)] };

function project(packages: Parameters<typeof lock>[1], ...pins: readonly string[]): string {
  const folder = newFolder();
  lock(folder, packages);
  if (pins.length > 0) writeFileSync(join(folder, ".provenance.txt"), `${pins.join("\n")}\n`);
  return folder;
}

function readPins(folder: string): readonly string[] {
  const text = readFileSync(join(folder, ".provenance.txt"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +/, " "));
}

async function decisions(folder: string): Promise<readonly JsonDecision[]> {
  const { stdout } = await run(folder, ["--format", "json", "verify"]);
  const { reports } = JSON.parse(stdout) as JsonReport;
  return reports.flatMap((report) => report.decisions);
}

describe("a package whose files two publishers signed", () => {
  test("is accepted step by step, by the commands that the reports name", async () => {
    const folder = project([TORN]);
    const [first] = await decisions(folder);
    expect(first?.accept).toBe("pubpin accept torn --publisher URL");
    expect((await run(folder, ["accept", "torn"])).exitCode).toBe(2);
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);

    const chosen = await run(folder, ["accept", "torn", "--publisher", OCTO_URL]);
    expect(chosen).toMatchObject({ exitCode: 0, stdout: `+ torn  ${OCTO_PIN}\n` });
    expect((await decisions(folder)).map(({ code }) => code).toSorted()).toEqual([
      "PUBLISHER_CHANGED",
      "PUBLISHER_MATCH",
    ]);

    const also = await run(folder, ["accept", "torn", "--also"]);
    expect(also.exitCode).toBe(0);
    expect(also.stdout).toMatch(/^\+ #also:torn:2 {2}https:\/\/gitlab\.com\/group\/other#.*\n$/);
    expect(new Set((await decisions(folder)).map(({ code }) => code))).toEqual(
      new Set(["PUBLISHER_MATCH"]),
    );
  });

  test("keeps what is accepted where a further publisher is added", async () => {
    const pins = [`#also:torn:2 ${OCTO_URL}-old`, `torn ${OCTO_PIN}`];
    const folder = project([TORN], ...pins);
    expect((await run(folder, ["accept", "torn", "--also"])).exitCode).toBe(0);
    expect(readPins(folder)).toEqual([
      pins[0],
      expect.stringMatching(/^#also:torn:3 https:\/\/gitlab\.com\/group\/other#/),
      pins[1],
    ]);
  });
});

describe("pubpin accept --also", () => {
  test("adds nobody twice, and says that there is nothing to write", async () => {
    const folder = project([TORN], `torn ${OCTO_PIN}`);
    expect((await run(folder, ["accept", "torn", "--also"])).exitCode).toBe(0);
    const before = readPins(folder);
    const { exitCode, stderr } = await run(folder, ["accept", "torn", "--also"]);
    expect([exitCode, readPins(folder)]).toEqual([0, before]);
    expect(stderr).toContain("there is nothing here that accepting would change");
    expect(stderr).not.toContain("written");
  });

  test("adds the one that a passing file has beside its pinned one", async () => {
    const folder = project([BOTH], `both ${OCTO_PIN}`);
    expect((await decisions(folder))[0]).toMatchObject({
      code: "PUBLISHER_MATCH",
      notices: [{ code: "FURTHER_PUBLISHER" }],
    });
    const { stdout } = await run(folder, ["accept", "both", "--also", "--publisher", OTHER_URL]);
    expect(stdout).toMatch(/^\+ #also:both:2 {2}https:\/\/gitlab\.com\/group\/other#/);
  });

  test("refuses where nobody is pinned, and a publisher that did not sign", async () => {
    const unpinned = await run(project([BOTH]), ["accept", "both", "--also"]);
    expect([unpinned.exitCode, unpinned.stderr]).toEqual([
      2,
      expect.stringContaining("nobody is pinned yet: `pubpin accept both` without --also"),
    ]);
    const folder = project([BOTH], `both ${OCTO_PIN}`);
    const stranger = ["--publisher", "https://github.com/some/body"];
    const { exitCode, stderr } = await run(folder, ["accept", "both", "--also", ...stranger]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`attested by ${OTHER_URL}: name one of them with --publisher`),
    ]);
    expect(readPins(folder)).toEqual([`both ${OCTO_PIN}`]);
  });

  test("does not choose between two further publishers", async () => {
    const folder = project([BOTH], "both https://github.com/first/home#repository-id=1&owner-id=1");
    const { exitCode, stderr } = await run(folder, ["accept", "both", "--also"]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`attested by ${OCTO_URL}, ${OTHER_URL}: name one of them`),
    ]);
  });
});

test("a renamed repository is renamed in the line that knew it, be it a further publisher's", async () => {
  const pin = "torn https://gitlab.com/group/other";
  const folder = project([TORN], `#also:torn:2 ${OCTO_PIN.replace("/example", "/renamed")}`, pin);
  expect((await run(folder, ["accept", "torn"])).exitCode).toBe(0);
  expect(readPins(folder)).toEqual([`#also:torn:2 ${OCTO_PIN}`, pin]);
});

test("another workflow of the pinned repository is recorded, as its notice says", async () => {
  const folder = project([{ ...TORN, files: [locked(old)] }], `torn ${OCTO_PIN}.old`);
  expect((await decisions(folder))[0]?.notices).toMatchObject([{ code: "WORKFLOW_CHANGED" }]);
  expect((await run(folder, ["accept", "torn"])).exitCode).toBe(0);
  expect(readPins(folder)).toEqual([`torn ${OCTO_PIN}`]);
});
