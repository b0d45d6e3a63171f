/** `uv sync`, `uv lock`, `uv add`, `uv remove` and `uv export`, in projects. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail } from "@pubpin/shared";
import { passedTo } from "../options.ts";
import type { OptionSpec } from "../types.ts";
import { checkAhead } from "./ahead.ts";
import { isAsked, last, type UvCall, valuesOf } from "./call.ts";
import {
  type FindEnvironment,
  NO_ENVIRONMENT,
  soughtAhead,
  workspaceEnvironment,
} from "./environments.ts";
import { type FrozenLock, installFrozen } from "./frozen.ts";
import { approveAsItIs, type Lockable, type LockOutcome, lockThroughGuard } from "./locking.ts";
import { OPTIONS, type UvCommandName } from "./option-tables.ts";
import { requireFileFromIndex, requireFromIndex } from "./requirements.ts";
import { scriptMetadata, scriptTarget } from "./script.ts";
import { syncUnlockedScript } from "./script-commands.ts";
import { findWorkspace, type Workspace } from "./workspace.ts";

/** Options about how versions are chosen: nothing is chosen once a lock is verified. */
const CHOOSING_VERSIONS: ReadonlySet<string> = new Set(
  `--upgrade --no-upgrade --upgrade-package --upgrade-group --resolution --prerelease --pre
   --prerelease-package --fork-strategy --exclude-newer --exclude-newer-package --index-strategy
   --no-sources --no-sources-package`.split(/\s+/),
);

