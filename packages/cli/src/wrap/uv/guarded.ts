/** A guarding index for as long as uv runs, and what it says for a person. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addEntries, type Decision, type Lock, type Pins, type PinsEntry } from "@pubpin/shared";
import { openCheckIo } from "../../checking.ts";
import type { GuardingIndex, Upstream } from "../../guarding-index/types.ts";
import { withTemporaryFolder } from "../../node/temporary-folder.ts";
import { createAsker, firstLines } from "../first-use.ts";
import type { UvCall } from "./call.ts";
import type { Table } from "./configuration.ts";
import { requireSettingsFromIndex } from "./requirements.ts";
import { guardedConfiguration, indexOptions, type UvIndexes } from "./indexes.ts";

/** What a guarding index goes by. */
export interface GuardSetting {
  readonly pinsPath: string;
  readonly pins: Pins;
  readonly indexes: UvIndexes;
  /** Locks whose logins may be used. */
  readonly locks: readonly Lock[];
  /** Settings for uv beside those that it has. */
  readonly settings: Table;
  /** Whether uv may reach nothing but the guarding index: where no lock names the files. */
  readonly isSealed: boolean;
  /** Hears of every file that is served. */
  readonly onServed?: (decision: Decision) => void;
}

/** A guarding index that runs. */
export interface Guarding {
  readonly guard: GuardingIndex;
  /** What it stands for. */
  readonly indexUrls: readonly Upstream[];
  /** Options that lead uv to it. */
  readonly options: readonly string[];
  /** For whatever is gone once uv is. */
  readonly folder: string;
  /** The lines for the pins that were agreed to so far; where uv failed, what a person agreed to. */
  readonly agreed: (exitCode: number) => readonly PinsEntry[];
}

/**
 * Runs something with a guarding index, which is gone afterwards; what it refused is told on stderr.
 *
 * @throws the codes of `startGuardingIndex`
 */
export async function withGuard<T>(
  call: UvCall,
  setting: GuardSetting,
  use: (guarding: Guarding) => Promise<T>,
): Promise<T> {
  const { session } = call;
  const { indexes, pinsPath, locks, settings, isSealed } = setting;
  const start = firstLines(session.defaultIndex, setting.pins, indexes.upstreams);
  const pins = addEntries(setting.pins, start);
  requireSettingsFromIndex(indexes.configuration, call.cwd);
  const logins = [...session.logins, ...indexes.upstreams.map(({ url }) => url)];
  const project = { pinsPath, pins, locks, madeBy: null, byteDigests: new Map() };
  const io = await openCheckIo({ ...session, logins }, project);
  const { startGuardingIndex } = await import("../../guarding-index/start.ts");
  return withTemporaryFolder(async (folder) => {
    const guard = await startGuardingIndex({
      session,
      io,
      upstreams: indexes.upstreams,
      pins,
      tofu: "accept",
      onFirstUse: createAsker({ world: session.world, tofu: call.tofu }, start),
      onEvent: (event) => {
        if (event.kind === "served") setting.onServed?.(event.decision);
      },
    });
    try {
      const file = join(folder, "uv.toml");
      const { origin } = new URL(guard.baseUrl);
      const proxies = { "http-proxy": origin, "https-proxy": origin, "no-proxy": ["127.0.0.1"] };
      const more = { ...settings, ...(isSealed ? proxies : {}) };
      writeFileSync(file, guardedConfiguration(indexes, guard, more));
      const place = join(folder, "work");
      mkdirSync(place);
      const options = ["--config-file", file, ...indexOptions(indexes, guard)];
      const agreed = (exitCode: number): readonly PinsEntry[] => {
        const all = guard.firstUses.flatMap((each) => each.entries);
        const entries = exitCode === 0 ? all : all.filter(({ kind }) => kind !== "unsigned");
        return entries.length === 0 ? [] : [...start, ...entries];
      };
      return await use({ guard, indexUrls: indexes.upstreams, options, folder: place, agreed });
    } finally {
      await guard.close();
      for (const { text } of guard.refusals) session.world.note(text);
    }
  });
}
