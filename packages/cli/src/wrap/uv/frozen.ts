/** Installs what a verified lock says, and nothing else. */
import { existsSync } from "node:fs";
import { addEntries, type Distribution, fail, type Pins } from "@pubpin/shared";
import {
  checkInstalled,
  expectedOf,
  type InstalledCheck,
  recordInstalled,
} from "../../installed/check.ts";
import { installedIdentities } from "../../installed/scan.ts";
import type {
  InstalledDistribution,
  InstalledFinding,
  PythonEnvironment,
} from "../../installed/types.ts";
import { MAX_INSTALL_ATTEMPTS } from "../../node/limits.ts";
import { pin, projectOfLock } from "./approval.ts";
import { separateBuilds } from "./builds.ts";
import type { UvCall } from "./call.ts";
import { NOTHING_INSTALLED } from "./checked-install.ts";
import { readConfiguration } from "./configuration.ts";
import { type Guarding, withGuard } from "./guarded.ts";
import { indexesOf } from "./indexes.ts";
import { readLockText } from "./locking.ts";
import { buildIndexNames, requireBuildsFromIndex } from "./requirements.ts";
import { askUv, commandLine, runUv, type UvWords } from "./run-uv.ts";
import type { LocalProject } from "./workspace.ts";

/** What is installed from. */
export interface FrozenLock {
  readonly lock: string;
  /** What was verified. */
  readonly text: string;
  readonly root: string;
  readonly projects: readonly LocalProject[];
  /** The environment; null where there is none yet, or it is not looked into. */
  readonly environment: () => Promise<PythonEnvironment | null>;
}

/** How uv installs. */
export interface FrozenRun {
  /** Null where what runs then installs by itself, into an environment of its own. */
  readonly install: UvWords | null;
  /** Whether uv takes away what is not in the lock. */
  readonly isExact: boolean;
  /** What runs once everything is installed; null for nothing. */
  readonly program: UvWords | null;
  /** Whether uv is led to the guarding index by a variable, for it writes its options down. */
  readonly isNoted?: boolean;
}

/**
 * Installs from a lock that was verified. What is in the environment already is compared with it
 * first, and installed again where it is not what was verified; afterwards it is remembered.
 *
 * @returns uv's exit code
 * @throws FILE_CHANGED_MEANWHILE where the lock is another one than that which was verified
 * @throws INSTALLED_REFUSED for what uv would neither install again nor take away
 */
export async function installFrozen(
  call: UvCall,
  from: FrozenLock,
  run: FrozenRun,
): Promise<number> {
  requireBuildsFromIndex(from.projects);
  const project = await projectOfLock(call, from.lock, from.text);
  const distributions = project.locks.flatMap((lock) => lock.distributions);
  const configuration = await readConfiguration(call, from.root);
  const tables = from.projects.map(({ table }) => table);
  const setting = {
    pinsPath: project.pinsPath,
    pins: project.pins,
    indexes: indexesOf(call, configuration, tables),
    locks: project.locks,
    settings: await separateBuilds(distributions, configuration, call.env, project.pinsPath),
    isSealed: false,
  };
  const { exitCode, agreed } = await withGuard(call, setting, async (guarding) => {
    const options = [...guarding.options, ...buildIndexes(from.projects, guarding)];
    const installed = await installAndRecord(call, from, run, distributions, options);
    const isOver = installed !== 0 || run.program === null;
    return {
      exitCode: isOver ? installed : await runUv(call, commandLine(run.program, options)),
      agreed: guarding.agreed(installed),
    };
  });
  const change = agreed.length === 0 ? null : (pins: Pins): Pins => addEntries(pins, agreed);
  await pin(call, project, change);
  return exitCode;
}

