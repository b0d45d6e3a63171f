/**
 * Sigstore's trust root through The Update Framework (TUF specification 1.0), with sigstore-js's
 * client. What that client takes from its surroundings is given to it here: requests that know the
 * environment's proxies and authorities, and a folder of its own for each run, so that several
 * processes cannot spoil each other's files.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IndexStore, PubpinError } from "@pubpin/shared";
import type { HttpFetch } from "./http.ts";
import { TUF_TIMEOUT_MS } from "./limits.ts";
import { describeSystemError } from "./read-file.ts";
import { createTufFetcher } from "./tuf-fetcher.ts";

/** A TUF repository, and the root metadata that everything in it is judged by. */
export interface TufRepository {
  readonly url: string;
  readonly rootJson: Uint8Array;
}

/** How a repository is asked. */
export interface TufOptions {
  readonly fetch: HttpFetch;
  /** Keeps metadata between runs, so that older metadata is refused later. */
  readonly store: IndexStore;
  readonly repository: TufRepository;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for all of it, by default TUF_TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
}

/** What came of it: the trust root as it was signed, or why there was no answer. */
export type TufAnswer =
  | { readonly kind: "answer"; readonly json: Uint8Array<ArrayBuffer> }
  | { readonly kind: "no-answer"; readonly reason: string };

/** `seeds.json` of `@sigstore/tuf`: repositories, with their root metadata in base64. */
type Seeds = Readonly<Record<string, { readonly "root.json": string }>>;

const TARGET = "trusted_root.json";
const TARGETS = "targets";
/**
 * What is kept; the client verifies it each time. Root metadata is not kept: every run begins with
 * that of the program, so that nobody who can write to the cache can change what is trusted.
 */
const KEPT = ["timestamp.json", "snapshot.json", "targets.json", `${TARGETS}/${TARGET}`];

/** Sigstore's public repository, with the root metadata that came with sigstore-js. */
export async function sigstoreRepository(): Promise<TufRepository> {
  const { DEFAULT_MIRROR_URL: url } = await import("@sigstore/tuf");
  const seeds = createRequire(import.meta.url)("@sigstore/tuf/seeds.json") as Seeds;
  return { url, rootJson: Buffer.from(seeds[url]?.["root.json"] ?? "", "base64") };
}

/**
 * Fetches the trust root and verifies it by the TUF specification, section 5.
 *
 * @throws TRUST_ROOT_INVALID when the repository answers, and what it says does not verify
 * @throws the reason of `signal` once that is aborted
 */
export async function fetchTrustRoot(options: TufOptions): Promise<TufAnswer> {
  const { store, repository } = options;
  let folder: string;
  try {
    folder = await mkdtemp(join(tmpdir(), "pubpin-tuf-"));
  } catch (error) {
    const found = describeSystemError(error);
    return { kind: "no-answer", reason: `${tmpdir()}: a folder cannot be made there (${found})` };
  }
  try {
    await restore(folder, repository, store);
    const answer = await update(folder, options);
    if (answer.kind === "answer") await keep(folder, repository, store);
    return answer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function restore(
  folder: string,
  { url, rootJson }: TufRepository,
  store: IndexStore,
): Promise<void> {
  await mkdir(join(folder, TARGETS));
  await writeFile(join(folder, "root.json"), rootJson);
  for (const name of KEPT) {
    const bytes = await store.get(keyOf(url, name));
    if (bytes !== null) await writeFile(join(folder, name), bytes);
  }
}

async function keep(folder: string, { url }: TufRepository, store: IndexStore): Promise<void> {
  for (const name of KEPT) {
    await store.put(keyOf(url, name), new Uint8Array(await readFile(join(folder, name))));
  }
}

function keyOf(url: string, name: string): string {
  return `tuf ${url} ${name}`;
}

async function update(folder: string, options: TufOptions): Promise<TufAnswer> {
  const { fetch, repository, signal, timeoutMs = TUF_TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const { fetcher, failure } = await createTufFetcher(fetch, folder, both);
  try {
    const { Updater } = await import("tuf-js");
    const updater = new Updater({
      metadataBaseUrl: repository.url,
      metadataDir: folder,
      targetBaseUrl: `${repository.url}/${TARGETS}`,
      targetDir: join(folder, TARGETS),
      fetcher,
    });
    const target = await updater.getTargetInfo(TARGET);
    if (target === undefined) throw new Error(`it has no ${TARGET}`);
    const kept = await updater.findCachedTarget(target);
    const path = kept ?? (await updater.downloadTarget(target));
    return { kind: "answer", json: new Uint8Array(await readFile(path)) };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = failure();
    if (reason !== null) return { kind: "no-answer", reason };
    throw new PubpinError(
      "TRUST_ROOT_INVALID",
      `trust root from ${repository.url}: expected what its signed metadata says, ` +
        `found: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
