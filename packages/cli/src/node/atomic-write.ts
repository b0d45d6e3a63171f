/** Changes to files: whole or not at all, and none lost between two processes. */
import { accessSync, constants, renameSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PubpinError } from "@pubpin/shared";
import {
  type FoundFile,
  readIfPresent,
  removeIfAny,
  syncFolder,
  targetOf,
  writeThrough,
} from "./file-steps.ts";
import { MAX_UPDATE_ATTEMPTS, WRITE_LOCK_WAIT_MS } from "./limits.ts";
import { systemCode, unreadable } from "./read-file.ts";
import { uninterrupted } from "./uninterrupted.ts";
import { lockPathOf, tryLock, unfinishedPathOf, type WriteLock } from "./write-lock.ts";

/**
 * Says what a file is to hold: its new text, or null to leave it as it is. It is given the file's
 * bytes, or null where there is none, and is asked again when the file changed meanwhile.
 */
export type Change = (old: Uint8Array<ArrayBuffer> | null) => string | null;

/** How a file is changed. */
export interface UpdateOptions {
  /** Bytes that the file may have before the change. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for another process; by default WRITE_LOCK_WAIT_MS. */
  readonly waitMs?: number;
}

/** What became of a change. */
export type UpdateOutcome = "written" | "unchanged";

/** A change that has come as far as its new text. */
interface Replacement {
  readonly path: string;
  /** The path behind all symbolic links. */
  readonly target: string;
  readonly before: FoundFile | null;
  readonly text: string;
  readonly lock: WriteLock;
}

const RETRY_MS = 20;
/** What Windows says of a file that somebody else has open just now. */
const IN_USE: ReadonlySet<string> = new Set(
  process.platform === "win32" ? ["EPERM", "EACCES", "EBUSY"] : [],
);
const ANY_PERMISSION = 0o777;

/**
 * Changes a file in one step: whoever reads it sees the old text or the new one, also when this
 * process is killed, and of two processes that change it at once neither undoes what the other did.
 * A symbolic link stays one, and what it leads to is changed. The file's mode stays; a new one gets
 * the usual mode. What `change` throws is thrown, and nothing is written.
 *
 * @throws FILE_UNREADABLE FILE_UNWRITABLE LIMIT_EXCEEDED
 * @throws FILE_CHANGED_MEANWHILE when other programs held or changed the file all the time
 * @throws an AbortError once `signal` is aborted
 */
export async function updateFile(
  path: string,
  change: Change,
  options: UpdateOptions,
): Promise<UpdateOutcome> {
  const { signal, waitMs = WRITE_LOCK_WAIT_MS } = options;
  const deadline = Date.now() + waitMs;
  for (let changes = 0; changes < MAX_UPDATE_ATTEMPTS;) {
    signal?.throwIfAborted();
    const outcome = await uninterrupted(() => attempt(path, change, options.maxBytes));
    if (outcome === "changed") changes++;
    else if (outcome !== "busy") return outcome;
    else if (Date.now() >= deadline) {
      const holder = lockPathOf(targetOf(path));
      refuse(path, `expected to change it alone, found that another process holds ${holder}`);
    }
    await delay(RETRY_MS * (1 + Math.random()), undefined, { signal });
  }
  return refuse(path, `expected it to keep still, found ${MAX_UPDATE_ATTEMPTS} changes meanwhile`);
}

/**
 * Writes a file in one step, whatever was in it; see {@link updateFile}.
 *
 * @throws FILE_UNREADABLE FILE_UNWRITABLE FILE_CHANGED_MEANWHILE
 */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  await updateFile(path, () => text, { maxBytes: Number.POSITIVE_INFINITY });
}

/** One attempt, without a pause in which anything else of this process could run. */
function attempt(
  path: string,
  change: Change,
  maxBytes: number,
): UpdateOutcome | "busy" | "changed" {
  const target = targetOf(path);
  const lock = takeLock(target, path);
  if (lock === null) return "busy";
  try {
    const before = readIfPresent(target, maxBytes, path);
    const text = change(before === null ? null : new Uint8Array(before.bytes));
    if (text === null || holds(before, Buffer.from(text))) return "unchanged";
    return replace({ path, target, before, text, lock });
  } finally {
    lock.release();
  }
}

/**
 * The lock keeps out other processes of pubpin. Others, such as an editor, are found out by reading
 * the file again just before it is replaced.
 */
function replace({ path, target, before, text, lock }: Replacement): "written" | "changed" {
  const unfinished = unfinishedPathOf(target, lock.token);
  try {
    if (before !== null) accessSync(target, constants.W_OK);
    writeThrough(unfinished, text, before === null ? null : before.stats.mode & ANY_PERMISSION);
    const now = readIfPresent(target, Number.POSITIVE_INFINITY, path);
    const isSame = now === null ? before === null : holds(before, now.bytes);
    if (!isSame || !lock.isHeld()) return "changed";
    renameSync(unfinished, target);
    syncFolder(dirname(target));
    return "written";
  } catch (error) {
    if (IN_USE.has(systemCode(error))) return "changed";
    throw error instanceof PubpinError ? error : unreadable(path, error, "FILE_UNWRITABLE");
  } finally {
    removeIfAny(unfinished);
  }
}

function takeLock(target: string, path: string): WriteLock | null {
  try {
    return tryLock(target);
  } catch (error) {
    throw unreadable(path, error, "FILE_UNWRITABLE");
  }
}

function holds(file: FoundFile | null, bytes: Uint8Array): boolean {
  return file !== null && file.bytes.equals(bytes);
}

function refuse(path: string, message: string): never {
  throw new PubpinError("FILE_CHANGED_MEANWHILE", `${path}: ${message}`);
}
