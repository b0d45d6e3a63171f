/** Files of distributions on disk, each fetched once and hashed on the way. Nothing is judged here. */
import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type ErrorCode, fail, PubpinError } from "@pubpin/shared";
import type { HttpFetch } from "../node/http.ts";
import {
  MAX_DOWNLOAD_ATTEMPTS,
  MAX_DOWNLOADS_AT_ONCE,
  MAX_GUARDED_BYTES,
  MAX_GUARDED_FILE_BYTES,
} from "../node/limits.ts";
import { redactUrl } from "../node/redact.ts";

/** A whole file on disk. */
export interface Downloaded {
  readonly path: string;
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
  let count = 0;
  const drop = async (url: string): Promise<void> => {
    const file = files.get(url);
    breaks.get(url)?.abort();
    for (const map of [files, breaks, sizes]) map.delete(url);
    const path = await file?.then(
      (downloaded) => downloaded.path,
      () => null,
    );
    // What somebody is reading just now cannot be removed everywhere, and goes with the folder.
    if (typeof path === "string") await rm(path, { force: true }).catch(() => undefined);
  };
  const keep = async (url: string, file: Promise<Downloaded>): Promise<void> => {
    try {
      const { size } = await file;
      if (files.get(url) === file) sizes.set(url, size);
      await dropOldest(sizes, url, drop);
    } catch {
      if (files.get(url) === file) files.delete(url);
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
      const file = pool(() => downloadWithPatience(wanted, path, { ...options, signal }));
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

async function downloadWithPatience(
  wanted: Wanted,
  path: string,
  options: DownloadsOptions,
): Promise<Downloaded> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await download(wanted, path, options);
    } catch (error) {
      await rm(path, { force: true });
      if (options.signal.aborted) {
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
      await sleep(wait, undefined, { signal: options.signal });
    }
  }
}

async function download(
  { url, authorization, maxBytes }: Wanted,
  path: string,
  { fetch, signal }: DownloadsOptions,
): Promise<Downloaded> {
  const headers = {
    accept: "*/*",
    "accept-encoding": "identity",
    ...(authorization === null ? {} : { authorization }),
  };
  const response = await fetch(url, { headers, signal });
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    fail(
      codeOf(status),
      `${redactUrl(url)}: expected the file that its page names, found status ${status}`,
    );
  }
  return save(response, { url, path, maxBytes: Math.min(maxBytes, MAX_GUARDED_FILE_BYTES) });
}

function codeOf(status: number): ErrorCode {
  if (status === 404 || status === 410) return "PROJECT_NOT_ON_INDEX";
  return PASSING.has(status) || status >= 500 ? "INDEX_ERROR" : "INDEX_RESPONSE_INVALID";
}

interface Place {
  readonly url: string;
  readonly path: string;
  readonly maxBytes: number;
}

async function save(response: Response, { url, path, maxBytes }: Place): Promise<Downloaded> {
  const hash = createHash("sha256");
  let size = 0;
  const file = await open(path, "wx", 0o600).catch((cause: unknown) =>
    fail("FILE_UNWRITABLE", `${path}: expected to write a file there, found an error`, cause),
  );
  try {
    const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) {
        fail("HASH_NOT_ON_INDEX", `${redactUrl(url)}: expected ${maxBytes} bytes, found more`);
      }
      hash.update(chunk);
      await file.appendFile(chunk).catch((cause: unknown) => {
        fail("FILE_UNWRITABLE", `${path}: expected to write a file there, found an error`, cause);
      });
    }
  } finally {
    await file.close();
  }
  return { path, size, sha256: hash.digest("hex") };
}
