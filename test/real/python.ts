/** A Python of our own with real tools in it, for tests that compare with them. */
import { execFile } from "node:child_process";
import { join } from "node:path";

/** The folder of the programs of a virtual environment, or why there is none and what helps. */
export type PythonTools = { readonly programs: string } | { readonly missing: string };

const FOLDER = join(import.meta.dirname, "../../.cache/venv");
const IS_WINDOWS = process.platform === "win32";
const PROGRAMS = join(FOLDER, IS_WINDOWS ? "Scripts" : "bin");
/** How long a program may take, in milliseconds: pip downloads. */
const PATIENCE = 240_000;

/** Where and how a program runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program; rejects with what it printed where its exit code is not 0. */
export function run(
  file: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(file, parameters, { ...options, timeout: PATIENCE }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}

/**
 * Makes sure that a virtual environment in the git-ignored cache has exactly this version of a
 * project, and installs it with pip where it does not.
 */
export async function pythonTools(project: string, version: string): Promise<PythonTools> {
  const python = join(PROGRAMS, "python");
  const check = `import importlib.metadata as m; assert m.version("${project}") == "${version}"`;
  try {
    await run(python, ["-c", check]);
    return { programs: PROGRAMS };
  } catch {
    return install(python, `${project}==${version}`);
  }
}

async function install(python: string, requirement: string): Promise<PythonTools> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement];
  try {
    await run(IS_WINDOWS ? "python" : "python3", ["-m", "venv", FOLDER]);
    await run(python, pip);
    return { programs: PROGRAMS };
  } catch (error) {
    const reason = String(error).trim().split("\n").at(-1) ?? "";
    return {
      missing:
        `no ${requirement} in .cache/venv (${reason}); to run these tests: ` +
        `python3 -m venv .cache/venv && .cache/venv/bin/pip install ${requirement}`,
    };
  }
}
