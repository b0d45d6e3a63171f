/** sampleproject 4.0.0 with its real provenance, installed through the wrapper. */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type FaultSetting, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { SAMPLE_PIN, sampleFiles } from "../../../real/lockers.ts";
import { pythonTools } from "../../../real/python.ts";
import { type Ended, folders, pubpin } from "../../command/support/command.ts";

vi.setConfig({ testTimeout: 120_000 });

const newFolder = folders();
const [files, tools] = await Promise.all([sampleFiles(), pythonTools("uv", "0.13.8")]);
const index = await startLocalIndex("missing" in files ? {} : { files });
afterAll(() => index.close());
const missing = "missing" in files ? files.missing : "missing" in tools ? tools.missing : null;

/** With uv alone: beside it lies a Python whose environment is none for tests. */
const bin = newFolder();
if (!("missing" in tools)) symlinkSync(join(tools.programs, "uv"), join(bin, "uv"));

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

/** A folder with a project that requires it. */
function project(): string {
  const folder = newFolder();
  const lines = `[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.9"\n`;
  writeFileSync(
    join(folder, "pyproject.toml"),
    `${lines}dependencies = ["sampleproject==4.0.0"]\n`,
  );
  return folder;
}

async function uv(folder: string, ...parameters: readonly string[]): Promise<Ended> {
  return pubpin(folder, ["--offline", "--no-cache", "uv", ...parameters], {
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    UV_DEFAULT_INDEX: index.simpleUrl,
    UV_CACHE_DIR: join(folder, ".uv"),
  });
}

test("it is locked, pinned and installed", async () => {
  const folder = project();
  const { exitCode, stderr } = await uv(folder, "sync", "--tofu");
  expect(exitCode).toBe(0);
  expect(stderr).toContain("+ sampleproject==4.0.0");
  const run = await uv(folder, "run", "python", "-c", "import sample; print(sample.__name__)");
  expect(run).toMatchObject({ exitCode: 0, stdout: "sample\n" });
});

const WHEEL = "sampleproject-4.0.0-py3-none-any.whl";
const STATUS = { kind: "status", status: 503, retryAfter: "0" } as const;

const FAULTS: readonly (readonly [string, FaultSetting])[] = [
  ["no page", { part: "page", name: "sampleproject", fault: STATUS }],
  ["a page that ends early", { part: "page", name: "sampleproject", fault: { kind: "cut-off" } }],
  [
    "another project's page",
    { part: "page", name: "sampleproject", fault: { kind: "other-name", name: "other" } },
  ],
  ["a page without the provenance", { part: "entry", name: WHEEL, fault: { kind: "missing-key" } }],
  ["a page with another digest", { part: "entry", name: WHEEL, fault: { kind: "wrong-digest" } }],
  ["a page without the file", { part: "entry", name: WHEEL, fault: { kind: "unlisted" } }],
  ["no provenance", { part: "provenance", name: WHEEL, fault: STATUS }],
  ["empty provenance", { part: "provenance", name: WHEEL, fault: { kind: "empty-bundles" } }],
  ["provenance in another form", { part: "provenance", name: WHEEL, fault: { kind: "html" } }],
];

describe("a pinned project is not installed from an index with", () => {
  test.each(FAULTS)("%s", async (_what, setting) => {
    const made = project();
    expect((await uv(made, "lock", "--tofu")).exitCode).toBe(0);
    const folder = project();
    for (const name of ["uv.lock", ".provenance.txt"]) {
      writeFileSync(join(folder, name), readFileSync(join(made, name)));
    }
    expect(readFileSync(join(folder, ".provenance.txt"), "utf8")).toContain(SAMPLE_PIN);
    index.setFault(setting);
    try {
      const { exitCode } = await uv(folder, "sync");
      expect([1, 3]).toContain(exitCode);
      expect(existsSync(join(folder, ".venv"))).toBe(false);
    } finally {
      index.clearFault(setting.part, setting.name);
    }
  });

  test("other bytes", async () => {
    const folder = project();
    expect((await uv(folder, "lock", "--tofu")).exitCode).toBe(0);
    index.setFault({ part: "file", name: WHEEL, fault: { kind: "other-bytes" } });
    try {
      const { exitCode, stderr } = await uv(folder, "sync");
      expect(exitCode).not.toBe(0);
      expect(stderr).not.toContain("+ sampleproject");
    } finally {
      index.clearFault("file", WHEEL);
    }
  });
});
