/** What the hook does where something may matter, or where it was asked for more than the usual. */
import { createPainter, isColored, PubpinError, showMessage } from "@pubpin/shared";
import type { Options, Target } from "./arguments.ts";
import { openBlobs } from "./blobs.ts";
import { exitCodeOf, type HookReport } from "./finding.ts";
import { fixStaged } from "./fix.ts";
import { type GitAnswer, runIndexDiff } from "./git.ts";
import { HELP } from "./help.ts";
import type { World } from "./hook.ts";
import { openLockReader } from "./locks.ts";
import { readPushes } from "./pushes.ts";
import { checkPush, checkRange, checkTip, type CommitsReport } from "./range.ts";
import { hookGithub, hookJson, hookSarif } from "./render-data.ts";
import { hookText } from "./render-text.ts";
import { DEFAULT_FILE } from "./settings.ts";
import { checkStaged, type Reading } from "./staged.ts";
import { PRECOMMIT_VERSION } from "./version.ts";

const FINE = 0;
const USAGE = 2;
const UNKNOWN = 3;
const COLUMNS = 100;
/** Codes that say that nothing is known. */
const UNKNOWN_CODES: ReadonlySet<string> = new Set(["HISTORY_INCOMPLETE", "REVISION_UNREADABLE"]);

/**
 * Runs what was asked for.
 *
 * @param answer of `runIndexDiff("HEAD")`, where what is staged is asked for
 * @returns the exit code: 0, 1, 2 or 3
 */
export async function runProgram(
  options: Options,
  world: World,
  answer: GitAnswer | null,
): Promise<number> {
  try {
    return await run(options, world, answer);
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    world.err(`pubpin: ${error.code}: ${showMessage(error.message)}\n`);
    return UNKNOWN_CODES.has(error.code) ? UNKNOWN : USAGE;
  }
}

async function run(options: Options, world: World, answer: GitAnswer | null): Promise<number> {
  const { target } = options;
  switch (target.kind) {
    case "help":
      world.out(HELP);
      return FINE;
    case "version":
      world.out(`${PRECOMMIT_VERSION}\n`);
      return FINE;
    case "merge": {
      const { mergeFiles } = await import("./merge-driver.ts");
      return mergeFiles(target.files, world);
    }
    case "staged":
      return show(await checkIndex(options, target, world, answer), options, world);
    case "range": {
      const check = target.isTip ? checkTip : checkRange;
      return show(ofCommits(await check(target, openReading(options))), options, world);
    }
    case "push": {
      const pushes = readPushes(world.readInput());
      const reading = openReading(options);
      return show(ofCommits(await checkPush(pushes, target.remote, reading)), options, world);
    }
  }
}

async function checkIndex(
  options: Options,
  { isWhole, fix }: Extract<Target, { readonly kind: "staged" }>,
  world: World,
  answer: GitAnswer | null,
): Promise<HookReport> {
  const check = async (given: GitAnswer): Promise<HookReport> => {
    const { change, isAll } = await checkStaged(given, isWhole, openReading(options), world.env);
    return { changes: [change], commits: null, isWhole: isAll };
  };
  const report = await check(answer ?? runIndexDiff("HEAD"));
  if (!fix || exitCodeOf(report) === FINE) return report;
  const isFixed = await fixStaged(report, world);
  return isFixed === "fixed" ? check(runIndexDiff("HEAD")) : report;
}

function ofCommits({ changes, commits }: CommitsReport): HookReport {
  return { changes, commits, isWhole: false };
}

function openReading({ locks, file, binding, strict, index }: Options): Reading {
  const blobs = openBlobs();
  return {
    blobs,
    locks: openLockReader(blobs),
    pins: new Map(),
    flags: { locks, file, binding, strict },
    defaultIndex: index?.replace(/\/+$/, ""),
  };
}

function show(report: HookReport, options: Options, world: World): number {
  world.out(render(report, options, world));
  return exitCodeOf(report);
}

function render(report: HookReport, options: Options, world: World): string {
  const { format, color, verbose, file = DEFAULT_FILE } = options;
  switch (format) {
    case "text": {
      const paint = createPainter(isColored(color, world.env, { isTTY: world.isTerminal }));
      return hookText(report, { paint, verbose, columns: world.columns ?? COLUMNS, file });
    }
    case "json":
      return hookJson(report);
    case "sarif":
      return hookSarif(report);
    case "github":
      return hookGithub(report);
  }
}
