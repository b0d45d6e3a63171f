/** The page of examples/browser-page, with the single file, as a browser without a bundler has it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Site, startSite } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildGuard } from "../../../scripts/build-guard.ts";
import { type OpenPage, PATIENCE, STEP, useChromium } from "./support/chromium.ts";
import { PYODIDE_FOLDER } from "./support/own-lock.ts";
import { useRealIndex } from "./support/real-index.ts";

const EXAMPLE = join(import.meta.dirname, "../../../examples/browser-page");
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const PINS = "/some/where/provenance.txt";

const chromium = useChromium();
const real = useRealIndex();
let site: Site | null = null;
let built = "";

beforeAll(async () => {
  const { code, integrity } = await buildGuard("micropip-guard.min.js");
  built = integrity;
  site = await startSite({
    "/some/where/": { path: `${EXAMPLE}/` },
    "/some/where/micropip-guard.min.js": { body: code },
    "/some/where/pyodide/": { path: `${PYODIDE_FOLDER}/` },
  });
});

afterAll(() => site?.close());

async function open(path = ""): Promise<OpenPage> {
  site?.set(`/some/where/${MICROPIP}`, { path: real().wheel(MICROPIP) });
  const opened = await chromium.open({ "https://pypi.org": real().index.url });
  await opened.page.goto(`${site?.url}/some/where/${path}`);
  return opened;
}

/** The page with an import map before its script, as docs/guard/browser.md has it. */
async function openWithIntegrity(integrity: string): Promise<OpenPage> {
  const map = JSON.stringify({ integrity: { "./micropip-guard.min.js": integrity } });
  const page = await readFile(join(EXAMPLE, "index.html"), "utf8");
  const body = page.replace("<script", `<script type="importmap">${map}</script><script`);
  site?.set("/some/where/integrity.html", { body, type: "text/html" });
  return open("integrity.html");
}

describe("a plain page with the single file", { timeout: PATIENCE }, () => {
  test("installs what the pinned publisher signed", async () => {
    const { page, strays } = await open();
    await page.locator("#report table").waitFor({ timeout: STEP });
    expect(await page.innerText("#status")).toBe("Installed: 6");
    const report = await page.innerText("#report");
    expect(report).toMatch(
      /accepted\s+sampleproject 4\.0\.0\s+https:\/\/github\.com\/pypa\/sampleproject/,
    );
    expect(strays).toEqual([]);
  });

  test("runs the file whose integrity the build says, and no other file", async () => {
    const right = await openWithIntegrity(built);
    await right.page.locator("#status:text('Installed: 6')").waitFor({ timeout: STEP });
    const wrong = await openWithIntegrity(`sha384-${"A".repeat(64)}`);
    await expect
      .poll(() => wrong.messages.join("\n"), { timeout: STEP })
      .toContain("micropip-guard.min.js");
    expect(wrong.messages.join("\n")).toContain("integrity");
    expect(await wrong.page.innerText("#status")).toBe("Starting");
  });

  test("installs nothing where another publisher is pinned", async () => {
    const pins = await readFile(join(EXAMPLE, "provenance.txt"), "utf8");
    site?.set(PINS, { body: pins.replace(/pypa\/sampleproject.*/, "pypa/other") });
    const { page } = await open();
    await page.locator("#report table").waitFor({ timeout: STEP });
    const status = await page.innerText("#status");
    expect(status).toContain("ProvenanceError");
    expect(status).toContain("sampleproject 4.0.0 was refused: PUBLISHER_CHANGED");
    expect(status).toContain("Nothing of this install was unpacked.");
  });
});
