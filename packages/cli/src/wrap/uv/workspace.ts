/** The projects that uv works on: a workspace with its members, and what they name by path. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail } from "@pubpin/shared";
import type { UvCall } from "./call.ts";
import { readTable, type Table, tableIn } from "./configuration.ts";
import { askUv } from "./run-uv.ts";

/** A folder with a pyproject.toml. */
export interface LocalProject {
  readonly folder: string;
  readonly table: Table;
}

/** A workspace; of most there is one member, which is the root. */
export interface Workspace {
  /** Where uv.lock lies. */
  readonly root: string;
  /** The lock, which may not be there yet. */
  readonly lock: string;
  /** The root, the members, and all projects that they name by path. */
  readonly projects: readonly LocalProject[];
}

const PROJECT_FILE = "pyproject.toml";

/** The name of uv's lock. */
const LOCK_NAME = "uv.lock";

/**
 * Finds the workspace that uv would work on, as uv finds it.
 *
 * @returns null where there is none
 * @throws USAGE_INVALID where uv cannot tell, with what to do
 */
export async function findWorkspace(call: UvCall): Promise<Workspace | null> {
  const start = call.projectFolder ?? call.cwd;
  const nearest = nearestProject(start);
  if (nearest === null) return null;
  const table = await readTable(join(nearest, PROJECT_FILE));
  const uv = tableIn(tableIn(table, "tool"), "uv");
  const isProject = Object.hasOwn(table, "project") || Object.hasOwn(uv, "workspace");
  if (!isProject || uv["managed"] === false) return null;
  const where = call.projectFolder === null ? [] : ["--project", call.projectFolder];
  const [answer, members] = await Promise.all([
    askUv(call, ["workspace", "dir", ...where]),
    askUv(call, ["workspace", "list", "--paths", ...where]),
    // It is needed next, and loaded meanwhile.
    import("../../guarding-index/start.ts"),
  ]);
  const root = answer?.trim();
  if (root === undefined || root === "" || members === null) {
    fail(
      "USAGE_INVALID",
      `${nearest}: expected that \`uv workspace dir\` and \`uv workspace list --paths\` say what ` +
        "belongs together, found an error: run them to see it, or update uv",
    );
  }
  const folders = members.split(/\r?\n/).filter((each) => each !== "");
  const projects = await withPaths([root, ...folders].map((each) => resolve(each)));
  return { root, lock: join(root, LOCK_NAME), projects };
}

function nearestProject(folder: string): string | null {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, PROJECT_FILE))) return current;
    if (dirname(current) === current) return null;
  }
}

/**
 * The projects of these folders, and those that their sources name by path, and theirs.
 *
 * @throws USAGE_INVALID for what is not TOML
 */
export async function withPaths(folders: readonly string[]): Promise<readonly LocalProject[]> {
  const found = new Map<string, LocalProject>();
  const waiting = [...folders];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const file = join(folder, PROJECT_FILE);
    if (found.has(realPath(folder)) || !existsSync(file)) continue;
    const table = await readTable(file);
    found.set(realPath(folder), { folder, table });
    waiting.push(
      ...pathsOf(table)
        .map((path) => resolve(folder, path))
        .filter(isFolder),
    );
  }
  return [...found.values()];
}

/** The paths that a project's sources name (uv documentation, "Dependency sources"). */
function pathsOf(table: Table): readonly string[] {
  const sources = tableIn(tableIn(tableIn(table, "tool"), "uv"), "sources");
  return Object.values(sources)
    .flatMap((source) => (Array.isArray(source) ? (source as readonly unknown[]) : [source]))
    .flatMap((source) => {
      const path = typeof source === "object" && source !== null ? (source as Table)["path"] : null;
      return typeof path === "string" ? [path] : [];
    });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
