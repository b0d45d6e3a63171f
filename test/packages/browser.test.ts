/** The packed guard in pages: its single file as it is, and its modules as Vite bundles them. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Site, startSite } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { commandOf } from "../../scripts/packages.ts";
import { PATIENCE, STEP, useChromium } from "../micropip-guard/browser/support/chromium.ts";
import { PYODIDE_FOLDER } from "../micropip-guard/browser/support/own-lock.ts";
import { useRealIndex } from "../micropip-guard/browser/support/real-index.ts";
import { run } from "../real/python.ts";
import {
  type FreshProject,
  freshProject,
  type Manager,
  managers,
  packFor,
} from "./support/fresh-project.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/browser-page");
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const SINGLE_FILE = "micropip-guard.min.js";
/** Vitest brings Vite. */
const VITE = createRequire(import.meta.resolve("vitest/package.json")).resolve("vite/package.json");

const chromium = useChromium();
const real = useRealIndex();
const folders: string[] = [];
let project: FreshProject = { missing: "" };
let site: Site | null = null;

beforeAll(async () => {
  const { folder, packed } = await packFor("browser");
  folders.push(folder);
  const [npm] = await managers();
  project = await freshProject(npm as Manager, packed);
  if ("missing" in project) return;
  folders.push(project.folder);
  site = await startSite({});
}, PATIENCE);

afterAll(async () => {
  await site?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

beforeEach((context) => {
  if ("missing" in project) context.skip(project.missing);
});

function installed(): string {
  return "folder" in project ? project.folder : "";
}

/** Puts a page of the site at a path, with everything that it needs beside it. */
function put(path: string, folder: string): string {
  site?.set(path, { path: `${folder}/` });
  site?.set(`${path}pyodide/`, { path: `${PYODIDE_FOLDER}/` });
  site?.set(`${path}provenance.txt`, { path: join(EXAMPLE, "provenance.txt") });
  site?.set(`${path}${MICROPIP}`, { path: real().wheel(MICROPIP) });
  return `${site?.url}${path}`;
}

/** What the page shows in the end, accepted or refused. */
async function shown(url: string): Promise<{ readonly status: string; readonly report: string }> {
  const { page, strays } = await chromium.open({ "https://pypi.org": real().index.url });
  await page.goto(url);
  await page.locator("#report table").waitFor({ timeout: STEP });
  expect(strays).toEqual([]);
  return { status: await page.innerText("#status"), report: await page.innerText("#report") };
}

async function acceptsAndRefuses(path: string, folder: string): Promise<void> {
  const url = put(path, folder);
  const { status, report } = await shown(url);
  expect(status).toBe("Installed: 6");
  expect(report).toMatch(/accepted\s+sampleproject 4\.0\.0/);
  const pins = readFileSync(join(EXAMPLE, "provenance.txt"), "utf8");
  const other = pins.replace(/pypa\/sampleproject.*/, "pypa/other");
  site?.set(`${path}provenance.txt`, { body: other });
  expect((await shown(url)).status).toContain("refused: PUBLISHER_CHANGED");
}

describe("in Chromium", { timeout: PATIENCE }, () => {
  test("a plain page takes the single file out of the package, accepts and refuses", async () => {
    site?.set(`/plain/${SINGLE_FILE}`, {
      path: join(installed(), "node_modules/micropip-guard/dist", SINGLE_FILE),
    });
    await acceptsAndRefuses("/plain/", EXAMPLE);
  });

  test("a page that Vite builds from the package's modules accepts and refuses", async () => {
    const page = readFileSync(join(EXAMPLE, "index.html"), "utf8");
    const ours = page.replace(`"./${SINGLE_FILE}"`, '"micropip-guard"');
    expect(ours).not.toBe(page);
    writeFileSync(join(installed(), "index.html"), ours);
    const vite = commandOf(VITE, "vite");
    const parameters = [vite, "build", "--base=./", "--target=es2023"];
    const { stdout } = await run(process.execPath, parameters, { cwd: installed() });
    expect(stdout).toContain("built in");
    await acceptsAndRefuses("/vite/", join(installed(), "dist"));
  });
});
