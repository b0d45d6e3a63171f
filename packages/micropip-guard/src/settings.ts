/** What a guard goes by, read from its options. */
import {
  createJsonIndexes,
  DEFAULT_INDEX_URL,
  embeddedTrustedRoot,
  encodeUtf8,
  fail,
  type Fetch,
  type Indexes,
  MAX_PINS_BYTES,
  MAX_TRUST_ROOT_BYTES,
  parsePins,
  parseTrustedRoot,
  type Pins,
  quote,
  readIndexUrl,
  type Report,
  type TrustedRoot,
} from "@pubpin/shared";
import { MAX_ATTEMPTS, REQUEST_TIMEOUT_MS } from "./limits.ts";
import { createRelay, type Relay } from "./relay.ts";
import type { Bytes, GuardEvent, GuardMode, GuardOptions, GuardStore } from "./model.ts";

/** The options of a guard, complete and read. */
export interface Settings {
  readonly pins: Pins;
  readonly mode: GuardMode;
  readonly strict: boolean;
  /** The default index, without a slash at the end. */
  readonly index: string;
  readonly indexes: Indexes;
  /** What the indexes are asked through. */
  readonly relay: Relay;
  readonly root: TrustedRoot;
  readonly rootOrigin: Report["trustRoot"]["origin"];
  readonly store: GuardStore | null;
  readonly installed: "refuse" | "report";
  readonly onDecision: (event: GuardEvent) => void;
}

/**
 * Reads the options: pins and trust root where they are, addresses judged. Nothing is taken for
 * granted of an option that is there but cannot be read.
 *
 * @throws FILE_UNREADABLE when pins or trust root cannot be had
 * @throws PINS_INVALID TRUST_ROOT_INVALID INDEX_URL_INVALID USAGE_INVALID LIMIT_EXCEEDED
 */
export async function readSettings(options: GuardOptions): Promise<Settings> {
  const { mode = "pinned", strict = false, installed, provenanceIndex, store } = options;
  requireOneOf("mode", mode, ["pinned", "tofu", "report"]);
  requireOneOf("installed", installed, ["refuse", "report"]);
  if (typeof strict !== "boolean") fail("USAGE_INVALID", "guard.strict: expected true or false");
  const fetch: Fetch = options.fetch ?? (async (url, init) => globalThis.fetch(url, init));
  const [pins, root] = await Promise.all([
    readPins(options.pins, fetch),
    readRoot(options.trustedRoot, fetch),
  ]);
  const relay = createRelay(fetch);
  const { url, authorization } = readIndexUrl(options.index ?? DEFAULT_INDEX_URL);
  return {
    pins,
    mode,
    strict,
    index: url,
    relay,
    indexes: createJsonIndexes({
      fetch: relay.fetch,
      provenanceIndex,
      store,
      storePages: false,
      authorization: (asked) => (asked === url ? authorization : null),
      attempts: MAX_ATTEMPTS,
      timeoutMs: REQUEST_TIMEOUT_MS,
    }),
    root,
    rootOrigin: options.trustedRoot === undefined ? "embedded" : "given",
    store: store ?? null,
    installed: installed ?? (mode === "report" ? "report" : "refuse"),
    onDecision: options.onDecision ?? (() => undefined),
  };
}

function requireOneOf(option: string, found: unknown, expected: readonly string[]): void {
  if (found === undefined || (typeof found === "string" && expected.includes(found))) return;
  const list = expected.join(", ");
  fail("USAGE_INVALID", `guard.${option}: expected ${list}, found ${quote(JSON.stringify(found))}`);
}

async function readPins(pins: string | URL, fetch: Fetch): Promise<Pins> {
  if (typeof pins === "string") return parsePins(encodeUtf8(pins));
  if (!(pins instanceof URL)) {
    fail("USAGE_INVALID", "guard.pins: expected the text of a .provenance.txt, or its URL");
  }
  return parsePins(await download(pins, MAX_PINS_BYTES, "text/plain", fetch), pins.href);
}

async function readRoot(root: Uint8Array | URL | undefined, fetch: Fetch): Promise<TrustedRoot> {
  if (root === undefined) return embeddedTrustedRoot();
  const bytes =
    root instanceof URL ? await download(root, MAX_TRUST_ROOT_BYTES, "*/*", fetch) : root;
  return parseTrustedRoot(bytes);
}

/**
 * A file of a site, from where it is.
 *
 * @param max its size in bytes, at most
 * @throws FILE_UNREADABLE where there is none, or a larger one
 */
export async function download(
  url: URL,
  max: number,
  accept: string,
  fetch: Fetch,
): Promise<Bytes> {
  const refuse = (found: string, cause?: unknown): never =>
    fail("FILE_UNREADABLE", `${url.href}: expected a file, found ${found}`, cause);
  let response: Response;
  let bytes: Bytes;
  try {
    response = await fetch(url.href, {
      method: "GET",
      headers: { accept },
      redirect: "follow",
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    return refuse("no answer", error);
  }
  if (!response.ok) return refuse(`status ${response.status}`);
  return bytes.length > max ? refuse(`more than ${max} bytes`) : bytes;
}
