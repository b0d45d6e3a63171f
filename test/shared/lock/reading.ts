/** How the tests of this folder read locks, and what they expect of them. */
import type { Distribution, Hash, Lock, LockedFile } from "../../../packages/shared/src/model.ts";
import { expect } from "vitest";
import { type LockParsers, readLock } from "../../../packages/shared/src/lock/read.ts";

export const A: string = "a".repeat(64);
export const B: string = "b".repeat(64);
export const C: string = "c".repeat(64);
export const COMMIT: string = "0123456789abcdef0123456789abcdef01234567";

/** Reads text as the lock of this name. */
export function read(path: string, text: string, parsers?: LockParsers): Lock {
  return readLock(path, new TextEncoder().encode(text), parsers);
}

/** The entry of this name, of which there must be one. */
export function entry(lock: Lock, name: string): Distribution {
  const found = lock.distributions.filter((each) => each.name === name);
  expect(found).toHaveLength(1);
  return found[0] as Distribution;
}

export function sha256(value: string): Hash {
  return { algorithm: "sha256", value };
}

/** A file of which a lock says nothing but this. */
export function file(known: Partial<LockedFile>): LockedFile {
  return { filename: null, url: null, path: null, hashes: [], size: null, ...known };
}

/** Asserts that text is refused with this code and with a message of this form. */
export function expectRefused(
  path: string,
  text: string,
  code: string,
  message: RegExp,
  parsers?: LockParsers,
): void {
  expect(() => read(path, text, parsers)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }),
  );
}
