/** Locks as Git has them, read once each. */
import {
  type Lock,
  lockDigest,
  lockFormat,
  type LockParsers,
  PubpinError,
  readLock,
} from "@pubpin/shared";
import type { Blobs } from "./blobs.ts";
import { pathWithin } from "./state.ts";
import { loadYamlParser } from "./yaml.ts";

/** A lock that could be read. */
export interface ReadLock {
  /** Its path is relative to the folder of the provenance file that governs it. */
  readonly lock: Lock;
  /** `v1-sha256:...`, computed when it is asked for. */
  readonly digest: () => Promise<string>;
}

/** Reads locks. The same object at the same place is read once. */
export interface LockReader {
  /**
   * The lock that an object holds, or why it is none.
   *
   * @param path from the repository's root
   * @param pinsPath the file that governs it
   * @throws HISTORY_INCOMPLETE
   */
  readonly read: (oid: string, path: string, pinsPath: string) => Promise<ReadLock | PubpinError>;
  /** Forgets what was read. */
  readonly clear: () => void;
}

const HASH = "--hash";
const SHA256 = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** A reader of locks among objects. */
export function openLockReader(blobs: Blobs): LockReader {
  const known = new Map<string, Promise<ReadLock | PubpinError>>();
  return {
    read: (oid, path, pinsPath) => {
      const key = `${oid} ${pinsPath} ${path}`;
      const reading = known.get(key) ?? readOne(oid, path, pinsPath, blobs);
      known.set(key, reading);
      return reading;
    },
    clear: () => known.clear(),
  };
}

/**
 * Whether a file can be a lock: a requirements file is one only if it holds hashes, in whatever way
 * these are written.
 */
export function canBeLock(path: string, bytes: Uint8Array): boolean {
  const format = lockFormat(path);
  if (format !== null && format !== "requirements") return true;
  return new TextDecoder().decode(bytes).includes(HASH);
}

/** Every text in a file that is as long as a SHA-256 and looks like one. */
export function hashesIn(bytes: Uint8Array): ReadonlySet<string> {
  return new Set(new TextDecoder("latin1").decode(bytes).match(SHA256));
}

async function readOne(
  oid: string,
  path: string,
  pinsPath: string,
  blobs: Blobs,
): Promise<ReadLock | PubpinError> {
  try {
    return await readLockBytes(blobs.bytes(oid, path), pathWithin(pinsPath, path));
  } catch (error) {
    if (error instanceof PubpinError && error.code !== "HISTORY_INCOMPLETE") return error;
    throw error;
  }
}

/**
 * Reads a lock of any format, with its digest.
 *
 * @param path relative to the folder of the provenance file that governs it
 * @throws LOCK_INVALID LOCK_UNSUPPORTED LOCK_UNKNOWN_NAME LIMIT_EXCEEDED
 */
export async function readLockBytes(bytes: Uint8Array, path: string): Promise<ReadLock> {
  const parsers: LockParsers = lockFormat(path) === "pixi" ? { yaml: await loadYamlParser() } : {};
  const lock = readLock(path, bytes, parsers);
  let digest: Promise<string> | undefined;
  return { lock, digest: () => (digest ??= lockDigest(lock)) };
}