/** Indexes that projects name for what builds them: uv reads them from pyproject.toml itself. */
function buildIndexes(
  projects: readonly LocalProject[],
  { guard, indexUrls }: Guarding,
): readonly string[] {
  return buildIndexNames(projects).flatMap((name) => {
    const upstream = indexUrls.find((each) => each.name === name);
    return upstream === undefined ? [] : ["--index", `${name}=${guard.indexUrl(upstream)}`];
  });
}

async function installAndRecord(
  call: UvCall,
  from: FrozenLock,
  { install, isExact, isNoted = false }: FrozenRun,
  distributions: readonly Distribution[],
  options: readonly string[],
): Promise<number> {
  await requireSameLock(from);
  const expected = expectedOf(distributions);
  const found = await from.environment();
  const check = found === null ? NOTHING_INSTALLED : checkInstalled(found, expected, call.env);
  requireRemovable(check, isExact);
  if (install === null) return 0;
  const tampered = check.reasons.filter(({ code }) => code === "TAMPERED");
  await forgetCached(call, tampered);
  let again = check.reinstall;
  for (let attempt = 1; ; attempt++) {
    const reinstall = again.flatMap((name) => ["--reinstall-package", name]);
    const [, file = ""] = options;
    const exitCode = isNoted
      ? await runUv(call, commandLine(install, []), { env: { UV_CONFIG_FILE: file } })
      : await runUv(call, commandLine(install, [...reinstall, ...options]));
    await requireSameLock(from);
    if (exitCode !== 0 || (found !== null && isAsItWas(found, check))) return exitCode;
    const after = await from.environment();
    if (after === null) return exitCode;
    const left = await recordInstalled(after, expected, call.env, check);
    const [first] = left;
    if (first === undefined) return exitCode;
    if (attempt === MAX_INSTALL_ATTEMPTS) {
      fail("INSTALLED_REFUSED", `${first.message}; uv installed, and it is still so`);
    }
    await forgetCached(call, left);
    again = left.map(({ name }) => name);
  }
}

/** Whether an environment in which all was verified before has nothing that was written since. */
function isAsItWas(
  environment: PythonEnvironment,
  { reasons, distributions }: InstalledCheck,
): boolean {
  const isThere = environment.sitePackages.every((site) => existsSync(site));
  if (reasons.length > 0 || !isThere) return false;
  const now = installedIdentities(environment);
  const before = new Set(distributions.map(identityOf));
  return now.length === distributions.length && now.every((each) => before.has(each));
}

function identityOf({ folder, record }: InstalledDistribution): string {
  return `${folder} ${record?.identity ?? ""}`;
}

/**
 * What lies in an environment may be the very file that lies in uv's cache, by a hard link: who changed
 * the one changed the other, and uv would install it again.
 */
async function forgetCached(call: UvCall, findings: readonly InstalledFinding[]): Promise<void> {
  if (findings.length === 0) return;
  const names = findings.map(({ name }) => name);
  call.session.world.note(`${names.join(", ")}: not what was verified: installed again`);
  await askUv(call, ["cache", "clean", "--quiet", ...names]);
}

/** @throws INSTALLED_REFUSED */
function requireRemovable(
  { strangers, strays, reasons, reinstall }: InstalledCheck,
  isExact: boolean,
): void {
  const stray = strays.find(
    ({ owners }) => !owners.some((name) => reinstall.includes(name) || strangers.includes(name)),
  );
  if (stray !== undefined) {
    fail("INSTALLED_REFUSED", `${stray.path}: expected what a RECORD names, found other code`);
  }
  const [stranger] = isExact ? [] : strangers;
  if (stranger === undefined) return;
  const why = reasons.find(({ name }) => name === stranger)?.message ?? stranger;
  fail("INSTALLED_REFUSED", `${why}: \`pubpin uv sync\` takes it away`);
}

/** @throws FILE_CHANGED_MEANWHILE */
async function requireSameLock({ lock, text }: FrozenLock): Promise<void> {
  if ((await readLockText(lock)) === text) return;
  fail("FILE_CHANGED_MEANWHILE", `${lock}: expected the lock that was verified, found another one`);
}
