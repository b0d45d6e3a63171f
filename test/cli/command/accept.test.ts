/** `pubpin accept`: the command that a report names does what it says, and nothing else. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DecisionCode, JsonDecision, JsonReport } from "@pubpin/shared";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ended } from "./support/command.ts";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";
import { decisionTable, type Row } from "./table.ts";

const setting = await startSetting();
const { index, lock, newFolder, run } = setting;
const table = await decisionTable(setting);

/** What is decided once the acceptance is written. */
const AFTERWARDS: Readonly<Partial<Record<DecisionCode, DecisionCode>>> = {
  FILE_CHANGED: "FILE_PINNED",
  SOURCE_CHANGED: "SOURCE_PINNED",
  NOT_FROM_INDEX: "SOURCE_PINNED",
  INDEX_CHANGED: "PUBLISHER_MATCH",
  HASH_NOT_ON_INDEX: "FILE_PINNED",
  ATTESTATION_INVALID: "FILE_PINNED",
  REPOSITORY_TRANSFERRED: "PUBLISHER_MATCH",
  REPOSITORY_REPLACED: "PUBLISHER_MATCH",
  PUBLISHER_CHANGED: "PUBLISHER_MATCH",
  PUBLISHER_UNPINNED: "PUBLISHER_MATCH",
  ATTESTATION_MISSING: "FILE_PINNED",
  UNSIGNED: "UNSIGNED",
};
const STRANGER = "#note:kept  as-it-is";

function project(...rows: readonly Row[]): string {
  const folder = newFolder();
  lock(
    folder,
    rows.map((row) => row.locked),
  );
  const pins = rows.flatMap((row) => row.pins);
  writeFileSync(join(folder, ".provenance.txt"), [STRANGER, ...pins, ""].join("\n"));
  return folder;
}

async function decidedByName(folder: string): Promise<ReadonlyMap<string, JsonDecision>> {
  const { stdout } = await run(folder, ["--strict", "--format", "json", "verify"]);
  const { reports } = JSON.parse(stdout) as JsonReport;
  return new Map(reports[0]?.decisions.map((decision) => [decision.name, decision]));
}

async function decided(folder: string): Promise<JsonDecision> {
  const [decision] = (await decidedByName(folder)).values();
  if (decision === undefined) throw new Error("expected a decision, found none");
  return decision;
}

function readPins(folder: string): string {
  return readFileSync(join(folder, ".provenance.txt"), "utf8");
}

describe("the command that a report names", () => {
  const folder = project(...table);
  const outcomes = new Map<string, { readonly accept: string | null; readonly ended: Ended }>();
  let before: string;
  let after: ReadonlyMap<string, JsonDecision>;

  /** Accepts each package, by the report's command where there is one, all at once. */
  beforeAll(async () => {
    before = readPins(folder);
    const decisions = [...(await decidedByName(folder)).values()];
    await Promise.all(
      decisions.map(async ({ name, verdict, accept }) => {
        if (verdict === "pass") return;
        const parameters = accept?.split(" ").slice(1) ?? ["accept", name];
        const ended = await run(folder, parameters[0] === "tofu" ? ["accept", name] : parameters);
        outcomes.set(name, { accept, ended });
      }),
    );
    after = await decidedByName(folder);
  }, 120_000);

  const refused = table.filter(({ strictVerdict }) => strictVerdict !== "pass");
  const [acceptable, others] = [
    refused.filter(({ code }) => code in AFTERWARDS),
    refused.filter(({ code }) => !(code in AFTERWARDS)),
  ];

  test.each(acceptable)("accepts $code", ({ code, locked: { name } }) => {
    const { accept, ended } = outcomes.get(name) ?? {};
    expect(accept).toMatch(code === "PUBLISHER_UNPINNED" ? /^pubpin tofu$/ : /^pubpin accept /);
    expect(ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^(?:- .*\n)?\+ /) as string,
    });
    expect(after.get(name)).toMatchObject({ code: AFTERWARDS[code], verdict: "pass" });
  });

  test.each(others)("is none for $code, which cannot be accepted", (row) => {
    const { name } = row.locked;
    const { accept, ended } = outcomes.get(name) ?? {};
    expect(accept).toBeNull();
    expect(ended?.exitCode).toBe(row.verdict === "fail" ? 1 : 3);
    expect(ended?.stderr).toContain("there is nothing here that accepting would change");
    expect(after.get(name)).toMatchObject({ code: row.code, verdict: row.verdict });
  });

  test("changes no line but its own, though many processes wrote at once", () => {
    const kept = before.split("\n").filter((line) => !readPins(folder).split("\n").includes(line));
    const changed = table.flatMap(({ code, pins }) => (code in AFTERWARDS ? pins : [])).toSorted();
    expect(changed).toEqual(expect.arrayContaining(kept));
    expect(readPins(folder)).toContain(`${STRANGER}\n`);
  });
});

