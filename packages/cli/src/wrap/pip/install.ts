/** `pubpin pip install`. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  entryKey,
  entryValue,
  fail,
  parseFilename,
  type Pins,
  type PinsEntry,
  PubpinError,
} from "@pubpin/shared";
import { checkInstalled, type InstalledCheck, recordInstalled } from "../../installed/check.ts";
import { scanInstalled } from "../../installed/scan.ts";
import type { ExpectedInstall } from "../../installed/types.ts";
import type { Environment } from "../../node/environment.ts";
import { MAX_CHILD_OUTPUT_BYTES } from "../../node/limits.ts";
import { RUN_PIP } from "../../node/pip.ts";
import { readWholeFile } from "../../node/read-file.ts";
import { runTool } from "../run-tool.ts";
import type { PipCall } from "./call.ts";
import { type Guarded, withGuard } from "./guarded.ts";
import { pipThatSees } from "./interpreter.ts";
import { pinAgreed } from "./pinning.ts";
import { type Planned, readReport, resolvePlan, verifyPlan } from "./resolve.ts";

/** What pip is to do, after all of it was verified. */
interface InstallPlan {
  readonly exitCode: number;
  readonly planned: readonly Planned[];
  /** Options for pip beside the user's. */
  readonly more: readonly string[];
}

const WHOLE = ["-c", RUN_PIP];

/**
 * Installs through the guarding index. What is installed already and was not verified is not taken
 * for installed, and is installed again; what was verified is remembered.
 *
 * @returns pip's exit code; 1 or 3 where something was refused before pip installed anything
 * @throws INSTALLED_REFUSED for what cannot simply be installed again
 * @throws SOURCE_REFUSED PIP_FAILED
 */
export async function pipInstall(call: PipCall): Promise<number> {
  const { options, environment } = call;
  const target = options.taken.get("--target")?.at(-1);
  return withGuard(call, async (guarded) => {
    const plan =
      target === undefined
        ? await planInPlace(call, guarded)
        : await planned(call, guarded, WHOLE, ["--ignore-installed", "--target", target]);
    if (plan.exitCode !== 0) return plan.exitCode;
    if (options.taken.has("--dry-run")) return installWith(call, guarded, plan);
    const before = checkInstalled(
      environment,
      expectedOf(call, plan.planned, guarded),
      memoryOf(call),
    );
    if (target === undefined) requireNoStrays(before, plan.planned);
    await pinAgreed(call, guarded);
    const exitCode = await installWith(call, guarded, plan);
    if (exitCode === 0 && target === undefined) await remember(call, guarded, plan, before);
    return exitCode;
  });
}

/** By what the memory of earlier runs is found; `--no-cache` keeps none. */
function memoryOf({ session }: PipCall): Environment | null {
  return session.options.cache ? session.world.env : null;
}

/**
 * What pip would install if only what was verified were installed. Where any of that is there,
 * unverified, everything that is asked for is installed again.
 */
async function planInPlace(call: PipCall, guarded: Guarded): Promise<InstallPlan> {
  const { environment, session } = call;
  const { verified, distributions } = checkInstalled(environment, [], memoryOf(call));
  const isStrict = session.options.strict;
  const counted = new Set(
    verified
      .filter(({ name, basis }) => basis === basisOf(guarded.guard.pins, name, isStrict))
      .map(({ name }) => name),
  );
  const shown = join(guarded.folder, "installed");
  mkdirSync(shown);
  for (const { name, folder } of distributions) {
    if (counted.has(name)) cpSync(folder, join(shown, basename(folder)), { recursive: true });
  }
  const first = await planned(call, guarded, ["-c", pipThatSees(shown)], []);
  const unverified = distributions.filter(({ name }) => !counted.has(name));
  const inTheWay = unverified.filter(({ name }) =>
    first.planned.some((each) => each.name === name),
  );
  if (first.exitCode !== 0 || inTheWay.length === 0) return first;
  const names = [...new Set(inTheWay.map(({ name }) => name))].join(", ");
  session.world.note(`pubpin: installed already, and not verified: ${names}: installing again`);
  const all = await planned(call, guarded, WHOLE, ["--ignore-installed"]);
  return { ...all, more: ["--force-reinstall"] };
}

