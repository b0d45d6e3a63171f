/** The drop-in with configurations of every kind, in a page and in a worker. */
import { type Site, startSite } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildGuard } from "../../../scripts/build-guard.ts";
import { type OpenPage, PATIENCE, useChromium } from "./support/chromium.ts";
import { PYODIDE_FOLDER } from "./support/own-lock.ts";

const ROOT = "/a/b/";
const CONFIGURATION = `${ROOT}guard/micropip-guard.json`;
const VALID = { pyodide: "./pyodide/pyodide.mjs", pins: "./provenance.txt" };

/** Starts Pyodide through the drop-in; what came of it, in JSON. */
const START = `
async function start(url, options) {
  const said = [];
  try {
    const { loadPyodide, version } = await import(url);
    const py = await loadPyodide({ ...options, stderr: (text) => said.push(text) });
    const text = py.runPython("import micropip_guard; micropip_guard.report().text");
    return { version, text, indexURL: py._api.config.indexURL };
  } catch (error) {
    return { code: error.code, message: error.message, said };
  }
}`;

interface Started {
  readonly version?: string;
  readonly text?: string;
  readonly indexURL?: string;
  readonly code?: string;
  readonly message?: string;
  readonly said?: readonly string[];
}

const chromium = useChromium();
let site: Site | null = null;

beforeAll(async () => {
  const { code } = await buildGuard("micropip-guard-drop-in.mjs");
  const worker = `${START} onmessage = async ({ data }) => postMessage(await start(...data));`;
  site = await startSite({
    [ROOT]: { body: `<title>Drop-in</title><script>${START}</script>`, type: "text/html" },
    [`${ROOT}worker.js`]: { body: worker },
    [`${ROOT}guard/`]: { body: "not found", type: "text/plain", status: 404 },
    [`${ROOT}guard/micropip-guard-drop-in.mjs`]: { body: code },
    [`${ROOT}guard/pyodide/`]: { path: `${PYODIDE_FOLDER}/` },
    [`${ROOT}guard/provenance.txt`]: { body: "", type: "text/plain" },
    [CONFIGURATION]: { body: JSON.stringify(VALID) },
  });
});

afterAll(() => site?.close());

function configure(configuration: string | object, status = 200): void {
  const body = typeof configuration === "string" ? configuration : JSON.stringify(configuration);
  site?.set(CONFIGURATION, { body, status });
}

async function open(search = ""): Promise<OpenPage> {
  const opened = await chromium.open();
  await opened.page.goto(`${site?.url}${ROOT}${search}`);
  return opened;
}

/** Starts the drop-in on a page, as a host that takes its folder for Pyodide's. */
async function start({ page }: OpenPage, options: object = {}, query = ""): Promise<Started> {
  const url = `${site?.url}${ROOT}guard/micropip-guard-drop-in.mjs${query}`;
  const given = { indexURL: `${site?.url}${ROOT}guard/`, ...options };
  return page.evaluate(`start(${JSON.stringify(url)}, ${JSON.stringify(given)})`);
}

describe("the drop-in", { timeout: PATIENCE }, () => {
  test("starts a guarded Pyodide in its own folder, on a page", async () => {
    configure(VALID);
    const started = await start(await open());
    expect(started).toMatchObject({
      version: "314.0.7",
      text: expect.stringMatching(/^micropip-guard: pinned; trust root embedded/),
      indexURL: `${site?.url}${ROOT}guard/pyodide/`,
    });
  });

  test("starts a guarded Pyodide in a worker, strict as it is configured", async () => {
    configure({ ...VALID, strict: true });
    const { page } = await open();
    const url = `${site?.url}${ROOT}guard/micropip-guard-drop-in.mjs`;
    const started: Started = await page.evaluate(`new Promise((resolve) => {
      const worker = new Worker("./worker.js", { type: "module" });
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage([${JSON.stringify(url)}, {}]);
    })`);
    expect(started.text).toMatch(/^micropip-guard: pinned, strict;/);
  });

  test("says in a page's text why it starts nothing, without reading it as markup", async () => {
    configure({ ...VALID, pyodide: "./<img src=x onerror=alert()>.mjs" });
    const opened = await open();
    const { message } = await start(opened);
    const alert = opened.page.getByRole("alert");
    expect(await alert.innerText()).toContain(message);
    expect(await alert.locator("*").count()).toBe(0);
  });

  test("asks nobody but its configuration: not the page's address, nor its storage", async () => {
    configure(VALID);
    const opened = await open("?mode=report&pins=&guard=off#mode=report");
    await opened.page.evaluate(`for (const store of [localStorage, sessionStorage]) {
      for (const key of ["micropip-guard", "micropip-guard.json", "mode"]) {
        store.setItem(key, '{"mode":"report"}');
      }
    }`);
    expect((await start(opened, {}, "?mode=report#mode=report")).text).toMatch(/: pinned;/);
    expect(opened.strays).toEqual([]);
  });

  test.each(["guard", "pyodide", "stdLibURL"])("takes no option %s", async (option) => {
    configure(VALID);
    const started = await start(await open(), { [option]: { mode: "report" } });
    expect(started).toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining(option),
    });
  });

  const unknown = { ...VALID, mod: "report" };
  test.each([
    ["missing", "not found", 404, "FILE_UNREADABLE", "found status 404"],
    ["a web page", "<!doctype html><title>Home</title>", 200, "JSON_INVALID", "line 1, column 1"],
    ["empty", "", 200, "JSON_INVALID", "found the end"],
    ["no object", "[]", 200, "USAGE_INVALID", "expected an object"],
    ["of an unknown key", unknown, 200, "USAGE_INVALID", '"mod" is not known'],
    ["without pins", { pyodide: VALID.pyodide }, 200, "USAGE_INVALID", '"pins" is missing'],
    ["of an unknown mode", { ...VALID, mode: "off" }, 200, "USAGE_INVALID", "guard.mode"],
    ["of no strictness", { ...VALID, strict: "no" }, 200, "USAGE_INVALID", "guard.strict"],
    ["of pins that are none", { ...VALID, pins: "./no.txt" }, 200, "FILE_UNREADABLE", "no.txt"],
    ["of pins in a data URL", { ...VALID, pins: "data:,x" }, 200, "USAGE_INVALID", "data:,x"],
    ["of no Pyodide", { ...VALID, pyodide: "./no.mjs" }, 200, "FILE_UNREADABLE", "no.mjs"],
    [
      "of itself for Pyodide",
      { ...VALID, pyodide: "./micropip-guard-drop-in.mjs?x" },
      200,
      "USAGE_INVALID",
      "found this one",
    ],
    [
      "of another module for Pyodide",
      { ...VALID, pyodide: "../worker.js" },
      200,
      "PYODIDE_UNSUPPORTED",
      "worker.js",
    ],
    [
      "of a trust root that is none",
      { ...VALID, trustedRoot: "./provenance.txt" },
      200,
      "TRUST_ROOT_INVALID",
      "trust root",
    ],
  ] as const)(
    "starts nothing where the configuration is %s",
    async (_is, text, status, code, words) => {
      configure(text, status);
      const opened = await open();
      const started = await start(opened);
      expect(started).toMatchObject({ code, message: expect.stringContaining(words) });
      const said = `micropip-guard did not start Pyodide: ${started.message}`;
      expect(started.said?.at(-1)).toBe(said);
      expect(await opened.page.getByRole("alert").innerText()).toBe(said);
    },
  );
});
