/** `npm run bench -- wrap`: `pubpin uv sync` beside `uv sync`. */
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createSigstore } from "@pubpin/test-kit";
import { pythonTools } from "../test/real/python.ts";
import { buildCommand } from "./lock/built.ts";
import { machineFacts } from "./machine.ts";
import { servePackages } from "./wrap/project.ts";
import { figuresOf, markdownOf, outcomesOf, type Results } from "./wrap/report.ts";
import { type Bench, measureRound, prepare, type Sample } from "./wrap/runs.ts";

const RESULTS = join(import.meta.dirname, "results");
const ROUNDS = 5;
const LATENCY_MS = 40;
const UV_VERSION = "0.13.8";

/** Measures, prints, and writes bench/results/wrap.json and .md. */
export async function benchWrap(): Promise<void> {
  const tools = await pythonTools("uv", UV_VERSION);
  if ("missing" in tools) throw new Error(tools.missing);
  const command = await buildCommand();
  const sigstore = await createSigstore();
  const trustedRoot = await sigstore.trustedRootJson();
  const served = await servePackages(sigstore, LATENCY_MS);
  const samples: Sample[] = [];
  let bench: Bench | null = null;
  const load = loadavg()[0] ?? 0;
  try {
    bench = await prepare(served, trustedRoot, command, tools.programs);
    for (let round = 1; round <= ROUNDS; round++) {
      console.error(`round ${round} of ${ROUNDS}`);
      samples.push(...(await measureRound(bench, round)));
    }
  } finally {
    await Promise.all([bench?.close(), served.index.close()]);
  }
  const figures = figuresOf(samples);
  await publish({
    machine: machineFacts([{ uv: UV_VERSION }, { "programs that ran already": load.toFixed(1) }]),
    rounds: ROUNDS,
    latencyMs: LATENCY_MS,
    figures,
    outcomes: outcomesOf(figures, LATENCY_MS),
  });
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "wrap.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "wrap.md"), markdown);
  console.log(markdown);
}
