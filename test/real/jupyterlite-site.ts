/** A JupyterLite site of our own, with examples/jupyterlite in it, that needs nothing from elsewhere. */
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { normalizeName, parseFilename } from "@pubpin/shared";
import { buildGuard } from "../../scripts/build-guard.ts";
import { realFiles } from "../../scripts/wheels.ts";
import { ownLock, PYODIDE_FOLDER } from "../micropip-guard/browser/support/own-lock.ts";
import { pythonTools, run } from "./python.ts";

/** The folder of a built site; or why there is none, and what helps. */
export type LiteSite = { readonly folder: string } | { readonly missing: string };

const REPOSITORY = join(import.meta.dirname, "../..");
const EXAMPLE = join(REPOSITORY, "examples/jupyterlite");
const CACHE = join(REPOSITORY, ".cache");
const WHEELS = join(CACHE, "jupyterlite-wheels");
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const IPYTHON =
  "asttokens decorator executing matplotlib-inline prompt_toolkit pure-eval pygments six stack-data traitlets wcwidth";
/** What the kernel needs, as Pyodide's own distribution has it, from PyPI: with what each needs. */
const KERNEL: Readonly<Record<string, string>> = {
  "asttokens==3.0.2": "",
  "comm==0.2.3": "",
  "decorator==5.3.1": "",
  "executing==2.3.0": "",
  "ipython==9.12.0": IPYTHON,
  "jedi==0.20.1": "parso",
  "matplotlib-inline==0.2.2": "traitlets",
  "parso==0.8.7": "",
  "prompt_toolkit==3.0.53": "wcwidth",
  "pure-eval==0.2.4": "",
  "pygments==2.21.0": "",
  "six==1.17.0": "",
  "stack-data==0.6.3": "asttokens executing pure-eval",
  "traitlets==5.14.3": "",
  "wcwidth==0.2.13": "",
};

/** Builds a site in a folder with `jupyter lite build`, and puts the guard and Pyodide into it. */
export async function buildLiteSite(folder: string): Promise<LiteSite> {
  const [tools, files] = [
    await pythonTools("jupyterlite-pyodide-kernel", "0.8.6"),
    await realFiles(),
  ];
  if ("missing" in tools) return tools;
  if ("missing" in files) return files;
  const why = await fetchWheels(join(tools.programs, "python"));
  if (why !== null) return { missing: why };
  await cp(EXAMPLE, folder, { recursive: true });
  await useOwnLock(join(folder, "jupyter-lite.json"));
  const build = [
    "-m",
    "jupyterlite_core",
    "build",
    "--apps",
    "repl",
    "--apps",
    "lab",
    "--no-sourcemaps",
  ];
  await run(join(tools.programs, "python"), build, { cwd: folder });
  const site = join(folder, "_output");
  const guard = join(site, "guard");
  await cp(join(folder, "guard"), guard, { recursive: true });
  await cp(PYODIDE_FOLDER, join(guard, "pyodide"), { recursive: true });
  await cp(WHEELS, guard, { recursive: true });
  await cp(join(files.folder, MICROPIP), join(guard, MICROPIP));
  const { filename, code } = await buildGuard("micropip-guard-drop-in.mjs");
  await writeFile(join(guard, filename), code);
  await writeLock(guard);
  return { folder: site };
}

/** Pip takes the wheels from whatever index it is set up for, once. */
async function fetchWheels(python: string): Promise<string | null> {
  try {
    await access(WHEELS);
    return null;
  } catch {
    await mkdir(CACHE, { recursive: true });
  }
  const own = await mkdtemp(`${WHEELS}-`);
  const requirements = Object.keys(KERNEL);
  const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
  const options = ["--only-binary=:all:", "--python-version=3.14", "--dest", own];
  try {
    await run(python, [...pip, ...options, ...requirements]);
    await rename(own, WHEELS);
    return null;
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    const reason = String(error).trim().split("\n").at(-1) ?? "";
    return `no wheels for JupyterLite's kernel in .cache (${reason}); with an index for pip they are fetched`;
  }
}

/** A site with the whole distribution of Pyodide does without this. */
async function useOwnLock(path: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const drop = '"pyodideUrl": "./guard/micropip-guard-drop-in.mjs"';
  const own = '"loadPyodideOptions": { "lockFileURL": "./guard/pyodide-lock.json" }';
  await writeFile(path, text.replace(drop, `${drop}, ${own}`));
}

/** Writes a lock of the wheels in a folder, and a line for it into the pins there. */
async function writeLock(folder: string): Promise<void> {
  const wheels = (await readdir(folder)).filter((filename) => filename.endsWith(".whl"));
  const { text, line } = await ownLock(
    wheels.map((filename) => ({ path: join(folder, filename), needs: needsOf(filename) })),
  );
  await writeFile(join(folder, "pyodide-lock.json"), text);
  const pins = join(folder, "provenance.txt");
  await writeFile(pins, line + (await readFile(pins, "utf8")));
}

function needsOf(filename: string): readonly string[] {
  const { name } = parseFilename(filename);
  const found = Object.entries(KERNEL).find(
    ([key]) => normalizeName(key.split("==")[0] ?? "") === name,
  );
  return (found?.[1] ?? "").split(" ").filter((each) => each !== "");
}
