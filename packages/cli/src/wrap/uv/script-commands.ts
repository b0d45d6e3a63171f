/** Scripts with inline metadata (PEP 723) that have no lock: all that they need comes through the guarding index. */
import { dirname } from "node:path";
import { type Decision, fail } from "@pubpin/shared";
import { isAsked, type UvCall } from "./call.ts";
import { installChecked } from "./checked-install.ts";
import type { Table } from "./configuration.ts";
import { scriptEnvironment } from "./environments.ts";
import { commandLine, runUv, type UvWords } from "./run-uv.ts";
import { requireScriptFromIndex } from "./script.ts";
import { indexOptionsOf, runUnlocked } from "./unlocked.ts";
import type { LocalProject } from "./workspace.ts";

/**
 * Installs what a script needs, then runs it.
 *
 * @param added the projects of `--with` and its relatives
 * @param program what runs then
 */
export async function runUnlockedScript(
  call: UvCall,
  script: string,
  metadata: Table,
  added: readonly LocalProject[],
  program: UvWords,
): Promise<number> {
  const options = ["--script", script, "--quiet"];
  const install = { command: ["sync"], options, operands: [] };
  const exitCode = await syncUnlockedScript(call, script, metadata, install);
  if (exitCode !== 0) return exitCode;
  const tables = [metadata, ...added.map(({ table }) => table)];
  return inScript(call, script, tables, () => undefined, program);
}

/**
 * Installs what a script needs into the environment that uv has for it.
 *
 * @throws USAGE_INVALID where a lock is asked for, or its packages come from elsewhere than indexes
 * @throws INSTALLED_REFUSED
 */
export async function syncUnlockedScript(
  call: UvCall,
  script: string,
  metadata: Table,
  words: UvWords,
): Promise<number> {
  if (isAsked(call, "--frozen", "UV_FROZEN") || isAsked(call, "--locked", "UV_LOCKED")) {
    fail("USAGE_INVALID", `${script}: there is no lock: \`pubpin uv lock --script\` makes one`);
  }
  requireScriptFromIndex(metadata, script);
  const { exitCode, left } = await installChecked(call, {
    environment: scriptEnvironment(call, script),
    locked: [],
    install: (again, onServed) => {
      const options = [...words.options, ...again];
      return inScript(call, script, [metadata], onServed, { ...words, options });
    },
  });
  if (left !== null) {
    fail("INSTALLED_REFUSED", `${left.message}; uv installed, and it is still so`);
  }
  return exitCode;
}

function inScript(
  call: UvCall,
  script: string,
  tables: readonly Table[],
  onServed: (decision: Decision) => void,
  words: UvWords,
): Promise<number> {
  return runUnlocked(call, {
    folder: dirname(script),
    tables,
    isSealed: true,
    onServed,
    run: (guarding) => {
      const own = indexOptionsOf(tables[0] ?? {}, guarding);
      return runUv(call, commandLine(words, [...guarding.options, ...own]));
    },
  });
}
