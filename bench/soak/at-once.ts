/** Two `pubpin` at once, on one cache and one `.provenance.txt`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entryKey, parsePins } from "@pubpin/shared";
import { repeat, type SoakBounds, type SoakOutcome } from "./outcome.ts";
import { finish } from "./programs.ts";
import { environmentOf, NAMES, type Setting } from "./setting.ts";

const PINS = ".provenance.txt";
const HALF = NAMES.length / 2;
/** Each with packages of its own and some of the other's. */
const PROJECTS: Readonly<Record<string, readonly string[]>> = {
  one: NAMES.slice(0, HALF + 2),
  two: NAMES.slice(HALF - 2),
};

/**
 * Two projects under one `.provenance.txt` are pinned at the same time: every line of both has to be
 * there afterwards, and both have to verify. The cache is empty at every other start.
 */
export async function soakAtOnce(setting: Setting, bounds: SoakBounds): Promise<SoakOutcome> {
  const folder = setting.newFolder();
  const options = { cwd: folder, env: environmentOf(folder) };
  const locks = Object.keys(PROJECTS).map((name) => join(folder, name, "uv.lock"));
  for (const [name, packages] of Object.entries(PROJECTS)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "uv.lock"), setting.lockOf(packages));
  }
  const pins = join(folder, PINS);
  const losses: string[] = [];
  let seconds = 0;
  const run = async (command: string): Promise<void> => {
    const words = locks.map((lock) => setting.pubpin("--file", pins, command, lock));
    const ends = await Promise.all(words.map((each) => finish(each, options)));
    for (const { exitCode, output } of ends) {
      if (exitCode !== 0) losses.push(`${command}: exit code ${exitCode}: ${output}`);
    }
  };
  const runs = await repeat(bounds, async (index) => {
    const began = Date.now();
    rmSync(pins, { force: true });
    if (index % 2 === 0) rmSync(join(folder, ".home/cache"), { recursive: true, force: true });
    await run("tofu");
    const { entries } = readPins(pins);
    const missing = [...NAMES, "#lock:one/uv.lock", "#lock:two/uv.lock"].filter(
      (key) => !entries.has(key),
    );
    if (missing.length > 0) losses.push(`run ${index}: lost ${missing.join(", ")}`);
    await run("verify");
    seconds += (Date.now() - began) / 1000;
  });
  const seen = `${(seconds / Math.max(runs, 1)).toFixed(1)} s for two tofu and two verify each`;
  return { what: "two pubpin at once", runs, faults: 0, losses, seen };
}

function readPins(path: string): { readonly entries: ReadonlySet<string> } {
  const { lines } = parsePins(new Uint8Array(readFileSync(path)));
  return {
    entries: new Set(lines.flatMap((line) => (line.entry === null ? [] : entryKey(line.entry)))),
  };
}
