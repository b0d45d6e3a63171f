/** `npm run bench -- verify`: attestations, beside the raw operations and other verifiers. */
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildCore } from "../scripts/build-core.ts";
import { machineFacts } from "./machine.ts";
import { startChromium } from "./verify/chromium.ts";
import type { ContenderName } from "./verify/contender.ts";
import type { Environment } from "./verify/environment.ts";
import type { SetName, Workload } from "./verify/jobs.ts";
import { mintWorkload } from "./verify/mint.ts";
import { startNode } from "./verify/node.ts";
import { startPython } from "./verify/python.ts";
import { realJobs } from "./verify/real.ts";
import { markdownOf, type Results } from "./verify/report.ts";
import { type Figure, figureOf, outcomesOf } from "./verify/results.ts";

const RESULTS = join(import.meta.dirname, "results");
const ROUNDS = 12;
/** Milliseconds for which everything is run before the clock counts. */
const WARM_UP = 1200;
/** Milliseconds in which one contender's garbage is collected, not at the next one's expense. */
const PAUSE = 40;
/** A thousand take these so long that they are measured in every so many rounds only. */
const SLOW: ReadonlySet<ContenderName> = new Set(["sigstore-js", "pypi-attestations"]);
const SLOW_THOUSAND_EVERY = 4;

/** Measures, prints, and writes bench/results/verify.json and .md. */
export async function benchVerify(): Promise<void> {
  const skipped: string[] = [];
  const present = <T>(value: T | string): readonly T[] => {
    if (typeof value !== "string") return [value];
    skipped.push(value);
    return [];
  };
  const minted = await mintWorkload();
  const [real] = present(await realJobs());
  const workload: Workload = real === undefined ? minted : { ...minted, real };
  const environments: Environment[] = [];
  let figures: readonly Figure[];
  try {
    for (const start of [startNode, startPython, startChromium]) {
      environments.push(...present(await start(workload)));
    }
    figures = await measureAll(environments, Object.keys(workload) as SetName[]);
  } finally {
    await Promise.all(environments.map((environment) => environment.close()));
  }
  await publish({
    machine: machineFacts(environments.map(({ programs }) => programs)),
    rounds: ROUNDS,
    figures,
    outcomes: outcomesOf(figures, availableParallelism()),
    skipped,
    coreBytes: {
      withoutRoot: (await buildCore("without")).gzipBytes,
      withRoot: (await buildCore("with")).gzipBytes,
    },
  });
}

interface Series {
  readonly set: SetName;
  readonly environment: Environment;
  readonly contender: ContenderName;
  readonly samples: number[];
}

/** Takes turns in every round, so that whatever else the machine does falls on all alike. */
async function measureAll(
  environments: readonly Environment[],
  sets: readonly SetName[],
): Promise<readonly Figure[]> {
  const all = sets.flatMap((set) =>
    environments.flatMap((environment) =>
      environment.contenders.map((contender): Series => {
        return { set, environment, contender, samples: [] };
      }),
    ),
  );
  for (const series of all) await warmUp(series);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const series of all) {
      const isSlow = series.set === "thousand" && SLOW.has(series.contender);
      if (isSlow && round % SLOW_THOUSAND_EVERY !== 0) continue;
      await pause(PAUSE);
      series.samples.push(...(await measure(series)));
    }
  }
  return all.map(({ set, environment, contender, samples }) =>
    figureOf({ set, environment: environment.name, contender }, samples),
  );
}

/** Long enough for the engine to have compiled what runs often; a thousand are enough by themselves. */
async function warmUp(series: Series): Promise<void> {
  const end = performance.now() + WARM_UP;
  do await measure(series);
  while (series.set !== "thousand" && performance.now() < end);
}

function measure({ environment, contender, set }: Series): Promise<readonly number[]> {
  return environment.measure(contender, set);
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "verify.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "verify.md"), markdown);
  console.log(markdown);
}
