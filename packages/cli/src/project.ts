import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  digest,
  EMPTY_PINS,
  encodeHex,
  type Lock,
  type LockParsers,
  MAX_PINS_BYTES,
  parsePins,
  type Pins,
  PubpinError,
  readLock,
} from "@pubpin/shared";
import { loadYamlParser } from "pubpin-precommit";
import { repositorySettings } from "./binding.ts";
import { findLocks, readLockFile } from "./node/locks.ts";
import { findPins, pathFrom } from "./node/pins-location.ts";
import { readFileIfAny } from "./node/read-file.ts";
import { pipLock } from "./pip-lock.ts";
import type { Session } from "./session.ts";

const REQUIREMENTS = "requirements.txt";

/** Which locks a command is about, and which pins. */
export interface Selection {
  /** Paths of lock files; none for all of the folder. */
  readonly locks: readonly string[];
  /** What `pip lock` is to lock in their place; null where nothing came after `--`. */
  readonly pipParameters: readonly string[] | null;
  /** The pins, in place of those that govern the locks. */
  readonly pinsFile: string | undefined;
}

/** Locks that one `.provenance.txt` governs. */
export interface Project {
  /** The file, which may not exist yet. */
  readonly pinsPath: string;
  readonly pins: Pins;
  readonly locks: readonly Lock[];
  /** The command that made the lock, which is in no file; null for lock files. */
  readonly madeBy: string | null;
  /** SHA-256 of the bytes of each lock file, in hexadecimal, by the lock's path. */
  readonly byteDigests: ReadonlyMap<string, string>;
}

/**
 * Finds and reads locks with the pins that govern them, or has pip make one.
 *
 * @throws USAGE_INVALID where there is no lock; the codes of locks, pins and files
 */
export async function loadProjects(
  { world, options }: Pick<Session, "world" | "options">,
  selection: Selection,
): Promise<readonly Project[]> {
  const { pipParameters, locks: named, pinsFile } = selection;
  const { cwd } = world;
  if (pipParameters !== null) {
    if (named.length > 0) {
      throw new PubpinError(
        "USAGE_INVALID",
        `expected either locks or, after --, arguments of \`pip lock\`, found both ${named[0]} and --`,
      );
    }
    const pinsPath = await governingPins(cwd, cwd, pinsFile);
    const pins = await readPins(pinsPath);
    const { lock, command } = await pipLock(world, options, pipParameters, dirname(pinsPath));
    return [{ pinsPath, pins, locks: [lock], madeBy: command, byteDigests: new Map() }];
  }
  const paths = named.length > 0 ? named : await foundLocks(world, pinsFile);
  const placed = await Promise.all(
    paths.map(async (path) => {
      const absolute = resolve(cwd, path);
      return { absolute, pinsPath: await governingPins(cwd, dirname(absolute), pinsFile) };
    }),
  );
  const groups = Map.groupBy(placed, ({ pinsPath }) => pinsPath);
  return Promise.all(
    [...groups].map(async ([pinsPath, group]) =>
      loadProject(
        pinsPath,
        group.map(({ absolute }) => absolute),
      ),
    ),
  );
}

/** The folder's locks, and those that its pins record: a lock without its hashes still counts. */
async function foundLocks(
  { cwd, note }: Session["world"],
  pinsFile: string | undefined,
): Promise<readonly string[]> {
  const found = await findLocks(cwd);
  const lost: string[] = [];
  for (const path of await recordedHere(cwd, pinsFile)) {
    if (found.includes(path)) continue;
    if (existsSync(join(cwd, path))) lost.push(path);
    else note(`${path}: recorded in the pins, and not there`);
  }
  const paths = [...found, ...lost];
  if (paths.length > 0) return paths;
  const isUnhashed = existsSync(join(cwd, REQUIREMENTS));
  throw new PubpinError(
    "USAGE_INVALID",
    `there is no lock file in ${cwd}${isUnhashed ? `, for ${REQUIREMENTS} holds no hashes` : ""}: ` +
      "name one, such as uv.lock, pylock.toml, poetry.lock, pdm.lock, Pipfile.lock or " +
      `requirements with hashes; or lock first; or have pip lock, with -- -r ${REQUIREMENTS}`,
  );
}

/** The locks directly in the folder that the pins which govern it record, from the folder. */
async function recordedHere(cwd: string, pinsFile: string | undefined): Promise<readonly string[]> {
  const pinsPath = await governingPins(cwd, cwd, pinsFile);
  const { byKey } = await readPins(pinsPath);
  return [...byKey.values()].flatMap(({ entry }) => {
    if (entry.kind !== "lock" && entry.kind !== "lock-bytes") return [];
    const path = pathFrom(cwd, resolve(dirname(pinsPath), entry.path));
    return path.includes("/") ? [] : [path];
  });
}

/** The `.provenance.txt` that governs a folder: the nearest one in it or above; a new one goes into it. */
export async function governingPins(
  cwd: string,
  folder: string,
  pinsFile: string | undefined,
): Promise<string> {
  if (pinsFile !== undefined) return resolve(cwd, pinsFile);
  const { file } = await repositorySettings(folder);
  const { path } = await findPins(folder, file);
  return path ?? join(folder, file);
}

/**
 * The pins of a file; none where there is no such file.
 *
 * @throws the codes of pins and files
 */
export async function readPins(path: string): Promise<Pins> {
  const bytes = await readFileIfAny(path, MAX_PINS_BYTES, path);
  return bytes === null ? EMPTY_PINS : parsePins(bytes, path);
}

async function loadProject(pinsPath: string, locks: readonly string[]): Promise<Project> {
  const parsers: LockParsers = locks.some((path) => path.endsWith("pixi.lock"))
    ? { yaml: await loadYamlParser() }
    : {};
  const read = await Promise.all(
    locks.map(async (path) => {
      const bytes = await readLockFile(path);
      const lock = readLock(pathFrom(dirname(pinsPath), path), bytes, parsers);
      const sha256 = encodeHex(await digest("SHA-256", bytes));
      return { lock: requireWhole(lock, locks, pinsPath), sha256 };
    }),
  );
  return {
    pinsPath,
    pins: await readPins(pinsPath),
    locks: read.map(({ lock }) => lock),
    madeBy: null,
    byteDigests: new Map(read.map(({ lock, sha256 }) => [lock.path, sha256])),
  };
}

/** A lock that includes others says nothing of itself alone: they must be there too. */
function requireWhole(lock: Lock, locks: readonly string[], pinsPath: string): Lock {
  for (const { option, value, line } of lock.directives) {
    const isInclude = option === "--requirement" || option === "--constraint";
    if (!isInclude || value === null) continue;
    if (locks.includes(resolve(dirname(pinsPath), value))) continue;
    throw new PubpinError(
      "LOCK_UNSUPPORTED",
      `${lock.path}${line === null ? "" : `, line ${line}`}: it includes ${value}: name that file too`,
    );
  }
  return lock;
}
