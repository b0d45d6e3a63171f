/** Finds the Chromium that tests, benchmarks and the demo run in. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright";

/** A browser to start, or why there is none and what to do about it. */
export type FoundBrowser =
  | { readonly path: string }
  | { readonly missing: string; readonly remedy: string };

/**
 * Arguments that make Chromium start anywhere, as root and in containers too, and keep it from
 * talking to anything but the pages it is given.
 */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Looks for Chromium: where PUBPIN_CHROMIUM points, what playwright installed, what the machine has.
 *
 * @throws where PUBPIN_CHROMIUM names a file that does not exist
 */
export function findChromium(): FoundBrowser {
  const chosen = process.env["PUBPIN_CHROMIUM"];
  if (chosen !== undefined && chosen !== "") {
    if (existsSync(chosen)) return { path: chosen };
    throw new Error(`PUBPIN_CHROMIUM: expected the path of a browser, found no file ${chosen}`);
  }
  const path = [chromium.executablePath(), ...machineBrowsers()].find((file) => existsSync(file));
  if (path !== undefined) return { path };
  return {
    missing: "no Chromium on this machine",
    remedy: "npx playwright install chromium (or set PUBPIN_CHROMIUM to a browser's path)",
  };
}

function machineBrowsers(): readonly string[] {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return process.platform === "darwin" ? [...onPath, ...MAC_APPLICATIONS] : onPath;
}
