/** Thousands of installs and refusals in one guarded Pyodide, whose memory must not grow. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MAX_EVENTS } from "../../packages/micropip-guard/src/limits.ts";
import { createWorld } from "../../test/micropip-guard/support/world.ts";
import { NEWEST } from "../../test/micropip-guard/support/pairs.ts";
import type { Sample } from "./installs-process.ts";
import type { Missing, SoakBounds, SoakOutcome } from "./outcome.ts";

/** A kind of memory, with how much more of it a thousand rounds may take, in bytes. */
interface Memory {
  readonly what: string;
  readonly of: (sample: Sample) => number;
  readonly most: number;
}

/** A round is an install and a refusal. What a guard remembers of its decisions has a bound, too. */
const MEMORIES: readonly Memory[] = [
  { what: "heap of JavaScript", of: ({ heap }) => heap, most: 100_000 },
  { what: "memory of WebAssembly", of: ({ wasm }) => wasm, most: 0 },
  { what: "objects of Python", of: ({ python }) => python, most: 200_000 },
];
/** Rounds in which a guard still fills what it remembers: each has two decisions. */
const WARMING_UP = MAX_EVENTS / 2;
/** Rounds beyond that from which on memory is judged. */
const FEWEST_JUDGED = 1000;
const THOUSAND = 1000;

/** Runs so many rounds in a process of its own, with the index in this one. */
export async function soakInstalls({ runs, until }: SoakBounds): Promise<SoakOutcome | Missing> {
  const world = await createWorld(NEWEST.micropip);
  if ("missing" in world) return world;
  const { index, pins, micropip, trustedRoot } = world;
  const given = {
    index: index.simpleUrl,
    pins,
    micropip,
    trustedRoot: Buffer.from(trustedRoot).toString("base64"),
    rounds: runs,
    until,
  };
  try {
    const samples = await samplesOf(JSON.stringify(given));
    const late = samples.filter(({ rounds }) => rounds > WARMING_UP);
    const slopes = MEMORIES.map((memory) => ({ memory, slope: slopeOf(late, memory.of) }));
    const done = samples.at(-1)?.rounds ?? 0;
    const isJudged = done >= WARMING_UP + FEWEST_JUDGED;
    return {
      what: "installs and as many refusals in one Pyodide",
      runs: done,
      faults: done,
      losses: slopes.flatMap(({ memory: { what, most }, slope }) =>
        !isJudged || slope <= most
          ? []
          : [`${what}: ${Math.round(slope)} bytes more in a thousand rounds`],
      ),
      seen: isJudged
        ? slopes.map(({ memory, slope }) => describe(memory, late, slope)).join("; ")
        : `memory is judged from round ${WARMING_UP + FEWEST_JUDGED} on`,
    };
  } finally {
    await index.close();
  }
}

async function samplesOf(given: string): Promise<readonly Sample[]> {
  const script = join(import.meta.dirname, "installs-process.ts");
  const parameters = ["--expose-gc", "--conditions=pubpin-source", script, given];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close") as Promise<[number | null]>;
  const samples: Sample[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    samples.push(JSON.parse(line) as Sample);
  }
  const [exitCode] = await closed;
  if (exitCode !== 0) throw new Error(`the process of installs ended with ${exitCode}`);
  return samples;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Bytes for a thousand rounds, by least squares. */
function slopeOf(samples: readonly Sample[], of: Memory["of"]): number {
  const x = meanOf(samples.map(({ rounds }) => rounds));
  const y = meanOf(samples.map(of));
  const both = samples.reduce((sum, each) => sum + (each.rounds - x) * (of(each) - y), 0);
  const square = samples.reduce((sum, each) => sum + (each.rounds - x) ** 2, 0);
  return square === 0 ? 0 : (both / square) * THOUSAND;
}

function describe({ what, of }: Memory, late: readonly Sample[], slope: number): string {
  const [first, last] = [late.at(0), late.at(-1)].map((sample) =>
    sample === undefined ? "?" : (of(sample) / 1e6).toFixed(1),
  );
  return `${what} beyond round ${WARMING_UP} ${first} to ${last} MB (${(slope / THOUSAND).toFixed(1)} kB per thousand rounds)`;
}
