/** `npm run bench -- guard`: micropip installs with the guard, without it, and with parts of it. */
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { startChromium } from "./guard/chromium.ts";
import type { Environment } from "./guard/environment.ts";
import type { Timing } from "./guard/installs.ts";
import { startNode } from "./guard/node.ts";
import { markdownOf, type Results } from "./guard/report.ts";
import { figuresOf, outcomesOf, preparationsOf, type Series } from "./guard/results.ts";
import { createWorld, type World } from "./guard/world.ts";
import { machineFacts } from "./machine.ts";

const RESULTS = join(import.meta.dirname, "results");
const ROUNDS = 4;
/** Installs after the first of each interpreter that is new. */
const LATER = 3;

/** Measures, prints, and writes bench/results/guard.json and .md. */
export async function benchGuard(): Promise<void> {
  const skipped: string[] = [];
  const present = <T>(value: T | string): readonly T[] => {
    if (typeof value !== "string") return [value];
    skipped.push(value);
    return [];
  };
  const load = loadavg()[0] ?? 0;
  const [world] = present(await createWorld());
  if (world === undefined) throw new Error(skipped.join());
  const environments: Environment[] = [];
  let series: readonly Series[];
  try {
    environments.push(await startNode(world), ...present(await startChromium(world)));
    series = await measureAll(environments);
  } finally {
    await closeAll(environments, world);
  }
  const figures = figuresOf(series);
  await publish({
    machine: machineFacts([
      ...environments.map(({ programs }) => programs),
      { "programs that ran already": load.toFixed(1) },
    ]),
    rounds: ROUNDS,
    figures,
    preparations: preparationsOf(series),
    outcomes: outcomesOf(figures),
    skipped,
  });
}

/** Takes turns in every round, so that whatever else the machine does falls on all alike. */
async function measureAll(environments: readonly Environment[]): Promise<readonly Series[]> {
  const all = environments.flatMap((environment) =>
    environment.situations.map((situation) => ({
      environment,
      situation,
      timings: [] as Timing[],
    })),
  );
  // Nobody returns who was never here.
  for (const { environment, situation } of all) {
    if (situation.visit === "returning") await environment.measure(situation, 0);
  }
  for (let round = 1; round <= ROUNDS; round++) {
    console.error(`round ${round} of ${ROUNDS}`);
    for (const { environment, situation, timings } of all) {
      const later = situation.visit === "new" ? LATER : 0;
      timings.push(await environment.measure(situation, later));
    }
  }
  return all.map(({ environment, situation, timings }) => {
    return { environment: environment.name, situation, timings };
  });
}

async function closeAll(environments: readonly Environment[], world: World): Promise<void> {
  await Promise.all([...environments.map((each) => each.close()), world.close()]);
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "guard.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "guard.md"), markdown);
  console.log(markdown);
}
