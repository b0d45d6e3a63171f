/** kill -9 at random moments: what is being written is the old or the new one afterwards, whole. */
import {
  existsSync,
  type FSWatcher,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type SoakBounds, type SoakOutcome, repeat } from "./outcome.ts";
import { finish, kill, start, type StartOptions } from "./programs.ts";

/** A command, with the files that it changes. */
export interface Victim {
  readonly what: string;
  readonly words: readonly string[];
  readonly options: StartOptions;
  /** The files that it changes together with what they hold before; null where there is none. */
  readonly before: Readonly<Record<string, string | null>>;
  /** Brings everything else back to where it was. */
  readonly reset: () => Promise<void>;
  /** What is wrong with everything else, killed or not. */
  readonly check: () => Promise<readonly string[]>;
  /** What a person does before the next run, which is told so. */
  readonly recover: () => Promise<void>;
}

/** What a file held, by its path. */
type Contents = Readonly<Record<string, string | null>>;

/** A moment to kill at. */
type Moment = "any" | "writing";

const UNFINISHED = /\.pubpin-(?:lock|tmp)/;
/** Milliseconds beyond which a moment is no longer one of the writing. */
const WRITING_MS = 4;
/** The part of a whole run that moments are chosen from. */
const BEYOND = 1.05;

/**
 * Kills a command so many times: half of the times at any moment of its run, half of them while it
 * writes; half of the times with all that it started. After each, its files have to be as before or
 * as after, and the next run has to finish the job, and to clear away what was left if it writes.
 */
export async function soakKills(victim: Victim, bounds: SoakBounds): Promise<SoakOutcome> {
  const { after, milliseconds } = await reference(victim);
  const losses: string[] = [];
  const isDone = (): boolean => counts.killed >= bounds.runs;
  const counts = { killed: 0, old: 0, fresh: 0, some: 0, writing: 0 };
  const runs = await repeat(
    bounds,
    async (index) => {
      await restore(victim);
      const moment = index % 2 === 0 ? "any" : "writing";
      const wasWriting = await killAt(victim, moment, milliseconds, index % 4 < 2);
      const found = contentsOf(victim);
      if (wasWriting !== null) counts.killed++;
      if (wasWriting === true) counts.writing++;
      if (isSame(found, victim.before)) counts.old++;
      else if (isSame(found, after)) counts.fresh++;
      else counts.some++;
      losses.push(...broken(found, victim.before, after).map((path) => `run ${index}: ${path}`));
      losses.push(...(await victim.check()).map((problem) => `run ${index}: ${problem}`));
      await victim.recover();
      const { exitCode, output } = await finish(victim.words, victim.options);
      if (!isSame(contentsOf(victim), after)) {
        losses.push(`run ${index}: the next run does not finish it: ${exitCode} ${output}`);
      }
      const left = isSame(found, after) ? [] : leftBehind(victim);
      if (left.length > 0) losses.push(`run ${index}: left behind: ${left.join(", ")}`);
    },
    isDone,
  );
  const { killed, old, fresh, some, writing } = counts;
  const between = some === 0 ? "" : `, ${some} with some files as after`;
  return {
    what: `kill -9: ${victim.what}`,
    runs,
    faults: killed,
    losses,
    seen: `${old} as before, ${fresh} as after${between}; ${writing} killed while writing`,
  };
}

/** What a run that nobody kills makes of the files, and how long it takes. */
async function reference(
  victim: Victim,
): Promise<{ readonly after: Contents; readonly milliseconds: number }> {
  await restore(victim);
  await finish(victim.words, victim.options);
  await restore(victim);
  const began = Date.now();
  const { output } = await finish(victim.words, victim.options);
  const milliseconds = Date.now() - began;
  const after = contentsOf(victim);
  if (isSame(after, victim.before)) throw new Error(`${victim.what} changes nothing: ${output}`);
  const problems = await victim.check();
  if (problems.length > 0) throw new Error(`${victim.what}: ${problems.join("; ")}`);
  return { after, milliseconds };
}

async function restore(victim: Victim): Promise<void> {
  for (const [path, text] of Object.entries(victim.before)) {
    if (text === null) rmSync(path, { force: true });
    else writeFileSync(path, text);
  }
  await victim.reset();
}

/** Kills a run; says whether that was while it wrote, or null where it was over before. */
async function killAt(
  victim: Victim,
  moment: Moment,
  milliseconds: number,
  whole: boolean,
): Promise<boolean | null> {
  const writing = watchWriting(victim);
  const running = start(victim.words, victim.options);
  const over = running.ended.then(() => true);
  if (moment === "any") {
    const wait = delay(Math.random() * milliseconds * BEYOND).then(() => false);
    await Promise.race([over, wait]);
  } else {
    await Promise.race([over, writing.begun]);
    await delay(Math.floor(Math.random() * WRITING_MS));
  }
  const isWriting = leftBehind(victim).length > 0;
  const isOver = running.child.exitCode !== null;
  kill(running, whole);
  await running.ended;
  writing.close();
  return isOver ? null : isWriting;
}

/** Says when a file that is being prepared appears beside one of the victim's. */
function watchWriting(victim: Victim): {
  readonly begun: Promise<void>;
  readonly close: () => void;
} {
  const folders = new Set(Object.keys(victim.before).map((path) => dirname(path)));
  const watchers: FSWatcher[] = [];
  const begun = new Promise<void>((resolve) => {
    for (const folder of folders) {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null && UNFINISHED.test(name)) resolve();
      });
      watchers.push(watcher);
    }
  });
  return {
    begun,
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

function contentsOf(victim: Victim): Contents {
  return Object.fromEntries(
    Object.keys(victim.before).map((path) => [
      path,
      existsSync(path) ? readFileSync(path, "utf8") : null,
    ]),
  );
}

function isSame(one: Contents, other: Contents): boolean {
  return Object.entries(one).every(([path, text]) => other[path] === text);
}

/** Files that are neither as before nor as after. */
function broken(found: Contents, before: Contents, after: Contents): readonly string[] {
  return Object.entries(found).flatMap(([path, text]) =>
    text === before[path] || text === after[path]
      ? []
      : [`${basename(path)} is neither the old one nor the new one: ${JSON.stringify(text)}`],
  );
}

/** Files that only belong to a change under way. */
function leftBehind(victim: Victim): readonly string[] {
  const folders = new Set(Object.keys(victim.before).map((path) => dirname(path)));
  return [...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => UNFINISHED.test(name))
      .map((name) => join(folder, name)),
  );
}
