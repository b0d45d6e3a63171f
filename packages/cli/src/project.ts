import { dirname, resolve } from "node:path";
import {
  EMPTY_PINS,
  type Lock,
  type LockParsers,
  MAX_PINS_BYTES,
  parsePins,
  type Pins,
  PubpinError,
  readLock,
} from "@pubpin/shared";
import { findLocks, readLockFile } from "./node/locks.ts";
import { findPins, pathFrom, PINS_NAME } from "./node/pins-location.ts";
import { readFileIfAny } from "./node/read-file.ts";
import { loadYamlParser } from "./node/yaml.ts";

/** Locks that one `.provenance.txt` governs. */
export interface Project {
  /** The file, which may not exist yet. */
  readonly pinsPath: string;
  readonly pins: Pins;
  readonly locks: readonly Lock[];
}

/**
 * Finds and reads locks with the pins that govern them.
 *
 * @param named paths of locks; none for all locks of the folder
 * @throws USAGE_INVALID where there is no lock; the codes of locks, pins and files
 */
export async function loadProjects(
  cwd: string,
  named: readonly string[],
  pinsFile: string | undefined,
): Promise<readonly Project[]> {
  const paths = named.length > 0 ? named : await findLocks(cwd);
  if (paths.length === 0) {
    throw new PubpinError(
      "USAGE_INVALID",
      `there is no lock file in ${cwd}: name one, such as uv.lock, pylock.toml, poetry.lock, ` +
        "pdm.lock, Pipfile.lock or requirements.txt with hashes, or let your tool write one first",
    );
  }
  const placed = await Promise.all(
    paths.map(async (path) => {
      const absolute = resolve(cwd, path);
      return { absolute, pinsPath: await governingPins(cwd, absolute, pinsFile) };
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

/** The nearest file above the lock; a new one goes beside the lock. */
async function governingPins(
  cwd: string,
  lock: string,
  pinsFile: string | undefined,
): Promise<string> {
  if (pinsFile !== undefined) return resolve(cwd, pinsFile);
  const { path } = await findPins(dirname(lock));
  return path ?? resolve(dirname(lock), PINS_NAME);
}

async function loadProject(pinsPath: string, locks: readonly string[]): Promise<Project> {
  const bytes = await readFileIfAny(pinsPath, MAX_PINS_BYTES, pinsPath);
  const parsers: LockParsers = locks.some((path) => path.endsWith("pixi.lock"))
    ? { yaml: await loadYamlParser() }
    : {};
  return {
    pinsPath,
    pins: bytes === null ? EMPTY_PINS : parsePins(bytes, pinsPath),
    locks: await Promise.all(
      locks.map(async (path) => {
        const relative = pathFrom(dirname(pinsPath), path);
        return requireWhole(readLock(relative, await readLockFile(path), parsers), locks, pinsPath);
      }),
    ),
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
      `${lock.path}${line === null ? "" : `:${line}`}: it includes ${value}: name that file too`,
    );
  }
  return lock;
}
