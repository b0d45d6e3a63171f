/** The ways into Pyodide, tried in Chromium with the single file. */
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { attempts, MEMBERS, type Outcome, PLACES } from "../routes/archives.ts";
import { AT_ONCE } from "../routes/at-once.ts";
import { WITHOUT_MICROPIPS_CHECK } from "../routes/layers.ts";
import { MICROPIP, refusalBy } from "../routes/micropip.ts";
import { LIST_INSTALLED } from "../support/interpreter.ts";
import { PATIENCE } from "./support/chromium.ts";
import { refusalIn, run, useGuardedSite } from "./support/guarded-page.ts";

const { world, visit, given, open, values } = useGuardedSite();

/** Ways to load the wheel `evil`, as expressions of the page; \`bytes\` are its content. */
const LOADED: Readonly<Record<string, string>> = {
  "by a URL": `py.loadPackage(url)`,
  "in a list": `py.loadPackage([url])`,
  "together with what is fine": `py.loadPackage([leaf, url])`,
  "by a blob URL": `py.loadPackage(URL.createObjectURL(new Blob([bytes])) + name)`,
  "by a data URL": `py.loadPackage("data:application/zip;base64," + btoa(String.fromCharCode(...bytes)) + name)`,
};

/** Ways past the functions that a page is meant to use. */
const PAST: Readonly<Record<string, string>> = {
  "_api.install": `py._api.install(bytes, name.slice(1), SITE)`,
  "unpackArchive as whl": `py.unpackArchive(bytes, "whl")`,
  "unpackArchive as wheel": `py.unpackArchive(bytes, "wheel")`,
  "unpackArchive as zip": `py.unpackArchive(bytes, "zip")`,
  "unpackArchive among the installed": `py.unpackArchive(bytes, "zip", { extractDir: SITE })`,
};

/** Without its upper layers; what is asked for would be accepted. */
const WITHOUT_A_LAYER: Readonly<Record<string, string>> = {
  "a package manager of one's own": `
    const own = new py._api.packageManager.constructor(py._api, py._module);
    return await own.loadPackage(fresh, { errorCallback: (text) => said.push(text) });`,
  "loadPackage without its check": `
    const manager = py._api.packageManager;
    const { loadPackageInner } = manager;
    delete manager.loadPackageInner;
    try { return await py.loadPackage(fresh, { errorCallback: (text) => said.push(text) }); }
    finally { manager.loadPackageInner = loadPackageInner; }`,
};

/** Runs JavaScript in a page, which finds there what it is to load. */
async function inPage(page: Page, body: string): Promise<unknown> {
  return page.evaluate(`(async () => {
    const said = [];
    const bytes = new Uint8Array(${JSON.stringify(values()["BYTES"])});
    const name = "#evil-1.0-py3-none-any.whl";
    const url = ${JSON.stringify(world().url("evil"))};
    const leaf = ${JSON.stringify(world().url("leaf"))};
    const fresh = ${JSON.stringify(world().url("fresh"))};
    const SITE = py.globals.get("SITE");
    const act = async () => { ${body} };
    try { return { loaded: await act(), said: said.join() }; }
    catch (error) { return { code: error.code, refusal: error.refusal, text: String(error) }; }
  })()`);
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
      expect([name, refused]).toMatchObject([name, refusalBy(name)]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    for (const [name, way] of Object.entries(LOADED)) {
      expect([name, await inPage(page, `return await ${way};`)]).toMatchObject([
        name,
        { code: "INSTALL_REFUSED", refusal: { code: "PUBLISHER_CHANGED", package: "evil" } },
      ]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    await run(page, `await micropip.install(["app", "allowed"])`);
    expect(await run(page, "import app, mid, leaf; leaf.__version__")).toBe("1.0");
  });

  test("the gate stops what comes past the rest, with all layers and without", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    for (const [name, code] of Object.entries(AT_ONCE)) {
      expect([name, await refusalIn(page, code)]).toMatchObject([name, { code: "NOT_FROM_INDEX" }]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    for (const [name, way] of Object.entries(PAST)) {
      expect([name, await inPage(page, `return await ${way};`)]).toMatchObject([
        name,
        { text: expect.stringContaining("NOT_FROM_INDEX") },
      ]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    for (const [name, body] of Object.entries(WITHOUT_A_LAYER)) {
      expect([name, await inPage(page, body)]).toMatchObject([
        name,
        { loaded: [], said: expect.stringContaining("NOT_FROM_INDEX") },
      ]);
      expect([name, await run(page, LIST_INSTALLED)]).toEqual([name, before]);
    }
    await expect(run(page, WITHOUT_MICROPIPS_CHECK)).rejects.toThrow("NOT_FROM_INDEX");
    expect(await run(page, LIST_INSTALLED)).toEqual(before);
    await run(page, `await micropip.install("fresh")`);
    expect(await run(page, "import fresh; fresh.__version__")).toBe("1.0");
  });

  test("archives of every format are stopped wherever Python looks, and nowhere else", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    const codesOf = async (...offer: Parameters<typeof attempts>): Promise<Set<string | null>> => {
      const outcomes = JSON.parse((await run(page, attempts(...offer))) as string) as Outcome[];
      return new Set(outcomes.map(({ code }) => code));
    };
    for (const [where, places] of PLACES) {
      const codes = await codesOf(places, ["evil.py"]);
      expect([where, [...codes]]).toEqual([where, ["NOT_FROM_INDEX"]]);
    }
    for (const [what, format, members] of MEMBERS) {
      const codes = await codesOf('["/data"]', members, format);
      expect([what, [...codes]]).toEqual([what, ["NOT_FROM_INDEX"]]);
    }
    expect(await codesOf('["/data"]', ["numbers/a.csv", "notes.txt"])).toEqual(new Set([null]));
    expect(await run(page, LIST_INSTALLED)).toEqual(before);
  });

  test("loadPyodide finds Pyodide relative to the page, and judges its option packages", async () => {
    const page = await visit();
    const load = async (packages: readonly string[]): Promise<unknown> => {
      const options = { indexURL: "./pyodide", packages };
      return page.evaluate(`load(${given()}, ${JSON.stringify(options)})`);
    };
    expect(await load([world().url("leaf"), world().url("evil")])).toMatchObject({
      code: "INSTALL_REFUSED",
      refusal: { code: "PUBLISHER_CHANGED", package: "evil" },
    });
    expect(await load([world().url("leaf")])).toBeNull();
    expect(await run(page, "import leaf; leaf.__version__")).toBe("1.0");
  });

  test("what add_mock_package made satisfies, and is said to be what it is", async () => {
    const page = await open();
    await run(page, `micropip.add_mock_package("leaf", "1.0")\nawait micropip.install("mid")`);
    expect(await page.evaluate("guard.report().text")).toMatch(/reported +leaf 1\.0 +NOT_FROM/);
  });

  test("first use is remembered by the next page of the site", async () => {
    const page = await open({ mode: "tofu", kept: true });
    await run(page, `await micropip.install("unpinned")`);
    await open({ mode: "tofu", kept: true }, page);
    expect(await page.evaluate("guard.pins()")).toContain(
      "github.com/good/unpinned#repository-id=1",
    );
  });
});
