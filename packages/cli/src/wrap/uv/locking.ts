/** Locks through the guarding index, beside the project: nothing of it changes before it was verified. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, sep } from "node:path";
import { fail, MAX_LOCK_BYTES, type PinsEntry } from "@pubpin/shared";
import type { GuardingIndex } from "../../guarding-index/types.ts";
import { updateFile } from "../../node/atomic-write.ts";
import { readFileIfAny, readWholeFile } from "../../node/read-file.ts";
import type { CheckAhead } from "./ahead.ts";
import { type Approval, approve, pin, projectOfLock } from "./approval.ts";
import type { UvCall } from "./call.ts";
import { readConfiguration, readTable, tableIn, tablesIn } from "./configuration.ts";
import { agreeOnSources } from "./foreign-sources.ts";
import { type Guarding, withGuard } from "./guarded.ts";
import { indexesOf } from "./indexes.ts";
import { type ChangedFile, makeMirror, type Mirror } from "./mirror.ts";
import { requireBuildsFromIndex } from "./requirements.ts";
import { runUv } from "./run-uv.ts";
import { scriptMetadata } from "./script.ts";
import type { LocalProject } from "./workspace.ts";
import { governingPins, readPins } from "../../project.ts";

/** uv would start the Python of an environment, into which nobody has looked yet. */
const WITHOUT_ENVIRONMENT = { VIRTUAL_ENV: undefined, UV_PROJECT_ENVIRONMENT: undefined };

/** What is locked: a workspace, or a script. */
export interface Lockable {
  /** The lock, which may not be there yet. */
  readonly lock: string;
  /** The folder that paths of the lock count from. */
  readonly root: string;
  readonly projects: readonly LocalProject[];
  /** What uv may change beside the lock. */
  readonly files: readonly string[];
}

/** How uv is asked to lock. */
export interface LockRequest {
  /** The command's name and options, but for those that lead to the guarding index. */
  readonly parameters: (mirror: Mirror) => readonly string[];
  /** Whether uv works in the mirror's own place for where it was called. */
  readonly needsCwd: boolean;
  /** Verifies the lock that is there meanwhile. */
  readonly ahead?: CheckAhead;
}

/** What came of it. */
export interface LockOutcome {
  /** uv's where it failed, 1 or 3 where what it made was refused; 0 where the lock may be used. */
  readonly exitCode: number;
  /** The lock that was verified, where the exit code is 0; null where uv made none. */
  readonly text: string | null;
}

/**
 * Lets uv make a lock, verifies it, and puts what changed in place: `.provenance.txt` first, then the
 * lock, then the files that it was made from; each in one step. Where anything is refused, nothing
 * changes.
 *
 * @throws the codes of configuration, files, locks and pins
 */
export async function lockThroughGuard(
  call: UvCall,
  target: Lockable,
  request: LockRequest,
): Promise<LockOutcome> {
  requireBuildsFromIndex(target.projects);
  const configuration = await readConfiguration(call, target.root);
  const indexes = indexesOf(
    call,
    configuration,
    target.projects.map(({ table }) => table),
  );
  const { session, invocation } = call;
  const pinsPath = await governingPins(session.world.cwd, target.root, invocation.pinsFile);
  const pins = await readPins(pinsPath);
  const sources = await agreeOnSources(call, target.projects, pins);
  if (sources === null) return { exitCode: 1, text: null };
  const setting = { pinsPath, pins, indexes, locks: [], settings: {}, isSealed: false };
  const made = await withGuard(call, setting, (guarding) =>
    lockIn(call, target, request, guarding),
  );
  if (made.exitCode !== 0) return { exitCode: made.exitCode, text: null };
  return putInPlace(call, target, { ...made, agreed: [...made.agreed, ...sources] }, request.ahead);
}

interface Made {
  readonly exitCode: number;
  readonly changes: readonly ChangedFile[];
  readonly agreed: readonly PinsEntry[];
}

async function lockIn(
  call: UvCall,
  { root, projects, lock, files }: Lockable,
  request: LockRequest,
  { guard, options, folder, agreed }: Guarding,
): Promise<Made> {
  const tops = [root, ...projects.map((project) => project.folder)];
  const mirror = await makeMirror(folder, tops, [lock, ...files], {
    into: (text) => guard.fromUpstream(text),
    back: (text) => guard.toUpstream(text),
  });
  await requireGuarded(files, mirror, guard);
  const parameters = [...request.parameters(mirror), ...options];
  const cwd = placeInMirror(call, mirror, root, request.needsCwd);
  const running = runUv(call, parameters, { cwd, env: WITHOUT_ENVIRONMENT });
  request.ahead?.start();
  const exitCode = await running;
  return {
    exitCode,
    changes: exitCode === 0 ? await mirror.changes() : [],
    agreed: agreed(exitCode),
  };
}

