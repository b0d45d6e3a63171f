/** What unpacks at once, without a pause in which anything could be asked. */
import { expect, test } from "vitest";
import { errorOf, internalsOf, refusalOf } from "../support/interpreter.ts";
import type { Setting } from "./setting.ts";

/** Ways that unpack at once. The gate stands before all of them. */
export const AT_ONCE: Readonly<Record<string, string>> = {
  "pyodide.http, imported before the guard came": `
response = await pyodide.http.pyfetch(URL)
await response.unpack_archive(extract_dir=SITE)`,
  "the unpacker in hands that took it before the guard came": `
KEPT(BYTES, format="zip", extract_dir=SITE)`,
  "pyfetch with a format": `
from pyodide.http import pyfetch
await (await pyfetch(URL)).unpack_archive(format="whl")`,
  "a tar.gz of a wheel's contents": `
import pyodide_js
pyodide_js.unpackArchive(TAR, "gztar")`,
  "the same into a folder below": `
import pyodide_js
from js import Object
pyodide_js.unpackArchive(TAR, "gztar", extractDir=SITE + "/evil")`,
  "the unpacker of a module that was reloaded": `
import importlib, shutil, pyodide._package_loader
shutil.unregister_unpack_format("whl")
importlib.reload(pyodide._package_loader).unpack_buffer(BYTES, format="zip", extract_dir=SITE)`,
  "the unpacker of a module that was forgotten": `
import shutil, sys
shutil.unregister_unpack_format("whl")
del sys.modules["pyodide._package_loader"]
from pyodide._package_loader import unpack_buffer
unpack_buffer(BYTES, format="zip", extract_dir=SITE)`,
};

/** The gate stops the package `evil`, whoever unpacks it. */
export function describeAtOnce({ guarded, world, site, expectNothingInstalled }: Setting): void {
  test.each(Object.entries(AT_ONCE))("the gate stops %s", async (_name, code) => {
    expect(await refusalOf(guarded().py, code)).toMatchObject({ code: "NOT_FROM_INDEX" });
    expectNothingInstalled();
  });

  test("the gate stops _api.install", async () => {
    const { bytes, filename } = world().wheel("evil");
    const { install } = internalsOf(guarded().py);
    expect(String(await errorOf(() => install(bytes, filename, site())))).toContain(
      "NOT_FROM_INDEX",
    );
    expectNothingInstalled();
  });

  test("unpackArchive of a wheel is stopped, whatever it is called", async () => {
    for (const format of ["whl", "wheel", "zip", ".whl"]) {
      const act = (): void => guarded().py.unpackArchive(world().wheel("evil").bytes, format);
      expect(String(await errorOf(act))).toContain("NOT_FROM_INDEX");
      expectNothingInstalled();
    }
  });

  test("a wheel that was checked may be unpacked, and no other", async () => {
    const { py, guard } = guarded();
    const { bytes, filename } = world().wheel("other");
    await guard.check(bytes, filename);
    py.unpackArchive(bytes, "wheel", { extractDir: site() });
    expect(py.runPython("import other; other.__version__")).toBe("1.0");
    py.runPython(`micropip.uninstall("other")`);
    const changed = new Uint8Array(bytes);
    changed[changed.length - 1] = 1;
    const act = (): void => py.unpackArchive(changed, "wheel");
    expect(String(await errorOf(act))).toContain("NOT_FROM_INDEX");
    expectNothingInstalled();
  });
}