describe("pubpin accept", () => {
  const rowOf = (code: DecisionCode): Row => {
    const row = table.find((each) => each.code === code);
    if (row === undefined) throw new Error(`expected a row for ${code}`);
    return row;
  };

  test.each(["HASH_NOT_ON_INDEX", "ATTESTATION_INVALID"] as const)(
    "takes a file's name, not its project's, for %s",
    async (code) => {
      const folder = project(rowOf(code));
      const before = readPins(folder);
      expect((await run(folder, ["accept", rowOf(code).locked.name])).exitCode).toBe(1);
      expect(readPins(folder)).toBe(before);
    },
  );

  test("writes a renamed repository's new address", async () => {
    const folder = project(rowOf("REPOSITORY_RENAMED"));
    expect((await run(folder, ["accept", "renamed"])).exitCode).toBe(0);
    expect(await decided(folder)).toMatchObject({ code: "PUBLISHER_MATCH", notices: [] });
  });

  test("takes a package back to its index, where it came from a repository", async () => {
    const folder = newFolder();
    const file = wheel("returned", "1", OCTO);
    index.addFile(file);
    lock(folder, [{ name: "returned", version: "1.0", files: [locked(file)] }]);
    const pins = `#source:returned  git+https://github.com/octo/example\nreturned  ${OCTO_PIN}\n`;
    writeFileSync(join(folder, ".provenance.txt"), pins);
    expect(await decided(folder)).toMatchObject({
      code: "SOURCE_CHANGED",
      accept: "pubpin accept returned",
    });
    const { exitCode, stdout } = await run(folder, ["accept", "returned"]);
    expect([exitCode, stdout]).toEqual([
      0,
      "- #source:returned  git+https://github.com/octo/example\n",
    ]);
    expect(await decided(folder)).toMatchObject({ code: "PUBLISHER_MATCH" });
  });

  test("writes the first pins of a project that has none", async () => {
    const folder = newFolder();
    lock(folder, [rowOf("PUBLISHER_UNPINNED").locked]);
    expect((await run(folder, ["accept", "unpinned"])).exitCode).toBe(0);
    expect(readPins(folder).replace(/ +/g, " ")).toBe(`unpinned ${OCTO_PIN}\n`);
  });

  test("does not choose between publishers that nobody pinned", async () => {
    const folder = newFolder();
    const file = {
      ...wheel("torn", "1"),
      provenance: [
        { publisher: OCTO },
        { publisher: { kind: "GitLab", repository: "group/other" } },
      ] as const,
    };
    index.addFile(file);
    lock(folder, [{ name: "torn", version: "1.0", files: [locked(file)] }]);
    for (const more of [[], ["--publisher", "https://github.com/some/other"]]) {
      const { exitCode, stdout, stderr } = await run(folder, ["accept", "torn", ...more]);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("attested by https://github.com/octo/example, https://gitlab.com/");
      expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
    }
    const chosen = ["--publisher", "https://gitlab.com/group/other/"];
    expect((await run(folder, ["accept", "torn", ...chosen])).exitCode).toBe(0);
    expect(readPins(folder)).toMatch(/^torn +https:\/\/gitlab\.com\/group\/other#/);
    expect(await decided(folder)).toMatchObject({ code: "PUBLISHER_MATCH" });
  });

  test("exits with 2 for a package that no lock has", async () => {
    const folder = project(rowOf("PUBLISHER_MATCH"));
    const { exitCode, stderr } = await run(folder, ["accept", "nobody"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("no lock here has")]);
  });
});
