/** Which environment an interpreter belongs to, found without running any of its code. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fail } from "@pubpin/shared";
import { type ChildOptions, runChild } from "../node/child.ts";
import { PIP_VERSION_TIMEOUT_MS } from "../node/limits.ts";
import type { PythonEnvironment } from "./types.ts";

/**
 * With -I and -S neither the current folder, nor variables, nor `.pth` files or `sitecustomize` of
 * the environment are read. Without them Python does not know that it is in a virtual environment
 * (PEP 405), which is why this looks for `pyvenv.cfg` itself.
 */
const QUERY = `
import json, os, sys, sysconfig
home = os.path.dirname(os.path.abspath(sys.executable))
prefix = next((p for p in (home, os.path.dirname(home)) if os.path.isfile(os.path.join(p, "pyvenv.cfg"))), None)
if prefix is None:
    paths = sysconfig.get_paths()
else:
    default = "nt" if os.name == "nt" else "posix_prefix"
    scheme = "venv" if "venv" in sysconfig.get_scheme_names() else default
    paths = sysconfig.get_paths(scheme, vars={"base": prefix, "platbase": prefix})
print(json.dumps({"python": os.path.abspath(sys.executable), "prefix": prefix or sys.prefix,
    "virtual": prefix is not None, "sites": [paths["purelib"], paths["platlib"]]}))
`;

/**
 * The interpreter at a place: a virtual environment's folder stands for its own.
 *
 * @throws ENVIRONMENT_UNUSABLE for a folder that has none
 */
export function interpreterAt(
  place: string,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const path = resolve(cwd, place);
  // A name without a folder is PATH's, as pip's --python and uv's understand it.
  if (!existsSync(path)) return /[/\\]/.test(place) || isAbsolute(place) ? path : place;
  if (!statSync(path).isDirectory()) return path;
  const inside = platform === "win32" ? ["Scripts/python.exe"] : ["bin/python", "bin/python3"];
  const found = inside.map((each) => join(path, each)).find((each) => existsSync(each));
  return (
    found ??
    fail("ENVIRONMENT_UNUSABLE", `${path}: expected a virtual environment, found no Python in it`)
  );
}

/**
 * Asks an interpreter where it takes packages from.
 *
 * @param python its path, or its name on PATH
 * @throws ENVIRONMENT_UNUSABLE where it does not answer
 */
export async function findEnvironment(
  python: string,
  options: Omit<ChildOptions, "stderr" | "timeoutMs">,
): Promise<PythonEnvironment> {
  const how = { ...options, stderr: "ignore", timeoutMs: PIP_VERSION_TIMEOUT_MS } as const;
  const end = await runChild(python, ["-I", "-S", "-c", QUERY], how);
  const found = end.exitCode === 0 ? parseAnswer(end.stdout.toString("utf8")) : null;
  if (found === null) {
    const answer = end.exitCode === "ENOENT" ? "no such program" : `exit code ${end.exitCode}`;
    fail("ENVIRONMENT_UNUSABLE", `${python}: expected a Python, found ${answer}`);
  }
  return found;
}

function parseAnswer(text: string): PythonEnvironment | null {
  try {
    const { python, prefix, virtual, sites } = JSON.parse(text) as Readonly<
      Record<string, unknown>
    >;
    if (typeof python !== "string" || typeof prefix !== "string") return null;
    if (!Array.isArray(sites)) return null;
    const folders = (sites as readonly unknown[]).filter((each) => typeof each === "string");
    return {
      python,
      prefix: realPath(prefix),
      isVirtual: virtual === true,
      sitePackages: [...new Set(folders.map(realPath))],
    };
  } catch {
    return null;
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