/** Options of `uv add` about what is added, which mean something else for `uv sync`. */
const OF_REQUIREMENT: ReadonlySet<string> = new Set(["--extra", "--no-editable"]);
const ARCHIVE = /\.(?:whl|zip|tgz|tar\.\w+)(?:$|#)/i;

/** What a command is about. */
export interface Target extends Lockable {
  readonly environment: FindEnvironment;
  /** Options that name it for uv. */
  readonly named: readonly string[];
  /** The script, where it is one. */
  readonly script: string | null;
}

/** `pubpin uv sync`. */
export async function uvSync(call: UvCall): Promise<number> {
  const target = await targetOf(call);
  if (target.script !== null && !existsSync(target.lock)) return syncScript(call, target.script);
  const isTrial = ["--dry-run", "--check"].some((option) => call.options.passed.includes(option));
  const environment = isTrial ? NO_ENVIRONMENT : soughtAhead(target.environment);
  const locked = await ensureLock(call, target, isTrial);
  if (locked.exitCode !== 0 || locked.text === null) return locked.exitCode;
  const isExact = !call.options.passed.includes("--inexact");
  const from: FrozenLock = { ...target, text: locked.text };
  const options = [...installing(call, "sync"), ...target.named, "--frozen"];
  const install = { command: ["sync"], options, operands: [] };
  return installFrozen(call, { ...from, environment }, { install, isExact, program: null });
}

async function syncScript(call: UvCall, script: string): Promise<number> {
  const metadata = (await scriptMetadata(script)) ?? {};
  const options = [...call.options.passed, "--script", script];
  return syncUnlockedScript(call, script, metadata, { command: ["sync"], options, operands: [] });
}

/** `pubpin uv export`. */
export async function uvExport(call: UvCall): Promise<number> {
  const target = await targetOf(call);
  const locked = await ensureLock(call, target, false);
  if (locked.exitCode !== 0 || locked.text === null) return locked.exitCode;
  const from: FrozenLock = { ...target, text: locked.text, environment: NO_ENVIRONMENT };
  const options = [...installing(call, "export"), ...target.named, "--frozen"];
  const install = { command: ["export"], options, operands: [] };
  return installFrozen(call, from, { install, isExact: true, program: null, isNoted: true });
}

/** `pubpin uv lock`. */
export async function uvLock(call: UvCall): Promise<number> {
  const target = await targetOf(call);
  const { taken, passed } = call.options;
  const isLocked = isAsked(call, "--check", "UV_LOCKED");
  const own = [
    ...(isLocked ? ["--check"] : []),
    ...["--check-exists", "--dry-run"].filter((option) => taken.has(option)),
  ];
  const outcome = await lockThroughGuard(call, target, {
    parameters: ({ at }) => ["lock", ...passed, ...own, ...scriptOptions(target, at)],
    needsCwd: false,
  });
  return outcome.exitCode;
}

/** `pubpin uv add` and `pubpin uv remove`: then what is new is installed. */
export async function uvEdit(call: UvCall, command: "add" | "remove"): Promise<number> {
  const { options, cwd } = call;
  const { taken, passed, operands } = options;
  if (isAsked(call, "--frozen", "UV_FROZEN")) {
    fail("USAGE_INVALID", `pubpin uv ${command}: --frozen leaves the lock behind: leave it out`);
  }
  const files = valuesOf(options, "--requirements", "--constraints");
  for (const file of files) await requireFileFromIndex(file, cwd);
  if (command === "add") {
    for (const each of operands.filter((operand) => ARCHIVE.test(operand))) {
      requireFromIndex(each, cwd, "uv add");
    }
  }
  const target = await targetOf(call);
  const own = [
    ...valued(options.taken, "--requirements", (file) => resolve(cwd, file)),
    ...valued(options.taken, "--constraints", (file) => resolve(cwd, file)),
    ...valued(options.taken, "--package"),
    ...(isAsked(call, "--locked", "UV_LOCKED") ? ["--locked"] : []),
  ];
  const outcome = await lockThroughGuard(call, target, {
    parameters: ({ at }) => [
      command,
      ...passed,
      ...own,
      ...scriptOptions(target, at),
      ...(target.script === null ? ["--no-sync"] : []),
      ...operands,
    ],
    needsCwd: operands.some((each) => /^[^@]*[/\\]/.test(each)),
  });
  const isScript = target.script !== null;
  if (outcome.exitCode !== 0 || outcome.text === null || taken.has("--no-sync") || isScript) {
    return outcome.exitCode;
  }
  const isExact = command === "remove";
  const install = {
    command: ["sync"],
    options: [
      ...installing(call, "sync", OF_REQUIREMENT),
      ...synced(call),
      ...target.named,
      ...(isExact ? ["--frozen"] : ["--frozen", "--inexact"]),
    ],
    operands: [],
  };
  const from = { ...target, text: outcome.text };
  return installFrozen(call, from, { install, isExact, program: null });
}

/** What a command is about: the script that `--script` names, or the workspace. */
async function targetOf(call: UvCall): Promise<Target> {
  const script = last(call.options, "--script");
  if (script !== undefined) return scriptTarget(call, resolve(call.cwd, script));
  const workspace = await findWorkspace(call);
  if (workspace === null) {
    fail(
      "USAGE_INVALID",
      `${call.projectFolder ?? call.cwd}: expected a project, found no pyproject.toml of one ` +
        "there or above: `uv init` makes one",
    );
  }
  return workspaceTarget(call, workspace);
}

/** A workspace as a target. */
export function workspaceTarget(call: UvCall, workspace: Workspace): Target {
  const { root, projects, lock } = workspace;
  const inside = projects.map(({ folder }) => join(folder, "pyproject.toml"));
  return {
    root,
    lock,
    projects,
    files: inside,
    environment: workspaceEnvironment(call, root),
    named: call.projectFolder === null ? [] : ["--project", call.projectFolder],
    script: null,
  };
}

/**
 * Makes sure that there is a lock that is up to date and verified; with `--frozen` only the latter.
 *
 * @param isTrial whether nothing may change
 */
export async function ensureLock(
  call: UvCall,
  target: Target,
  isTrial: boolean,
  more: readonly string[] = [],
): Promise<LockOutcome> {
  if (isAsked(call, "--frozen", "UV_FROZEN")) return approveAsItIs(call, target.lock);
  const isLocked = isTrial || isAsked(call, "--locked", "UV_LOCKED");
  const understood = new Set(OPTIONS.lock.filter(isPassed).flatMap(({ names }) => names));
  const passed = passedBy(call, call.command, ({ names }) =>
    names.some((name) => understood.has(name)),
  );
  const ahead = checkAhead(call, target.lock);
  try {
    return await lockThroughGuard(call, target, {
      parameters: ({ at }) => [
        "lock",
        ...passed,
        ...more,
        ...(isLocked ? ["--check"] : []),
        ...scriptOptions(target, at),
      ],
      needsCwd: false,
      ahead,
    });
  } finally {
    await ahead.close();
  }
}

/** Options for a command that installs from a verified lock. */
export function installing(
  call: UvCall,
  command: UvCommandName,
  without: ReadonlySet<string> = new Set(),
): readonly string[] {
  const understood = new Set(OPTIONS[command].filter(isPassed).flatMap(({ names }) => names));
  return passedBy(
    call,
    call.command,
    ({ names }) =>
      names.some((name) => understood.has(name)) &&
      !names.some((name) => CHOOSING_VERSIONS.has(name) || without.has(name)),
  );
}

/** Options of `uv add` and `uv remove` that are for what comes after. */
function synced({ options }: UvCall): readonly string[] {
  const names =
    "--active --no-active --no-install-project --no-install-workspace --no-install-local".split(
      " ",
    );
  return [
    ...names.filter((name) => options.taken.has(name)),
    ...valued(options.taken, "--package"),
    ...valued(options.taken, "--no-install-package"),
  ];
}

function isPassed({ treatment }: OptionSpec): boolean {
  return treatment === "pass";
}

function passedBy(
  { options }: UvCall,
  command: UvCommandName,
  isWanted: (spec: OptionSpec) => boolean,
): readonly string[] {
  const rules = { command: `uv ${command}`, specs: OPTIONS[command], stopsAtOperand: false };
  return passedTo(rules, options.passed, isWanted);
}

function valued(
  taken: ReadonlyMap<string, readonly string[]>,
  name: string,
  change: (value: string) => string = (value) => value,
): readonly string[] {
  return (taken.get(name) ?? []).flatMap((value) => [name, change(value)]);
}

function scriptOptions({ script }: Target, at: (path: string) => string): readonly string[] {
  return script === null ? [] : ["--script", at(script)];
}
