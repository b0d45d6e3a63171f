/** `uv run`. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fail } from "@pubpin/shared";
import { isAsked, type UvCall, valuesOf } from "./call.ts";
import { NO_ENVIRONMENT } from "./environments.ts";
import { installFrozen } from "./frozen.ts";
import { ensureLock, installing, type Target, workspaceTarget } from "./project-commands.ts";
import {
  requireFileFromIndex,
  requireFromIndex,
  requireLocalFromIndex,
  requireStaticDependencies,
} from "./requirements.ts";
import { commandLine, runUv, type UvWords } from "./run-uv.ts";
import { scriptLock, scriptMetadata, scriptTarget } from "./script.ts";
import { runUnlockedScript } from "./script-commands.ts";
import { runUnlocked } from "./unlocked.ts";
import { findWorkspace, type LocalProject, withPaths } from "./workspace.ts";

/** Options that are about the environment, which is whole once the program runs. */
const OF_ENVIRONMENT: ReadonlySet<string> = new Set(
  `--extra --all-extras --no-extra --no-dev --dev --only-dev --group --no-group --no-default-groups
   --only-group --all-groups --no-editable --no-editable-package --all-packages --package --exact
   --reinstall --reinstall-package --compile-bytecode --python-platform`.split(/\s+/),
);
/** Starts, does nothing, and looks at nothing: uv installs before it. */
const NOTHING = ["python", "-I", "-S", "-c", ""];

/** `pubpin uv run`. */
export async function uvRun(call: UvCall): Promise<number> {
  const added = await requireAddedFromIndex(call);
  const script = scriptOf(call);
  const metadata = script === null ? null : await scriptMetadata(script);
  if (script !== null && metadata !== null) {
    return existsSync(scriptLock(script))
      ? runLockedScript(call, script)
      : runUnlockedScript(call, script, metadata, added, programOf(call, []));
  }
  const isAlone = isAsked(call, "--no-project", "UV_NO_PROJECT");
  const workspace = isAlone ? null : await findWorkspace(call);
  if (workspace !== null) requireStaticDependencies(added);
  if (workspace === null) {
    return runUnlocked(call, {
      folder: call.cwd,
      tables: added.map(({ table }) => table),
      isSealed: true,
      run: ({ options }) => runUv(call, commandLine(programOf(call, ["--no-project"]), options)),
    });
  }
  return runInProject(call, workspaceTarget(call, workspace), added);
}

async function runInProject(
  call: UvCall,
  target: Target,
  added: readonly LocalProject[],
): Promise<number> {
  const locked = await ensureLock(call, target, false, ["--quiet"]);
  if (locked.exitCode !== 0 || locked.text === null) return locked.exitCode;
  const projects = [...target.projects, ...added];
  const from = { ...target, projects, text: locked.text };
  const { passed } = call.options;
  if (passed.includes("--isolated")) {
    const program = programOf(call, [...target.named, "--frozen"]);
    return installFrozen(
      call,
      { ...from, environment: NO_ENVIRONMENT },
      { install: null, isExact: false, program },
    );
  }
  const install = {
    command: ["run"],
    options: [...installing(call, "run"), ...target.named, "--frozen"],
    operands: NOTHING,
  };
  const program = programOf(call, [...target.named, "--no-sync"], OF_ENVIRONMENT);
  return installFrozen(call, from, { install, isExact: passed.includes("--exact"), program });
}

async function runLockedScript(call: UvCall, script: string): Promise<number> {
  const target = await scriptTarget(call, script);
  const locked = await ensureLock(call, target, false, ["--quiet"]);
  if (locked.exitCode !== 0 || locked.text === null) return locked.exitCode;
  const from = { ...target, text: locked.text };
  const install = {
    command: ["sync"],
    options: [...installing(call, "sync"), ...target.named, "--frozen", "--quiet"],
    operands: [],
  };
  const program = programOf(call, ["--frozen"]);
  return installFrozen(call, from, { install, isExact: true, program });
}

/** The command line as it was given, with what was taken from it. */
function programOf(
  call: UvCall,
  own: readonly string[],
  without: ReadonlySet<string> = new Set(),
): UvWords {
  const { taken, operands } = call.options;
  const switches = ["--module", "--script", "--gui-script"].filter((name) => taken.has(name));
  const valued = ["--with", "--with-editable", "--with-requirements"].flatMap((name) =>
    (taken.get(name) ?? []).flatMap((value) => [name, value]),
  );
  const options = [...installing(call, "run", without), ...switches, ...valued, ...own];
  return { command: ["run"], options, operands };
}

/** The script that is run, if it is one; with or without metadata. */
function scriptOf({ options, cwd }: UvCall): string | null {
  const { taken, operands } = options;
  const [first] = operands;
  if (first === undefined || taken.has("--module")) return null;
  if (first === "-" || /^https?:/i.test(first)) {
    fail(
      "USAGE_INVALID",
      `pubpin uv run ${first}: expected a program or a script that lies in a file, which can be ` +
        "looked at before it runs",
    );
  }
  const isScript = taken.has("--script") || taken.has("--gui-script") || /\.pyw?$/i.test(first);
  if (!isScript) return null;
  const path = resolve(cwd, first);
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
}

/** @throws USAGE_INVALID for what `--with` and its relatives take from elsewhere than an index */
async function requireAddedFromIndex({ options, cwd }: UvCall): Promise<readonly LocalProject[]> {
  const named = valuesOf(options, "--with").flatMap((value) => value.split(","));
  const editable = valuesOf(options, "--with-editable").flatMap((value) => value.split(","));
  for (const each of [...named, ...editable]) requireFromIndex(each, cwd, "--with");
  for (const file of valuesOf(options, "--with-requirements")) {
    await requireFileFromIndex(file, cwd);
  }
  const projects = await withPaths([...named, ...editable].map((each) => resolve(cwd, each)));
  requireLocalFromIndex(projects);
  return projects;
}
