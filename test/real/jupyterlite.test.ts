/** A JupyterLite site with the drop-in in the place of Pyodide, under a sub-path. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Site, startSite } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type OpenPage,
  PATIENCE,
  STEP,
  useChromium,
} from "../micropip-guard/browser/support/chromium.ts";
import { useRealIndex } from "../micropip-guard/browser/support/real-index.ts";
import { buildLiteSite, type LiteSite } from "./jupyterlite-site.ts";

const ROOT = "/some/where/";
const PINS = `${ROOT}guard/provenance.txt`;
const CONFIGURATION = `${ROOT}guard/micropip-guard.json`;

/** Installs in each of the ways that a notebook has. */
const WAYS = {
  "%pip install": "%pip install REQUIREMENT",
  "piplite.install": "import piplite; await piplite.install('REQUIREMENT')",
  "micropip.install": "import micropip; await micropip.install('REQUIREMENT')",
} as const;

const chromium = useChromium();
const real = useRealIndex();
let folder = "";
let built: LiteSite = { missing: "not built yet" };
let site: Site | null = null;
let pins = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-"));
  built = await buildLiteSite(folder);
  if ("missing" in built) return;
  site = await startSite({ [ROOT]: { path: `${built.folder}/` } });
  pins = await readFile(join(built.folder, "guard/provenance.txt"), "utf8");
}, 300_000);

afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true });
});

beforeEach((context) => {
  if ("missing" in built) context.skip(built.missing);
});

/** Opens a page of the site, where PyPI is an index of our own. */
async function open(path: string): Promise<OpenPage> {
  const opened = await chromium.open({ "https://pypi.org": real().index.url });
  await opened.page.goto(`${site?.url}${ROOT}${path}`);
  return opened;
}

/** What a cell of the REPL shows when it has ended. */
async function runInRepl(lines: readonly string[]): Promise<string> {
  const code = [...lines, 'print("the cell", "has ended")'].join("\n");
  const { page } = await open(`repl/index.html?kernel=python&code=${encodeURIComponent(code)}`);
  const outputs = page.locator(".jp-OutputArea-output");
  await outputs.getByText("the cell has ended").waitFor({ timeout: STEP });
  return (await outputs.allInnerTexts()).join("\n");
}

/** Lines that show the error which a line ends in. */
function caught(line: string): readonly string[] {
  return [
    "try:",
    `    ${line}`,
    "except Exception as error:",
    "    print(type(error).__name__, error)",
  ];
}

function wayOf(name: keyof typeof WAYS, requirement: string): string {
  return WAYS[name].replace("REQUIREMENT", requirement);
}

describe("a REPL of JupyterLite", { timeout: PATIENCE }, () => {
  test("installs what is accepted, in each way", async () => {
    site?.set(PINS, { body: `${pins}#unsigned:six allowed\n` });
    const shown = await runInRepl([
      wayOf("%pip install", "peppercorn==0.6"),
      wayOf("piplite.install", "sampleproject==4.0.0"),
      wayOf("micropip.install", "six==1.17.0"),
      "import peppercorn, sample.simple, six, micropip_guard",
      "print(sample.simple.add_one(41))",
      "print(micropip_guard.report().text)",
    ]);
    expect(shown).toContain("42\n");
    expect(shown).toMatch(/accepted +peppercorn 0\.6 +FILE_PINNED/);
    expect(shown).toMatch(/accepted +sampleproject 4\.0\.0 +PUBLISHER_MATCH/);
  });

  test("installs nothing of what is refused, in each way", async () => {
    site?.set(PINS, { body: pins.replace(/pypa\/sampleproject.*/, "pypa/other") });
    const requirement = "sampleproject==4.0.0";
    const shown = await runInRepl([
      ...caught(wayOf("%pip install", requirement)),
      ...caught(wayOf("piplite.install", requirement)),
      ...caught(wayOf("micropip.install", requirement)),
      ...caught("import sample"),
      ...caught("import peppercorn"),
    ]);
    const refusals = shown.match(/^ProvenanceError sampleproject 4\.0\.0 .*PUBLISHER_CHANGED/gm);
    expect(refusals).toHaveLength(3);
    expect(shown).toContain("ModuleNotFoundError No module named 'sample'");
    expect(shown).toContain("ModuleNotFoundError No module named 'peppercorn'");
  });
});

describe("JupyterLite", { timeout: PATIENCE }, () => {
  test("shows in a notebook who was expected and who was found", async () => {
    site?.set(PINS, { body: pins.replace(/pypa\/sampleproject.*/, "pypa/other") });
    const { page } = await open("lab/index.html");
    await page.locator(".jp-LauncherCard[data-category=Notebook]").click({ timeout: STEP });
    await page.getByText("Python (Pyodide) | Idle").waitFor({ timeout: STEP });
    await page.locator(".jp-Notebook .cm-content").click({ timeout: STEP });
    await page.keyboard.type(wayOf("%pip install", "sampleproject==4.0.0"));
    await page.keyboard.press("Shift+Enter");
    const output = page.locator(".jp-Notebook .jp-OutputArea-output");
    await output.getByText("Nothing of this install was unpacked.").waitFor({ timeout: STEP });
    const shown = await output.innerText();
    expect(shown).toContain("ProvenanceError: sampleproject 4.0.0 was refused: PUBLISHER_CHANGED");
    expect(shown).toContain("expected https://github.com/pypa/other");
    expect(shown).not.toMatch(/\.js:|\.mjs|PythonError|Traceback|micropip\//);
  });

  test("starts no kernel where the guard has no configuration, and logs the reason", async () => {
    site?.set(CONFIGURATION, { body: "<!doctype html>", type: "text/html" });
    const { page, messages } = await open("lab/index.html");
    await page.locator(".jp-LauncherCard[data-category=Notebook]").click({ timeout: STEP });
    const reason =
      /micropip-guard did not start Pyodide: \S+micropip-guard\.json, line 1, column 1/;
    await expect.poll(() => messages.join("\n"), { timeout: STEP }).toMatch(reason);
    await page.getByText("View", { exact: true }).click({ timeout: STEP });
    await page.getByText("Show Log Console").click({ timeout: STEP });
    await page.locator(".jp-LogConsolePanel").getByText(reason).first().waitFor({ timeout: STEP });
    expect(await page.locator(".jp-Notebook .jp-OutputArea-output").allInnerTexts()).toEqual([]);
  });
});
