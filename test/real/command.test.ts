/** The command on a project that real tools locked, of real files with their real provenance. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import { type LocalFile, type LocalIndex, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { REAL_FILES, realFiles } from "../../scripts/wheels.ts";
import { type Ended, pubpin } from "../cli/command/support/command.ts";
import { dataPath, whyNoData } from "../support/data-folder.ts";
import { pythonTools, run } from "./python.ts";

const PATIENCE = 300_000;
const UV = "0.13.8";
const PIN =
  "https://github.com/pypa/sampleproject#repository-id=14899596&owner-id=647025&workflow=release.yml";
const LINES = [`sampleproject ${PIN}`, "#unsigned:peppercorn seen"];

let missing: string | null = null;
let programs = "";
let folder = "";
let index: LocalIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-real-"));
  index = await startLocalIndex();
  missing = whyNoData() ?? (await prepare());
}, PATIENCE);

afterAll(async () => {
  await index.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

/** Serves the real files; resolves to what is missing. */
async function prepare(): Promise<string | null> {
  const files = await realFiles();
  if ("missing" in files) return files.missing;
  const tools = await pythonTools("uv", UV);
  if ("missing" in tools) return tools.missing;
  programs = tools.programs;
  for (const { filename } of REAL_FILES) {
    if (!/^(?:sampleproject|peppercorn)-/.test(filename)) continue;
    index.addFile(await realFile(files.folder, filename));
  }
  return null;
}

async function realFile(from: string, filename: string): Promise<LocalFile> {
  const file = { filename, content: await readFile(join(from, filename)) };
  if (!filename.startsWith("sampleproject-")) return file;
  return { ...file, provenance: await readFile(dataPath("pep740", `${filename}.provenance`)) };
}

/** A folder with a project that requires sampleproject. */
async function project(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const table = `[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.9"\n`;
  const dependencies = `dependencies = ["sampleproject==4.0.0"]\n`;
  await writeFile(join(path, "pyproject.toml"), table + dependencies);
  return path;
}

async function uv(cwd: string, ...parameters: readonly string[]): Promise<void> {
  const env = {
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    UV_CACHE_DIR: join(folder, "uv-cache"),
    UV_DEFAULT_INDEX: index.simpleUrl,
    UV_NO_CONFIG: "1",
    UV_PYTHON: join(programs, "python"),
  };
  await run(join(programs, "uv"), parameters, { cwd, env });
}

/** The command with the trust root that came with it. */
function command(cwd: string, ...parameters: readonly string[]): Promise<Ended> {
  return pubpin(cwd, ["--offline", "--index", index.simpleUrl, ...parameters]);
}

async function pinsOf(path: string): Promise<readonly string[]> {
  const text = await readFile(join(path, ".provenance.txt"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +/, " "));
}

type Locked = readonly [lock: string, make: (path: string) => Promise<void>];

const WHEELS = [
  ["peppercorn-0.6-py3-none-any.whl", "UNSIGNED"],
  ["sampleproject-4.0.0-py3-none-any.whl", "PUBLISHER_MATCH"],
];
const SDIST = ["sampleproject-4.0.0.tar.gz", "PUBLISHER_MATCH"];

/** Pip locks for the machine that it runs on: no sdist where there is a wheel. */
const PIP_LOCK = "pylock.pip.toml";
const LOCKS: readonly Locked[] = [
  [
    PIP_LOCK,
    async (path) => {
      const lock = ["-m", "pip", "lock", "--quiet", "--index-url", index.simpleUrl];
      const env = { PATH: process.env["PATH"], HOME: folder, PIP_CONFIG_FILE: "/dev/null" };
      const written = ["sampleproject==4.0.0", "-o", PIP_LOCK];
      await run(join(programs, "python"), [...lock, ...written], { cwd: path, env });
    },
  ],
  ["uv.lock", (path) => uv(path, "lock")],
  [
    "pylock.toml",
    async (path) => {
      await uv(
        path,
        "pip",
        "compile",
        "pyproject.toml",
        "--format",
        "pylock.toml",
        "-o",
        "pylock.toml",
      );
    },
  ],
  [
    "pylock.exported.toml",
    async (path) => {
      await uv(path, "lock");
      await uv(path, "export", "--no-emit-project", "-o", "pylock.exported.toml");
      await rm(join(path, "uv.lock"));
    },
  ],
  [
    "requirements.txt",
    async (path) => {
      await uv(
        path,
        "pip",
        "compile",
        "pyproject.toml",
        "--generate-hashes",
        "-o",
        "requirements.txt",
      );
    },
  ],
];

describe("a project that requires sampleproject 4.0.0", () => {
  it.each(LOCKS)("locked as %s is pinned, and then passes", async (lock, make) => {
    const path = await project(lock);
    await make(path);
    const unpinned = await command(path, "verify");
    expect(unpinned).toMatchObject({ exitCode: 1 });
    expect(unpinned.stdout).toContain("PUBLISHER_UNPINNED");

    const tofu = await command(path, "tofu");
    expect(tofu).toMatchObject({ exitCode: 0 });
    const pins = await pinsOf(path);
    expect(pins).toEqual(expect.arrayContaining(LINES));
    expect(pins.filter((line) => !LINES.includes(line))).toEqual([
      expect.stringMatching(`^#lock:${lock} v1-sha256:[0-9a-f]{64}$`),
    ]);

    const verify = await command(path, "--format", "json", "verify");
    expect(verify).toMatchObject({ exitCode: 0 });
    const { reports } = JSON.parse(verify.stdout) as JsonReport;
    const decided = reports[0]?.decisions.map(({ filename, code }) => [filename, code]);
    expect(decided).toEqual(lock === PIP_LOCK ? WHEELS : [...WHEELS, SDIST]);
  });

  it("is half attested, by its publisher, and explained file by file", async () => {
    const path = await project("words");
    await uv(path, "lock");
    expect((await command(path, "tofu")).exitCode).toBe(0);
    const coverage = await command(path, "coverage");
    expect(coverage.exitCode).toBe(0);
    expect(coverage.stdout).toContain("1 of 2 (50%) packages, 2 of 3 (67%) files attested");
    expect(coverage.stdout).toContain("1  https://github.com/pypa/sampleproject");
    const explained = await command(path, "explain", "sampleproject");
    expect(explained.exitCode).toBe(0);
    expect(explained.stderr).toContain(PIN);
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
