/** Runs uv where no lock says what it may install: all of it comes through the guarding index. */
import { addEntries, type Decision, type Pins } from "@pubpin/shared";
import { governingPins, readPins } from "../../project.ts";
import { pin } from "./approval.ts";
import type { UvCall } from "./call.ts";
import { readConfiguration, type Table, tableIn, tablesIn } from "./configuration.ts";
import { type Guarding, withGuard } from "./guarded.ts";
import { indexesOf } from "./indexes.ts";

/** What is run. */
export interface UnlockedRun {
  /** The folder whose pins govern it. */
  readonly folder: string;
  /** The pins, where they are not those that govern the folder. */
  readonly pinsPath?: string;
  /** pyproject.toml files, and the metadata of scripts, that may name indexes. */
  readonly tables: readonly Table[];
  /** Whether uv may reach nothing but the guarding index. */
  readonly isSealed: boolean;
  /** Hears of every file that is served. */
  readonly onServed?: (decision: Decision) => void;
  readonly run: (guarding: Guarding) => Promise<number>;
}

/**
 * Runs uv with a guarding index, and pins what a person, or `--tofu`, agreed to.
 *
 * @returns uv's exit code
 */
export async function runUnlocked(call: UvCall, what: UnlockedRun): Promise<number> {
  const { session, invocation } = call;
  const { folder, tables, isSealed, run } = what;
  const pinsPath =
    what.pinsPath ?? (await governingPins(session.world.cwd, folder, invocation.pinsFile));
  const indexes = indexesOf(call, await readConfiguration(call, null), tables);
  const pins = await readPins(pinsPath);
  const { onServed = () => undefined } = what;
  const setting = { pinsPath, pins, indexes, locks: [], settings: {}, isSealed, onServed };
  const { exitCode, agreed } = await withGuard(call, setting, async (guarding) => {
    const code = await run(guarding);
    return { exitCode: code, agreed: guarding.agreed(code) };
  });
  const change = agreed.length === 0 ? null : (before: Pins): Pins => addEntries(before, agreed);
  await pin(call, { pinsPath }, change);
  return exitCode;
}

/** Options that stand in for the indexes that a script names: uv reads them from the script itself. */
export function indexOptionsOf(
  script: Table,
  { guard, options, indexUrls }: Guarding,
): readonly string[] {
  const own = tablesIn(tableIn(tableIn(script, "tool"), "uv"), "index");
  const named = indexUrls.flatMap((upstream) =>
    upstream.name === null ? [] : ["--index", `${upstream.name}=${guard.indexUrl(upstream)}`],
  );
  const main = own.find((index) => index["default"] === true)?.["url"];
  if (typeof main !== "string" || options.includes("--default-index")) return named;
  return [...named, "--default-index", guard.indexUrl({ url: main, name: null })];
}
