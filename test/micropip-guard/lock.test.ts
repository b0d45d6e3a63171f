import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeUtf8, lockDigest, readLock } from "@pubpin/shared";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  errorOf,
  type Guarded,
  installed,
  internalsOf,
  refusalOf,
  startGuarded,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const world = useWorld(NEWEST);
const LOCK = "pyodide-lock.json";

const KIND = { package_type: "package", install_dir: "site", unvendored_tests: false };

let folder = "";

/** Where Pyodide looks for the files of a lock. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-lock-"));
});

beforeEach(async () => {
  for (const name of ["leaf", "evil", "unsigned", "withheld", "bundled"]) {
    const { filename, bytes } = world().wheel(name);
    await writeFile(join(folder, filename), bytes);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A lock of wheels of the world's index; it says what they hold. */
async function lockOf(depends: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const { info } = JSON.parse(await officialLock()) as { readonly info: unknown };
  const packages = Object.entries(depends).map(([name, needed]): [string, object] => {
    const { sha256, filename } = world().wheel(name);
    const entry = { name, version: "1.0", file_name: filename, sha256, depends: needed };
    return [name, { ...entry, ...KIND, imports: [name] }];
  });
  return JSON.stringify({ info, packages: Object.fromEntries(packages) });
}

async function officialLock(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(`${NEWEST.pyodide}/${LOCK}`), "utf8");
}

async function lineFor(lock: string): Promise<string> {
  return `#lock:${LOCK} ${await lockDigest(readLock(LOCK, encodeUtf8(lock)))}\n`;
}

async function startWith(lock: string, own: object = {}): Promise<Guarded> {
  const options = { lockFileContents: lock, packageCacheDir: folder };
  return startGuarded(NEWEST, world(), own, options);
}

describe("a lock that anybody could have written", { timeout: PATIENCE }, () => {
  test("is no reason to accept a package, and none to refuse it", async () => {
    const { py } = await startWith(await lockOf({ leaf: [], evil: [], unsigned: ["leaf"] }));
    const before = installed(py);
    for (const [name, code] of Object.entries({
      evil: "PUBLISHER_CHANGED",
      unsigned: "UNSIGNED",
    })) {
      const error = await errorOf(() => py.loadPackage(name));
      expect(error).toMatchObject({ refusal: { code, package: name } });
      expect(installed(py)).toEqual(before);
    }
    const byImport = await errorOf(() => py.loadPackagesFromImports("import evil"));
    expect(byImport).toMatchObject({ refusal: { code: "PUBLISHER_CHANGED" } });
    await py.loadPackage("leaf");
    expect(py.runPython("import leaf; leaf.__version__")).toBe("1.0");
  });

  test("does not split an install: micropip and loadPackage are judged together", async () => {
    const { py, guard } = await startWith(await lockOf({ bundled: ["evil"], evil: [] }));
    const before = installed(py);
    const refused = await refusalOf(py, `await micropip.install(["app", "bundled"])`);
    expect(refused).toMatchObject({ code: "PUBLISHER_CHANGED", package: "evil" });
    expect(installed(py)).toEqual(before);
    const outcomes = guard
      .report()
      .events.map(({ decision: { name }, outcome }) => [name, outcome]);
    expect(outcomes).toContainEqual(["bundled", "held"]);
    expect(outcomes).toContainEqual(["app", "held"]);
  });
});

describe("a lock whose digest is pinned", { timeout: PATIENCE }, () => {
  test("accepts its packages by their bytes, for loadPackage and for micropip", async () => {
    const lock = await lockOf({ unsigned: ["withheld"], withheld: [] });
    const { py, guard } = await startWith(lock, { pins: world().pins + (await lineFor(lock)) });
    py.runPython("micropip.set_index_urls(micropip.package_index.DEFAULT_INDEX_URLS)");
    const asked = world().index.requests.length;
    await py.runPythonAsync(`await micropip.install("unsigned")`);
    expect(py.runPython("import unsigned, withheld; withheld.__version__")).toBe("1.0");
    expect(world().index.requests.length).toBe(asked);
    const codes = guard.report().events.map(({ decision: { name, code } }) => [name, code]);
    expect(codes).toContainEqual(["withheld", "FILE_PINNED"]);
  });

  test("is believed as it was when the guard started", async () => {
    const lock = await lockOf({ unsigned: [] });
    const { py } = await startWith(lock, { pins: world().pins + (await lineFor(lock)) });
    const entry = internalsOf(py).lockfile_packages["unsigned"] ?? {};
    const { sha256 } = world().wheel("evil");
    Object.assign(entry, { file_name: world().wheel("evil").filename, sha256 });
    const error = await errorOf(() => py.loadPackage("unsigned"));
    expect(error).toMatchObject({ refusal: { code: "FILE_MISMATCH" } });
  });

  test("does not accept other bytes that lie in the cache under a package's name", async () => {
    const lock = await lockOf({ unsigned: [] });
    const { filename, bytes } = world().wheel("unsigned");
    const changed = new Uint8Array(bytes);
    changed[changed.length - 1] = 1;
    await writeFile(join(folder, filename), changed);
    const { py } = await startWith(lock, { pins: world().pins + (await lineFor(lock)) });
    const error = await errorOf(() => py.loadPackage("unsigned"));
    expect(error).toMatchObject({ refusal: { code: "HASH_NOT_ON_INDEX" } });
    await writeFile(join(folder, filename), bytes);
    await py.loadPackage("unsigned");
    expect(py.runPython("import unsigned; unsigned.__version__")).toBe("1.0");
  });
});
