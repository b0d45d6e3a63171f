import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guardPyodide } from "micropip-guard";
import type { PyodideAPI } from "pyodide";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  errorOf,
  filesOf,
  type Guarded,
  guardOptions,
  installed,
  pyodideOf,
  refusalOf,
  SILENT,
  startGuarded,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const world = useWorld(NEWEST);
const SITE = "/lib/python3.14/site-packages";

let guarded: Guarded;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-mount-"));
  guarded = await startGuarded(NEWEST, world());
}, PATIENCE);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Writes a distribution past everything, as an older page may have done. */
function write(py: PyodideAPI, name: string, place: string = SITE): void {
  py.runPython(`
import importlib, os
os.makedirs("${place}/${name}-1.0.dist-info", exist_ok=True)
open("${place}/${name}-1.0.dist-info/METADATA", "w").write("Name: ${name}\\nVersion: 1.0\\n")
importlib.invalidate_caches()`);
}

describe("what satisfies a requirement without being installed", { timeout: PATIENCE }, () => {
  test("is what the guard itself let in", async () => {
    const { py } = guarded;
    await py.runPythonAsync(`await micropip.install("leaf")`);
    const before = installed(py);
    await py.runPythonAsync(`await micropip.install(["leaf", "leaf>=0.5"])`);
    expect(installed(py)).toEqual(before);
  });

  test("is not what came past the guard", async () => {
    const { py } = guarded;
    write(py, "unpinned");
    const before = installed(py);
    const refused = await refusalOf(py, `await micropip.install(["other", "unpinned"])`);
    expect(refused).toMatchObject({ code: "NOT_FROM_INDEX", package: "unpinned" });
    expect(installed(py)).toEqual(before);
  });

  test("is a mock, for it holds what its maker wrote; the report says so", async () => {
    const { py, guard } = guarded;
    py.runPython(`micropip.add_mock_package("evil", "1.0")`);
    const before = installed(py);
    await py.runPythonAsync(`await micropip.install("evil")`);
    expect(installed(py)).toEqual(before);
    expect(guard.report().events.at(-1)).toMatchObject({
      outcome: "reported",
      route: "present",
      decision: { name: "evil", message: expect.stringContaining("add_mock_package") as string },
    });
    py.runPython(`micropip.remove_mock_package("evil")`);
  });

  test("is anything, where the guard only reports what is there", async () => {
    const { py, guard } = await startGuarded(NEWEST, world(), { installed: "report" });
    write(py, "unpinned");
    await py.runPythonAsync(`await micropip.install("unpinned")`);
    const { decision, outcome } = guard.report().events.at(-1) ?? {};
    expect([outcome, decision?.name]).toEqual(["reported", "unpinned"]);
  });
});

describe("a file system", { timeout: PATIENCE }, () => {
  test.each([SITE, `${SITE}/folder`, "/lib", "/usr/lib", "/usr"])(
    "is not mounted over libraries, at %s",
    async (place) => {
      const files = filesOf(guarded.py);
      const mount = (): void => {
        files.mkdirTree(place);
        files.mount(files.filesystems["NODEFS"], { root: folder }, place);
      };
      const error = await errorOf(mount);
      expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { code: "NOT_FROM_INDEX" } });
    },
  );

  test("is not mounted there by Pyodide's own functions either", async () => {
    const error = await errorOf(() => guarded.py.mountNodeFS(`${SITE}/empty`, folder));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED" });
  });

  test("is mounted anywhere else", () => {
    guarded.py.mountNodeFS("/home/pyodide/drive", folder);
    filesOf(guarded.py).writeFile("/home/pyodide/drive/a.txt", "a");
    expect(filesOf(guarded.py).readdir("/home/pyodide/drive")).toContain("a.txt");
  });

  test("that is mounted over libraries before, keeps the guard from starting", async () => {
    const py = await (await pyodideOf(NEWEST)).loadPyodide(SILENT);
    py.mountNodeFS(`${SITE}/mounted`, folder);
    const error = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { package: "mounted" } });
  });

  test("whose distributions Python finds, keeps the guard from starting", async () => {
    const py = await (await pyodideOf(NEWEST)).loadPyodide(SILENT);
    write(py, "kept", "/home/pyodide");
    const error = await errorOf(() => guardPyodide(py, guardOptions(world())));
    expect(error).toMatchObject({ code: "INSTALL_REFUSED", refusal: { package: "kept" } });
  });
});
