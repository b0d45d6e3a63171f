/** Guarded interpreters, and what can be seen of them. */
import type { PyodideAPI } from "pyodide";
import { type Guard, guardOf, type GuardOptions, loadPyodide } from "micropip-guard";
import type { Pair } from "./pairs.ts";
import type { World } from "./world.ts";

/** The parts of Pyodide that are its own affair. */
interface Insides {
  readonly install: (...given: readonly unknown[]) => Promise<unknown>;
  readonly packageManager: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly lockfile_packages: Record<string, Record<string, unknown>>;
}

/** The module of a Pyodide. */
interface PyodideModule {
  readonly loadPyodide: (options?: object) => Promise<PyodideAPI>;
}

/** A guarded interpreter. */
export interface Guarded {
  readonly py: PyodideAPI;
  readonly guard: Guard;
}

/** How an install was refused, as Python code sees it. */
export interface Refused {
  readonly code: string;
  readonly package: string | null;
  readonly version: string | null;
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly remedy: string;
  readonly text: string;
  readonly bases: readonly string[];
}

/** Options of a Pyodide that says nothing. */
export const SILENT = { stdout: () => undefined, stderr: () => undefined };

/** The module of the Pyodide of a pair. */
export async function pyodideOf({ pyodide }: Pair): Promise<PyodideModule> {
  return (await import(pyodide)) as PyodideModule;
}

/** What is behind a Pyodide. */
export function internalsOf(py: PyodideAPI): Insides {
  return (py as unknown as { readonly [name: string]: Insides })["_api"] as Insides;
}

/** The file system of a Pyodide. */
interface Files {
  readonly filesystems: Readonly<Record<string, unknown>>;
  readonly mkdirTree: (path: string) => void;
  readonly mount: (type: unknown, options: object, path: string) => void;
  readonly readdir: (path: string) => readonly string[];
  readonly writeFile: (path: string, text: string) => void;
}

/** The file system of a Pyodide, as Emscripten has it. */
export function filesOf(py: PyodideAPI): Files {
  return (py as unknown as { readonly FS: Files }).FS;
}

/** Gives values to Python by name. */
export function setGlobals(py: PyodideAPI, values: Readonly<Record<string, unknown>>): void {
  const globals = py.globals as unknown as { readonly set: (name: string, value: unknown) => void };
  for (const [name, value] of Object.entries(values)) globals.set(name, value);
}

/** The options of a guard for a world, with some of one's own. */
export function guardOptions(world: World, own: Partial<GuardOptions> = {}): GuardOptions {
  const { index, pins, trustedRoot } = world;
  return { pins, index: index.simpleUrl, trustedRoot, ...own };
}

/** Starts a guarded interpreter with micropip in it, which asks the world's index. */
export async function startGuarded(
  pair: Pair,
  world: World,
  own: Partial<GuardOptions> = {},
  options: object = {},
): Promise<Guarded> {
  const guarded = await startWithoutMicropip(pair, world, own, options);
  await importMicropip(guarded.py, world);
  return guarded;
}

/** The same without micropip. */
export async function startWithoutMicropip(
  pair: Pair,
  world: World,
  own: Partial<GuardOptions> = {},
  options: object = {},
): Promise<Guarded> {
  const pyodide = await pyodideOf(pair);
  const guard = guardOptions(world, own);
  const py = await loadPyodide({ ...SILENT, ...options, pyodide, guard });
  const found = guardOf(py);
  if (found === null) throw new Error("no guard");
  return { py, guard: found };
}

/** Loads micropip as pip has downloaded it, and points it to the world's index. */
export async function importMicropip(py: PyodideAPI, world: World): Promise<void> {
  await py.loadPackage(world.micropip, { messageCallback: () => undefined });
  setGlobals(py, { INDEX: world.index.simpleUrl });
  await py.runPythonAsync("import micropip\nmicropip.set_index_urls(INDEX)");
}

/** Python that lists, in JSON, what is installed, micropip aside. */
export const LIST_INSTALLED = `
import json, os, site, importlib
importlib.invalidate_caches()
places = [*site.getsitepackages(), "/home/pyodide", "/usr/lib"]
json.dumps(sorted(
    os.path.join(folder, each)
    for place in places
    for folder, _, files in os.walk(place)
    for each in files
    if "__pycache__" not in folder and "/micropip" not in folder
))`;

/** Everything that was installed into an interpreter since it started, micropip aside. */
export function installed(py: PyodideAPI): readonly string[] {
  return JSON.parse(py.runPython(LIST_INSTALLED) as string) as readonly string[];
}

/** Python that runs code and gives, in JSON, the refusal that it ends in, if it does. */
export function attempting(code: string): string {
  const indented = code
    .trim()
    .split("\n")
    .map((line) => `        ${line}`);
  return `
import json
from micropip_guard import ProvenanceError
async def _attempt():
    try:
${indented.join("\n")}
    except ProvenanceError as error:
        bases = [each.__name__ for each in type(error).__mro__]
        return json.dumps({**error.__dict__, "text": str(error), "bases": bases})
    return json.dumps("nothing was refused")
await _attempt()`;
}

/** The refusal that Python code ends in; what it gives back where it ends in none. */
export async function refusalOf(py: PyodideAPI, code: string): Promise<Refused | string> {
  return JSON.parse((await py.runPythonAsync(attempting(code))) as string) as Refused | string;
}

/** What refuses, as JavaScript sees it. */
export async function errorOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return "nothing was refused";
}
