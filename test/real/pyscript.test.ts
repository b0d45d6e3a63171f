/** examples/pyscript: pages of PyScript with the drop-in in the place of Pyodide, under a sub-path. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Site, startSite } from "@pubpin/test-kit/node";
import type { Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildGuard } from "../../scripts/build-guard.ts";
import {
  type OpenPage,
  PATIENCE,
  STEP,
  useChromium,
} from "../micropip-guard/browser/support/chromium.ts";
import { ownLock, PYODIDE_FOLDER } from "../micropip-guard/browser/support/own-lock.ts";
import { useRealIndex } from "../micropip-guard/browser/support/real-index.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/pyscript");
const PYSCRIPT = dirname(fileURLToPath(import.meta.resolve("@pyscript/core/css")));
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const ROOT = "/some/where/";
const REFUSED = "sampleproject 4.0.0 was refused: PUBLISHER_CHANGED";
/** With these a worker reaches the page that it belongs to. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
const PINS = `${ROOT}guard/provenance.txt`;
const CONFIGURATION = `${ROOT}guard/micropip-guard.json`;

const chromium = useChromium();
const real = useRealIndex();
let site: Site | null = null;
let pins = "";

beforeAll(async () => {
  const { code } = await buildGuard("micropip-guard-drop-in.mjs");
  site = await startSite(
    {
      [ROOT]: { path: `${EXAMPLE}/` },
      [`${ROOT}pyscript/`]: { path: `${PYSCRIPT}/` },
      [`${ROOT}guard/pyodide/`]: { path: `${PYODIDE_FOLDER}/` },
      [`${ROOT}guard/micropip-guard-drop-in.mjs`]: { body: code },
    },
    HEADERS,
  );
});

afterAll(() => site?.close());

beforeEach(async () => {
  const path = real().wheel(MICROPIP);
  const { text, line } = await ownLock([{ path, needs: [] }]);
  site?.set(`${ROOT}guard/pyodide/${MICROPIP}`, { path });
  site?.set(`${ROOT}guard/pyodide/pyodide-lock.json`, { body: text });
  site?.set(CONFIGURATION, { path: join(EXAMPLE, "guard/micropip-guard.json") });
  pins = line + (await readFile(join(EXAMPLE, "guard/provenance.txt"), "utf8"));
  site?.set(PINS, { body: pins });
});

async function open(path: string): Promise<OpenPage> {
  const opened = await chromium.open({ "https://pypi.org": real().index.url });
  await opened.page.goto(`${site?.url}${ROOT}${path}`);
  return opened;
}

async function accepts(page: Page): Promise<string> {
  await page.locator("#status:text('Installed: 6')").waitFor({ timeout: STEP });
  // A worker changes the page in steps, and the report comes after the status.
  await page.locator("#report:text('accepted')").waitFor({ timeout: STEP });
  return page.innerText("#report");
}

/** The refusal on the console of a page, where PyScript shows what stops it from starting. */
async function refusal({ page, messages }: OpenPage): Promise<string> {
  const said = (): string => messages.join("\n");
  await expect.poll(said, { timeout: STEP }).toContain("Nothing of this install was unpacked.");
  expect(await page.innerText("#status")).toBe("Starting");
  return said();
}

describe.each(["index.html", "worker.html"])("the page %s", { timeout: 2 * PATIENCE }, (path) => {
  test("installs what is accepted, at first and when PyScript has cached its lock", async () => {
    const { page, strays } = await open(path);
    const first = await accepts(page);
    expect(first).toMatch(/accepted +micropip 0\.11\.1 +FILE_PINNED/);
    expect(first).toMatch(/accepted +sampleproject 4\.0\.0 +PUBLISHER_MATCH/);
    await page.reload();
    const second = await accepts(page);
    expect(second).not.toContain("micropip 0.11.1");
    expect(second).toMatch(/accepted +sampleproject 4\.0\.0 +PUBLISHER_MATCH/);
    expect(strays).toEqual([]);
  });

  test("installs nothing where another publisher is pinned, and nothing of a cached lock", async () => {
    const other = pins.replace(/pypa\/sampleproject.*/, "pypa/other");
    site?.set(PINS, { body: other });
    const opened = await open(path);
    expect(await refusal(opened)).toContain(REFUSED);
    site?.set(PINS, { body: pins });
    await opened.page.reload();
    await accepts(opened.page);
    site?.set(PINS, { body: other });
    opened.forget();
    await opened.page.reload();
    expect(await refusal(opened)).toContain(REFUSED);
  });
});

test(
  "a page whose guard has no configuration says so, and starts nothing",
  async () => {
    site?.set(CONFIGURATION, { body: "<!doctype html>", type: "text/html" });
    const { page } = await open("index.html");
    const alert = page.getByRole("alert").first();
    await alert.waitFor({ timeout: STEP });
    expect(await alert.innerText()).toMatch(
      /^micropip-guard did not start Pyodide: \S+micropip-guard\.json, line 1, column 1/,
    );
    expect(await page.innerText("#status")).toBe("Starting");
  },
  PATIENCE,
);
