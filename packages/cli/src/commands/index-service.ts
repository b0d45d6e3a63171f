import { once } from "node:events";
import { resolve } from "node:path";
import { EMPTY_PINS, fail, type Pins } from "@pubpin/shared";
import { openCheckIo } from "../checking.ts";
import { createFigures } from "../guarding-index/figures.ts";
import { isLoopback } from "../guarding-index/listen.ts";
import { logLine } from "../guarding-index/log.ts";
import { startGuardingIndex } from "../guarding-index/start.ts";
import type { GuardingIndex, Upstream } from "../guarding-index/types.ts";
import { MAX_TOKEN_BYTES } from "../node/limits.ts";
import { pathFrom } from "../node/pins-location.ts";
import { readFileIfAny } from "../node/read-file.ts";
import { governingPins, readPins, type Selection } from "../project.ts";
import type { Format } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin index` is told. */
export interface IndexServiceOptions extends Pick<Selection, "pinsFile"> {
  /** Further indexes, which the installer prefers to the main one. */
  readonly extraIndexes: readonly string[];
  readonly host: string;
  readonly port: number;
  /** A file with the token; by default the environment's, else a new one. */
  readonly tokenFile?: string | undefined;
  readonly metrics: boolean;
  /** The form of the log. */
  readonly format: Format;
}

const TOKEN_VARIABLE = "PUBPIN_INDEX_TOKEN";
/** Nothing of a file is sent before all of it is here, for which installers have to wait. */
const INSTALLER_TIMEOUT_S = 600;

/**
 * `pubpin index`: an index for any installer, which passes on what the pins accept, until it is
 * stopped. Its addresses are lines for an environment file on stdout, its log is on stderr.
 *
 * @returns 0 once it was asked to stop
 * @throws USAGE_INVALID for pins that are named and not there, for a token that is none, and where
 *   nothing can listen
 */
export async function indexService(
  session: Session,
  options: IndexServiceOptions,
): Promise<number> {
  const { world } = session;
  const { cwd, note, signal } = world;
  const pinsPath = await governingPins(cwd, cwd, options.pinsFile);
  const pins = await pinsAt(pinsPath, options);
  if (pins.byKey.size === 0) {
    note(`${pathFrom(cwd, pinsPath)}: nothing is pinned: files that somebody signed are refused`);
  }
  const [main = session.defaultIndex] = session.logins;
  const upstreams = [...options.extraIndexes, main].map((url): Upstream => ({ url, name: null }));
  const project = { pinsPath, pins, locks: [], madeBy: null, byteDigests: new Map() };
  const io = await openCheckIo({ ...session, logins: upstreams.map(({ url }) => url) }, project);
  const figures = createFigures();
  const form = options.format === "json" ? "json" : "text";
  const token = await tokenFor(session, options);
  const index = await startGuardingIndex({
    session,
    io,
    upstreams,
    pins,
    tofu: "refuse",
    host: options.host,
    port: options.port,
    ...(token === null ? {} : { token }),
    ...(options.metrics ? { metrics: figures.text } : {}),
    onEvent: (event) => {
      figures.count(event);
      const line = logLine(event, form, new Date());
      if (line !== null) note(line);
    },
  });
  try {
    announce(index, upstreams, session, options);
    if (!signal.aborted) await once(signal, "abort");
    return 0;
  } finally {
    await index.close();
  }
}

async function pinsAt(path: string, { pinsFile }: IndexServiceOptions): Promise<Pins> {
  const pins = await readPins(path);
  if (pins === EMPTY_PINS && pinsFile !== undefined) {
    fail("USAGE_INVALID", `--file ${pinsFile}: expected pins, found no file`);
  }
  return pins;
}

async function tokenFor(
  { world: { cwd, env } }: Session,
  { tokenFile }: IndexServiceOptions,
): Promise<string | null> {
  if (tokenFile === undefined) {
    const given = env[TOKEN_VARIABLE] ?? "";
    return given === "" ? null : given;
  }
  const bytes = await readFileIfAny(resolve(cwd, tokenFile), MAX_TOKEN_BYTES, tokenFile);
  if (bytes === null) fail("USAGE_INVALID", `--token-file ${tokenFile}: there is no such file`);
  return new TextDecoder().decode(bytes).trim();
}

/** What installers need to be told, as lines of an environment file, and the rest for a person. */
function announce(
  index: GuardingIndex,
  upstreams: readonly Upstream[],
  { world, options: { quiet } }: Session,
  { host, metrics }: IndexServiceOptions,
): void {
  const urls = upstreams.map((upstream) => index.indexUrl(upstream));
  const extra = urls.slice(0, -1).join(" ");
  const main = urls.at(-1) ?? "";
  const lines = {
    UV_DEFAULT_INDEX: main,
    ...(extra === "" ? {} : { UV_INDEX: extra }),
    UV_HTTP_TIMEOUT: INSTALLER_TIMEOUT_S,
    PIP_INDEX_URL: main,
    ...(extra === "" ? {} : { PIP_EXTRA_INDEX_URL: extra }),
    PIP_DEFAULT_TIMEOUT: INSTALLER_TIMEOUT_S,
  };
  world.out(
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  if (!isLoopback(host)) {
    world.note(
      `${host}: others can reach this index. Whoever knows its address can use it, and with it the ` +
        "credentials of the indexes behind it; it is sent in the clear",
    );
  }
  if (quiet) return;
  world.note(`health: ${index.baseUrl}/health`);
  if (metrics) world.note(`metrics: ${index.baseUrl}/metrics`);
  world.note("verifies what installers take from these addresses; Ctrl-C stops it");
}
