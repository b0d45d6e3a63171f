/** What loadPackage can be asked for. */
import { expect, test } from "vitest";
import { errorOf } from "../support/interpreter.ts";
import type { Setting } from "./setting.ts";

/** Ways to name a package. */
const WAYS = [
  ["by a URL", (evil: string) => evil],
  ["in a list", (evil: string) => [evil]],
  ["together with what is fine", (evil: string, leaf: string) => [leaf, evil]],
] as const;

/** loadPackage refuses the package `evil`, and says so instead of going on. */
export function describeLoadPackage({ guarded, world, expectNothingInstalled }: Setting): void {
  test.each(WAYS)("loadPackage refuses a package %s", async (_way, names) => {
    const asked = names(world().url("evil"), world().url("leaf"));
    const error = await errorOf(() => guarded().py.loadPackage([asked].flat()));
    expect(error).toMatchObject({
      code: "INSTALL_REFUSED",
      refusal: { code: "PUBLISHER_CHANGED", package: "evil" },
    });
    expectNothingInstalled();
  });

  test("loadPackage unpacks the very bytes that were judged, which it downloads once", async () => {
    const { filename } = world().wheel("other");
    const start = world().index.requests.length;
    await guarded().py.loadPackage([world().url("other")]);
    const asked = world().index.requests.slice(start);
    expect(asked.filter(({ path }) => path.endsWith(filename))).toHaveLength(1);
    expect(guarded().py.runPython("import other; other.__version__")).toBe("1.0");
    guarded().py.runPython(`micropip.uninstall("other")`);
    expectNothingInstalled();
  });

  test("loadPackage refuses a package that Python asks for", async () => {
    const code = `
import pyodide_js
from pyodide.ffi import JsException
try:
    await pyodide_js.loadPackage([URL])
    said = "nothing was refused"
except JsException as error:
    said = str(error)
said`;
    expect(await guarded().py.runPythonAsync(code)).toContain("PUBLISHER_CHANGED");
    expectNothingInstalled();
  });
}
