/**
 * A file beside another that says who is changing it. It holds for moments only: whoever died with
 * it is found out by the next, who takes it away.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { removeIfAny } from "./file-steps.ts";
import { WRITE_LOCK_NAMELESS_MS, WRITE_LOCK_STALE_MS } from "./limits.ts";
import { systemCode } from "./read-file.ts";

/** A lock that this process holds. */
export interface WriteLock {
  /** Part of the names of files that belong to this holding of the lock. */
  readonly token: string;
  /** Whether nobody took it for abandoned meanwhile. */
  readonly isHeld: () => boolean;
  readonly release: () => void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

const ENDING = ".pubpin-lock";
const TOKEN = /^[0-9a-f]{16}$/;
/** What Windows says of a file that another process is about to delete. */
const BUSY: ReadonlySet<string> = new Set(
  process.platform === "win32" ? ["EEXIST", "EPERM", "EACCES", "EBUSY"] : ["EEXIST"],
);

/** The name of the lock for a file. */
export function lockPathOf(path: string): string {
  return `${path}${ENDING}`;
}

/** The name of the file in which whoever has this token prepares the new content. */
export function unfinishedPathOf(path: string, token: string): string {
  return `${path}.${token}.pubpin-tmp`;
}

/**
 * Takes the lock for a file, or says null at once where somebody has it. A holder that is dead, or
 * has held it for too long, loses it, and what it left unfinished is deleted.
 *
 * @throws the system's error where the folder cannot be written
 */
export function tryLock(path: string): WriteLock | null {
  const lock = lockPathOf(path);
  const token = randomBytes(8).toString("hex");
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token } satisfies Holder);
  try {
    writeExclusively(lock, content);
  } catch (error) {
    if (!BUSY.has(systemCode(error))) throw error;
    breakIfAbandoned(path, lock);
    return null;
  }
  removeLocksOfDeadBreakers(lock);
  const isHeld = (): boolean => readIfAny(lock) === content;
  return {
    token,
    isHeld,
    release: () => {
      if (isHeld()) removeIfAny(lock);
    },
  };
}

function writeExclusively(path: string, content: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, content);
  } catch (error) {
    // A disk that is full takes the name and not the content.
    removeIfAny(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function breakIfAbandoned(path: string, lock: string): void {
  const content = readIfAny(lock);
  if (content === null || !isAbandoned(lock, content)) return;
  const aside = `${lock}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readIfAny(aside) === content) {
    const holder = parseHolder(content);
    if (holder !== null) removeIfAny(unfinishedPathOf(path, holder.token));
  } else {
    giveBack(aside, lock);
  }
  removeIfAny(aside);
}

/** Whoever is killed while it takes an abandoned lock away leaves it behind under another name. */
function removeLocksOfDeadBreakers(lock: string): void {
  const folder = dirname(lock);
  const start = `${basename(lock)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start)) continue;
    const pid = Number(/^(\d+)\.[0-9a-f]{12}$/.exec(name.slice(start.length))?.[1]);
    if (pid > 0 && !isAlive(pid)) removeIfAny(join(folder, name));
  }
}

/** Somebody else was quicker, and it was their new lock that was moved aside. */
function giveBack(aside: string, lock: string): void {
  try {
    linkSync(aside, lock);
  } catch {
    return;
  }
}

function isAbandoned(lock: string, content: string): boolean {
  const holder = parseHolder(content);
  if (holder !== null && holder.host === hostname() && !isAlive(holder.pid)) return true;
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  const patience = holder === null ? WRITE_LOCK_NAMELESS_MS : WRITE_LOCK_STALE_MS;
  return since !== undefined && Date.now() - since > patience;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/** Null for what is not, or not yet wholly, written. */
function parseHolder(content: string): Holder | null {
  try {
    const { pid, host, token } = JSON.parse(content) as Partial<Holder>;
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return null;
    if (typeof host !== "string" || typeof token !== "string" || !TOKEN.test(token)) return null;
    return { pid, host, token };
  } catch {
    return null;
  }
}

function readIfAny(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
