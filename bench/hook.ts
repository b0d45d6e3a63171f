/** `npm run bench -- hook`: what the Git hook adds to a commit, beside a Node that does nothing. */
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createGitFolder, type GitRepository } from "@pubpin/test-kit/node";
import { bundleHook } from "../scripts/bundle-hook.ts";
import { makeSituations, MANY, type Situations, type Staged } from "./hook/repositories.ts";
import { machineFacts, type MachineFacts } from "./machine.ts";
import { type Outcome, outcomeTable, table } from "./markdown.ts";

const RESULTS = join(import.meta.dirname, "results");
const ROUNDS = 20;
/** One of the real locks has a project from an index and from elsewhere: no pins suit both. */
const REFUSED = 1;
/** Milliseconds that the hook may take where no lock is staged, beyond an empty Node. */
const MOST_WITHOUT_LOCK = 60;
/** Milliseconds for the largest lock. */
const MOST_FOR_LARGEST = 500;
/** Milliseconds that a large repository may add. */
const MOST_FOR_MANY = 30;

/** Milliseconds from the start of the process to its end. */
interface Figure {
  readonly what: string;
  readonly min: number;
  readonly median: number;
}

interface Results {
  readonly machine: MachineFacts;
  readonly rounds: number;
  readonly bundleBytes: number;
  readonly figures: readonly Figure[];
  readonly outcomes: readonly Outcome[];
  readonly skipped: readonly string[];
}

/** Measures, prints, and writes bench/results/hook.json and .md. */
export async function benchHook(): Promise<void> {
  const folder = createGitFolder();
  try {
    const program = join(folder.folder, "pubpin-precommit.mjs");
    const { bytes } = await bundleHook(program);
    const situations = await makeSituations(folder);
    const load = loadavg()[0] ?? 0;
    const samples = await measure(program, situations);
    const figures = new Map([...samples].map(([what, all]) => [what, figureOf(what, all)]));
    await publish({
      machine: machineFacts([{ "programs that ran already": load.toFixed(1) }]),
      rounds: ROUNDS,
      bundleBytes: bytes,
      figures: [...figures.values()],
      outcomes: outcomesOf(situations, (what) => figures.get(what)?.min ?? Number.NaN),
      skipped: situations.skipped,
    });
  } finally {
    folder.remove();
  }
}

const EMPTY = "empty Node";

/** Takes turns in every round, so that whatever else the machine does falls on all alike. */
async function measure(
  program: string,
  situations: Situations,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>();
  const { nothing } = situations;
  const runs: readonly (readonly [string, GitRepository, readonly string[]])[] = [
    [EMPTY, nothing.repository, ["-e", "0"]],
    ...allOf(situations).map(({ what, repository }) => [what, repository, [program]] as const),
  ];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [what, repository, parameters] of runs) {
      const start = performance.now();
      const { exitCode, stdout, stderr } = await repository.run(process.execPath, parameters);
      const time = performance.now() - start;
      if (exitCode !== 0 && exitCode !== REFUSED) throw new Error(`${what}: ${stdout}${stderr}`);
      // The first round fills the caches of the system.
      if (round > 0) samples.set(what, [...(samples.get(what) ?? []), time]);
    }
  }
  return samples;
}

function allOf(situations: Situations): readonly Staged[] {
  const { nothing, nothingInMany, small, smallInMany, large } = situations;
  return [nothing, nothingInMany, small, smallInMany, ...large];
}

function figureOf(what: string, samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min = 0, median = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
  return { what, min: Number(min.toFixed(1)), median: Number(median.toFixed(1)) };
}

/** Judges the targets, by the fastest samples. */
function outcomesOf(
  { nothing, nothingInMany, small, smallInMany, large }: Situations,
  timeOf: (what: string) => number,
): readonly Outcome[] {
  const slowest = large.reduce((most, { what }) => Math.max(most, timeOf(what)), 0);
  const between = (more: Staged, less: Staged): number => timeOf(more.what) - timeOf(less.what);
  return [
    outcome(
      "no lock staged, beyond an empty Node",
      timeOf(nothing.what) - timeOf(EMPTY),
      MOST_WITHOUT_LOCK,
    ),
    outcome("the slowest of the large locks, all in all", slowest, MOST_FOR_LARGEST),
    outcome(
      `${MANY} files, no lock staged, beyond a small repository`,
      between(nothingInMany, nothing),
      MOST_FOR_MANY,
    ),
    outcome(
      `${MANY} files, a lock staged, beyond a small repository`,
      between(smallInMany, small),
      MOST_FOR_MANY,
    ),
  ];
}

function outcome(what: string, milliseconds: number, most: number): Outcome {
  return {
    what,
    target: `at most ${most} ms`,
    measured: `${milliseconds.toFixed(1)} ms`,
    isMet: milliseconds <= most,
  };
}

function markdownOf({ machine, rounds, bundleBytes, figures, outcomes, skipped }: Results): string {
  return [
    "# The Git hook",
    "",
    "Milliseconds for one run of `pubpin-precommit`, each a new process: `npm run bench -- hook`.",
    `All in one run, in ${rounds} interleaved rounds. The hook is the one file that users get. Where a ` +
      "lock is staged, its provenance file is staged with it, and the hook reads the lock as it was " +
      "and as it is. Targets take the fastest run.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(
      ["staged", "min", "median"],
      figures.map(({ what, min, median }) => [what, min.toFixed(1), median.toFixed(1)]),
    ),
    "",
    ...outcomeTable(outcomes),
    "",
    `The one file: ${bundleBytes} bytes.`,
    ...skipped.map((reason) => `\nNot measured: ${reason}.`),
    "",
  ].join("\n");
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "hook.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "hook.md"), markdown);
  console.log(markdown);
}
