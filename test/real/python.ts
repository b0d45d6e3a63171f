/** Pythons of our own with real tools in them, for tests that compare with them. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

/** The folder of the programs of a virtual environment, or why there is none and what helps. */
export type PythonTools = { readonly programs: string } | { readonly missing: string };

const FOLDER = ".cache/python";
const REPOSITORY = join(import.meta.dirname, "../..");
const IS_WINDOWS = process.platform === "win32";
const PYTHON = IS_WINDOWS ? "python" : "python3";
/** Where the programs of a virtual environment are. */
const PROGRAMS = IS_WINDOWS ? "Scripts" : "bin";
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
 * Makes sure that the git-ignored cache has a virtual environment with exactly this version of a
 * project and nothing but what that needs, and makes one with pip where it does not. Several test
 * files may ask at once: an environment appears under its name only once it is whole.
 *
 * @param extra of the project, such as the versions that its authors tried it with
 */
export async function pythonTools(
  project: string,
  version: string,
  extra?: string,
): Promise<PythonTools> {
  const name = `${FOLDER}/${project}-${version}`;
  const folder = join(REPOSITORY, name);
  const requirement = `${project}${extra === undefined ? "" : `[${extra}]`}==${version}`;
  try {
    if (!(await hasTools(folder, project, version))) await install(folder, requirement);
    return { programs: join(await realpath(folder), PROGRAMS) };
  } catch (error) {
    const reason = String(error).trim().split("\n").at(-1) ?? "";
    return {
      missing:
        `no ${requirement} in ${name} (${reason}); to run these tests: ` +
        `${PYTHON} -m venv ${name} && ${name}/${PROGRAMS}/pip install '${requirement}'`,
    };
  }
}

async function hasTools(folder: string, project: string, version: string): Promise<boolean> {
  const check = `import importlib.metadata as m; assert m.version("${project}") == "${version}"`;
  try {
    await run(join(folder, PROGRAMS, "python"), ["-c", check]);
    return true;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return false;
  }
}

/** An environment cannot be moved: it is made under a name of its own, and then linked to. */
async function install(folder: string, requirement: string): Promise<void> {
  await mkdir(join(REPOSITORY, FOLDER), { recursive: true });
  const own = await mkdtemp(`${folder}-`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement];
  try {
    await run(PYTHON, ["-m", "venv", own]);
    await run(join(own, PROGRAMS, "python"), pip);
    await symlink(own, folder, "junction");
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
