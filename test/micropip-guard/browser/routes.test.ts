/** The ways into Pyodide, tried in Chromium with the single file. */
import { readFile } from "node:fs/promises";
import { type Site, startSite } from "@pubpin/test-kit/node";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildGuard } from "../../../scripts/build-guard.ts";
import { AT_ONCE } from "../routes/at-once.ts";
import { shapesOfEvil } from "../routes/evil.ts";
import { MICROPIP } from "../routes/micropip.ts";
import { attempting, LIST_INSTALLED, type Refused } from "../support/interpreter.ts";
import { NEWEST } from "../support/pairs.ts";
import { useWorld } from "../support/use-world.ts";
import { PATIENCE, useChromium } from "./support/chromium.ts";
import { PYODIDE_FOLDER } from "./support/own-lock.ts";

const WHEEL = `/micropip-${NEWEST.micropip}-py3-none-any.whl`;
/** What the page offers to the tests. Bytes come as lists of numbers. */
const SCRIPT = `
import { guardPyodide, indexedDbStore } from "./guard.js";
import { loadPyodide } from "./pyodide/pyodide.mjs";
window.start = async ({ pins, index, root, values, mode, kept }) => {
  const py = await loadPyodide({ indexURL: new URL("./pyodide/", location).href, stdout() {}, stderr() {} });
  py.runPython("import pyodide.http\\nfrom pyodide._package_loader import unpack_buffer as KEPT");
  const store = kept ? indexedDbStore("routes") : undefined;
  const trustedRoot = new Uint8Array(root);
  window.guard = await guardPyodide(py, { pins, index, trustedRoot, mode, store });
  await py.loadPackage(new URL("${WHEEL}", location).href, { messageCallback() {} });
  for (const [name, value] of Object.entries(values)) {
    py.globals.set(name, Array.isArray(value) ? new Uint8Array(value) : value);
  }
  py.runPython("import micropip, site\\nmicropip.set_index_urls(INDEX)\\nSITE = site.getsitepackages()[0]");
  window.py = py;
};`;

const world = useWorld(NEWEST);
const chromium = useChromium();
let site: Site | null = null;
let values: Record<string, unknown> = {};
let closeShapes: (() => Promise<void>) | null = null;

beforeAll(async () => {
  const { globals, close } = await shapesOfEvil(world());
  closeShapes = close;
  const { FILE: _file, BYTES, TAR, ...texts } = globals;
  values = { ...texts, BYTES: [...BYTES], TAR: [...TAR], INDEX: world().index.simpleUrl };
  const { code } = await buildGuard("micropip-guard.min.js");
  site = await startSite({
    "/": {
      body: `<title>Routes</title><script type="module">${SCRIPT}</script>`,
      type: "text/html",
    },
    "/guard.js": { body: code, type: "text/javascript" },
    "/pyodide/": { path: `${PYODIDE_FOLDER}/` },
    [WHEEL]: { body: new Uint8Array(await readFile(world().micropip)) },
  });
}, PATIENCE);

afterAll(async () => {
  await site?.close();
  await closeShapes?.();
});

/** A page with a guarded interpreter. */
async function open(mode = "pinned", given: Page | null = null): Promise<Page> {
  const page = given ?? (await chromium.open()).page;
  await page.goto(`${site?.url}/`);
  await page.waitForFunction("window.start !== undefined");
  const { pins, index, trustedRoot } = world();
  const options = { pins, index: index.simpleUrl, root: [...trustedRoot], values, mode };
  await page.evaluate(`start(${JSON.stringify({ ...options, kept: mode === "tofu" })})`);
  return page;
}

async function run(page: Page, code: string): Promise<unknown> {
  return page.evaluate(`py.runPythonAsync(${JSON.stringify(code)})`);
}

async function refusalIn(page: Page, code: string): Promise<Refused | string> {
  return JSON.parse((await run(page, attempting(code))) as string) as Refused | string;
}

describe("in Chromium", { timeout: PATIENCE }, () => {
  test("nothing that is refused is installed, whatever way it comes by", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    for (const [name, code] of Object.entries(MICROPIP)) {
      if (code.includes("FILE")) continue;
      const isHtml = name.includes("HTML");
      if (isHtml) {
        world().index.setFault({ part: "page", name: "evil", fault: { kind: "html-only" } });
      }
      const refused = await refusalIn(page, code);
      world().index.clearFault("page", "evil");
      expect([name, refused]).toMatchObject([name, { code: "PUBLISHER_CHANGED", package: "evil" }]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    for (const [name, code] of Object.entries(AT_ONCE)) {
      expect([name, await refusalIn(page, code)]).toMatchObject([name, { code: "NOT_FROM_INDEX" }]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    const ways = ["url", "blob", "data"].map(
      (way) => `
(async () => {
  const bytes = new Uint8Array(${JSON.stringify(values["BYTES"])});
  const name = "#evil-1.0-py3-none-any.whl";
  const url = { url: ${JSON.stringify(values["URL"])},
    blob: URL.createObjectURL(new Blob([bytes])) + name,
    data: "data:application/zip;base64," + btoa(String.fromCharCode(...bytes)) + name }["${way}"];
  try { await py.loadPackage(url); return "nothing was refused"; }
  catch (error) { return { code: error.code, refusal: error.refusal }; }
})()`,
    );
    for (const way of ways) {
      expect(await page.evaluate(way)).toMatchObject({
        code: "INSTALL_REFUSED",
        refusal: { code: "PUBLISHER_CHANGED", package: "evil" },
      });
      expect(await run(page, LIST_INSTALLED)).toEqual(before);
    }
    await run(page, `await micropip.install(["app", "allowed"])`);
    expect(await run(page, "import app, mid, leaf; leaf.__version__")).toBe("1.0");
  });

  test("provenance that CORS keeps from the page is no attestation that is missing", async () => {
    const page = await open();
    world().index.setFault({ part: "provenance", name: "*", fault: { kind: "no-cors" } });
    const refused = await refusalIn(page, `await micropip.install("leaf")`);
    world().index.clearFault("provenance", "*");
    expect(refused).toMatchObject({ code: "UNVERIFIABLE", package: "leaf" });
    await run(page, `await micropip.install("leaf")`);
  });

  test("first use is remembered by the next page of the site", async () => {
    const page = await open("tofu");
    await run(page, `await micropip.install("unpinned")`);
    await open("tofu", page);
    expect(await page.evaluate("guard.pins()")).toContain(
      "github.com/good/unpinned#repository-id=1",
    );
  });

  test("a browser that refuses its database keeps first use from starting", async () => {
    const { page } = await chromium.open();
    await page.addInitScript(
      `IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };`,
    );
    await expect(open("tofu", page)).rejects.toThrow("the guard's store");
  });
});