/** @throws USAGE_INVALID for an index of a project that the guarding index does not stand in for */
async function requireGuarded(
  files: readonly string[],
  mirror: Mirror,
  { baseUrl }: GuardingIndex,
): Promise<void> {
  for (const file of files) {
    const path = mirror.at(file);
    const table = file.endsWith(".toml") ? await readTable(path) : await scriptMetadata(path);
    for (const { url } of tablesIn(tableIn(tableIn(table ?? {}, "tool"), "uv"), "index")) {
      if (typeof url === "string" && url.startsWith(`${baseUrl}/`)) continue;
      fail(
        "USAGE_INVALID",
        `${file}: index ${String(url)}: expected its address in plain quotes, found it in another ` +
          "form: write it so",
      );
    }
  }
}

/**
 * Where uv runs in the mirror: a folder that leads to the real place is no part of it, and uv would
 * find the real project from there.
 *
 * @throws USAGE_INVALID where paths of the command line count from such a folder
 */
function placeInMirror(call: UvCall, mirror: Mirror, root: string, needsCwd: boolean): string {
  const start = call.projectFolder ?? call.cwd;
  const isOwn = (folder: string): boolean =>
    existsSync(mirror.at(folder)) && realpathSync(mirror.at(folder)) === mirror.at(folder);
  if (isOwn(start)) return mirror.at(start);
  if (needsCwd) {
    fail(
      "USAGE_INVALID",
      `${start}: paths of the command line count from here: run it in the project's own folder`,
    );
  }
  for (
    let folder = start;
    folder === root || folder.startsWith(root + sep);
    folder = dirname(folder)
  ) {
    if (isOwn(folder)) return mirror.at(folder);
  }
  return mirror.at(root);
}

async function putInPlace(
  call: UvCall,
  { lock }: Lockable,
  { changes, agreed }: Made,
  ahead?: CheckAhead,
): Promise<LockOutcome> {
  const changed = changes.find(({ path }) => path === lock);
  const others = changes.filter(({ path }) => path !== lock);
  const isLocked = changed !== undefined || existsSync(lock);
  const text = isLocked ? (changed?.after ?? (await readLockText(lock))) : null;
  if (text !== null) {
    const project = await projectOfLock(call, lock, text);
    const plan = agreed.length > 0 ? null : await ahead?.planOf(project, text);
    const approval: Approval = await approve(call, project, agreed, changed !== undefined, plan);
    if (approval.exitCode !== 0) return { ...approval, text: null };
    for (const { path, before } of changes) {
      requireUnchanged(path, before, await readTextIfAny(path));
    }
    await pin(call, project, approval.change);
  }
  for (const change of changed === undefined ? others : [changed, ...others]) {
    await put(call, change);
  }
  return { exitCode: 0, text };
}

/** @throws FILE_CHANGED_MEANWHILE where the file is another one than that which uv read */
async function put({ session }: UvCall, { path, before, after }: ChangedFile): Promise<void> {
  const change = (old: Uint8Array<ArrayBuffer> | null): string => {
    requireUnchanged(path, before, old === null ? null : decodeText(old));
    return after;
  };
  await updateFile(path, change, { maxBytes: MAX_LOCK_BYTES, signal: session.world.signal });
}

/**
 * Verifies a lock as it is, without asking uv whether it is up to date.
 *
 * @throws the codes of locks, pins and files
 */
export async function approveAsItIs(call: UvCall, lock: string): Promise<LockOutcome> {
  const text = await readLockText(lock);
  const project = await projectOfLock(call, lock, text);
  const approval = await approve(call, project, [], false);
  if (approval.exitCode !== 0) return { ...approval, text: null };
  await pin(call, project, approval.change);
  return { exitCode: 0, text };
}

/** @throws FILE_CHANGED_MEANWHILE */
function requireUnchanged(path: string, before: string | null, found: string | null): void {
  if (found === before) return;
  fail("FILE_CHANGED_MEANWHILE", `${path}: expected it to keep still while uv locked`);
}

async function readTextIfAny(path: string): Promise<string | null> {
  const bytes = await readFileIfAny(path, MAX_LOCK_BYTES, path);
  return bytes === null ? null : decodeText(bytes);
}

/** The text of a lock. */
export async function readLockText(path: string): Promise<string> {
  return decodeText(await readWholeFile(path, MAX_LOCK_BYTES, path));
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
