/** The ways past a check before `pip install`: each stands open for pip alone, and is shut here. */
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { addWheel } from "../../command/support/pip.ts";
import { OCTO, OCTO_PIN, startSetting } from "../../command/support/project.ts";
import { addSdist, type PipPlace, pipPlaces } from "./support/environments.ts";

/** Milliseconds: each test starts pip several times. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const { sigstore, index, newFolder } = await startSetting();
const MALLORY = {
  ...OCTO,
  repository: "mallory/example",
  repositoryId: "6",
  ownerId: "66",
} as const;
const other = await startLocalIndex({ sigstore });
afterAll(() => other.close());
const places = await pipPlaces(newFolder, sigstore, index);

beforeEach((context) => {
  if ("missing" in places) context.skip(places.missing);
});

/** A place where these projects are pinned to the usual publisher. */
function place(...pinned: readonly string[]): PipPlace {
  if ("missing" in places) throw new Error(places.missing);
  const made = places();
  const lines = pinned.map((name) => `${name} ${OCTO_PIN}\n`);
  if (lines.length > 0) writeFileSync(join(made.folder, ".provenance.txt"), lines.join(""));
  return made;
}

function newMarker(): string {
  return join(newFolder(), "ran");
}

test("an sdist of another publisher does not run its build backend", async () => {
  const marker = newMarker();
  addSdist(index, newFolder(), { name: "sdisty", publisher: MALLORY, marker });
  const open = place();
  expect((await open.plain(["install", "sdisty"])).exitCode).toBe(0);
  expect(existsSync(marker)).toBe(true);

  const shutMarker = newMarker();
  addSdist(index, newFolder(), { name: "sdisty", publisher: MALLORY, marker: shutMarker });
  for (const command of ["install", "download", "wheel", "lock"]) {
    const shut = place("sdisty");
    const { exitCode, stderr } = await shut.guarded([command, "--tofu", "sdisty"]);
    expect([command, exitCode]).toEqual([command, 1]);
    expect(stderr).toContain("PUBLISHER_CHANGED");
    expect(shut.installed()).toEqual([]);
  }
  expect(existsSync(shutMarker)).toBe(false);
});

