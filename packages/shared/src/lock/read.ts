import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Lock, LockFormat } from "../model.ts";
import { assembleLock, type LockContent } from "./entry.ts";
import { readPdmLock } from "./pdm.ts";
import { readPipfileLock } from "./pipfile.ts";
import { readPixiLock } from "./pixi.ts";
import { readPoetryLock } from "./poetry.ts";
import { readPylock } from "./pylock.ts";
import { readPyodideLock } from "./pyodide.ts";
import { invalid, unsupported } from "./refuse.ts";
import { readRequirements } from "./requirements.ts";
import { decodeLock, type LockText } from "./text.ts";
import { readUvLock } from "./uv.ts";

/** What a reader may need that this package does not have. */
export interface LockParsers {
  /**
   * Parses YAML 1.2 (core schema) to arrays, plain objects, text, numbers or bigints, booleans and
   * null; throws for what is no YAML and for duplicate keys. pixi.lock is YAML.
   */
  readonly yaml?: (text: string) => unknown;
}

/** Formats by the last part of a path. */
const NAMES: readonly (readonly [RegExp, LockFormat])[] = [
  [/^uv\.lock$/, "uv"],
  [/\.py\.lock$/, "uv"],
  [/^pylock\.(?:[^./]+\.)?toml$/, "pylock"],
  [/^poetry\.lock$/, "poetry"],
  [/^pdm\.lock$/, "pdm"],
  [/^Pipfile\.lock$/, "pipfile"],
  [/^pyodide-lock[^/]*\.json$/, "pyodide"],
  [/^pixi\.lock$/, "pixi"],
];
const TEXT = /\.txt$/;
/** A requirements file by its own name or its folder's. */
const REQUIREMENTS = /(?:^|\/)(?:[^/]*requirements[^/]*|requirements\/[^/]*)\.txt$/i;

/**
 * The format that the name of a file tells: null where it is the name of no lock. A requirements
 * file is a lock only if it holds hashes, which its name does not tell.
 *
 * @param path with `/`
 */
export function lockFormat(path: string): LockFormat | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const format = NAMES.find(([pattern]) => pattern.test(name))?.[1];
  return format ?? (REQUIREMENTS.test(path) ? "requirements" : null);
}

/**
 * Reads a lock file. What it does not know is an error, never a gap: every entry, source, file and
 * hash of the lock is in the result. Nothing is verified.
 *
 * @param path with `/`, relative to the folder of the `.provenance.txt` that governs the lock. Its
 *   last part chooses the reader; any `*.txt` is read as requirements
 * @throws LOCK_UNKNOWN_NAME when no format has such a name
 * @throws LOCK_UNSUPPORTED for a version, key, source or option that is not known, and for a
 *   pixi.lock without a YAML parser
 * @throws LOCK_INVALID when it is damaged, with the line or path
 * @throws LIMIT_EXCEEDED
 */
export function readLock(path: string, bytes: Uint8Array, parsers: LockParsers = {}): Lock {
  const format = lockFormat(path) ?? (TEXT.test(path) ? "requirements" : null);
  if (format === null) {
    return fail("LOCK_UNKNOWN_NAME", `${quote(path)}: expected the name of a lock file`);
  }
  const lock = decodeLock(path, bytes);
  return assembleLock(lock, format, readContent(lock, format, parsers));
}

function readContent(lock: LockText, format: LockFormat, parsers: LockParsers): LockContent {
  switch (format) {
    case "uv":
      return readUvLock(lock);
    case "pylock":
      return readPylock(lock);
    case "poetry":
      return readPoetryLock(lock);
    case "pdm":
      return readPdmLock(lock);
    case "pipfile":
      return readPipfileLock(lock);
    case "pyodide":
      return readPyodideLock(lock);
    case "pixi":
      return readPixiLock(lock, parseYaml(lock, parsers));
    case "requirements":
      return readRequirements(lock);
  }
}

function parseYaml({ path, text }: LockText, { yaml }: LockParsers): unknown {
  if (yaml === undefined) return unsupported(path, "YAML cannot be read here");
  try {
    return yaml(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    return invalid(path, `not YAML: ${reason}`, error);
  }
}
