/** Guarding indexes in front of local ones, for tests. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMPTY_PINS, parsePins } from "@pubpin/shared";
import { createSigstore, type GitHubPublisher, type VirtualSigstore } from "@pubpin/test-kit";
import {
  type LocalIndex,
  mintWheel,
  type MintedWheel,
  startLocalIndex,
} from "@pubpin/test-kit/node";
import { afterAll, afterEach } from "vitest";
import { openCheckIo } from "../../../../packages/cli/src/checking.ts";
import { startGuardingIndex } from "../../../../packages/cli/src/guarding-index/start.ts";
import type {
  GuardingEvent,
  GuardingIndex,
  GuardingIndexOptions,
} from "../../../../packages/cli/src/guarding-index/types.ts";
import {
  type CommonOptions,
  type Session,
  withSession,
  type World,
} from "../../../../packages/cli/src/session.ts";

/** The publisher of most files. */
export const OCTO: GitHubPublisher = {
  kind: "GitHub",
  repository: "octo/example",
  repositoryId: "123",
  ownerId: "456",
};
/** Somebody else. */
export const MALLORY: GitHubPublisher = {
  kind: "GitHub",
  repository: "mallory/example",
  repositoryId: "666",
  ownerId: "667",
};
/** How a pin writes {@link OCTO}. */
export const OCTO_PIN =
  "https://github.com/octo/example#repository-id=123&owner-id=456&workflow=release.yml";

/** How a guarding index is started in a test. */
export interface GuardOptions extends Partial<
  Omit<GuardingIndexOptions, "session" | "io" | "pins">
> {
  /** Lines of a `.provenance.txt`; by default there is none. */
  readonly pins?: readonly string[];
  /** The index that packages come from, by default the first local one. */
  readonly index?: string;
}

/** A guarding index, with everything that was heard of it. */
export interface Guarded {
  readonly index: GuardingIndex;
  readonly events: readonly GuardingEvent[];
  readonly notes: readonly string[];
  /** Asks it, from its base on. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** What its page of a project shows, by file name, with the addresses of the files. */
  readonly page: (name: string, upstream?: number) => Promise<ReadonlyMap<string, PageFile>>;
  /** Asks for a file of its page. */
  readonly file: (filename: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** What a page says of a file. */
export interface PageFile {
  readonly url: string;
  readonly "core-metadata": false | { readonly sha256: string };
  readonly [key: string]: unknown;
}

/** Local indexes with a trust root of their own. */
export interface Setting {
  readonly sigstore: VirtualSigstore;
  readonly upstream: LocalIndex;
  /** A folder whose `pubpin-*` are those of the guarding indexes. */
  readonly temporary: string;
  readonly newFolder: () => string;
  /** Another index that mints with the same Sigstore. */
  readonly newUpstream: () => Promise<LocalIndex>;
  readonly start: (options?: GuardOptions) => Promise<Guarded>;
}

export const JSON_PAGE = "application/vnd.pypi.simple.v1+json";

/** Starts an index for the tests of a file; what guards it is stopped after each of them. */
export async function startSetting(
  minted: Parameters<typeof createSigstore>[0] = {},
): Promise<Setting> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "guarding-")));
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = root;
  const newFolder = (): string => mkdtempSync(join(root, "folder-"));
  const sigstore = await createSigstore(minted);
  const upstreams: LocalIndex[] = [];
  const newUpstream = async (): Promise<LocalIndex> => {
    const index = await startLocalIndex({ sigstore });
    upstreams.push(index);
    return index;
  };
  const upstream = await newUpstream();
  const trustedRoot = join(newFolder(), "trusted_root.json");
  writeFileSync(trustedRoot, await sigstore.trustedRootJson());
  const started: Guarded[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    await Promise.all(upstreams.map((each) => each.close()));
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(root, { recursive: true, force: true });
  });
  return {
    sigstore,
    upstream,
    temporary: root,
    newFolder,
    newUpstream,
    start: async (options = {}) => {
      const place = { trustedRoot, folder: newFolder(), usual: upstream.simpleUrl };
      const guarded = await startGuarded(place, options);
      started.push(guarded);
      return guarded;
    },
  };
}

