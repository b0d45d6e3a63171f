/** Pages of a site with the single file, and guarded interpreters in them. */
import { readFile } from "node:fs/promises";
import { type Site, startSite } from "@pubpin/test-kit/node";
import type { Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { buildGuard } from "../../../../scripts/build-guard.ts";
import { shapesOfEvil } from "../../routes/evil.ts";
import { attempting, type Refused } from "../../support/interpreter.ts";
import { NEWEST } from "../../support/pairs.ts";
import { useWorld } from "../../support/use-world.ts";
import type { World } from "../../support/world.ts";
import { PATIENCE, useChromium } from "./chromium.ts";
import { PYODIDE_FOLDER } from "./own-lock.ts";

const WHEEL = `/micropip-${NEWEST.micropip}-py3-none-any.whl`;
/** What the page offers to the tests. Bytes come as lists of numbers. */
const SCRIPT = `
import { guardPyodide, indexedDbStore, loadPyodide as loadGuarded } from "./lib/guard.js";
import { loadPyodide } from "./pyodide/pyodide.mjs";
const SILENT = { stdout() {}, stderr() {} };
const guardOf = ({ pins, index, root, mode, kept }) => ({
  pins, index, mode,
  store: kept ? indexedDbStore("routes") : undefined,
  trustedRoot: root === null ? undefined : new Uint8Array(root),
});
window.begin = async () => {
  window.py = await loadPyodide({ indexURL: new URL("./pyodide/", location).href, ...SILENT });
  py.runPython("import pyodide.http\\nfrom pyodide._package_loader import unpack_buffer as KEPT");
};
window.protect = async (given) => {
  try {
    window.guard = await guardPyodide(py, guardOf(given));
    return null;
  } catch (error) {
    return { code: error.code, message: error.message };
  }
};
window.equip = async ({ values }) => {
  await py.loadPackage(new URL("${WHEEL}", location).href, { messageCallback() {} });
  for (const [name, value] of Object.entries(values)) {
    py.globals.set(name, Array.isArray(value) ? new Uint8Array(value) : value);
  }
  py.runPython("import micropip, site\\nmicropip.set_index_urls(INDEX)\\nSITE = site.getsitepackages()[0]");
};
window.load = async (given, options) => {
  try {
    window.py = await loadGuarded({ ...SILENT, ...options, guard: guardOf(given) });
    return null;
  } catch (error) {
    return { code: error.code, refusal: error.refusal };
  }
};
window.ready = true;`;

/** How a page guards its interpreter. */
export interface Guarding {
  readonly mode?: "pinned" | "tofu";
  /** Whether the guard has a store in the browser's database. */
  readonly kept?: boolean;
  readonly index?: string;
  /** The trust root: the world's, or the one in the file. */
  readonly root?: "given" | "embedded";
}

/** Why something did not start. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A site with the single file and a world of packages. */
export interface GuardedSite {
  readonly world: () => World;
  readonly site: () => Site;
  /** A page of the site, of a host, with nothing in it yet. */
  readonly visit: (page?: Page | null, host?: string) => Promise<Page>;
  /** Values for the page's functions, as a text. */
  readonly given: (guarding?: Guarding) => string;
  /** A page with a guarded interpreter that has micropip. */
  readonly open: (guarding?: Guarding, page?: Page | null) => Promise<Page>;
  readonly newPage: () => Promise<Page>;
  /** The package `evil`, by the names of Python's globals; bytes are lists of numbers. */
  readonly values: () => Readonly<Record<string, unknown>>;
}

/** Starts the site before the tests of a file, and ends it after them. */
export function useGuardedSite(): GuardedSite {
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
        body: `<title>Guarded</title><script type="module">${SCRIPT}</script>`,
        type: "text/html",
      },
      "/lib/guard.js": { body: code, type: "text/javascript" },
      "/pyodide/": { path: `${PYODIDE_FOLDER}/` },
      [WHEEL]: { body: new Uint8Array(await readFile(world().micropip)) },
    });
  }, PATIENCE);

  afterAll(async () => {
    await site?.close();
    await closeShapes?.();
  });

  const started = (): Site => {
    if (site === null) throw new Error("the site has not started");
    return site;
  };
  const newPage = async (): Promise<Page> => (await chromium.open()).page;
  const visit: GuardedSite["visit"] = async (page = null, host = "127.0.0.1") => {
    const visited = page ?? (await newPage());
    await visited.goto(`${started().url.replace("127.0.0.1", host)}/`);
    await visited.waitForFunction("window.ready === true");
    return visited;
  };
  const given: GuardedSite["given"] = ({ mode, kept, index, root = "given" } = {}) => {
    const { pins, trustedRoot } = world();
    const own = index ?? world().index.simpleUrl;
    const bytes = root === "given" ? [...trustedRoot] : null;
    return JSON.stringify({ pins, index: own, root: bytes, mode, kept, values });
  };
  return {
    world,
    site: started,
    visit,
    given,
    newPage,
    values: () => values,
    async open(guarding = {}, page = null) {
      const visited = await visit(page);
      await visited.evaluate("begin()");
      const failure = (await visited.evaluate(`protect(${given(guarding)})`)) as Failure | null;
      if (failure !== null) throw new Error(`${failure.code}: ${failure.message}`);
      await visited.evaluate(`equip(${given()})`);
      return visited;
    },
  };
}

/** What Python code in a page gives. */
export async function run(page: Page, code: string): Promise<unknown> {
  return page.evaluate(`py.runPythonAsync(${JSON.stringify(code)})`);
}

/** The refusal that Python code in a page ends in; what it gives back where it ends in none. */
export async function refusalIn(page: Page, code: string): Promise<Refused | string> {
  return JSON.parse((await run(page, attempting(code))) as string) as Refused | string;
}
