/** Files of distributions, each fetched once and hashed on the way. Nothing is judged here. */
import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type ErrorCode, fail, PubpinError } from "@pubpin/shared";
import type { HttpFetch } from "../node/http.ts";
import {
  MAX_DOWNLOAD_ATTEMPTS,
  MAX_DOWNLOADS_AT_ONCE,
  MAX_GUARDED_BYTES,
  MAX_GUARDED_FILE_BYTES,
  MAX_SMALL_FILE_BYTES,
  MAX_SMALL_FILES_BYTES,
} from "../node/limits.ts";
import { redactUrl } from "../node/redact.ts";

/** The bytes of a whole file: a small one's themselves, else where they are on disk. */
export type FileBody = Buffer | { readonly path: string; readonly size: number };

/** A whole file. */
export interface Downloaded {
  readonly body: FileBody;
  /** Bytes. */
  readonly size: number;
  /** Of its bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** What is fetched. */
export interface Wanted {
  readonly url: string;
  /** The Authorization header, or null. */
  readonly authorization: string | null;
  /** Bytes that it has at most. */
  readonly maxBytes: number;
}

/** Files by their URLs. */
export interface Downloads {
  /**
   * The file at a URL. Whoever asks while it is under way, or afterwards, gets the same one.
   *
   * @throws INDEX_UNREACHABLE INDEX_ERROR INDEX_RESPONSE_INVALID where there is no whole file
   * @throws PROJECT_NOT_ON_INDEX where the index has none there
   * @throws HASH_NOT_ON_INDEX where it is larger than it may be
   * @throws FILE_UNWRITABLE
   */
  readonly get: (wanted: Wanted) => Promise<Downloaded>;
  /** Forgets a file, breaks it off where it is under way, and removes it. */
  readonly drop: (url: string) => Promise<void>;
  /** Returns once nothing is being written any more. */
  readonly settled: () => Promise<void>;
}

/** What downloads need of the world. */
export interface DownloadsOptions {
  /** Theirs alone. */
  readonly folder: string;
  readonly fetch: HttpFetch;
  readonly signal: AbortSignal;
}

/** Statuses of a server that may answer otherwise a moment later. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 300;

/** Downloads into a folder. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const pool = createPool(MAX_DOWNLOADS_AT_ONCE);
  const files = new Map<string, Promise<Downloaded>>();
  const breaks = new Map<string, AbortController>();
  const sizes = new Map<string, number>();
  const memory: Memory = { held: 0 };
  let count = 0;
  const drop = async (url: string): Promise<void> => {
    const file = files.get(url);
    breaks.get(url)?.abort();
    for (const map of [files, breaks, sizes]) map.delete(url);
    const body = await file?.then(
      (downloaded) => downloaded.body,
      () => null,
    );
    if (Buffer.isBuffer(body)) memory.held -= body.length;
    // What somebody is reading just now cannot be removed everywhere, and goes with the folder.
    else if (body) await rm(body.path, { force: true }).catch(() => undefined);
  };
  const keep = async (url: string, file: Promise<Downloaded>): Promise<void> => {
    try {
      const { size } = await file;
      if (files.get(url) === file) sizes.set(url, size);
      await dropOldest(sizes, url, drop);
    } catch {
      if (files.get(url) !== file) return;
      for (const map of [files, breaks]) map.delete(url);
    }
  };
  return {
    drop,
    settled: async () => {
      await Promise.allSettled(files.values());
    },
    get: (wanted) => {
      const { url } = wanted;
      const known = files.get(url);
      if (known !== undefined) return known;
      const path = join(options.folder, String(count++));
      const own = new AbortController();
      const signal = AbortSignal.any([options.signal, own.signal]);
      const place: Place = { ...options, signal, path, memory };
      const file = pool(() => downloadWithPatience(wanted, place));
      files.set(url, file);
      breaks.set(url, own);
      void keep(url, file);
      return file;
    },
  };
}

/** Keeps what is on disk within its bound, the newest file whatever its size. */
async function dropOldest(
  sizes: ReadonlyMap<string, number>,
  newest: string,
  drop: Downloads["drop"],
): Promise<void> {
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const [url, size] of sizes) {
    if (total <= MAX_GUARDED_BYTES) return;
    if (url === newest) continue;
    total -= size;
    await drop(url);
  }
}

/** Small files in memory, in bytes. */
interface Memory {
  held: number;
}

/** Where a file goes. */
interface Place extends DownloadsOptions {
  readonly path: string;
  readonly memory: Memory;
}

async function downloadWithPatience(wanted: Wanted, place: Place): Promise<Downloaded> {
  const { path, signal } = place;
  for (let attempt = 1; ; attempt++) {
    try {
      return await download(wanted, place);
    } catch (error) {
      await rm(path, { force: true });
      if (signal.aborted) {
        fail(
          "INDEX_UNREACHABLE",
          `${redactUrl(wanted.url)}: given up, for it is not wanted`,
          error,
        );
      }
      const isPassing =
        error instanceof PubpinError &&
        (error.code === "INDEX_UNREACHABLE" || error.code === "INDEX_ERROR");
      if (!isPassing || attempt === MAX_DOWNLOAD_ATTEMPTS) throw error;
      const wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
      // Broken off while it waits, it finds out by the next attempt.
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function download(wanted: Wanted, place: Place): Promise<Downloaded> {
  const { url, authorization } = wanted;
  const headers = {
    accept: "*/*",
    "accept-encoding": "identity",
    ...(authorization === null ? {} : { authorization }),
  };
  const response = await place.fetch(url, { headers, signal: place.signal });
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    fail(
      codeOf(status),
      `${redactUrl(url)}: expected the file that its page names, found status ${status}`,
    );
  }
  return save(response, wanted, place);
}

function codeOf(status: number): ErrorCode {
  if (status === 404 || status === 410) return "PROJECT_NOT_ON_INDEX";
  return PASSING.has(status) || status >= 500 ? "INDEX_ERROR" : "INDEX_RESPONSE_INVALID";
}

/** Keeps a small file in memory while there is room for it, and writes any other to disk. */
async function save(
  response: Response,
  { url, maxBytes }: Wanted,
  { path, memory }: Place,
): Promise<Downloaded> {
  const limit = Math.min(maxBytes, MAX_GUARDED_FILE_BYTES);
  const room = Math.min(MAX_SMALL_FILE_BYTES, MAX_SMALL_FILES_BYTES - memory.held);
  const hash = createHash("sha256");
  const parts: Uint8Array[] = [];
  let size = 0;
  let file: FileHandle | null = null;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > limit) {
        fail("HASH_NOT_ON_INDEX", `${redactUrl(url)}: expected ${limit} bytes, found more`);
      }
      hash.update(part);
      parts.push(part);
      if (size <= room) continue;
      file ??= await open(path, "wx", 0o600).catch((error: unknown) => unwritable(path, error));
      await file
        .appendFile(Buffer.concat(parts))
        .catch((error: unknown) => unwritable(path, error));
      parts.length = 0;
    }
  } finally {
    await file?.close();
  }
  if (file === null) memory.held += size;
  const body = file === null ? Buffer.concat(parts) : { path, size };
  return { body, size, sha256: hash.digest("hex") };
}

function unwritable(path: string, cause: unknown): never {
  return fail("FILE_UNWRITABLE", `${path}: expected to write a file there, found an error`, cause);
}
