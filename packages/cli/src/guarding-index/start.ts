/** Starts a guarding index, and ends it without leaving anything behind. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createFullIndexes, EMPTY_PINS, fail, readIndexUrl, trustRootSource } from "@pubpin/shared";
import { createTransport, type HttpFetch, type HttpTransport } from "../node/http.ts";
import { MAX_DOWNLOADS_AT_ONCE, MAX_GUARDED_FILE_BYTES, MAX_REFUSALS } from "../node/limits.ts";
import { withTemporaryFolder } from "../node/temporary-folder.ts";
import { type Addresses, createAddresses, readTarget } from "./addresses.ts";
import { createDownloads } from "./downloads.ts";
import { createJudge } from "./judge.ts";
import { listen } from "./listen.ts";
import { createPages } from "./pages.ts";
import { type Reply, textReply } from "./reply.ts";
import { answerFile, answerMetadata, answerPage, type Guard } from "./serve.ts";
import type {
  GuardingEvent,
  GuardingIndex,
  GuardingIndexOptions,
  HiddenFiles,
  NewProject,
  Refusal,
  Upstream,
} from "./types.ts";
import { createWheelReader } from "./wheel.ts";

const TOKEN_BYTES = 24;

/** What was noticed so far. */
interface Record {
  readonly refusals: Map<string, Refusal>;
  readonly firstUses: NewProject[];
  readonly hidden: Map<string, HiddenFiles>;
}

/**
 * Starts an HTTP index on this machine that stands in front of others: it passes their pages on,
 * and a file only once its bytes were verified against the pins.
 *
 * @throws INDEX_URL_INVALID for an upstream that can be no index
 * @throws USAGE_INVALID for no upstream, one twice, a token that is none, or an address that cannot
 *   be listened at
 * @throws FILE_UNWRITABLE where there is no room for files
 */
export async function startGuardingIndex(options: GuardingIndexOptions): Promise<GuardingIndex> {
  const urls = requireDistinct(options.upstreams);
  const room = await openFolder();
  try {
    return await startIn(room, urls, options);
  } catch (error) {
    await room.remove();
    throw error;
  }
}

async function startIn(
  room: Room,
  urls: readonly string[],
  options: GuardingIndexOptions,
): Promise<GuardingIndex> {
  const { session, io } = options;
  const closing = new AbortController();
  const signals = [closing.signal, io.signal, options.signal].filter((each) => each !== undefined);
  const signal = AbortSignal.any(signals);
  const record: Record = { refusals: new Map(), firstUses: [], hidden: new Map() };
  const transport = createTransport({
    env: session.world.env,
    maxBytes: MAX_GUARDED_FILE_BYTES,
    connections: 2 * MAX_DOWNLOADS_AT_ONCE,
  });
  const guard = createGuard({ options, urls, record, transport, signal, folder: room.folder });
  const listening = await listen({
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    token: options.token ?? randomBytes(TOKEN_BYTES).toString("base64url"),
    answer: (path, accept) => answer(path, accept, guard, options),
    onFault: (error) => {
      if (!signal.aborted) session.world.note(`guarding index: ${String(error)}`);
    },
  }).catch(async (error: unknown) => {
    await transport.close();
    throw error;
  });
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    closing.abort();
    await listening.close();
    await guard.downloads.settled();
    await transport.close();
    await room.remove();
  };
  return guardingIndex(
    createAddresses(listening.baseUrl, options.upstreams),
    guard,
    record,
    () => (closed ??= close()),
  );
}

function guardingIndex(
  addresses: Addresses,
  guard: Guard,
  record: Record,
  close: () => Promise<void>,
): GuardingIndex {
  return {
    ...addresses,
    get refusals() {
      return [...record.refusals.values()];
    },
    get firstUses() {
      return [...record.firstUses];
    },
    get hidden() {
      return [...record.hidden.values()];
    },
    get pins() {
      return guard.judge.pins();
    },
    close,
  };
}

interface GuardParts {
  readonly options: GuardingIndexOptions;
  readonly urls: readonly string[];
  readonly record: Record;
  /** Its answers have no bound of their own. */
  readonly transport: HttpTransport;
  readonly signal: AbortSignal;
  readonly folder: string;
}

