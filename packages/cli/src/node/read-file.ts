/** Reads files that people and tools leave lying about. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type ErrorCode, PubpinError } from "@pubpin/shared";

/** What was found in place of a file, by the system's code. */
const FOUND: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "a file where a folder should be",
  EISDIR: "a folder",
  EACCES: "no permission to open it",
  EPERM: "no permission to open it",
  ELOOP: "symbolic links that lead in a circle",
  ENAMETOOLONG: "a path that is too long",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EROFS: "a file system that is read-only",
  ENOSPC: "no space left",
  EDQUOT: "no space left",
  EBUSY: "that another program is using it",
};

/** A file that may be absent is opened like any other, but a pipe must not be waited for. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The system's code of an error, such as ENOENT; empty where it has none. */
export function systemCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" ? code : "";
}

/** What an error of the file system says, for the end of a message. */
export function describeSystemError(error: unknown): string {
  const code = systemCode(error);
  return FOUND[code] ?? (code === "" ? "an error" : `the error ${code}`);
}

/**
 * Reads a whole file, which must be a file and no pipe, device or folder.
 *
 * @param what how messages call it
 * @throws FILE_UNREADABLE when it is not there or may not be read
 * @throws LIMIT_EXCEEDED when it has more than `maxBytes`
 */
export async function readWholeFile(
  path: string,
  maxBytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const file = await open(path, READ);
    try {
      return await readOpenFile(file, maxBytes, what);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof PubpinError ? error : unreadable(what, error);
  }
}

/**
 * Reads a file like {@link readWholeFile}, but null where there is none of that name. What is there
 * and cannot be read is an error all the same.
 *
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function readFileIfAny(
  path: string,
  maxBytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readWholeFile(path, maxBytes, what);
  } catch (error) {
    if (error instanceof PubpinError && systemCode(error.cause) === "ENOENT") return null;
    throw error;
  }
}

/** The error for a file that cannot be read, or with another code for what cannot be written. */
export function unreadable(
  what: string,
  error: unknown,
  code: ErrorCode = "FILE_UNREADABLE",
): PubpinError {
  const expected = code === "FILE_UNREADABLE" ? "a readable file" : "a file that can be written";
  return new PubpinError(
    code,
    `${what}: expected ${expected}, found ${describeSystemError(error)}`,
    { cause: error },
  );
}

/**
 * Requires a regular file of a bounded size.
 *
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export function requireFile(stats: Stats, maxBytes: number, what: string): void {
  if (!stats.isFile()) {
    const found = stats.isDirectory() ? "a folder" : "a pipe or device";
    throw new PubpinError("FILE_UNREADABLE", `${what}: expected a file, found ${found}`);
  }
  requireSize(stats.size, maxBytes, what);
}

async function readOpenFile(
  file: FileHandle,
  maxBytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const stats = await file.stat();
  requireFile(stats, maxBytes, what);
  const bytes = new Uint8Array(stats.size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length);
    length += bytesRead;
    if (bytesRead === 0) return bytes.subarray(0, length);
    if (length > stats.size) {
      throw new PubpinError(
        "FILE_CHANGED_MEANWHILE",
        `${what}: expected a file of ${stats.size} bytes, found that it grows while it is read`,
      );
    }
  }
}

function requireSize(bytes: number, maxBytes: number, what: string): void {
  if (bytes <= maxBytes) return;
  throw new PubpinError(
    "LIMIT_EXCEEDED",
    `${what}: expected at most ${maxBytes} bytes, found ${bytes}`,
  );
}