test("what an sdist needs to be built comes from its pinned publisher too", async () => {
  const marker = newMarker();
  const evil = mintWheel({
    name: "builder",
    version: "1.0",
    files: { "builder.py": `open(${JSON.stringify(marker)}, "w")\n` },
  });
  const provenance = [{ publisher: MALLORY }];
  index.addFile({ filename: evil.filename, content: evil.bytes, provenance });
  const sdist = { name: "built", publisher: OCTO, requires: ["builder"], imports: ["builder"] };
  addSdist(index, newFolder(), { ...sdist, marker: newMarker() });
  expect((await place().plain(["install", "built"])).exitCode).toBe(0);
  expect(existsSync(marker)).toBe(true);

  const shutMarker = newMarker();
  const again = mintWheel({
    name: "builder",
    version: "1.0",
    files: { "builder.py": `open(${JSON.stringify(shutMarker)}, "w")\n` },
  });
  index.addFile({ filename: again.filename, content: again.bytes, provenance });
  const shut = place("built", "builder");
  const { exitCode, stderr } = await shut.guarded(["install", "built"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("builder-1.0-py3-none-any.whl");
  expect(stderr).toContain("PUBLISHER_CHANGED");
  expect(existsSync(shutMarker)).toBe(false);
});

test.each([
  ["pip.conf", (file: string) => ({ PIP_CONFIG_FILE: file })],
  ["PIP_EXTRA_INDEX_URL", () => ({ PIP_EXTRA_INDEX_URL: other.simpleUrl })],
])("a further index does not take over a name: %s", async (_how, envOf) => {
  addWheel(index, "inner", OCTO);
  const newer = mintWheel({ name: "inner", version: "9.0" });
  other.addFile({ filename: newer.filename, content: newer.bytes });
  const file = join(newFolder(), "pip.conf");
  writeFileSync(file, `[global]\nextra-index-url = ${other.simpleUrl}\n`);
  const open = place();
  expect((await open.plain(["install", "inner"], envOf(file))).exitCode).toBe(0);
  expect(open.installed()).toEqual(["inner-9.0"]);

  const shut = place("inner");
  expect(await shut.guarded(["install", "inner"], envOf(file))).toMatchObject({ exitCode: 0 });
  expect(shut.installed()).toEqual(["inner-1.0"]);
});

test("an index that changed after the first installation is found out", async () => {
  addWheel(index, "moving", OCTO);
  const shut = place();
  expect((await shut.guarded(["install", "--tofu", "moving"])).exitCode).toBe(0);
  const newer = mintWheel({ name: "moving", version: "2.0" });
  const provenance = [{ publisher: MALLORY }];
  index.addFile({ filename: newer.filename, content: newer.bytes, provenance });
  const open = place();
  expect((await open.plain(["install", "moving"])).exitCode).toBe(0);
  expect(open.installed()).toEqual(["moving-2.0"]);

  const unseen = { PUBPIN_CACHE_DIR: newFolder() };
  const refused = await shut.guarded(["install", "--tofu", "--upgrade", "moving"], unseen);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("PUBLISHER_CHANGED");
  expect(shut.installed()).toEqual(["moving-1.0"]);
});

test("a file of another project does not come in under a name", async () => {
  const claims = { name: "evil", version: "1.0" };
  const wheel = mintWheel({ name: "posing", version: "1.0", claims });
  const provenance = [{ publisher: OCTO }];
  index.addFile({ filename: wheel.filename, content: wheel.bytes, provenance });
  const shut = place("posing");
  const { exitCode } = await shut.guarded(["install", "posing"]);
  expect(exitCode).not.toBe(0);
  expect(shut.installed()).toEqual([]);
});

test("an address in a package's metadata leads nowhere", async () => {
  const loose = mintWheel({ name: "loose", version: "1.0" });
  other.addFile({ filename: loose.filename, content: loose.bytes });
  const { url } = other;
  const address = `${url}/files/${loose.sha256.slice(0, 2)}/${loose.sha256.slice(2)}/${loose.filename}`;
  addWheel(index, "needy", OCTO, [`loose @ ${address}`]);
  const open = place();
  expect((await open.plain(["install", "needy"])).exitCode).toBe(0);
  expect(open.installed()).toEqual(["loose-1.0", "needy-1.0"]);

  const asked = other.requests.length;
  const shut = place("needy");
  const { exitCode, stderr } = await shut.guarded(["install", "needy"]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`${address}: refused: only packages of an index are let through`);
  expect(shut.installed()).toEqual([]);
  expect(other.requests.length).toBe(asked);
});

test("an address of https in a package's metadata leads nowhere either", async () => {
  const address = "https://elsewhere.invalid/loose-1.0-py3-none-any.whl";
  addWheel(index, "wanting", OCTO, [`loose @ ${address}`]);
  for (const command of ["install", "download", "wheel", "lock"]) {
    const shut = place("wanting");
    const { exitCode, stderr } = await shut.guarded([command, "wanting"]);
    expect([command, exitCode]).toEqual([command, 1]);
    expect(stderr).toContain("https://elsewhere.invalid: refused");
  }
});

test("a repository in a package's metadata is not fetched", async () => {
  const marker = newMarker();
  const source = newFolder();
  addSdist(index, source, { name: "fetched", publisher: OCTO, marker });
  index.removeFile("fetched-1.0.tar.gz");
  const repository = join(source, "fetched-1.0");
  const git = (...parameters: readonly string[]): unknown =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@a.example", ...parameters], {
      cwd: repository,
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "all");
  addWheel(index, "versioned", OCTO, [`fetched @ git+file://${repository}`]);
  const open = place();
  expect((await open.plain(["install", "versioned"])).exitCode).toBe(0);
  expect(open.installed()).toEqual(["fetched-1.0", "versioned-1.0"]);
  expect(existsSync(marker)).toBe(true);

  rmSync(marker);
  const shut = place("versioned");
  const { exitCode, stderr } = await shut.guarded(["install", "versioned"]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("transport 'file' not allowed");
  expect([shut.installed(), existsSync(marker)]).toEqual([[], false]);
});
