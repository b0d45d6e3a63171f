/** Which Python and which pip, and with what variables they run. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, join } from "node:path";
import { fail, PubpinError } from "@pubpin/shared";
import { findEnvironment, interpreterAt } from "../../installed/environment.ts";
import type { PythonEnvironment } from "../../installed/types.ts";
import { type ChildEnd, runChild } from "../../node/child.ts";
import type { Environment } from "../../node/environment.ts";
import { PIP_VERSION_TIMEOUT_MS } from "../../node/limits.ts";
import { FIRST_WITH_LOCK, type PipVersion, requireVersion, RUN_PIP } from "../../node/pip.ts";
import type { World } from "../../session.ts";
import type { PipCommandName } from "./option-tables.ts";

/** The first pip that reports what it would install, and reads all that a JSON page says (PEP 691). */
const FIRST_WITH_REPORT: PipVersion = [23, 2];
/** What Python takes from the environment that would put other modules before pip's or beside it. */
const PYTHON_VARIABLES = /^(?:PYTHONPATH|PYTHONHOME|PYTHONSTARTUP|PYTHONUSERBASE|_?PIP_.*)$/i;
/** Programs by which pip takes sources out of repositories, Git apart: Git has a switch for it. */
const REPOSITORY_PROGRAMS = ["hg", "svn", "bzr"];
const STUB =
  "#!/bin/sh\necho 'Refused by pubpin: only packages of an index are let through' >&2\nexit 1\n";

/**
 * The environment that pip is to work in: of `--python`, else the active one, else that of PATH.
 *
 * @param named the value of `--python`
 * @throws ENVIRONMENT_UNUSABLE
 */
export async function pipEnvironment(
  named: string | undefined,
  { cwd, env, signal }: World,
): Promise<PythonEnvironment> {
  const active = env["VIRTUAL_ENV"] ?? "";
  const place = named ?? (active === "" ? undefined : active);
  if (place !== undefined) {
    return findEnvironment(interpreterAt(place, cwd), { cwd, env, signal });
  }
  const names = process.platform === "win32" ? ["python", "py"] : ["python", "python3"];
  let last: unknown;
  for (const name of names) {
    try {
      return await findEnvironment(name, { cwd, env, signal });
    } catch (error) {
      if (!(error instanceof PubpinError) || error.code !== "ENVIRONMENT_UNUSABLE") throw error;
      last = error;
    }
  }
  return fail("ENVIRONMENT_UNUSABLE", `expected ${names.join(" or ")} on PATH, found none`, last);
}

/**
 * Requires that the environment has a pip that can do what is asked.
 *
 * @throws PIP_UNUSABLE
 */
export async function requirePip(
  { python }: PythonEnvironment,
  command: PipCommandName,
  { cwd, env, signal }: World,
): Promise<void> {
  const first = command === "lock" ? FIRST_WITH_LOCK : FIRST_WITH_REPORT;
  const how = { cwd, env: bareEnvironment(env), stderr: "ignore", signal } as const;
  const timeoutMs = PIP_VERSION_TIMEOUT_MS;
  const end = await runChild(python, ["-c", RUN_PIP, "--version"], { ...how, timeoutMs });
  requireVersion(end.stdout.toString("utf8"), first, `${python} -m pip`);
}

/** What `pip config list` prints of the user's own configuration. */
export async function listConfiguration(
  { python }: PythonEnvironment,
  isIsolated: boolean,
  { cwd, env, signal }: World,
): Promise<string> {
  const parameters = ["-c", RUN_PIP, "config", "list", ...(isIsolated ? ["--isolated"] : [])];
  const end = await runChild(python, parameters, { cwd, env, stderr: "ignore", signal });
  if (end.exitCode !== 0) fail("PIP_FAILED", `${python} -m pip config list: ${describe(end)}`);
  return end.stdout.toString("utf8");
}

function describe({ exitCode }: ChildEnd): string {
  return exitCode === null ? "it was stopped" : `exit code ${exitCode}`;
}

/** The user's variables without those that change what pip is and does. */
export function bareEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !PYTHON_VARIABLES.test(name));
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: "1", PIP_CONFIG_FILE: devNull };
}

/** What pip, and every pip that pip starts to build something, is told of the world. */
export interface Surroundings {
  readonly indexUrls: readonly string[];
  readonly proxy: string;
  /** A folder for what has to lie somewhere. */
  readonly folder: string;
}

/** Milliseconds, in seconds: the guarding index answers once a file is verified, or a person answered. */
const TIMEOUT_S = "3600";

/**
 * The variables for pip. Its build environments inherit them: there an index, a proxy and a cache of
 * the user's configuration count for as little as here. Git may not fetch anything, and the other
 * programs by which pip takes sources out of repositories are replaced.
 */
export function guardedEnvironment(
  env: Environment,
  { indexUrls, proxy, folder }: Surroundings,
): Environment {
  const stubs = join(folder, "programs");
  mkdirSync(stubs, { recursive: true });
  for (const name of REPOSITORY_PROGRAMS) {
    writeFileSync(join(stubs, name), STUB);
    chmodSync(join(stubs, name), 0o755);
  }
  const [first = "", ...others] = indexUrls;
  // Windows may write it with small letters, which are the same there.
  const onWindows = process.platform === "win32" ? Object.keys(env).find(isPath) : undefined;
  const path = onWindows ?? "PATH";
  return {
    ...bareEnvironment(env),
    [path]: [stubs, env[path] ?? ""].join(delimiter),
    GIT_ALLOW_PROTOCOL: "none",
    PIP_INDEX_URL: first,
    ...(others.length === 0 ? {} : { PIP_EXTRA_INDEX_URL: others.join(" ") }),
    PIP_PROXY: proxy,
    PIP_NO_CACHE_DIR: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_TIMEOUT: TIMEOUT_S,
    PIP_RETRIES: "0",
  };
}

function isPath(name: string): boolean {
  return name.toUpperCase() === "PATH";
}

/**
 * A pip that sees as installed only what lies in a folder of ours: what is in the environment and was
 * not verified is as good as absent. pip itself is found before the module path changes, and its own
 * modules by its own place.
 *
 * @param shown a folder with the `.dist-info` folders of what may be seen
 */
export function pipThatSees(shown: string): string {
  return [
    "import sys, os",
    "sys.path[:1] = [path for path in sys.path[:1] if path]",
    "import pip, runpy",
    "hidden = ('site-packages', 'dist-packages')",
    "lib = os.path.dirname(os.path.realpath(os.__file__))",
    "keep = lambda p: os.path.basename(p) not in hidden and (p.endswith('.zip') or " +
      "os.path.realpath(p).startswith(lib) or os.path.basename(p) in ('DLLs', 'lib-dynload'))",
    `sys.path[:] = [p for p in sys.path if keep(p)] + [${JSON.stringify(shown)}]`,
    "runpy.run_module('pip', run_name='__main__', alter_sys=True)",
  ].join("\n");
}
