/** The merge driver for provenance files: `pubpin-precommit merge-driver %O %A %B %P`. */
import { readFileSync, writeFileSync } from "node:fs";
import {
  digest,
  encodeHex,
  parsePins,
  type Pins,
  type PinsEntry,
  PubpinError,
  sameEntry,
  setLock,
  showPath,
} from "@pubpin/shared";
import { runGit } from "./git.ts";
import type { World } from "./hook.ts";
import { readLockBytes } from "./locks.ts";
import { contentAt, type MergedCommits, mergedCommits, mergeTexts } from "./merge-locks.ts";
import { type MergedPins, mergedText, mergePins, type PinsConflict } from "./merge-pins.ts";
import { folderOf } from "./paths.ts";

/** The three versions of a file, in the order in which Git names them. */
interface Versions<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

const MERGED = 0;
const CONFLICT = 1;

/**
 * Merges a provenance file, and writes the result over our version. Lines are merged by what they are
 * about. The digest of a lock that both sides changed is computed from the merged lock, where that
 * merges cleanly and it can be found out which commits are merged; else the line stays as ours, which
 * is of no merged lock, and the file counts as conflicted.
 *
 * @param files the common ancestor, ours, theirs, and the path in the repository
 * @returns 0 where nothing is left to a person, else 1
 */
export async function mergeFiles(
  [basePath, oursPath, theirsPath, path]: readonly [string, string, string, string],
  world: World,
): Promise<number> {
  const files: Versions<Buffer> = {
    base: readFileSync(basePath),
    ours: readFileSync(oursPath),
    theirs: readFileSync(theirsPath),
  };
  const pins = parseAll(files, path);
  const merged = pins === null ? null : mergePins(pins.base, pins.ours, pins.theirs);
  if (pins === null || merged === null) return mergeAsText(basePath, oursPath, theirsPath);
  const { settled, left } = await settleLocks(merged, path, files, world);
  writeFileSync(oursPath, mergedText(settled, pins.base, pins.theirs));
  for (const lock of left) {
    world.err(
      `pubpin: ${showPath(path)}: the digest of ${showPath(lock)} is not merged: resolve the lock, ` +
        "then `pubpin tofu` records it\n",
    );
  }
  return settled.conflicts.length > 0 || left.length > 0 ? CONFLICT : MERGED;
}

function parseAll(files: Versions<Buffer>, path: string): Versions<Pins> | null {
  try {
    return {
      base: parsePins(files.base, path),
      ours: parsePins(files.ours, path),
      theirs: parsePins(files.theirs, path),
    };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

/** What cannot be merged by its lines is merged as any text. */
function mergeAsText(base: string, ours: string, theirs: string): number {
  const labels = ["ours", "base", "theirs"].flatMap((label) => ["-L", label]);
  const answer = runGit(["merge-file", "--quiet", ...labels, ours, base, theirs]);
  return answer.exitCode === 0 ? MERGED : CONFLICT;
}

/** Takes digests out of the conflicts: those that are known now, and those that stay as ours. */
async function settleLocks(
  { pins, conflicts }: MergedPins,
  path: string,
  files: Versions<Buffer>,
  { env }: World,
): Promise<{ readonly settled: MergedPins; readonly left: readonly string[] }> {
  const commits = commitsOf(path, files, env);
  const others: PinsConflict[] = [];
  const left: string[] = [];
  let settled = pins;
  for (const conflict of conflicts) {
    const entry = (conflict.ours ?? conflict.theirs)?.entry;
    if (entry?.kind !== "lock" && entry?.kind !== "lock-bytes") {
      others.push(conflict);
      continue;
    }
    const known = commits === null ? null : await recorded(entry, conflict, path, commits);
    if (known === null) left.push(folderOf(path) + entry.path);
    else settled = setLock(settled, known);
  }
  return { settled: { pins: settled, conflicts: others }, left };
}

/** The commits that are merged, if these versions are truly theirs. */
function commitsOf(path: string, files: Versions<Buffer>, env: World["env"]): MergedCommits | null {
  const commits = mergedCommits(env);
  if (commits === null) return null;
  const isTheirs = (["base", "ours", "theirs"] as const).every((side) => {
    const content = contentAt(commits[side], path) ?? Buffer.alloc(0);
    return content.equals(files[side]);
  });
  return isTheirs ? commits : null;
}

type LockLine = Extract<PinsEntry, { readonly kind: "lock" | "lock-bytes" }>;

/**
 * The line of a lock as the merge makes it. Null where the lock conflicts or cannot be read, and where
 * one side's own line is not that of its lock: what nobody recorded is not recorded by merging it.
 */
async function recorded(
  entry: LockLine,
  conflict: PinsConflict,
  path: string,
  { base, ours, theirs }: MergedCommits,
): Promise<LockLine | null> {
  const lockPath = folderOf(path) + entry.path;
  const [our, their] = [contentAt(ours, lockPath), contentAt(theirs, lockPath)];
  if (our === null || their === null) return null;
  const sides = [
    [our, conflict.ours],
    [their, conflict.theirs],
  ] as const;
  for (const [text, line] of sides) {
    const is = await lineFor(entry, text);
    if (is === null || line === null || !sameEntry(is, line.entry)) return null;
  }
  const text = mergeTexts(contentAt(base, lockPath) ?? Buffer.alloc(0), our, their);
  return text === null ? null : lineFor(entry, text);
}

/** The line of this kind that a lock has to have; null where it cannot be read. */
async function lineFor(entry: LockLine, text: Buffer): Promise<LockLine | null> {
  const bytes = new Uint8Array(text);
  if (entry.kind === "lock-bytes") {
    return { ...entry, sha256: encodeHex(await digest("SHA-256", bytes)) };
  }
  try {
    const { digest: digestOf } = await readLockBytes(bytes, entry.path);
    return { ...entry, digest: await digestOf() };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}
