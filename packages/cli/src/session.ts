import { DEFAULT_INDEX_URL, readIndexUrl, type Report } from "@pubpin/shared";
import { type Cache, openCache } from "./node/cache.ts";
import type { Environment } from "./node/environment.ts";
import { createTransport, type HttpTransport } from "./node/http.ts";
import type { PromptAnswer } from "./node/prompt.ts";
import { createProgress, type Progress } from "./node/progress.ts";
import { type LoadedTrustRoot, loadTrustRoot, type TrustRootOptions } from "./node/trust-root.ts";

/** What every sub-command can be told. */
export interface CommonOptions {
  readonly strict: boolean;
  readonly offline: boolean;
  readonly cache: boolean;
  readonly trustedRoot?: string | undefined;
  readonly index?: string | undefined;
  readonly provenanceIndex?: string | undefined;
  readonly quiet: boolean;
}

/** Where a run takes place and where its words go. Data is for stdout, narration for stderr. */
export interface World {
  readonly cwd: string;
  readonly env: Environment;
  readonly out: (text: string) => void;
  /** A line for stderr. */
  readonly note: (text: string) => void;
  /** Raw text for stderr: progress. */
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
  /** Asks a person at the terminal; `nobody` where there is none. */
  readonly ask: (question: string) => Promise<PromptAnswer>;
  /** Whether stderr is a terminal, where a line can be written over. */
  readonly isTerminal: boolean;
}

/** One run of the command: its connections, its cache and its trust root. */
export interface Session {
  readonly world: World;
  readonly options: CommonOptions;
  readonly transport: HttpTransport;
  readonly cache: Cache;
  /** Its URL, without user name and password. */
  readonly defaultIndex: string;
  /** The URLs of indexes that the command line gives, as they were written: for requests alone. */
  readonly logins: readonly string[];
  /** Loads the trust root once, and says on stderr which one it is. */
  readonly trustRoot: () => Promise<LoadedTrustRoot>;
  readonly trustRootOptions: TrustRootOptions;
  /** A line of progress on stderr, counted in files. */
  readonly progress: (label: string) => Progress;
}

/**
 * Runs something in a session, and closes what it opened, whatever happens.
 *
 * @throws INDEX_URL_INVALID for an address that can be no index's, before anything is opened
 */
export async function withSession<T>(
  world: World,
  options: CommonOptions,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const { index = DEFAULT_INDEX_URL, provenanceIndex } = options;
  const defaultIndex = readIndexUrl(index).url;
  if (provenanceIndex !== undefined) readIndexUrl(provenanceIndex);
  const transport = createTransport({ env: world.env });
  const cache = openCache({ env: world.env, inMemory: !options.cache, onWarning: world.note });
  const trustRootOptions: TrustRootOptions = {
    offline: options.offline,
    file: options.trustedRoot,
    fetch: transport.fetch,
    store: cache.store,
    signal: world.signal,
  };
  let trustRoot: Promise<LoadedTrustRoot> | undefined;
  try {
    return await run({
      world,
      options,
      transport,
      cache,
      defaultIndex,
      logins: [index],
      trustRootOptions,
      progress: (label) =>
        createProgress({
          write: world.write,
          isTerminal: world.isTerminal,
          isQuiet: options.quiet,
          label,
          unit: "files",
        }),
      trustRoot: () => (trustRoot ??= announced(loadTrustRoot(trustRootOptions), world, options)),
    });
  } finally {
    cache.close();
    await transport.close();
  }
}

async function announced(
  loading: Promise<LoadedTrustRoot>,
  { note }: World,
  { quiet }: CommonOptions,
): Promise<LoadedTrustRoot> {
  const loaded = await loading;
  if (loaded.notRefreshed !== null) note(`trust root not refreshed: ${loaded.notRefreshed}`);
  if (!quiet) note(`trust root: ${ORIGIN[loaded.origin]}, ${dayOf(loaded.newestStart)} or newer`);
  return loaded;
}

const ORIGIN: Readonly<Record<Report["trustRoot"]["origin"], string>> = {
  embedded: "the one that came with pubpin",
  refreshed: "refreshed from Sigstore",
  given: "the given file",
};

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? "of no date" : date.toISOString().slice(0, 10);
}
