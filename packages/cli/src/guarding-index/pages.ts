/** The upstreams' pages, each asked for once in a while. */
import { type IndexClient, type Indexes, type IndexProject, PubpinError } from "@pubpin/shared";
import { FAILURE_KEPT_MS, MAX_LISTED_FILES, PAGE_KEPT_MS } from "../node/limits.ts";

/** Pages of the upstreams, by their position. */
export interface Pages {
  readonly client: (upstream: number) => IndexClient;
  /**
   * The page of a project, perhaps one that came a moment ago.
   *
   * @param name normalised
   * @throws the codes of `IndexClient.project`
   */
  readonly page: (upstream: number, name: string) => Promise<IndexProject>;
  /** The same, and null where the index does not have the project. */
  readonly pageIfAny: (upstream: number, name: string) => Promise<IndexProject | null>;
}

interface Held {
  readonly page: Promise<IndexProject>;
  /** In milliseconds, when it is asked for again. */
  until: number;
  /** Files on it; 0 while it is under way. */
  files: number;
}

/** Nothing is asked yet. */
export function createPages(indexes: Indexes, urls: readonly string[]): Pages {
  const held = new Map<string, Held>();
  const clients = urls.map((url) => indexes.at(url));
  const client = (upstream: number): IndexClient => {
    const found = clients[upstream];
    if (found === undefined) throw new RangeError(`there is no upstream ${upstream}`);
    return found;
  };
  const page: Pages["page"] = (upstream, name) => {
    const key = `${upstream} ${name}`;
    const known = held.get(key);
    if (known !== undefined && Date.now() < known.until) return known.page;
    const asked = client(upstream).project(name);
    const entry: Held = { page: asked, until: Date.now() + PAGE_KEPT_MS, files: 0 };
    held.delete(key);
    held.set(key, entry);
    void settle(entry, held);
    return asked;
  };
  return {
    client,
    page,
    pageIfAny: (upstream, name) =>
      page(upstream, name).catch((error: unknown) => {
        if (isAbsent(error)) return null;
        throw error;
      }),
  };
}

async function settle(entry: Held, held: Map<string, Held>): Promise<void> {
  try {
    const { files } = await entry.page;
    entry.files = files.size;
    forgetOldest(held);
  } catch (error) {
    if (!isAbsent(error)) entry.until = Date.now() + FAILURE_KEPT_MS;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof PubpinError && error.code === "PROJECT_NOT_ON_INDEX";
}

/** Keeps what is held within its bound, the newest page whatever its size. */
function forgetOldest(held: Map<string, Held>): void {
  let total = 0;
  for (const { files } of held.values()) total += 1 + files;
  for (const [key, { files }] of held) {
    if (total <= MAX_LISTED_FILES || held.size === 1) return;
    held.delete(key);
    total -= 1 + files;
  }
}
