import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { guardOf, guardPyodide, loadPyodide } from "micropip-guard";
import { sha256Hex } from "@pubpin/test-kit/node";
import type { PyodideAPI } from "pyodide";
import { describe, expect, test } from "vitest";
import { realFiles } from "../../scripts/wheels.ts";
import {
  errorOf,
  guardOptions,
  importMicropip,
  installed,
  internalsOf,
  pyodideOf,
  refusalOf,
  setGlobals,
  SILENT,
  startWithoutMicropip,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const world = useWorld(NEWEST);

async function unguarded(): Promise<PyodideAPI> {
  return (await pyodideOf(NEWEST)).loadPyodide(SILENT);
}

describe("a guarded Pyodide", { timeout: PATIENCE }, () => {
  test("loads its option packages through the guard", async () => {
    const packages = [world().url("leaf")];
    const { py } = await startWithoutMicropip(NEWEST, world(), {}, { packages });
    expect(py.runPython("import leaf; leaf.__version__")).toBe("1.0");
  });

  test("does not start with a refused package among its option packages", async () => {
    const packages = [world().url("leaf"), world().url("evil")];
    const error = await errorOf(() => startWithoutMicropip(NEWEST, world(), {}, { packages }));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { package: "evil" } });
  });

  test("does not start where fsInit has put a module among the installed ones", async () => {
    const fsInit = async (
      files: { writeFile: (path: string, text: string) => void },
      { sitePackages }: { sitePackages: string },
    ): Promise<void> => {
      files.writeFile(`${sitePackages}/evil.py`, "print('evil')");
    };
    const error = await errorOf(() => startWithoutMicropip(NEWEST, world(), {}, { fsInit }));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { package: "evil.py" } });
    const own = { installed: "report" } as const;
    const { guard } = await startWithoutMicropip(NEWEST, world(), own, { fsInit });
    expect(guard.report().events).toMatchObject([
      { outcome: "reported", route: "present", decision: { name: "evil.py" } },
    ]);
  });

  test.each(["stdLibURL", "_loadSnapshot"])("does not take the option %s", async (option) => {
    const given = { [option]: "x" };
    const error = await errorOf(() => startWithoutMicropip(NEWEST, world(), {}, given));
    expect(error).toMatchObject({ code: "USAGE_INVALID" });
    expect(String(error)).toContain(option);
  });

  test("finds Pyodide by itself", async () => {
    const py = await loadPyodide({ ...SILENT, guard: guardOptions(world()) });
    expect(guardOf(py)).not.toBeNull();
  });

  test("is found at an absolute path, and in Node at no relative one", async () => {
    const guard = guardOptions(world());
    const folder = dirname(fileURLToPath(import.meta.resolve("pyodide/package.json")));
    expect(guardOf(await loadPyodide({ ...SILENT, indexURL: folder, guard }))).not.toBeNull();
    const error = await errorOf(() => loadPyodide({ ...SILENT, indexURL: "./pyodide", guard }));
    expect(error).toMatchObject({ code: "USAGE_INVALID" });
    expect(String(error)).toContain("absolute path");
  });
});

describe("a Pyodide that runs already", { timeout: PATIENCE }, () => {
  test("is guarded once, and once only", async () => {
    const py = await unguarded();
    expect(guardOf(py)).toBeNull();
    const guard = await guardPyodide(py, guardOptions(world()));
    expect(guardOf(py)).toBe(guard);
    const again = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(again).toMatchObject({ code: "USAGE_INVALID" });
  });

  test("is not guarded where something is installed, unless that is only to be reported", async () => {
    const py = await unguarded();
    await importMicropip(py, world());
    const error = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { package: "micropip" } });
    expect(String(error)).toContain("without having come through the guard");
  });

  test("is guarded in full after the import of micropip, too", async () => {
    const py = await unguarded();
    await importMicropip(py, world());
    const guard = await guardPyodide(py, guardOptions(world(), { installed: "report" }));
    expect(guard.report().events).toMatchObject([{ decision: { name: "micropip" } }]);
    const before = installed(py);
    const refused = await refusalOf(py, `await micropip.install("wants-evil")`);
    expect(refused).toMatchObject({ code: "PUBLISHER_CHANGED", package: "evil" });
    expect(installed(py)).toEqual(before);
    await py.runPythonAsync(`await micropip.install("app")`);
    expect(py.runPython("import app; app.__version__")).toBe("1.0");
  });

  test("is not guarded when it was started from a snapshot", async () => {
    const py = await unguarded();
    internalsOf(py).config["_loadSnapshot"] = new Uint8Array(1);
    const error = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(error).toMatchObject({ code: "USAGE_INVALID" });
  });
});

