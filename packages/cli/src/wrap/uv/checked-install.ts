/** Installs where no lock says all of it: what is there already counts only if it came through pubpin. */
import type { Decision, Distribution } from "@pubpin/shared";
import {
  checkInstalled,
  expectedOf,
  type InstalledCheck,
  recordInstalled,
} from "../../installed/check.ts";
import type {
  ExpectedInstall,
  InstalledFinding,
  PythonEnvironment,
} from "../../installed/types.ts";
import type { UvCall } from "./call.ts";

/** What is installed, and where. */
export interface CheckedInstall {
  /** Null where there is none yet, or it is not looked into. */
  readonly environment: () => Promise<PythonEnvironment | null>;
  /** What locks say; perhaps nothing. */
  readonly locked: readonly Distribution[];
  /**
   * Installs.
   *
   * @param again options by which uv installs again what is there and was verified by nobody
   * @param onServed hears of what the guarding index serves
   */
  readonly install: (
    again: readonly string[],
    onServed: (decision: Decision) => void,
  ) => Promise<number>;
}

/** What came of it. */
export interface CheckedOutcome {
  readonly exitCode: number;
  /** What is installed, is expected, and may not be taken for verified. */
  readonly left: InstalledFinding | null;
}

/** Looks into an environment, installs, and remembers what was installed. */
export async function installChecked(call: UvCall, what: CheckedInstall): Promise<CheckedOutcome> {
  const before = await what.environment();
  const check = before === null ? NOTHING_INSTALLED : checkOf(call, before, what);
  const again = badNames(check).flatMap((name) => ["--reinstall-package", name]);
  const served: Decision[] = [];
  const exitCode = await what.install(again, (decision) => void served.push(decision));
  const after = exitCode === 0 ? await what.environment() : null;
  if (after === null) return { exitCode, left: null };
  const expected = [...expectedOf(what.locked), ...served.map(expectedOfServed)];
  const [left = null] = await recordInstalled(after, expected, call.env, check);
  return { exitCode, left };
}

/** What is found where there is no environment yet. */
export const NOTHING_INSTALLED: InstalledCheck = {
  reinstall: [],
  strangers: [],
  strays: [],
  reasons: [],
  verified: [],
  distributions: [],
};

function checkOf(
  call: UvCall,
  environment: PythonEnvironment,
  { locked }: CheckedInstall,
): InstalledCheck {
  const { distributions } = checkInstalled(environment, [], call.env);
  const expected = expectedOf(locked);
  const names = new Set(expected.map(({ name }) => name));
  const others = distributions
    .filter(({ name }) => !names.has(name))
    .map(({ name }): ExpectedInstall => ({ name, version: null, sha256: [], basis: null }));
  return checkInstalled(environment, [...expected, ...others], call.env);
}

function badNames(check: InstalledCheck): readonly string[] {
  const bad = check.reasons.filter(({ code }) => code === "TAMPERED" || code === "NOT_RECORDED");
  return [...new Set(bad.map(({ name }) => name))];
}

function expectedOfServed({ name, version, sha256 }: Decision): ExpectedInstall {
  return { name, version, sha256: sha256 === null ? [] : [sha256], basis: null };
}
