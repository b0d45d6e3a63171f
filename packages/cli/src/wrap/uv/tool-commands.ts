/** `uv tool run`, `uvx` and `uv tool install`. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { mkdirSync } from "node:fs";
import { MAX_PROJECT_FILE_BYTES } from "../../node/limits.ts";
import { updateFile } from "../../node/atomic-write.ts";
import { findPins, PINS_NAME } from "../../node/pins-location.ts";
import type { GuardingIndex } from "../../guarding-index/types.ts";
import { type UvCall, valuesOf } from "./call.ts";
import { requireFileFromIndex, requireFromIndex, requireLocalFromIndex } from "./requirements.ts";
import { askUv, commandLine, runUv } from "./run-uv.ts";
import { runUnlocked } from "./unlocked.ts";
import { type LocalProject, withPaths } from "./workspace.ts";

/** `ruff@0.14` and `ruff@latest`: the short way to name a version. */
const WITH_VERSION = /^[A-Za-z0-9._-]+(?:\[[^\]]*\])?@[A-Za-z0-9.+!_-]+$/;
/** Options whose values name what is installed. */
const PACKAGES = ["--from", "--with", "--with-editable", "--with-executables-from"];
/** Options whose values are files with requirements. */
const FILES = ["--with-requirements", "--constraints", "--overrides", "--excludes"];
const RECEIPT = "uv-receipt.toml";

/** `pubpin uv tool run`, and `pubpin uvx`. */
export async function uvToolRun(call: UvCall): Promise<number> {
  const { passed } = call.options;
  const isIsolated = passed.includes("--isolated");
  // A tool that was installed without pubpin is not looked at.
  const own = isIsolated ? [] : ["--isolated"];
  return runTool(call, ["tool", "run"], own, async () => undefined);
}

/** `pubpin uv tool install`: again also where it is installed, for nothing says from where. */
export async function uvToolInstall(call: UvCall): Promise<number> {
  const isAgain = call.options.passed.includes("--reinstall");
  return runTool(call, ["tool", "install"], isAgain ? [] : ["--reinstall"], (guard) =>
    correctReceipts(call, guard),
  );
}

async function runTool(
  call: UvCall,
  command: readonly string[],
  own: readonly string[],
  afterwards: (guard: GuardingIndex) => Promise<void>,
): Promise<number> {
  const { passed, taken, operands } = call.options;
  const projects = await requireToolFromIndex(call);
  const given = [...PACKAGES, ...FILES, "--build-constraints"].flatMap((name) =>
    (taken.get(name) ?? []).flatMap((value) => [name, value]),
  );
  const words = { command, options: [...passed, ...given, ...own], operands };
  return runUnlocked(call, {
    folder: call.cwd,
    pinsPath: await toolPins(call),
    tables: projects.map(({ table }) => table),
    isSealed: true,
    run: async ({ guard, options }) => {
      const exitCode = await runUv(call, commandLine(words, options));
      await afterwards(guard);
      return exitCode;
    },
  });
}

/** @throws USAGE_INVALID */
async function requireToolFromIndex(call: UvCall): Promise<readonly LocalProject[]> {
  const { options, cwd, command } = call;
  const [tool] = options.operands;
  const named = [
    ...(tool === undefined ? [] : [tool]),
    ...valuesOf(options, ...PACKAGES).flatMap((value) => value.split(",")),
  ];
  for (const each of named) {
    if (!WITH_VERSION.test(each)) requireFromIndex(each, cwd, `uv ${command}`);
  }
  for (const file of valuesOf(options, ...FILES, "--build-constraints")) {
    await requireFileFromIndex(file, cwd);
  }
  const projects = await withPaths(named.map((each) => resolve(cwd, each)));
  requireLocalFromIndex(projects);
  return projects;
}

/**
 * The pins for tools: those that govern the folder; where there are none, the user's own, for a tool
 * belongs to no project.
 */
async function toolPins({ session, invocation, env }: UvCall): Promise<string> {
  const { cwd } = session.world;
  if (invocation.pinsFile !== undefined) return resolve(cwd, invocation.pinsFile);
  const { path } = await findPins(cwd);
  if (path !== null) return path;
  const xdg = env["XDG_CONFIG_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const windows = env["APPDATA"] ?? join(home, "AppData", "Roaming");
  const unix = xdg === "" ? join(home, ".config") : xdg;
  const own = join(process.platform === "win32" ? windows : unix, "pubpin", PINS_NAME);
  mkdirSync(dirname(own), { recursive: true });
  return own;
}

/** uv notes where a tool came from, for `uv tool upgrade`: there the guarding index has no place. */
async function correctReceipts(call: UvCall, guard: GuardingIndex): Promise<void> {
  const folder = (await askUv(call, ["tool", "dir"]))?.trim() ?? "";
  const tools = folder === "" ? [] : await readdir(folder, { withFileTypes: true });
  for (const tool of tools.filter((entry) => entry.isDirectory())) {
    await updateFile(
      join(folder, tool.name, RECEIPT),
      (old) => {
        const text = old === null ? "" : new TextDecoder().decode(old);
        return text.includes(guard.baseUrl) ? guard.toUpstream(text) : null;
      },
      { maxBytes: MAX_PROJECT_FILE_BYTES },
    );
  }
}
