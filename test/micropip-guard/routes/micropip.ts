/** What micropip can be asked for, in every way that leads past its front door. */
import { expect, test } from "vitest";
import { errorOf, refusalOf } from "../support/interpreter.ts";
import type { Setting } from "./setting.ts";

/** Ways of micropip: a sentence and what Python does. */
export const MICROPIP: Readonly<Record<string, string>> = {
  "by name": `await micropip.install("evil")`,
  "as a dependency in the middle of a tree": `await micropip.install("wants-evil")`,
  "as the last of several": `await micropip.install(["leaf", "other", "evil"])`,
  "as the first of several": `await micropip.install(["evil", "leaf"])`,
  "without its dependencies": `await micropip.install("evil", deps=False)`,
  "with keep_going": `await micropip.install(["evil", "leaf"], keep_going=True)`,
  "by a constraint that names a URL": `await micropip.install("evil", constraints=[f"evil @ {URL}"])`,
  "by a name with a URL": `await micropip.install(f"evil @ {URL}")`,
  "by a URL": `await micropip.install(URL)`,
  "from the file system of the page": `
open("/tmp/evil-1.0-py3-none-any.whl", "wb").write(BYTES.to_bytes())
await micropip.install("emfs:/tmp/evil-1.0-py3-none-any.whl")`,
  "from a file": `await micropip.install(f"file://{FILE}")`,
  "by another package manager": `
from micropip.package_manager import PackageManager
import inspect
own = PackageManager(micropip._compat.compatibility_layer)
await own.install("evil", index_urls=INDEX)`,
  "after an uninstall": `
micropip.uninstall("evil")
await micropip.install("evil")`,
  "with reinstall": `await micropip.install("evil", reinstall=True)`,
  "after a reload of micropip's module": `
import importlib
importlib.reload(micropip.transaction)
importlib.reload(micropip.package_manager)
own = micropip.package_manager.PackageManager(micropip._compat.compatibility_layer)
await own.install("evil", index_urls=INDEX)`,
  "after micropip was forgotten and imported again": `
import sys
for name in [each for each in sys.modules if each.split(".")[0] == "micropip"]:
    del sys.modules[name]
import micropip as again
again.set_index_urls(INDEX)
await again.install("evil")`,
  "from an index in HTML": `await micropip.install("evil", index_urls=HTML)`,
  "from an index in the old JSON": `await micropip.install("evil", index_urls=LEGACY)`,
};

/** What is said of the package `evil`: of a page in HTML, which the guard does not read, nothing. */
export function refusalBy(way: string): { readonly code: string; readonly package: string } {
  return { code: way.includes("HTML") ? "UNVERIFIABLE" : "PUBLISHER_CHANGED", package: "evil" };
}

/** micropip refuses the package `evil`, whatever way it comes by. */
export function describeMicropip({ guarded, world, expectNothingInstalled }: Setting): void {
  test.each(Object.entries(MICROPIP))("micropip refuses a package %s", async (name, code) => {
    if (name.includes("HTML")) {
      world().index.setFault({ part: "page", name: "evil", fault: { kind: "html-only" } });
    }
    const refused = await refusalOf(guarded().py, code);
    world().index.clearFault("page", "evil");
    expect(refused).toMatchObject(refusalBy(name));
    expectNothingInstalled();
  });

  test("micropip says in its own words what it cannot find", async () => {
    const code = `await micropip.install(["nothing-such", "evil"], keep_going=True)`;
    const error = await errorOf(() => refusalOf(guarded().py, code));
    expect(String(error)).toContain("ValueError: Can't find a pure Python 3 wheel");
    expectNothingInstalled();
  });

  test("what was allowed all along is installed and runs", async () => {
    const { py } = guarded();
    await py.runPythonAsync(`await micropip.install(["app", "allowed"])`);
    const versions: unknown = py.runPython(
      "import app, mid, leaf; app.__version__ + leaf.__version__",
    );
    expect(versions).toBe("1.01.0");
    py.runPython(`micropip.uninstall(["app", "mid", "leaf", "allowed"])`);
    expectNothingInstalled();
  });
}
