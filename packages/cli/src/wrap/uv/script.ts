/** Scripts with inline metadata (PEP 723). */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fail, MAX_LOCK_BYTES } from "@pubpin/shared";
import { parse } from "smol-toml";
import { readFileIfAny } from "../../node/read-file.ts";
import type { UvCall } from "./call.ts";
import { scriptEnvironment } from "./environments.ts";
import { requireKnownSettings, type Table, tableIn, tablesIn } from "./configuration.ts";
import type { Target } from "./project-commands.ts";
import { requireFromIndex } from "./requirements.ts";

/** The form of a block (PEP 723, "Specification"), with either end of line. */
const BLOCK =
  /^# \/\/\/ (?<type>[a-zA-Z0-9-]+)\r?$\s(?<content>(?:^#(?:| .*)\r?$\s)+)^# \/\/\/\r?$/gm;

/** The lock of a script. */
export function scriptLock(script: string): string {
  return `${script}.lock`;
}

/**
 * The metadata of a script; null where it has none.
 *
 * @throws USAGE_INVALID for several blocks, and for what is not TOML
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function scriptMetadata(script: string): Promise<Table | null> {
  const bytes = await readFileIfAny(script, MAX_LOCK_BYTES, script);
  const text = new TextDecoder().decode(bytes ?? new Uint8Array());
  const blocks = [...text.matchAll(BLOCK)].filter(({ groups }) => groups?.["type"] === "script");
  const [block] = blocks;
  if (block === undefined) return null;
  if (blocks.length > 1) fail("USAGE_INVALID", `${script}: expected one block of metadata`);
  const lines = (block.groups?.["content"] ?? "").split("\n");
  const content = lines.map((line) => line.replace(/^# ?/, "")).join("\n");
  try {
    return parse(content);
  } catch (cause) {
    return fail("USAGE_INVALID", `${script}: expected TOML in its metadata`, cause);
  }
}

/**
 * A script as what is locked.
 *
 * @throws USAGE_INVALID where there is no such script, or it has no metadata
 */
export async function scriptTarget(call: UvCall, script: string): Promise<Target> {
  const table = existsSync(script) ? await scriptMetadata(script) : null;
  if (table === null) {
    fail("USAGE_INVALID", `${script}: expected a script with inline metadata (PEP 723)`);
  }
  const root = dirname(script);
  return {
    root,
    lock: scriptLock(script),
    projects: [{ folder: root, table }],
    files: [script],
    environment: scriptEnvironment(call, script),
    named: ["--script", script],
    script,
  };
}

/**
 * Requires of a script without a lock that all of its packages come from indexes that have a name, or
 * are the default: such an index can be stood in for.
 *
 * @throws USAGE_INVALID
 */
export function requireScriptFromIndex(table: Table, script: string): void {
  const uv = tableIn(tableIn(table, "tool"), "uv");
  requireKnownSettings(uv, script, ["tool", "uv"]);
  const root = dirname(script);
  const dependencies = table["dependencies"];
  for (const each of Array.isArray(dependencies) ? (dependencies as readonly unknown[]) : []) {
    requireFromIndex(String(each).replace(/\s*;.*$/s, ""), root, `${script}: dependency`);
  }
  for (const [name, source] of Object.entries(tableIn(uv, "sources"))) {
    const places = Array.isArray(source) ? (source as readonly unknown[]) : [source];
    const isFine = places.every(
      (place) =>
        typeof place === "object" && place !== null && ("index" in place || "path" in place),
    );
    if (!isFine) {
      fail("USAGE_INVALID", `${script}: source of ${name}: expected an index: ${LOCK_IT}`);
    }
  }
  for (const index of tablesIn(uv, "index")) {
    if (typeof index["name"] === "string" || index["default"] === true) continue;
    fail("USAGE_INVALID", `${script}: index ${String(index["url"])}: expected a name: ${LOCK_IT}`);
  }
}

const LOCK_IT = "lock it first, with `pubpin uv lock --script`";
