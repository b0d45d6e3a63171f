/** A guarded interpreter that all routes of a pair of versions are tried in, one after the other. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { guardPyodide } from "micropip-guard";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import {
  type Guarded,
  guardOptions,
  importMicropip,
  installed,
  pyodideOf,
  setGlobals,
  SILENT,
} from "../support/interpreter.ts";
import type { Pair } from "../support/pairs.ts";
import { createWorld, type World } from "../support/world.ts";

const PATIENCE = 240_000;

/** What the routes find; it is there once the tests run. */
export interface Setting {
  readonly guarded: () => Guarded;
  readonly world: () => World;
  /** Where Python looks for what was installed. */
  readonly site: () => string;
  /** Nothing is there that was not there before, and the package `evil` cannot be imported. */
  readonly expectNothingInstalled: () => void;
}

/** Starts a setting before the tests, and ends it after them. */
export function useSetting(pair: Pair): Setting {
  let missing: string | null = null;
  let world: World | null = null;
  let guarded: Guarded | null = null;
  let before: readonly string[] = [];
  let site = "";
  let end = nothing;

  beforeAll(async () => {
    const created = await createWorld(pair.micropip);
    if ("missing" in created) {
      missing = created.missing;
      return;
    }
    world = created;
    guarded = await startLate(pair, world);
    site = guarded.py.runPython("import site; site.getsitepackages()[0]") as string;
    end = await offer(guarded, world, site);
    before = installed(guarded.py);
  }, PATIENCE);

  afterAll(async () => {
    await end();
    await world?.index.close();
  });

  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  return {
    guarded: () => made(guarded),
    world: () => made(world),
    site: () => site,
    expectNothingInstalled() {
      const { py } = made(guarded);
      expect(installed(py)).toEqual(before);
      const spec = "import importlib.util; importlib.util.find_spec('evil') is None";
      expect(py.runPython(spec)).toBe(true);
    },
  };
}

/** Guards a Pyodide in which parts of what is to be guarded are in other hands already. */
async function startLate(pair: Pair, world: World): Promise<Guarded> {
  const py = await (await pyodideOf(pair)).loadPyodide(SILENT);
  py.runPython("import pyodide.http\nfrom pyodide._package_loader import unpack_buffer as KEPT");
  const guard = await guardPyodide(py, guardOptions(world));
  await importMicropip(py, world);
  return { py, guard };
}

/** Gives Python the package `evil` in every shape; resolves to what takes it away. */
async function offer(guarded: Guarded, world: World, site: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "pubpin-routes-"));
  const old = await oldIndex(world);
  const evil = world.wheel("evil");
  const file = join(folder, evil.filename);
  await writeFile(file, evil.bytes);
  setGlobals(guarded.py, {
    URL: world.url("evil"),
    FILE: file,
    BYTES: evil.bytes,
    TAR: new Uint8Array(gzipSync(tarOf("evil/__init__.py", "print('evil')\n"))),
    SITE: site,
    LEGACY: old.url,
    HTML: world.index.simpleUrl,
  });
  return async () => {
    await old.close();
    await rm(folder, { recursive: true, force: true });
  };
}

async function nothing(): Promise<void> {
  return undefined;
}

function made<T>(value: T | null): T {
  if (value === null) throw new Error("the setting has not started");
  return value;
}

/** A tar archive with one file (POSIX.1-1988, "ustar"). */
function tarOf(path: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000644\0", 100);
  header.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  content.write(text);
  return Buffer.concat([header, content, Buffer.alloc(1024)]);
}

/** An index that speaks PyPI's old JSON and nothing else. */
async function oldIndex(
  world: World,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const { filename, sha256 } = world.wheel("evil");
  const files = [{ filename, url: world.url("evil"), digests: { sha256 } }];
  const body = JSON.stringify({ info: { name: "evil" }, releases: { "1.0": files } });
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