function createGuard({ options, urls, record, transport, signal, folder }: GuardParts): Guard {
  const { session, io, upstreams, tofu } = options;
  const onEvent = (event: GuardingEvent): void => {
    if (event.kind === "refused") keepRefusal(event.refusal, record, options);
    options.onEvent?.(event);
  };
  const fetch = metered(transport.fetch, onEvent);
  const indexes = createFullIndexes({
    ...io,
    signal,
    fetch,
    concurrency: MAX_DOWNLOADS_AT_ONCE,
    onRequest: ({ attempt }) => {
      if (attempt === 0) onEvent({ kind: "cached" });
    },
  });
  const pages = createPages(
    indexes,
    upstreams.map(({ url }) => url),
  );
  const pins = options.pins ?? EMPTY_PINS;
  const defaultIndex = options.defaultIndex ?? usualIndex(options, urls);
  const judge = createJudge({
    session,
    io,
    pages,
    root: trustRootSource(io.root, io.refreshRoot ?? null),
    pins,
    strict: options.strict ?? session.options.strict,
    defaultIndex,
    tofu,
    onFirstUse: options.onFirstUse ?? (async () => "accept"),
    onAccepted: (use) => {
      record.firstUses.push(use);
      onEvent({ kind: "first-use", use });
    },
  });
  return {
    upstreams,
    urls,
    pages,
    pins: judge.pins,
    defaultIndex,
    judge,
    downloads: createDownloads({ folder, fetch, signal }),
    readWheel: createWheelReader(),
    authorization: (url, upstream) => authorizationOf(url, upstreams[upstream], io),
    tofu,
    served: new WeakSet(),
    onEvent,
    onHidden: (hidden) => {
      record.hidden.set(`${hidden.index} ${hidden.name}`, hidden);
    },
  };
}

async function answer(
  path: string,
  accept: string,
  guard: Guard,
  { metrics }: GuardingIndexOptions,
): Promise<Reply> {
  const target = readTarget(path);
  switch (target?.kind) {
    case "page":
      return answerPage(target, accept, guard);
    case "file":
      return answerFile(target.url, guard);
    case "metadata":
      return answerMetadata(target.url, guard);
    case "health":
      return textReply(200, "ok");
    case "metrics":
      return metrics === undefined ? textReply(404, "not found") : textReply(200, metrics());
    case undefined:
      return textReply(404, "not found");
  }
}

function keepRefusal(refusal: Refusal, { refusals }: Record, options: GuardingIndexOptions): void {
  const key = [refusal.index, refusal.name, refusal.filename, refusal.code].join(" ");
  if (refusals.size < MAX_REFUSALS) refusals.set(key, refusal);
  options.onRefusal?.(refusal);
}

/** Counts what is asked of upstreams; the time is that until the answer begins. */
function metered(fetch: HttpFetch, onEvent: (event: GuardingEvent) => void): HttpFetch {
  return async (url, init) => {
    const start = performance.now();
    let status: number | null = null;
    try {
      const response = await fetch(url, init);
      ({ status } = response);
      return response;
    } finally {
      onEvent({ kind: "upstream", ms: performance.now() - start, status });
    }
  };
}

/** Credentials go to the origin of their index and to no other (RFC 6454). */
function authorizationOf(
  url: string,
  upstream: Upstream | undefined,
  io: GuardingIndexOptions["io"],
): string | null {
  if (upstream === undefined) return null;
  const index = readIndexUrl(upstream.url);
  if (new URL(url).origin !== new URL(index.url).origin) return null;
  return index.authorization ?? io.authorization?.(index.url) ?? null;
}

/** Where nothing is pinned yet, packages come from the installer's own default. */
function usualIndex(
  { pins, upstreams, session }: GuardingIndexOptions,
  urls: readonly string[],
): string {
  if (pins !== null && pins.byKey.size > 0) return session.defaultIndex;
  const last = urls.findLast((_url, position) => upstreams[position]?.explicit !== true);
  return last ?? session.defaultIndex;
}

function requireDistinct(upstreams: readonly Upstream[]): readonly string[] {
  const urls = upstreams.map(({ url }) => readIndexUrl(url).url);
  if (urls.length === 0) fail("USAGE_INVALID", "expected at least one index to guard, found none");
  const twice = urls.find((url, position) => urls.indexOf(url) !== position);
  if (twice !== undefined) fail("USAGE_INVALID", `expected each index once, found ${twice} twice`);
  return urls;
}

/** A temporary folder. */
interface Room {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** The folder of `withTemporaryFolder`, until somebody says that it is done with. */
async function openFolder(): Promise<Room> {
  const done = new AbortController();
  let closed: Promise<void> | null = null;
  const folder = await new Promise<string>((resolve, reject) => {
    closed = withTemporaryFolder(async (path) => {
      resolve(path);
      await once(done.signal, "abort");
    });
    closed.catch(reject);
  });
  return {
    folder,
    remove: async () => {
      done.abort();
      await closed;
    },
  };
}
