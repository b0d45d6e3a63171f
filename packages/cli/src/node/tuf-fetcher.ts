import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PubpinError } from "@pubpin/shared";
import type { Fetcher } from "tuf-js";
import { readBody } from "./http-body.ts";
import type { HttpFetch } from "./http.ts";
import { MAX_TUF_ATTEMPTS, TUF_REQUEST_TIMEOUT_MS } from "./limits.ts";

/** A fetcher for sigstore-js's TUF client, and what became of its last download. */
export interface TufFetcher {
  readonly fetcher: Fetcher;
  /** Why the last download failed, or null where it did not: then what came of it was refused. */
  readonly failure: () => string | null;
}

/** Statuses that say that there is no further root metadata (TUF specification, section 5.3.3). */
const ABSENT: ReadonlySet<number> = new Set([403, 404]);
const ROOT = /\/\d+\.root\.json$/;
const FIRST_WAIT_MS = 250;

/**
 * Downloads for the TUF client, each made again a few times where no answer comes.
 *
 * @param folder for files under way
 */
export async function createTufFetcher(
  fetch: HttpFetch,
  folder: string,
  signal: AbortSignal,
): Promise<TufFetcher> {
  const { DownloadHTTPError } = await import("tuf-js/dist/error.js");
  let failure: string | null = null;

  const once = async (url: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
    const timeout = AbortSignal.timeout(TUF_REQUEST_TIMEOUT_MS);
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]) });
    if (response.status === 200) return readBody(response, maxBytes, url);
    await response.body?.cancel();
    throw new DownloadHTTPError(`${url}: status ${response.status}`, response.status);
  };

  const download = async (url: string, maxBytes: number): Promise<Buffer> => {
    for (let attempt = 1; ; attempt++) {
      failure = null;
      try {
        return Buffer.from(await once(url, maxBytes));
      } catch (error) {
        const status = error instanceof DownloadHTTPError ? error.statusCode : null;
        if (isAnswer(error) || (status !== null && ABSENT.has(status) && ROOT.test(url))) {
          throw error;
        }
        failure = signal.aborted ? `${url}: no answer in time` : messageOf(error);
        const mayPass = status === null || status >= 500;
        if (signal.aborted || !mayPass || attempt >= MAX_TUF_ATTEMPTS) throw error;
      }
      await delay(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  };

  const fetcher: Fetcher = {
    downloadBytes: download,
    async downloadFile(url, maxBytes, handle) {
      const path = join(folder, "download");
      await writeFile(path, await download(url, maxBytes));
      return handle(path);
    },
  };
  return { fetcher, failure: () => failure };
}

/** Whether there was an answer, and it is not one that may be taken: too large, or leads elsewhere. */
function isAnswer(error: unknown): boolean {
  return error instanceof PubpinError && error.code !== "INDEX_UNREACHABLE";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
