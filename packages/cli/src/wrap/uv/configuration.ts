/**
 * uv's configuration files, put together as uv does it (uv documentation, "Configuration files"): the
 * guarding index stands in them for every index that they name.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fail } from "@pubpin/shared";
import { parse } from "smol-toml";
import { type Environment, isOn } from "../../node/environment.ts";
import { MAX_PROJECT_FILE_BYTES } from "../../node/limits.ts";
import { readFileIfAny } from "../../node/read-file.ts";
import { last, type UvCall } from "./call.ts";
import {
  INDEX_SETTINGS,
  LEFT_SETTINGS,
  PASSED_SETTINGS,
  PIP_SETTINGS,
  REFUSED_SETTINGS,
} from "./setting-tables.ts";

/** A table of TOML. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * The settings that count for a call, of all files: those of a project's root, of the user, of the
 * system; or of the one file that is named.
 *
 * @param root the folder of the project; null outside of one
 * @throws USAGE_INVALID for a setting that is unknown or refused, and for what is not TOML
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function readConfiguration(call: UvCall, root: string | null): Promise<Table> {
  const { options, variables, cwd } = call;
  const named = last(options, "--config-file") ?? variables["UV_CONFIG_FILE"];
  if (named !== undefined) return settingsOf(resolve(cwd, named), []);
  if (options.taken.has("--no-config") || isOn(variables["UV_NO_CONFIG"])) return {};
  const isTool = call.command.startsWith("tool ");
  const own = isTool ? {} : await projectSettings(root ?? cwd, root !== null);
  let all = own;
  for (const path of [...userFiles(call.env), ...systemFile(call.env)]) {
    all = combined(all, await settingsOf(path, []));
  }
  return all;
}

/** Of the root of a project; else of the nearest folder upwards that has any. */
async function projectSettings(folder: string, isRoot: boolean): Promise<Table> {
  for (let current = folder; ; current = dirname(current)) {
    const own = join(current, "uv.toml");
    if (existsSync(own)) return settingsOf(own, []);
    const project = join(current, "pyproject.toml");
    const table = tableIn(tableIn(await readTable(project), "tool"), "uv");
    if (isRoot || Object.keys(table).length > 0) return checked(table, project, ["tool", "uv"]);
    if (dirname(current) === current) return {};
  }
}

function userFiles(env: Environment): readonly string[] {
  const windows = env["APPDATA"];
  if (process.platform === "win32") {
    return windows === undefined ? [] : [join(windows, "uv", "uv.toml")];
  }
  const xdg = env["XDG_CONFIG_HOME"] ?? "";
  return [join(xdg === "" ? join(env["HOME"] ?? homedir(), ".config") : xdg, "uv", "uv.toml")];
}

function systemFile(env: Environment): readonly string[] {
  if (process.platform === "win32") {
    return [join(env["SYSTEMDRIVE"] ?? "C:", "ProgramData", "uv", "uv.toml")];
  }
  const folders = (env["XDG_CONFIG_DIRS"] ?? "/etc/xdg")
    .split(delimiter)
    .filter((each) => each !== "");
  const files = [...folders.map((folder) => join(folder, "uv", "uv.toml")), "/etc/uv/uv.toml"];
  return files.filter(existsSync).slice(0, 1);
}

async function settingsOf(path: string, keys: readonly string[]): Promise<Table> {
  return checked(await readTable(path), path, keys);
}

/**
 * A file of TOML as a table; empty where there is no such file.
 *
 * @throws USAGE_INVALID for what is not TOML
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function readTable(path: string): Promise<Table> {
  const bytes = await readFileIfAny(path, MAX_PROJECT_FILE_BYTES, path);
  if (bytes === null) return {};
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    return fail("USAGE_INVALID", `${path}: expected TOML, found something else`, cause);
  }
}

/** The table at a key of a table; empty where there is none. */
export function tableIn(table: Table, key: string): Table {
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? (found as Table)
    : {};
}

/** A list of TOML; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The list of tables at a key of a table; empty where there is none. */
export function tablesIn(table: Table, key: string): readonly Table[] {
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  return Array.isArray(found)
    ? found.filter((each): each is Table => typeof each === "object" && each !== null)
    : [];
}

/**
 * Requires that settings are understood.
 *
 * @throws USAGE_INVALID
 */
export function requireKnownSettings(table: Table, path: string, keys: readonly string[]): void {
  checked(table, path, keys);
}

function checked(table: Table, path: string, keys: readonly string[]): Table {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    if (LEFT_SETTINGS.has(key)) continue;
    if (key === "pip") kept[key] = checkedPip(tableIn(table, key), path, [...keys, key]);
    else if (PASSED_SETTINGS.has(key) || INDEX_SETTINGS.has(key)) kept[key] = value;
    else refuse(path, [...keys, key]);
  }
  return kept;
}

function checkedPip(table: Table, path: string, keys: readonly string[]): Table {
  for (const [key, value] of Object.entries(table)) {
    const isHarmless = key === "verify-hashes" && value === true;
    if (!PIP_SETTINGS.has(key) && !INDEX_SETTINGS.has(key) && !isHarmless) {
      refuse(path, [...keys, key]);
    }
  }
  return table;
}

function refuse(path: string, keys: readonly string[]): never {
  const key = keys.at(-1) ?? "";
  const reason = REFUSED_SETTINGS[key] ?? "it is not known, so it is not handed on";
  return fail("USAGE_INVALID", `${path}: ${keys.join(".")} is refused: ${reason}: take it out`);
}

/** As uv combines files: what the first says counts, lists follow each other, tables are merged. */
function combined(first: Table, second: Table): Table {
  const all: Record<string, unknown> = { ...second, ...first };
  for (const [key, value] of Object.entries(second)) {
    const own = first[key];
    if (Array.isArray(own) && Array.isArray(value)) all[key] = [...listOf(own), ...listOf(value)];
    else if (Object.keys(tableIn(first, key)).length > 0) {
      all[key] = combined(tableIn(first, key), tableIn(second, key));
    }
  }
  return all;
}
