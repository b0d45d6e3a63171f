/** `npm run bench -- lock`: `pubpin verify` on whole locks, beside a Python process for each file. */
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createSigstore } from "@pubpin/test-kit";
import { buildCommand } from "./lock/built.ts";
import { type BenchLock, mintedLocks, realLocks } from "./lock/locks.ts";
import { type Peer, startPeer } from "./lock/pypi-attestations.ts";
import { markdownOf, type Results } from "./lock/report.ts";
import { figureOf, outcomesOf, peerFigureOf } from "./lock/results.ts";
import { measureRound, type Sample, STATES } from "./lock/runs.ts";
import { type Minted, mintReleases, type Served, serveLock } from "./lock/serve.ts";
import { machineFacts } from "./machine.ts";

const RESULTS = join(import.meta.dirname, "results");
/** `BENCH_ROUNDS=1` for a short run. */
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** Files that pypi-attestations verifies in each round. */
const PEER_FILES = 5;

interface Series {
  readonly lock: BenchLock;
  readonly served: Served;
  readonly samples: Sample[];
}

/** Measures, prints, and writes bench/results/lock.json and .md. */
export async function benchLock(): Promise<void> {
  const skipped: string[] = [];
  const present = <T>(value: T | string): readonly T[] => {
    if (typeof value !== "string") return [value];
    skipped.push(value);
    return [];
  };
  const command = await buildCommand();
  const sigstore = await createSigstore();
  const trustedRoot = await sigstore.trustedRootJson();
  const locks = [...mintedLocks(), ...present(await realLocks()).flat()];
  const minted: Minted = new Map();
  const all: Series[] = [];
  const [peer = null] = present(await startPeer(sigstore));
  const peerSamples: number[] = [];
  const load = loadavg()[0] ?? 0;
  try {
    for (const lock of locks) {
      console.error(`minting: ${lock.title}`);
      await mintReleases(sigstore, lock.releases, minted);
      all.push({ lock, served: await serveLock(lock, minted, trustedRoot), samples: [] });
    }
    for (let round = 1; round <= ROUNDS; round++) {
      console.error(`round ${round} of ${ROUNDS}`);
      peerSamples.push(...(await measurePeer(peer)));
      for (const { lock, served, samples } of all) {
        samples.push(...(await measureRound(command, lock, served, round)));
      }
    }
  } finally {
    await Promise.all([peer?.close(), ...all.map(({ served }) => served.close())]);
  }
  const figures = all.flatMap(({ lock, samples }) =>
    STATES.map((state) => figureOf(lock, state, samples)),
  );
  const peerFigure = peer === null ? null : peerFigureOf(peerSamples);
  await publish({
    machine: machineFacts([
      ...(peer === null ? [] : [{ "pypi-attestations": peer.version }]),
      { "programs that ran already": load.toFixed(1) },
    ]),
    rounds: ROUNDS,
    figures,
    peer: peerFigure,
    outcomes: outcomesOf(figures, peerFigure),
    skipped,
  });
}

async function measurePeer(peer: Peer | null): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let file = 0; file < PEER_FILES; file++) {
    if (peer !== null) samples.push(await peer.verifyNext());
  }
  return samples;
}

async function publish(results: Results): Promise<void> {
  const markdown = markdownOf(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "lock.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(RESULTS, "lock.md"), markdown);
  console.log(markdown);
}
