/** Trust on first use, for a project that real tools locked, of real files with real provenance. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import { type LocalIndex, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Ended, pubpin } from "../cli/command/support/command.ts";
import { LOCKERS, lockingTools, makeLock, SAMPLE_PIN, sampleFiles, type Tool } from "./lockers.ts";

const PATIENCE = 300_000;

let missing: string | null = null;
let programs: ReadonlyMap<Tool, string>;
let home: string;
let index: LocalIndex;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "pubpin-real-"));
  const [files, tools] = await Promise.all([sampleFiles(), lockingTools()]);
  index = await startLocalIndex("missing" in files ? {} : { files });
  if ("missing" in files) ({ missing } = files);
  else if ("missing" in tools) ({ missing } = tools);
  else programs = tools;
}, PATIENCE);

afterAll(async () => {
  await index.close();
  await rm(home, { recursive: true, force: true });
});

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

const LINES = ["#unsigned:peppercorn seen", `sampleproject ${SAMPLE_PIN}`];
const WHEELS = [
  ["peppercorn-0.6-py3-none-any.whl", "UNSIGNED"],
  ["sampleproject-4.0.0-py3-none-any.whl", "PUBLISHER_MATCH"],
];
const SDIST = ["sampleproject-4.0.0.tar.gz", "PUBLISHER_MATCH"];

describe.each(LOCKERS)("a project locked by $how", (locker) => {
  let folder: string;
  let pins: string;

  /** The command with the trust root that came with it. */
  const command = (...parameters: readonly string[]): Promise<Ended> =>
    pubpin(folder, ["--offline", "--index", index.simpleUrl, ...parameters]);
  const readPins = (): Promise<string> => readFile(pins, "utf8");

  beforeAll(async () => {
    if (missing !== null) return;
    folder = await mkdtemp(join(home, "project-"));
    pins = join(folder, ".provenance.txt");
    const place = { folder, home, indexUrl: index.simpleUrl };
    await makeLock(locker, place, programs.get(locker.tool) ?? "");
  }, PATIENCE);

  beforeEach(() => rm(pins, { force: true }));

  it("fails before anything is pinned", async () => {
    const { exitCode, stdout } = await command("verify");
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("PUBLISHER_UNPINNED")]);
  });

  it("is pinned, passes with each of its files, and is not changed by a second time", async () => {
    const tofu = await command("tofu");
    expect(tofu).toMatchObject({ exitCode: 0 });
    const first = await readPins();
    const lines = first.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/ +/, " "))).toEqual([
      expect.stringMatching(`^#lock:${locker.lock} v1-sha256:[0-9a-f]{64}$`),
      ...LINES,
    ]);

    const verify = await command("--format", "json", "verify");
    expect(verify).toMatchObject({ exitCode: 0 });
    const { reports } = JSON.parse(verify.stdout) as JsonReport;
    const decided = reports[0]?.decisions.map(({ filename, code }) => [filename, code]);
    // Pip locks for the machine that it runs on: no sdist where there is a wheel.
    expect(decided).toEqual(locker.tool === "pip" ? WHEELS : [...WHEELS, SDIST]);

    expect(await command("tofu")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await readPins()).toBe(first);
  });

  it("is refused with another publisher pinned, and keeps that pin", async () => {
    const other = "sampleproject https://github.com/someone/else#repository-id=1&owner-id=2\n";
    await writeFile(pins, other);
    for (const each of ["verify", "tofu"]) {
      const { exitCode, stdout } = await command(each);
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining("PUBLISHER_CHANGED")]);
    }
    expect(await readPins()).toBe(other);
  });

  it("has its index pinned where it names one, which is not the default", async () => {
    const usual = locker.namesIndex ? "https://default.example/simple" : index.simpleUrl;
    const run = (name: string): Promise<Ended> =>
      pubpin(folder, ["--offline", "--index", usual, name]);
    expect(await run("tofu")).toMatchObject({ exitCode: 0 });
    const lines = (await readPins()).split("\n").filter((line) => line.startsWith("#index:"));
    const expected = [expect.stringMatching(`^#index:\\* +${index.simpleUrl}$`)];
    expect(lines).toEqual(locker.namesIndex ? expected : []);
    expect(await run("verify")).toMatchObject({ exitCode: 0 });
  });
});
