/** A lock's text, and where in it things stand. */
import { decodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_LOCK_BYTES, MAX_LOCK_LINES } from "../limits.ts";
import { invalid, ofLock } from "./refuse.ts";

/** What every reader is given. */
export interface LockText {
  /** How messages call the lock, and where it lies. */
  readonly path: string;
  /** The folder of `path`: empty, or with a slash at the end. */
  readonly folder: string;
  readonly text: string;
  /** URLs of indexes with a user name or password are put here by the reader. */
  readonly logins: string[];
}

const LINE_END = /\r\n?|\n/;
const CONFLICT = /^(?:<{7}|>{7}|\|{7})(?:[ \t].*)?\r?$/m;

/**
 * Decodes a lock's bytes.
 *
 * @throws LIMIT_EXCEEDED beyond MAX_LOCK_BYTES or MAX_LOCK_LINES
 * @throws LOCK_INVALID when it is empty, not UTF-8, or holds the markers of a merge conflict
 */
export function decodeLock(path: string, bytes: Uint8Array): LockText {
  if (bytes.length > MAX_LOCK_BYTES) {
    fail(
      "LIMIT_EXCEEDED",
      `${path}: expected at most ${MAX_LOCK_BYTES} bytes, found ${bytes.length}`,
    );
  }
  const text = ofLock(null, () => decodeUtf8(bytes, path));
  if (text.startsWith("\ufeff")) {
    invalid(`${path}, line 1`, "expected no byte order mark, found one; save the file without it");
  }
  if (text.trim() === "") {
    invalid(path, "expected a lock, found an empty file; write it again with the tool that locks");
  }
  if (text.split(LINE_END, MAX_LOCK_LINES + 1).length > MAX_LOCK_LINES) {
    fail("LIMIT_EXCEEDED", `${path}: expected at most ${MAX_LOCK_LINES} lines`);
  }
  const conflict = CONFLICT.exec(text);
  if (conflict !== null) {
    invalid(
      `${path}, line ${lineAt(text, conflict.index)}`,
      "found the marker of a Git merge conflict; resolve the merge, then lock again",
    );
  }
  return { path, folder: path.slice(0, path.lastIndexOf("/") + 1), text, logins: [] };
}

/** The number of the line, from 1, in which a place of a text lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}

/**
 * The lines of all matches of a pattern, in order.
 *
 * @param pattern with the flag `g`
 */
export function linesOf(text: string, pattern: RegExp): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (const { index } of text.matchAll(pattern)) {
    for (
      let at = text.indexOf("\n", from);
      at !== -1 && at < index;
      at = text.indexOf("\n", at + 1)
    ) {
      line++;
    }
    from = index;
    lines.push(line);
  }
  return lines;
}
