/** How a lock is refused: with its file, the line or path in it, and what to do. */
import { type ErrorCode, fail, PubpinError } from "../errors.ts";

/** Refuses what a lock of its format cannot say: LOCK_INVALID. */
export function invalid(where: string, reason: string, cause?: unknown): never {
  return fail("LOCK_INVALID", `${where}: ${reason}`, cause);
}

/** Refuses what may be right but is not known here, so that it is no gap: LOCK_UNSUPPORTED. */
export function unsupported(where: string, reason: string): never {
  return fail("LOCK_UNSUPPORTED", `${where}: ${reason}`);
}

/** Errors of the parsers below, which become errors of the lock. */
const OF_CONTENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "FILENAME_INVALID",
  "JSON_INVALID",
  "NAME_INVALID",
  "UTF8_INVALID",
  "VERSION_INVALID",
]);

/**
 * The result of `parse`; what it cannot parse is an error of the lock, at this place.
 *
 * @param where the place, or null where the parser's message has it already
 * @throws LOCK_INVALID
 */
export function ofLock<T>(where: string | null, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PubpinError) || !OF_CONTENT.has(error.code)) throw error;
    const place = where === null ? "" : `${where}: `;
    return fail("LOCK_INVALID", `${place}${error.message}`, error);
  }
}
