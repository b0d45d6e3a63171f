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
/** Rounds that count, and before them rounds that warm everything up. */
const ROUNDS = 12;
const WARM_UP_ROUNDS = 3;
/** Milliseconds in which one contender's garbage is collected, not at the next one's expense. */
const PAUSE = 40;
/** A thousand at once are measured in every so many rounds. */
const THOUSAND_EVERY = 4;

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
  const environments = [
    await startNode(workload),
    ...present(await startPython(workload)),
    ...present(await startChromium(workload)),
  ];
  const figures = await measureAll(environments, Object.keys(workload) as SetName[]);
  await Promise.all(environments.map((environment) => environment.close()));
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
  const series = sets.flatMap((set) =>
    environments.flatMap((environment) =>
      environment.contenders.map((contender): Series => {
        return { set, environment, contender, samples: [] };
      }),
    ),
  );
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
    for (const { set, environment, contender, samples } of series) {
      if (set === "thousand" && round % THOUSAND_EVERY !== 0) continue;
      await pause(PAUSE);
      const times = await environment.measure(contender, set);
      if (round > 0) samples.push(...times);
    }
  }
  return series.map(({ set, environment, contender, samples }) =>
    figureOf({ set, environment: environment.name, contender }, samples),
  );
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "verify.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "verify.md"), markdown);
  console.log(markdown);
}