interface Place {
  readonly trustedRoot: string;
  readonly folder: string;
  readonly usual: string;
}

async function startGuarded(place: Place, options: GuardOptions): Promise<Guarded> {
  const notes: string[] = [];
  const events: GuardingEvent[] = [];
  const closing = new AbortController();
  const world: World = {
    cwd: place.folder,
    env: { HOME: place.folder, PUBPIN_CACHE_DIR: join(place.folder, ".cache") },
    out: () => undefined,
    note: (line) => void notes.push(line),
    write: () => undefined,
    signal: closing.signal,
    ask: async () => "nobody",
    isTerminal: false,
  };
  let session: Promise<void> = Promise.resolve();
  const index = await new Promise<GuardingIndex>((resolve, reject) => {
    session = withSession(world, commonOptions(place, options), async (opened) => {
      resolve(await startIn(opened, place, options, (event) => void events.push(event)));
      await new Promise<void>((closed) => {
        closing.signal.addEventListener("abort", () => closed());
      });
    });
    session.catch(reject);
  });
  return {
    index,
    events,
    notes,
    ...asking(index),
    close: async () => {
      await index.close();
      closing.abort();
      await session;
    },
  };
}

function commonOptions(
  { trustedRoot, usual }: Place,
  { index = usual }: GuardOptions,
): CommonOptions {
  return { strict: false, offline: true, cache: true, quiet: true, trustedRoot, index };
}

async function startIn(
  session: Session,
  { folder, usual }: Place,
  { pins, index: main = usual, ...options }: GuardOptions,
  onEvent: (event: GuardingEvent) => void,
): Promise<GuardingIndex> {
  const parsed = pins === undefined ? null : parsePins(Buffer.from(`${pins.join("\n")}\n`));
  const io = await openCheckIo(session, {
    pinsPath: join(folder, ".provenance.txt"),
    pins: parsed ?? EMPTY_PINS,
    locks: [],
    madeBy: null,
    byteDigests: new Map(),
  });
  return startGuardingIndex({
    session,
    io: { ...io, attempts: 1 },
    upstreams: [{ url: main, name: null }],
    pins: parsed,
    tofu: "refuse",
    onEvent,
    ...options,
  });
}

function asking(index: GuardingIndex): Pick<Guarded, "get" | "page" | "file"> {
  const get: Guarded["get"] = (path, init) => fetch(`${index.baseUrl}/${path}`, init);
  const page: Guarded["page"] = async (name, upstream = 0) => {
    const path = `${upstream}/simple/${name}/`;
    const response = await get(path, { headers: { accept: JSON_PAGE } });
    if (response.status !== 200) return new Map();
    const { files } = (await response.json()) as { files: (PageFile & { filename: string })[] };
    const base = `${index.baseUrl}/${path}`;
    return new Map(
      files.map((file) => [file.filename, { ...file, url: new URL(file.url, base).href }]),
    );
  };
  return {
    get,
    page,
    file: async (filename, init) => {
      const name = filename.split("-")[0] ?? "";
      const found = (await page(name)).get(filename);
      if (found === undefined) throw new Error(`${filename} is not on the page`);
      return fetch(found.url, init);
    },
  };
}

/** The guarding indexes' own folders that are there. */
export function roomsIn({ temporary }: Pick<Setting, "temporary">): readonly string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("pubpin-"));
}

/** Puts a wheel into an index. */
export function addWheel(
  index: LocalIndex,
  name: string,
  publisher: GitHubPublisher | null,
  options: { readonly version?: string; readonly requires?: readonly string[] } = {},
): MintedWheel {
  const wheel = mintWheel({ name, version: "1.0", requiresPython: ">=3.8", ...options });
  index.addFile({
    filename: wheel.filename,
    content: wheel.bytes,
    ...(publisher === null ? {} : { provenance: [{ publisher }] }),
  });
  return wheel;
}
