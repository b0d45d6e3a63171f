/** Starts interpreters in Chromium, each on a page of its own. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startSite } from "@pubpin/test-kit/node";
import { build } from "esbuild";
import { type BrowserContext, chromium } from "playwright";
import { CHROMIUM_ARGUMENTS, findChromium } from "../../scripts/browser.ts";
import type { Environment, Situation } from "./environment.ts";
import type { Job } from "./installs.ts";
import type { bench } from "./page.ts";
import type { World } from "./world.ts";

type Page = { readonly bench: typeof bench };

const MICROPIP = "/micropip-0.11.1-py3-none-any.whl";
const HTML = '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>';
const SITUATIONS: readonly Situation[] = [
  { contender: "unguarded", distance: "loopback", visit: "new" },
  { contender: "empty hooks", distance: "loopback", visit: "new" },
  { contender: "judging nothing", distance: "loopback", visit: "new" },
  { contender: "guarded", distance: "loopback", visit: "new" },
  { contender: "unguarded", distance: "loopback", visit: "returning" },
  { contender: "guarded, with a store", distance: "loopback", visit: "returning" },
  { contender: "unguarded", distance: "40 ms", visit: "new" },
  { contender: "guarded", distance: "40 ms", visit: "new" },
  { contender: "unguarded", distance: "40 ms", visit: "returning" },
  { contender: "guarded, with a store", distance: "40 ms", visit: "returning" },
];

/** Starts the browser and the site of the page; or says why there is none. */
export async function startChromium(world: World): Promise<Environment | string> {
  const found = findChromium();
  if ("missing" in found) return `Chromium: ${found.missing} (${found.remedy})`;
  const site = await startSite({
    "/": { body: HTML, type: "text/html; charset=utf-8" },
    "/page.js": { body: await bundle("page.ts"), type: "text/javascript" },
    "/pyodide/": { path: `${dirname(createRequire(import.meta.url).resolve("pyodide"))}/` },
    [MICROPIP]: { path: world.micropip },
  });
  const args = [...CHROMIUM_ARGUMENTS];
  const browser = await chromium.launch({ executablePath: found.path, args });
  const kept = await browser.newContext();
  return {
    name: "Chromium",
    situations: SITUATIONS,
    programs: { Chromium: browser.version() },
    async measure({ contender, distance, visit }, later) {
      const micropip = site.url + MICROPIP;
      const job: Job = { ...world.job(distance), contender, later, micropip };
      if (visit === "returning") return measureIn(kept, site.url, job);
      const context = await browser.newContext();
      try {
        return await measureIn(context, site.url, job);
      } finally {
        await context.close();
      }
    },
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}

async function measureIn(
  context: BrowserContext,
  url: string,
  job: Job,
): ReturnType<typeof bench.measure> {
  const page = await context.newPage();
  try {
    await page.goto(url);
    return await page.evaluate(
      (given) => (globalThis as unknown as Page).bench.measure(given),
      job,
    );
  } finally {
    await page.close();
  }
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    conditions: ["pubpin-source"],
    format: "esm",
    logLevel: "silent",
    minify: true,
    platform: "browser",
    target: "es2023",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}
