/** Keeps the guard's page up, with an index whose packages are good and bad. */
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Site, type SiteEntry, startSite } from "@pubpin/test-kit/node";
import { buildGuard } from "../scripts/build-guard.ts";
import { findMicropip } from "./micropip.ts";
import { complain, listed, say } from "./say.ts";
import { SHOWCASE } from "./showcase.ts";
import { pinOf, startWorld, type World } from "./world.ts";

const PAGE = join(import.meta.dirname, "../examples/demo");
const PYODIDE = dirname(fileURLToPath(import.meta.resolve("pyodide/package.json")));
const FAILED = 1;
const NOTE =
  "The packages and their publishers are invented. They were signed on this machine when the demo started.";

/** Serves the page until `signal` is aborted. Gives the exit code. */
export async function serve(port: number, signal: AbortSignal): Promise<number> {
  const micropip = await findMicropip();
  if ("missing" in micropip) {
    complain(`The page cannot install anything: ${micropip.missing}`);
    return FAILED;
  }
  const world = await startWorld(SHOWCASE);
  let site: Site | null = null;
  try {
    site = await startSite(await entriesFor(world, micropip), headersFor(world), port);
    say("The guard in a page, with packages to install and attacks to refuse:");
    say();
    listed([
      ["page", `${site.url}/`],
      ["index", `${world.index.simpleUrl}/`],
    ]);
    say();
    say("Ctrl-C ends it.");
    if (!signal.aborted) await once(signal, "abort");
    return 0;
  } catch (error) {
    const word = wordFor(error, port);
    if (word === null) throw error;
    complain(word);
    return FAILED;
  } finally {
    await site?.close();
    await world.index.close();
  }
}

async function entriesFor(
  { index, trustedRoot }: World,
  micropip: { readonly path: string; readonly filename: string; readonly line: string },
): Promise<Readonly<Record<string, SiteEntry>>> {
  const { code } = await buildGuard("micropip-guard.min.js");
  const pinned = SHOWCASE.filter(({ isPinned }) => isPinned);
  const configuration = {
    pyodide: "./pyodide/",
    micropip: `./${micropip.filename}`,
    pins: "./provenance.txt",
    index: index.simpleUrl,
    trustedRoot: "./trusted_root.json",
    about: Object.fromEntries(SHOWCASE.map(({ name, about }) => [name, about])),
    note: NOTE,
  };
  const lines = [micropip.line, ...pinned.map(({ name }) => pinOf(name)).toSorted()];
  return {
    "/": { path: `${PAGE}/` },
    "/pyodide/": { path: `${PYODIDE}/` },
    "/micropip-guard.min.js": { body: code },
    "/demo.json": { body: JSON.stringify(configuration) },
    "/provenance.txt": { body: `${lines.join("\n")}\n`, type: "text/plain; charset=utf-8" },
    "/trusted_root.json": { body: trustedRoot },
    [`/${micropip.filename}`]: { path: micropip.path },
  };
}

/** The page takes nothing from anywhere but here and the index (W3C, Content Security Policy 3). */
function headersFor({ index }: World): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ${index.url}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/** What to say of a port that cannot be had; null of anything else. */
function wordFor(error: unknown, port: number): string | null {
  switch ((error as { readonly code?: unknown } | null)?.code) {
    case "EADDRINUSE":
      return `Port ${port} is taken. Another one: npm start -- --serve --port ${port + 1}, or --port 0 for any that is free.`;
    case "EACCES":
      return `Port ${port} may not be had without more rights. Another one: npm start -- --serve, or --port 0 for any that is free.`;
    default:
      return null;
  }
}
