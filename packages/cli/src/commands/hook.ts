import { accessSync, constants } from "node:fs";
import { chmod, mkdir, rmdir, unlink } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { fail, PubpinError } from "@pubpin/shared";
import {
  type FileChange,
  lineDiff,
  planInstall,
  planUninstall,
  type Runner,
  type SettingChange,
  type SetupIo,
  type SetupPlan,
  writeSetting,
} from "pubpin-precommit";
import { updateFile } from "../node/atomic-write.ts";
import { MAX_PROJECT_FILE_BYTES } from "../node/limits.ts";
import { readFileIfAny, systemCode, unreadable } from "../node/read-file.ts";
import { PUBPIN_VERSION } from "../node/version.ts";
import type { World } from "../session.ts";

/** What `pubpin hook install` is told. */
export interface HookInstallOptions {
  /** Found out where it is undefined. */
  readonly runner: Runner | undefined;
  readonly yes: boolean;
  readonly prePush: boolean;
  readonly workflow: boolean;
  readonly mergeDriver: boolean;
  /** The repository that pre-commit and prek install the hook from, and its revision. */
  readonly repository?: string | undefined;
  readonly revision?: string | undefined;
  readonly strict: boolean;
}

/** Readable and executable for all, writable for its owner: what Git wants of a hook. */
const PROGRAM_MODE = 0o755;
/** What npm calls a program. */
const PROGRAM_ENDINGS: readonly string[] = process.platform === "win32" ? [".cmd"] : [""];
/** Folders that hold nothing but workflows; one that pubpin's leaves empty goes with it. */
const WORKFLOW_FOLDERS: ReadonlySet<string> = new Set(["workflows", ".github"]);

/**
 * `pubpin hook install`: shows what it would change, asks, and changes it.
 *
 * @returns 0 when the hook is set up, 1 when the answer was no
 * @throws USAGE_INVALID where nobody can be asked and `yes` was not given
 */
export async function hookInstall(world: World, options: HookInstallOptions): Promise<number> {
  const plan = await planInstall(setupIo(world), {
    runner: options.runner ?? null,
    prePush: options.prePush,
    mergeDriver: options.mergeDriver,
    workflow: options.workflow ? { version: PUBPIN_VERSION } : null,
    strict: options.strict,
    source: sourceOf(options),
  });
  const because = plan.because === null ? "" : ` (${plan.because})`;
  world.note(`hooks of this repository are run by ${plan.runner ?? "Git"}${because}`);
  return carryOut(plan, world, options.yes, "the hook is set up already: nothing to write");
}

/**
 * `pubpin hook uninstall`: shows what it would take out, asks, and takes it out.
 *
 * @returns 0 when nothing of the hook is left, 1 when the answer was no
 * @throws USAGE_INVALID where nobody can be asked and `yes` was not given
 */
export async function hookUninstall(world: World, { yes }: { yes: boolean }): Promise<number> {
  const plan = await planUninstall(setupIo(world));
  return carryOut(plan, world, yes, "the hook is not set up here: nothing to take out");
}

function sourceOf({
  repository,
  revision,
}: HookInstallOptions): { readonly url: string; readonly revision: string } | null {
  if (repository === undefined && revision === undefined) return null;
  if (repository !== undefined && revision !== undefined) return { url: repository, revision };
  return fail("USAGE_INVALID", "--repository and --revision belong together: found one of them");
}

async function carryOut(
  plan: SetupPlan,
  world: World,
  isAgreed: boolean,
  nothing: string,
): Promise<number> {
  const { files, settings, notes, root } = plan;
  if (files.length === 0 && settings.length === 0) world.note(nothing);
  else {
    world.out(files.map(lineDiff).join("") + settings.map(describeSetting).join(""));
    const answer = isAgreed ? "yes" : await world.ask("Write this?");
    if (answer === "nobody") {
      fail("USAGE_INVALID", "nobody is there to be asked, so nothing was written: add --yes");
    }
    if (answer === "no") {
      world.note("nothing was written");
      return 1;
    }
    for (const file of files) await writeChange(file, world);
    for (const setting of settings) writeSetting(root, setting);
    world.note("written");
  }
  for (const note of notes) world.note(`then: ${note}`);
  return 0;
}

/** As `git config` would be called. */
function describeSetting({ key, before, after }: SettingChange): string {
  const remove = before === null ? "" : `- git config ${key} ${JSON.stringify(before)}\n`;
  return remove + (after === null ? "" : `+ git config ${key} ${JSON.stringify(after)}\n`);
}

async function writeChange(
  { path, name, before, after, isProgram }: FileChange,
  world: World,
): Promise<void> {
  const requireSame = (old: Uint8Array | null): void => {
    const text = old === null ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(old);
    if (text === before) return;
    fail("FILE_CHANGED_MEANWHILE", `${name}: expected what was shown, found something else`);
  };
  if (after === null) return removeFile(path, name, requireSame);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw unreadable(name, error, "FILE_UNWRITABLE");
  }
  await updateFile(
    path,
    (old) => {
      requireSame(old);
      return after;
    },
    { maxBytes: MAX_PROJECT_FILE_BYTES, signal: world.signal },
  );
  if (isProgram && before === null) await chmod(path, PROGRAM_MODE);
}

async function removeFile(
  path: string,
  name: string,
  requireSame: (old: Uint8Array | null) => void,
): Promise<void> {
  requireSame(await readFileIfAny(path, MAX_PROJECT_FILE_BYTES, name));
  try {
    await unlink(path);
    for (let folder = dirname(path); WORKFLOW_FOLDERS.has(basename(folder));) {
      await rmdir(folder);
      folder = dirname(folder);
    }
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes(systemCode(error))) return;
    throw unreadable(name, error, "FILE_UNWRITABLE");
  }
}

function setupIo({ cwd, env }: World): SetupIo {
  return {
    cwd,
    isOnPath: (name) =>
      (env["PATH"] ?? "")
        .split(delimiter)
        .some((folder) => PROGRAM_ENDINGS.some((end) => isExecutable(join(folder, name + end)))),
    readFile: (path) => readIfInside(path),
    isExecutable,
  };
}

/** A file below what is no folder is not there. */
async function readIfInside(path: string): Promise<Uint8Array | null> {
  try {
    return await readFileIfAny(path, MAX_PROJECT_FILE_BYTES, path);
  } catch (error) {
    if (error instanceof PubpinError && systemCode(error.cause) === "ENOTDIR") return null;
    throw error;
  }
}

/** Windows knows no such permission, and Git runs every hook there. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, process.platform === "win32" ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
