/** A full disk, and folders that may not be written. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Missing, repeat, type SoakBounds, type SoakOutcome } from "./outcome.ts";
import { type Ended, finish } from "./programs.ts";
import { environmentOf, must, NAMES, type Setting } from "./setting.ts";

const PINS = ".provenance.txt";
const PAGE = 4096;
const DISK_BYTES = 64 * PAGE;
/** How many pages are left, in turn. */
const PAGES_LEFT = [0, 1, 2, 3];
const NOBODY = 65_534;
const READ_ONLY = 0o555;

/**
 * `pubpin tofu` on a disk with no room, or nearly none: it says so and leaves the file as it was, or
 * writes all of it. Every other time only the cache is there: then nothing may fail.
 */
export async function soakFullDisk(
  setting: Setting,
  bounds: SoakBounds,
): Promise<SoakOutcome | Missing> {
  const disk = setting.newFolder();
  if (!mount(disk)) {
    return { missing: "no small disk can be mounted; to run this: be root, on Linux" };
  }
  const losses: string[] = [];
  const counts = { refused: 0, written: 0 };
  try {
    const project = setting.newFolder();
    const before = await prepare(setting, project);
    await must(setting.pubpin("tofu"), project);
    const after = readFileSync(join(project, PINS), "utf8");
    const lock = readFileSync(join(project, "uv.lock"));
    const runs = await repeat(bounds, async (index) => {
      const left = PAGES_LEFT[Math.floor(index / 2) % PAGES_LEFT.length] ?? 0;
      const isCache = index % 2 === 1;
      for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
      const folder = isCache ? project : disk;
      writeFileSync(join(folder, PINS), before);
      writeFileSync(join(folder, "uv.lock"), lock);
      fill(disk, left);
      const env = {
        ...environmentOf(project),
        PUBPIN_CACHE_DIR: join(isCache ? disk : project, "cache"),
      };
      const ended = await finish(setting.pubpin("tofu"), { cwd: folder, env });
      const text = readFileSync(join(folder, PINS), "utf8");
      const problem = problemOf(ended, text, { before, after }, isCache);
      if (problem !== null) losses.push(`run ${index}, ${left} pages left: ${problem}`);
      counts[text === after ? "written" : "refused"]++;
      const rest = readdirSync(folder).filter((name) => name.includes(".pubpin-"));
      if (rest.length > 0) losses.push(`run ${index}: left behind: ${rest.join(", ")}`);
    });
    const seen = `${counts.refused} refused with the old file in place, ${counts.written} written`;
    return { what: "disk full: pubpin tofu", runs, faults: runs, losses, seen };
  } finally {
    execFileSync("umount", [disk]);
  }
}

/** A home that may not be written costs nothing but the cache; a project that may not, the change. */
export async function soakReadOnly(setting: Setting, bounds: SoakBounds): Promise<SoakOutcome> {
  const losses: string[] = [];
  const runs = await repeat(bounds, async (index) => {
    const folder = setting.newFolder();
    const before = await prepare(setting, folder);
    const home = join(setting.newFolder(), "home");
    mkdirSync(home);
    chmodSync(home, READ_ONLY);
    give(folder);
    const options = { cwd: folder, env: { HOME: home }, asOrdinaryUser: true };
    for (const command of ["tofu", "verify"]) {
      const { exitCode, output } = await finish(setting.pubpin(command), options);
      if (exitCode !== 0) losses.push(`run ${index}: ${command}: ${exitCode}: ${output}`);
    }
    if (readdirSync(home).length > 0) losses.push(`run ${index}: something was written`);
    const pins = join(folder, PINS);
    writeFileSync(pins, before);
    chmodSync(folder, READ_ONLY);
    const { exitCode, output } = await finish(setting.pubpin("tofu"), options);
    if (exitCode !== 2 || !output.includes("FILE_UNWRITABLE")) {
      losses.push(`run ${index}: a folder that may not be written: ${exitCode}: ${output}`);
    }
    if (readFileSync(pins, "utf8") !== before) losses.push(`run ${index}: the file changed`);
  });
  const seen = "a warning and no cache for the home, FILE_UNWRITABLE for the project";
  return { what: "read-only home, then project", runs, faults: runs * 2, losses, seen };
}

/** A project half of whose packages are pinned; gives the file that says so. */
async function prepare(setting: Setting, folder: string): Promise<string> {
  const lock = join(folder, "uv.lock");
  writeFileSync(lock, setting.lockOf(NAMES.slice(0, NAMES.length / 2)));
  await must(setting.pubpin("tofu"), folder);
  writeFileSync(lock, setting.lockOf(NAMES));
  return readFileSync(join(folder, PINS), "utf8");
}

function problemOf(
  { exitCode, output }: Ended,
  text: string,
  { before, after }: { readonly before: string; readonly after: string },
  isCache: boolean,
): string | null {
  if (text === after && exitCode === 0) return null;
  if (isCache) return `a full cache: exit code ${exitCode}: ${output}`;
  if (text !== before) return `the file is neither the old one nor the new one: ${text}`;
  return exitCode === 2 && output.includes("FILE_UNWRITABLE")
    ? null
    : `exit code ${exitCode}: ${output}`;
}

/** Whether a small disk could be mounted there. */
function mount(folder: string): boolean {
  const options = ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "pubpin-soak", folder];
  return spawnSync("mount", options, { stdio: "ignore" }).status === 0;
}

/** Leaves so many pages of a disk. */
function fill(disk: string, pages: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, "filling"), Buffer.alloc(Math.max(0, bavail * bsize - pages * PAGE)));
}

/** Gives a folder, with what is in it, to the user without rights. */
function give(folder: string): void {
  if (process.getuid?.() !== 0 || !existsSync(folder)) return;
  const names = readdirSync(folder).map((name) => join(folder, name));
  for (const path of [folder, ...names]) chownSync(path, NOBODY, NOBODY);
}
