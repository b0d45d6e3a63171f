/** Measures in Chromium, with Web Workers, on a page of our own. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright";
import { CHROMIUM_ARGUMENTS, findChromium } from "../../scripts/browser.ts";
import type { Environment } from "./environment.ts";
import type { Workload } from "./jobs.ts";
import type { bench } from "./page.ts";

type Page = { readonly bench: typeof bench };

const LOOPBACK = "127.0.0.1";
/** With the first two, the page's clock counts in steps of 5 microseconds instead of 100. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cache-control": "no-store",
} as const;
const HTML = '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>';

/** Opens the page; or says why there is none. */
export async function startChromium(workload: Workload): Promise<Environment | string> {
  const found = findChromium();
  if ("missing" in found) return `Chromium: ${found.missing} (${found.remedy})`;
  const server = await serve({
    "/": { type: "text/html", body: HTML },
    "/workload.json": { type: "application/json", body: JSON.stringify(workload) },
    "/page.js": { type: "text/javascript", body: await bundle("page.ts") },
    "/worker.js": { type: "text/javascript", body: await bundle("page-worker.ts") },
  });
  const { port } = server.address() as AddressInfo;
  const args = [...CHROMIUM_ARGUMENTS];
  const browser = await chromium.launch({ executablePath: found.path, args });
  const page = await browser.newPage();
  await page.goto(`http://${LOOPBACK}:${port}/`);
  await page.evaluate(() => (globalThis as unknown as Page).bench.load());
  return {
    name: "Chromium",
    contenders: ["pubpin", "raw WebCrypto", "raw WebCrypto, at once"],
    programs: { Chromium: browser.version() },
    measure: (contender, set) =>
      page.evaluate(
        (request) => (globalThis as unknown as Page).bench.measure(request.contender, request.set),
        { contender, set },
      ),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

interface Served {
  readonly type: string;
  readonly body: string;
}

async function serve(files: Readonly<Record<string, Served>>): Promise<Server> {
  const server = createServer(({ url = "" }, response) => {
    const file = Object.hasOwn(files, url) ? files[url] : undefined;
    response.writeHead(file === undefined ? 404 : 200, {
      ...HEADERS,
      "content-type": `${file?.type ?? "text/plain"}; charset=utf-8`,
    });
    response.end(file?.body ?? "not found");
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return server;
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
