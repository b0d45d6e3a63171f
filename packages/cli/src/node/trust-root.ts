/** The trust root of a run: which one it is, and where it came from. */
import {
  embeddedTrustedRoot,
  embeddedTrustedRootJson,
  type IndexStore,
  MAX_TRUST_ROOT_BYTES,
  parseTrustedRoot,
  type Report,
  type TrustedRoot,
} from "@pubpin/shared";
import type { HttpFetch } from "./http.ts";
import { readWholeFile } from "./read-file.ts";
import { fetchTrustRoot, sigstoreRepository, type TufRepository } from "./tuf.ts";

/** How a trust root is chosen. */
export interface TrustRootOptions {
  /** Nothing may be asked over the network. */
  readonly offline: boolean;
  /** The file of a trust root that is to be used in place of Sigstore's. */
  readonly file?: string | undefined;
  readonly fetch: HttpFetch;
  readonly store: IndexStore;
  /** By default Sigstore's public repository. */
  readonly repository?: TufRepository | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the refresh, by default TUF_TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
}

/** A trust root that is ready. */
export interface LoadedTrustRoot {
  readonly root: TrustedRoot;
  /** The same, as it is written: for a second verifier. */
  readonly json: Uint8Array<ArrayBuffer>;
  readonly origin: Report["trustRoot"]["origin"];
  /** The youngest start of validity in it: how old it is at least. */
  readonly newestStart: Date;
  /** Why the embedded one is used although the network was allowed; else null. */
  readonly notRefreshed: string | null;
}

/**
 * Loads the trust root: the given file; else Sigstore's own, refreshed through TUF; else, offline
 * or where its repository does not answer, the one that came with the program. An answer that does
 * not verify is an error, and never a reason to take another one.
 *
 * @throws TRUST_ROOT_INVALID for what does not verify or cannot be used
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED for the file
 * @throws the reason of `signal` once that is aborted
 */
export async function loadTrustRoot(options: TrustRootOptions): Promise<LoadedTrustRoot> {
  const { file, offline } = options;
  if (file !== undefined) {
    const json = await readWholeFile(file, MAX_TRUST_ROOT_BYTES, `trust root ${file}`);
    return loaded(json, "given", await parseTrustedRoot(json));
  }
  return offline ? embedded(null) : refreshed(options);
}

/**
 * Asks again for a trust root that could not be refreshed before, for `CheckIo.refreshRoot`. Null
 * where that is of no use: offline, with a given file, after a refresh, or again without an answer.
 *
 * @throws TRUST_ROOT_INVALID, and the reason of `signal`
 */
export async function refreshAgain(
  before: LoadedTrustRoot,
  options: TrustRootOptions,
): Promise<TrustedRoot | null> {
  if (before.notRefreshed === null) return null;
  const { root, origin } = await loadTrustRoot(options);
  return origin === "refreshed" ? root : null;
}

async function refreshed(options: TrustRootOptions): Promise<LoadedTrustRoot> {
  const { fetch, store, signal, timeoutMs } = options;
  const repository = options.repository ?? (await sigstoreRepository());
  const answer = await fetchTrustRoot({ fetch, store, repository, signal, timeoutMs });
  if (answer.kind === "no-answer") return embedded(answer.reason);
  return loaded(answer.json, "refreshed", await parseTrustedRoot(answer.json));
}

async function embedded(notRefreshed: string | null): Promise<LoadedTrustRoot> {
  const json = embeddedTrustedRootJson();
  return { ...loaded(json, "embedded", await embeddedTrustedRoot()), notRefreshed };
}

function loaded(
  json: Uint8Array<ArrayBuffer>,
  origin: LoadedTrustRoot["origin"],
  root: TrustedRoot,
): LoadedTrustRoot {
  return { root, json, origin, newestStart: new Date(root.newestStart), notRefreshed: null };
}
