/** Every row of the decision table, reached through the command. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DECISION_CODES, type JsonReport } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { sarifErrors } from "../../shared/report/sarif-schema.ts";
import { startSetting } from "./support/project.ts";
import { decisionTable, type Row } from "./table.ts";

const setting = await startSetting();
const { lock, newFolder, run } = setting;
const table = await decisionTable(setting);
const EXIT = { pass: 0, fail: 1, unverifiable: 3 } as const;

function project(rows: readonly Row[]): string {
  const folder = newFolder();
  lock(
    folder,
    rows.map((row) => row.locked),
  );
  const pins = rows.flatMap((row) => row.pins).map((line) => `${line}\n`);
  writeFileSync(join(folder, ".provenance.txt"), pins.join(""));
  return folder;
}

/** The line of the lock on which a package starts. */
function lineOf(folder: string, name: string): number {
  const lines = readFileSync(join(folder, "uv.lock"), "utf8").split("\n");
  return lines.indexOf(`name = "${name}"`);
}

test("the table has a package for each code, in the order of the decision table", () => {
  expect(table.map(({ code }) => code)).toEqual([...DECISION_CODES]);
});

describe.concurrent("pubpin verify", () => {
  test.each(table)("exits with its own code on $code, and says it", async (row) => {
    const folder = project([row]);
    const { exitCode, stdout, stderr } = await run(folder, ["--verbose", "verify"]);
    expect(stdout).toContain(row.code);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: EXIT[row.verdict] });
    expect(stdout.includes("docs/errors.md#")).toBe(row.verdict !== "pass");
    expect(stderr).toContain("trust root: the given file");
  });

  test.each(table.filter((row) => row.strictVerdict !== row.verdict))(
    "fails on $code under --strict",
    async (row) => {
      const { exitCode, stdout } = await run(project([row]), ["--strict", "verify"]);
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining(row.code)]);
    },
  );
});

describe.each([
  ["", "verdict"],
  ["--strict", "strictVerdict"],
] as const)("a lock with a package for each row %s", (strict, verdict) => {
  const folder = project(table);
  const flags = strict === "" ? [] : [strict];

  test("has each code, verdict, reason and line in JSON, and the exit code of the worst", async () => {
    const { exitCode, stdout } = await run(folder, [...flags, "--format", "json", "verify"]);
    expect(exitCode).toBe(1);
    const { reports, exitCode: written } = JSON.parse(stdout) as JsonReport;
    expect(written).toBe(1);
    const [report] = reports;
    const found = new Map(report?.decisions.map((decision) => [decision.name, decision]));
    for (const row of table) {
      const { name } = row.locked;
      expect(found.get(name)).toMatchObject({
        code: row.code,
        verdict: row[verdict],
        message: expect.stringMatching(row.message) as string,
        place: { path: "uv.lock", line: lineOf(folder, name) },
      });
    }
    expect(found.size).toBe(table.length);
  });

  test("has a result for each that does not pass in valid SARIF, at its line of the lock", async () => {
    const { exitCode, stdout } = await run(folder, [...flags, "--format", "sarif", "verify"]);
    expect(exitCode).toBe(1);
    const log = JSON.parse(stdout) as SarifLog;
    expect(sarifErrors(stdout)).toEqual([]);
    const errors = log.runs[0].results.filter(({ level }) => level === "error");
    const expected = table
      .filter((row) => row[verdict] !== "pass")
      .map(({ code, locked: { name } }) => [code, "uv.lock", lineOf(folder, name)]);
    expect(errors).toHaveLength(expected.length);
    expect(errors.map(placed)).toEqual(expect.arrayContaining(expected));
    const notes = log.runs[0].results.filter(({ level }) => level === "note");
    expect(notes.map(({ ruleId }) => ruleId).toSorted()).toEqual(
      verdict === "verdict" ? ["NOT_FROM_INDEX", "REPOSITORY_RENAMED"] : expect.anything(),
    );
  });
});

interface SarifLog {
  readonly runs: readonly [{ readonly results: readonly SarifResult[] }];
}

interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    },
  ];
}

function placed({ ruleId, locations: [{ physicalLocation }] }: SarifResult): unknown[] {
  const { artifactLocation, region } = physicalLocation;
  return [ruleId, artifactLocation.uri, region.startLine];
}

test("GitHub gets ten annotations with their lines, and a summary that names each package", async () => {
  const folder = project(table);
  const summary = join(folder, "summary.md");
  const env = { GITHUB_STEP_SUMMARY: summary };
  const { exitCode, stdout } = await run(folder, ["--format", "github", "verify"], env);
  expect(exitCode).toBe(1);
  const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
  expect(errors).toHaveLength(10);
  for (const line of errors.slice(0, -1)) {
    const { code, name } =
      /file=uv\.lock,line=\d+,title=(?<code>[A-Z_]+)%3A (?<name>[a-z-]+) /.exec(line)?.groups ?? {};
    expect(table.find((row) => row.locked.name === name)?.code).toBe(code);
    expect(line).toContain(`,line=${lineOf(folder, name ?? "")},`);
  }
  const written = readFileSync(summary, "utf8");
  for (const { verdict, locked } of table) {
    if (verdict !== "pass") expect(written).toContain(locked.name);
  }
});

test("the HTML report is one page that names each package and loads nothing", async () => {
  const { exitCode, stdout } = await run(project(table), ["--format", "html", "verify"]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^<!doctype html>/i);
  for (const { locked } of table) expect(stdout).toContain(locked.name);
  expect(stdout).not.toMatch(/<(?:script|img|link|iframe)[^>]+(?:src|href)=/i);
});