async function planned(
  call: PipCall,
  guarded: Guarded,
  program: readonly string[],
  more: readonly string[],
): Promise<InstallPlan> {
  const resolution = await resolvePlan(call, guarded, program, more);
  if (resolution.planned === null) {
    return { exitCode: resolution.exitCode, planned: [], more: [] };
  }
  const exitCode = await verifyPlan(resolution.planned, guarded, call.session.world.signal);
  return { exitCode, planned: resolution.planned, more: [] };
}

/** pip takes away what RECORD names; code beside it would stay. */
function requireNoStrays({ strays, verified }: InstalledCheck, plan: readonly Planned[]): void {
  const names = new Set([...verified, ...plan].map(({ name }) => name));
  const stray = strays.find(({ owners }) => owners.some((owner) => names.has(owner)));
  if (stray === undefined) return;
  fail(
    "INSTALLED_REFUSED",
    `${stray.path}: it lies among the files of ${stray.owners.join(", ")}, and no RECORD names it: ` +
      "pip would leave it there. Delete it, or make the environment anew",
  );
}

async function installWith(call: PipCall, guarded: Guarded, plan: InstallPlan): Promise<number> {
  const { environment, options, session } = call;
  const report = join(guarded.folder, "installed.json");
  const own = ["--dry-run"].filter((name) => options.taken.has(name));
  const target = options.taken.get("--target")?.at(-1);
  const into = target === undefined ? [] : ["--target", target];
  const exitCode = await runTool({
    file: environment.python,
    parameters: [
      ...WHOLE,
      "install",
      ...options.passed,
      ...own,
      ...into,
      ...plan.more,
      "--report",
      report,
      ...guarded.asking,
    ],
    cwd: session.world.cwd,
    env: guarded.env,
  });
  const wanted = options.taken.get("--report")?.at(-1);
  if (exitCode === 0 && wanted !== undefined) {
    const text = guarded.guard.toUpstream(await textOf(report));
    if (wanted === "-") session.world.out(text);
    else writeFileSync(resolve(session.world.cwd, wanted), text);
  }
  return exitCode;
}

async function textOf(report: string): Promise<string> {
  const bytes = await readWholeFile(report, MAX_CHILD_OUTPUT_BYTES, "pip's report");
  return new TextDecoder().decode(bytes);
}

/** What pip says that it installed counts, and all of the plan must be among it. */
async function remember(
  call: PipCall,
  guarded: Guarded,
  plan: InstallPlan,
  before: InstalledCheck,
): Promise<void> {
  const { environment } = call;
  const done = readReport(await textOf(join(guarded.folder, "installed.json")), call, guarded);
  const there = new Set(scanInstalled(environment).map(({ name }) => name));
  const absent = [...plan.planned, ...done].find(
    ({ name }) => !done.some((each) => each.name === name) || !there.has(name),
  );
  if (absent !== undefined) {
    fail(
      "INSTALLED_REFUSED",
      `${absent.name}: pip found it installed elsewhere than in ${environment.prefix}, where nobody ` +
        "verified it: use an environment that sees no other's packages",
    );
  }
  const expected = expectedOf(call, done, guarded);
  const [left] = await recordInstalled(environment, expected, memoryOf(call), before);
  if (left !== undefined) {
    fail("INSTALLED_REFUSED", `${left.message}; pip installed, and it is still so`);
  }
}

function expectedOf(
  { session }: PipCall,
  plan: readonly Planned[],
  { guard }: Guarded,
): readonly ExpectedInstall[] {
  return plan.map(({ name, version, sha256 }) => ({
    name,
    version,
    sha256: sha256 === null ? [] : [sha256],
    basis: basisOf(guard.pins, name, session.options.strict),
  }));
}

/** All that the pins say of a project: what was installed by other words is judged anew. */
function basisOf(pins: Pins, name: string, isStrict: boolean): string {
  const lines = pins.lines.flatMap(({ entry }) =>
    entry !== null && isAbout(entry, name) ? [`${entryKey(entry)} ${entryValue(entry)}`] : [],
  );
  return [isStrict ? "strict" : "", ...lines.toSorted()].join("\n");
}

function isAbout(entry: PinsEntry, name: string): boolean {
  switch (entry.kind) {
    case "pin":
    case "also":
    case "unsigned":
    case "source":
    case "index":
      return entry.name === name || entry.name === "*";
    case "file":
      return nameIn(entry.filename) === name;
    case "lock":
    case "lock-bytes":
    case "note":
      return false;
  }
}

function nameIn(filename: string): string | null {
  try {
    return parseFilename(filename).name;
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}
