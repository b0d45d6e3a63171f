/** What trust on first use leaves alone, row by row; and releases that are attested in part. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DecisionCode } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";
import { decisionTable, type Row } from "./table.ts";

const setting = await startSetting();
const { index, lock, newFolder, run } = setting;
const table = await decisionTable(setting);
const KEPT = ["#note:why  because", "gone  https://github.com/g/gone#repository-id=1&owner-id=2"];
/** The four causes for which pypi-verify-now fails, in its own order. */
const CAUSES: readonly (readonly DecisionCode[])[] = [
  ["PUBLISHER_CHANGED", "REPOSITORY_TRANSFERRED", "REPOSITORY_REPLACED"],
  ["PUBLISHER_UNPINNED"],
  ["ATTESTATION_MISSING"],
  ["HASH_NOT_ON_INDEX", "ATTESTATION_INVALID"],
];
const EXIT = { pass: 0, fail: 1, unverifiable: 3 } as const;

function project(row: Row): string {
  const folder = newFolder();
  lock(folder, [row.locked]);
  writeFileSync(pinsAt(folder), [...KEPT, ...row.pins].map((line) => `${line}\n`).join(""));
  return folder;
}

function pinsAt(folder: string): string {
  return join(folder, ".provenance.txt");
}

function linesOf(folder: string): readonly string[] {
  return readFileSync(pinsAt(folder), "utf8").trimEnd().split("\n");
}

test.each(CAUSES.map((codes, at) => ({ cause: at + 1, codes })))(
  "cause $cause of pypi-verify-now is a failure: $codes",
  ({ codes }) => {
    const rows = table.filter(({ code }) => codes.includes(code));
    expect(rows.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
    expect(rows.map(({ verdict }) => verdict)).toEqual(codes.map(() => "fail"));
  },
);

describe.concurrent("trust on first use", () => {
  const settled = (row: Row): boolean =>
    row.verdict === "pass" || row.code === "PUBLISHER_UNPINNED";

  test.each(table.filter((row) => !settled(row)))(
    "changes nothing and fails on $code",
    async (row) => {
      const folder = project(row);
      const before = readFileSync(pinsAt(folder));
      const { exitCode, stdout, stderr } = await run(folder, ["tofu"]);
      expect([exitCode, stdout]).toEqual([EXIT[row.verdict], expect.stringContaining(row.code)]);
      expect(stderr).toContain("nothing was written");
      expect(readFileSync(pinsAt(folder))).toEqual(before);
    },
  );

  test.each(table.filter(settled))("keeps every line on $code", async (row) => {
    const folder = project(row);
    const before = linesOf(folder);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect(linesOf(folder)).toEqual(expect.arrayContaining([...before]));
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });
});

describe("a release that is attested in part", () => {
  const signed = wheel("part", "1", OCTO);
  const windows = { ...wheel("part", "2"), filename: "part-1.0-cp312-cp312-win_amd64.whl" };
  const mac = { ...wheel("part", "3"), filename: "part-1.0-cp312-cp312-macosx_11_0_arm64.whl" };
  for (const file of [signed, windows, mac]) index.addFile(file);
  const files = (...some: readonly (typeof signed)[]): string => {
    const folder = newFolder();
    lock(folder, [{ name: "part", version: "1.0", files: some.map(locked) }]);
    return folder;
  };
  const accepted = `#file:${windows.filename} sha256:${"2".repeat(64)}`;
  const tokens = (folder: string): readonly string[] =>
    linesOf(folder).map((line) => line.replace(/ +/, " "));

  test("is pinned by its publisher, and by the bytes of the rest, which are told", async () => {
    const folder = files(signed, windows);
    const { exitCode, stdout } = await run(folder, ["tofu"]);
    expect(exitCode).toBe(0);
    expect(tokens(folder)).toEqual(expect.arrayContaining([accepted, `part ${OCTO_PIN}`]));
    expect(stdout.replaceAll(/ {2,}/g, " ")).toContain(`+ ${accepted}\n`);
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("is pinned just so where the lock holds nothing but hashes", async () => {
    const folder = newFolder();
    const hashes = [signed, windows].map(({ content }) => ` --hash=sha256:${content.sha256}`);
    writeFileSync(join(folder, "requirements.txt"), `part==1.0${hashes.join("")}\n`);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect(tokens(folder)).toEqual(expect.arrayContaining([accepted, `part ${OCTO_PIN}`]));
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("gets no further file accepted once it is pinned", async () => {
    const folder = files(signed, windows);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    const before = linesOf(folder);
    lock(folder, [{ name: "part", version: "1.0", files: [signed, windows, mac].map(locked) }]);
    const { exitCode, stdout } = await run(folder, ["tofu"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("ATTESTATION_MISSING")]);
    expect(linesOf(folder)).toEqual(before);
  });

  test("is refused where an accepted file has other bytes", async () => {
    const folder = files(signed, windows);
    writeFileSync(pinsAt(folder), `${accepted.replaceAll("2".repeat(64), "4".repeat(64))}\n`);
    const { exitCode, stdout } = await run(folder, ["tofu"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("FILE_CHANGED")]);
  });

  test("is not attested at all where none of its files in the lock is", async () => {
    const folder = files(windows, mac);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect(tokens(folder)).toContain("#unsigned:part seen");
    expect(existsSync(pinsAt(folder))).toBe(true);
  });
});
