/** pip with a guarding index in front of it, and no other way out. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addEntries, type Pins, type PinsEntry } from "@pubpin/shared";
import { openCheckIo } from "../../checking.ts";
import { startGuardingIndex } from "../../guarding-index/start.ts";
import type { GuardingIndex } from "../../guarding-index/types.ts";
import type { Environment } from "../../node/environment.ts";
import { createTransport } from "../../node/http.ts";
import { withTemporaryFolder } from "../../node/temporary-folder.ts";
import type { Session } from "../../session.ts";
import { createAsker, firstLines } from "../first-use.ts";
import type { PipCall } from "./call.ts";
import { openGate } from "./gate.ts";
import { guardedEnvironment } from "./interpreter.ts";

/** What pip is run with. */
export interface Guarded {
  readonly guard: GuardingIndex;
  /** The variables for pip. */
  readonly env: Environment;
  /** Arguments that say what is asked for, and from where: those before `--`, and all of them. */
  readonly asking: readonly string[];
  /** For what is gone once pip is. */
  readonly folder: string;
  /** The lines for the pins that were agreed to so far. */
  readonly agreed: () => readonly PinsEntry[];
  /** Addresses that pip, or a package, asked for and that were refused, without passwords. */
  readonly refusedAddresses: ReadonlySet<string>;
}

/**
 * Runs something with a guarding index, which is gone afterwards; what it refused is told on stderr.
 *
 * @throws the codes of `startGuardingIndex`
 */
export async function withGuard<T>(
  call: PipCall,
  use: (guarded: Guarded) => Promise<T>,
): Promise<T> {
  return withConnections(call, async (session) => {
    const { upstreams, pinsPath } = call;
    const start = firstLines(session.defaultIndex, call.pins, upstreams);
    const pins: Pins = addEntries(call.pins, start);
    const logins = [...session.logins, ...upstreams.map(({ url }) => url)];
    const project = { pinsPath, pins, locks: [], madeBy: null, byteDigests: new Map() };
    const io = await openCheckIo({ ...session, logins }, project);
    const asker = createAsker({ world: session.world, tofu: call.tofu }, start);
    return withTemporaryFolder(async (folder) => {
      const guard = await startGuardingIndex({
        session,
        io,
        upstreams,
        pins,
        tofu: "accept",
        onFirstUse: asker,
      });
      try {
        return await withGate(call, guard, folder, start, use);
      } finally {
        await guard.close();
        for (const { text } of guard.refusals) session.world.note(text);
      }
    });
  });
}

async function withGate<T>(
  call: PipCall,
  guard: GuardingIndex,
  folder: string,
  start: readonly PinsEntry[],
  use: (guarded: Guarded) => Promise<T>,
): Promise<T> {
  const { world } = call.session;
  const gate = await openGate(guard.baseUrl);
  try {
    const indexUrls = call.upstreams.map((upstream) => guard.indexUrl(upstream));
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    return await use({
      guard,
      folder,
      env: {
        ...guardedEnvironment(world.env, { indexUrls, proxy: gate.url, folder }),
        TMPDIR: temporary,
        TEMP: temporary,
        TMP: temporary,
      },
      asking: askingFor(call, indexUrls, gate.url, folder),
      refusedAddresses: gate.refused,
      agreed: () => {
        const entries = guard.firstUses.flatMap((each) => each.entries);
        return entries.length === 0 ? [] : [...start, ...entries];
      },
    });
  } finally {
    await gate.close();
    for (const address of gate.refused) {
      world.note(
        `pubpin: ${address}: refused: only packages of an index are let through; something that was ` +
          "to be installed or built asks for it by its address",
      );
    }
  }
}

/** Connections by pip's own settings, where it has any: proxy and certificates. */
async function withConnections<T>(
  { session, options }: PipCall,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const proxy = options.taken.get("--proxy")?.at(-1) ?? "";
  const cert = options.taken.get("--cert")?.at(-1) ?? "";
  if (proxy === "" && cert === "") return use(session);
  const env: Environment = {
    ...session.world.env,
    ...(proxy === "" ? {} : { http_proxy: proxy, https_proxy: proxy }),
    ...(cert === "" ? {} : { SSL_CERT_FILE: cert }),
  };
  const transport = createTransport({ env });
  try {
    return await use({ ...session, transport, world: { ...session.world, env } });
  } finally {
    await transport.close();
  }
}

/** Files are written anew, so that pip reads no line that was not understood. */
function askingFor(
  { contents, buildConstraints, operands, editables }: PipCall,
  [indexUrl = "", ...others]: readonly string[],
  proxy: string,
  folder: string,
): readonly string[] {
  const fileOption = (
    option: string,
    name: string,
    lines: readonly string[],
  ): readonly string[] => {
    if (lines.length === 0) return [];
    const path = join(folder, name);
    writeFileSync(path, `${lines.join("\n")}\n`);
    return [option, path];
  };
  const texts = operands.map(({ text }) => text);
  return [
    "--index-url",
    indexUrl,
    ...others.flatMap((url) => ["--extra-index-url", url]),
    "--proxy",
    proxy,
    "--no-cache-dir",
    "--disable-pip-version-check",
    ...contents.options,
    ...fileOption("--requirement", "requirements.txt", contents.requirements),
    ...fileOption("--constraint", "constraints.txt", contents.constraints),
    ...fileOption("--build-constraint", "build-constraints.txt", buildConstraints),
    ...editables.flatMap(({ text }) => ["--editable", text]),
    ...(texts.length === 0 ? [] : ["--", ...texts]),
  ];
}
