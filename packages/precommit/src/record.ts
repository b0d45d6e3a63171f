/** Whether the line of a lock says what the lock is. */
import { digest, encodeHex, findLock, findLockBytes, type Pins } from "@pubpin/shared";
import { tofuCommand } from "./commands.ts";
import { finding, type Finding } from "./finding.ts";
import type { Binding } from "./settings.ts";

/** A lock as far as its lines speak of it. */
export interface LockState {
  /** `v1-sha256:...`; null where it cannot be read. */
  readonly digest: () => Promise<string | null>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A lock, and the provenance file that has its lines. */
export interface RecordedLock {
  /** From the repository's root. */
  readonly path: string;
  readonly pinsPath: string;
  /** As a line has it. */
  readonly key: string;
  readonly binding: Binding;
  readonly after: LockState;
  /** Null where there was no such file. */
  readonly before: LockState | null;
  readonly pins: Pins;
  /** What the same provenance file said before; null where it was not there or cannot be read. */
  readonly pinsBefore: Pins | null;
}

type Kind = "lock" | "lock-bytes";

interface Line {
  readonly number: number;
  readonly value: string;
}

const KINDS: readonly Kind[] = ["lock", "lock-bytes"];

/**
 * What is wrong with the lines of a lock: nothing if the one that the binding asks for is there, every
 * one that is there says what the lock is, and where the lock changed its line did too. So a digest
 * cannot have been written in an earlier commit.
 */
export async function judgeRecord(recorded: RecordedLock): Promise<readonly Finding[]> {
  const findings = await Promise.all(KINDS.map((kind) => judgeLine(recorded, kind)));
  return findings.flatMap((each) => each ?? []);
}

async function judgeLine(recorded: RecordedLock, kind: Kind): Promise<Finding | null> {
  const { key, pins, pinsBefore, binding, after, before } = recorded;
  const line = lineOf(pins, key, kind);
  if (line === null) {
    return kind === (binding === "bytes" ? "lock-bytes" : "lock") ? missing(recorded, kind) : null;
  }
  const value = await valueOf(after, kind);
  if (line.value !== value) return mismatch(recorded, kind, line, value);
  const old = pinsBefore === null ? null : lineOf(pinsBefore, key, kind);
  if (old?.value !== value) return null;
  const isChanged = before === null || (await valueOf(before, kind)) !== value;
  return isChanged ? prepared(recorded, kind, line) : null;
}

function lineOf(pins: Pins, key: string, kind: Kind): Line | null {
  if (kind === "lock") {
    const found = findLock(pins, key);
    return found === null ? null : { number: found.line, value: found.entry.digest };
  }
  const found = findLockBytes(pins, key);
  return found === null ? null : { number: found.line, value: `sha256:${found.entry.sha256}` };
}

async function valueOf(state: LockState, kind: Kind): Promise<string | null> {
  if (kind === "lock") return state.digest();
  return `sha256:${encodeHex(await digest("SHA-256", state.bytes))}`;
}

function missing({ path, pinsPath, key }: RecordedLock, kind: Kind): Finding {
  const message = `${path}: expected a line #${kind}:${key} in ${pinsPath}, found none`;
  return finding("LOCK_NOT_RECORDED", path, message, { repair: tofuCommand(path, pinsPath) });
}

function mismatch(
  { path, pinsPath, pinsBefore, key }: RecordedLock,
  kind: Kind,
  { number, value }: Line,
  found: string | null,
): Finding {
  const isOld = pinsBefore !== null && lineOf(pinsBefore, key, kind)?.value === value;
  const reason = isOld ? "its line did not change" : "its line is that of another lock";
  const message = `${path}: expected ${shortened(value)}, found ${shortened(found)}: ${reason}`;
  return finding("LOCK_DIGEST_MISMATCH", pinsPath, message, {
    line: number,
    repair: tofuCommand(path, pinsPath),
  });
}

/** As much of a digest as a person compares. */
function shortened(digestText: string | null): string {
  return digestText === null ? "none" : `${digestText.replace(/(?<=:.{12}).*/, "")}...`;
}

function prepared({ path, pinsPath }: RecordedLock, kind: Kind, { number, value }: Line): Finding {
  const message =
    `${path}: expected that its #${kind}: line changes together with it, ` +
    `found that an earlier commit wrote ${shortened(value)}`;
  return finding("LOCK_DIGEST_PREPARED", pinsPath, message, { line: number });
}