describe("what cannot be guarded is refused by name", { timeout: PATIENCE }, () => {
  test.each(["0.27.7", "0.26.4", "0.30.0", "314.1.0", "314.0.0a1", "0.29.0.dev0"])(
    "Pyodide %s",
    async (version) => {
      const error = await errorOf(() => guardPyodide({ _api: { version } }, guardOptions(world())));
      expect(error).toMatchObject({ code: "PYODIDE_UNSUPPORTED" });
      expect(String(error)).toContain(`found ${version}`);
    },
  );

  test.each([
    "packageManager.loadPackageInner",
    "packageManager.downloadPackage",
    "packageManager.recursiveDependencies",
    "packageManager.getLoadedPackageChannel",
    "packageManager.defaultChannel",
    "package_loader.unpack_buffer",
    "package_loader",
    "lockfile_packages",
    "loadBinaryFile",
  ])("a Pyodide without its %s", async (path) => {
    const py = await shared();
    const broken = changed(py as unknown as Insides, `_api.${path}`, undefined) as object;
    const error = await errorOf(() => guardPyodide(broken, guardOptions(world())));
    expect(error).toMatchObject({ code: "PYODIDE_UNSUPPORTED" });
    expect(String(error)).toContain(path);
  });

  test.each([
    ["is no plain function", "functools.partial(loader.unpack_buffer)"],
    [
      "closes over something",
      "(lambda seen: lambda *given, **more: seen(*given, **more))(loader.unpack_buffer)",
    ],
    ["is an object", "type('Unpacker', (), {'__call__': lambda self, *given, **more: None})()"],
  ])("a Pyodide whose unpacker %s", async (_what, replacement) => {
    const py = await unguarded();
    py.runPython(`
import functools, pyodide._package_loader as loader
loader.unpack_buffer = ${replacement}`);
    const error = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(error).toMatchObject({ code: "PYODIDE_UNSUPPORTED" });
    expect(String(error)).toContain("unpack");
  });

  test("a Pyodide whose gate does not stop what it has to", async () => {
    const py = await unguarded();
    const path = "_api.package_loader.unpack_buffer";
    const open = changed(py as unknown as Insides, path, { callKwargs: () => null }) as object;
    const error = await errorOf(() => guardPyodide(open, guardOptions(world())));
    expect(error).toMatchObject({ code: "PYODIDE_UNSUPPORTED" });
    expect(String(error)).toContain("unpack_buffer");
  });
});

describe("micropip", { timeout: PATIENCE }, () => {
  test("0.9.0, which unpacks by itself, is refused by name when it is imported", async () => {
    const { folder } = (await realFiles()) as { readonly folder: string };
    const filename = "micropip-0.9.0-py3-none-any.whl";
    const sha256 = sha256Hex(await readFile(join(folder, filename)));
    const pins = `#file:${filename} sha256:${sha256}\n`;
    const { py } = await startWithoutMicropip(NEWEST, world(), { pins });
    await py.loadPackage(join(folder, filename), { messageCallback: () => undefined });
    for (const code of ["import micropip", "from micropip.transaction import Transaction"]) {
      const refused = await refusalOf(py, code);
      expect(refused).toMatchObject({
        code: "MICROPIP_UNSUPPORTED",
        text: expect.stringContaining("found 0.9.0") as string,
      });
    }
  });

  test.each(["0.10.0", "0.10.2", "0.11.1rc1", "0.11.2", "0.12.0"])(
    "%s, with which the guard has not been tried, is refused when it is imported",
    async (version) => {
      const { py } = await startWithoutMicropip(NEWEST, world());
      await py.loadPackage(world().micropip, { messageCallback: () => undefined });
      setGlobals(py, { VERSION: version });
      py.runPython(`
from importlib.metadata import distribution
[path] = [each.locate() for each in distribution("micropip").files if each.name == "METADATA"]
path.write_text(path.read_text().replace("\\nVersion: 0.11.1\\n", f"\\nVersion: {VERSION}\\n"))`);
      expect(await refusalOf(py, "import micropip")).toMatchObject({
        code: "MICROPIP_UNSUPPORTED",
        text: expect.stringContaining(`found ${version}`) as string,
      });
    },
  );

  test("of no known version is refused when it is imported", async () => {
    const { py } = await startWithoutMicropip(NEWEST, world());
    py.runPython(`
import os, site
os.makedirs(site.getsitepackages()[0] + "/micropip")
open(site.getsitepackages()[0] + "/micropip/__init__.py", "w").close()`);
    expect(await refusalOf(py, "import micropip")).toMatchObject({ code: "MICROPIP_UNSUPPORTED" });
  });

  test("without a place where the guard stands is refused when it is imported", async () => {
    const { py } = await startWithoutMicropip(NEWEST, world());
    await py.loadPackage(world().micropip, { messageCallback: () => undefined });
    py.runPython(`
import site
path = site.getsitepackages()[0] + "/micropip/transaction.py"
text = open(path).read().replace("def check_version_satisfied", "def is_satisfied")
open(path, "w").write(text)`);
    const refused = await refusalOf(py, "import micropip");
    expect(refused).toMatchObject({
      code: "MICROPIP_UNSUPPORTED",
      text: expect.stringContaining("check_version_satisfied") as string,
    });
  });
});

interface Insides {
  readonly [name: string]: Insides;
}

let sharedPyodide: Promise<PyodideAPI> | null = null;

/** A Pyodide for tests that leave it as it is. */
function shared(): Promise<PyodideAPI> {
  sharedPyodide ??= unguarded();
  return sharedPyodide;
}

/** A view of an object in which one thing, at a path, is another. */
function changed(object: Insides, path: string, value: unknown): unknown {
  const [name = "", ...rest] = path.split(".");
  return new Proxy(object, {
    get: (target, key) => {
      if (key !== name) return Reflect.get(target, key) as unknown;
      return rest.length === 0 ? value : changed(target[name] as Insides, rest.join("."), value);
    },
  });
}
