/** Everything between a client and `fetch`: pool, repetition, stored answers, joined requests. */
import { PubpinError } from "../errors.ts";
import { MAX_ATTEMPTS, MAX_REQUESTS_AT_ONCE, REQUEST_TIMEOUT_MS } from "../limits.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createPool } from "./pool.ts";
import type { Fetch, Request } from "./request.ts";
import { type RequestEvent, type RetryOptions, makeRequests } from "./retry.ts";
import { type IndexStore, type StoredAnswer, isFresh, loadAnswer, saveAnswer } from "./stored.ts";
import type { Answer } from "./types.ts";

/** How indexes are asked. */
export interface TransportOptions {
  readonly fetch: Fetch;
  /** Keeps pages and provenance between runs; by default nothing is kept. */
  readonly store?: IndexStore | undefined;
  /** False where the store is not to be trusted with pages: then it keeps provenance only. */
  readonly storePages?: boolean | undefined;
  /** Requests under way at once, by default MAX_REQUESTS_AT_ONCE. */
  readonly concurrency?: number | undefined;
  /** How often a request is made at most, the first time included; by default MAX_ATTEMPTS. */
  readonly attempts?: number | undefined;
  /** Milliseconds for one attempt, by default REQUEST_TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
  /** Cancels everything that is under way; whoever waits for it gets the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of every attempt, and of every stored answer that is used. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** A thing to ask for, and how to understand the answer. */
export interface Resource<T> extends Request {
  readonly kind: "simple" | "provenance";
  /** Reads an answer with status 200, which came over the network now or is a stored one. */
  readonly read: (answer: Answer, from: "network" | "store") => T;
  /** Says what another status means. */
  readonly refuse: (status: number) => never;
}

/** Gets resources; equal ones that are asked for at the same time are asked for once. */
export interface Transport {
  readonly get: <T>(resource: Resource<T>) => Promise<T>;
}

interface Stored<T> {
  readonly entry: StoredAnswer;
  readonly value: T;
}

/** A transport with a pool of its own. */
export function createTransport(options: TransportOptions): Transport {
  const { store, storePages = true, clock = systemClock } = options;
  const pool = createPool(options.concurrency ?? MAX_REQUESTS_AT_ONCE);
  const underWay = new Map<string, Promise<unknown>>();
  const retry: RetryOptions = {
    fetch: options.fetch,
    attempts: options.attempts ?? MAX_ATTEMPTS,
    timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
    signal: options.signal,
    onRequest: options.onRequest,
    clock,
  };
  return {
    async get<T>(resource: Resource<T>): Promise<T> {
      const key = `${resource.kind} ${resource.url}`;
      const joined = underWay.get(key) as Promise<T> | undefined;
      if (joined !== undefined) return joined;
      const kept = storePages || resource.kind !== "simple" ? store : undefined;
      const got = pool(() => obtain(resource, key, kept, retry));
      underWay.set(key, got);
      try {
        return await got;
      } finally {
        underWay.delete(key);
      }
    },
  };
}

async function obtain<T>(
  resource: Resource<T>,
  key: string,
  store: IndexStore | undefined,
  options: RetryOptions,
): Promise<T> {
  const { clock, onRequest, signal } = options;
  signal?.throwIfAborted();
  const stored = await loadStored(resource, key, store);
  if (stored !== null && isFresh(stored.entry, clock.now())) {
    onRequest?.({ url: resource.url, attempt: 0, status: null });
    return stored.value;
  }
  const etag = stored?.entry.etag ?? null;
  const { status, url, headers, body } = await makeRequests(resource, etag, options);
  if (status === 304 && stored !== null && etag !== null) {
    await saveAnswer(store, key, stored.entry.answer, withEtag(headers, etag), clock.now());
    return stored.value;
  }
  if (status !== 200) return resource.refuse(status);
  const answer: Answer = { url, contentType: headers.get("content-type"), body };
  const value = resource.read(answer, "network");
  await saveAnswer(store, key, answer, headers, clock.now());
  return value;
}

/** A stored answer that cannot be read is none. */
async function loadStored<T>(
  resource: Resource<T>,
  key: string,
  store: IndexStore | undefined,
): Promise<Stored<T> | null> {
  const entry = await loadAnswer(store, key);
  if (entry === null) return null;
  try {
    return { entry, value: resource.read(entry.answer, "store") };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

/** The headers of a 304, which may leave the ETag out where it has not changed. */
function withEtag(headers: Headers, etag: string): Headers {
  const complete = new Headers(headers);
  if (!complete.has("etag")) complete.set("etag", etag);
  return complete;
}
