/** From samples to figures, and from figures to whether a target is met. */
import type { Outcome } from "../markdown.ts";
import { type BenchLock, countFiles, LARGEST, SIZES } from "./locks.ts";
import type { Sample, State } from "./runs.ts";

/** What verifying one lock costs in one state of the cache. */
export interface Figure {
  readonly lock: string;
  readonly files: number;
  readonly releases: number;
  readonly state: State;
  readonly samples: number;
  /** Milliseconds from the start of the process to its end. */
  readonly min: number;
  readonly median: number;
  /** Milliseconds of all threads together, in the cheapest run. */
  readonly cpu: number;
  /** Bytes of memory at the peak, in the largest run. */
  readonly memory: number;
}

/** Milliseconds that pypi-attestations takes for each file. */
export interface PeerFigure {
  readonly samples: number;
  readonly min: number;
  readonly median: number;
}

/** Sums up the samples of one lock in one state. */
export function figureOf(lock: BenchLock, state: State, samples: readonly Sample[]): Figure {
  const costs = samples.flatMap((sample) => (sample.state === state ? [sample.cost] : []));
  return {
    lock: lock.title,
    files: countFiles(lock),
    releases: lock.releases.length,
    state,
    samples: costs.length,
    ...spread(costs.map(({ wall }) => wall)),
    cpu: Math.round(Math.min(...costs.map(({ cpu }) => cpu))),
    memory: Math.max(...costs.map(({ memory }) => memory)),
  };
}

/** Sums up the samples of pypi-attestations. */
export function peerFigureOf(samples: readonly number[]): PeerFigure {
  return { samples: samples.length, ...spread(samples) };
}

function spread(samples: readonly number[]): { readonly min: number; readonly median: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min, median] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
  if (min === undefined || median === undefined) throw new Error("no samples");
  return { min: Math.round(min), median: Math.round(median) };
}

/** Milliseconds for the largest lock with its provenance on disk, at most. */
const MOST_TIME = 4000;
/** Bytes of memory for it, at most. */
const MOST_MEMORY = 300e6;
/** How much more one more file may cost among many than among few. */
const MOST_GROWTH = 1.25;
/** How many times faster than pypi-attestations for each file, at least. */
const LEAST_OF_PEER = 50;

/** Judges the targets, which are about minted locks with everything cached. */
export function outcomesOf(
  figures: readonly Figure[],
  peer: PeerFigure | null,
): readonly Outcome[] {
  const [few, , some, many] = SIZES.map((size) => cachedOf(figures, size));
  if (few === undefined || some === undefined || many === undefined) return [];
  const growth = perFurtherFile(some, many) / perFurtherFile(few, some);
  return [
    {
      what: `${LARGEST.files} files in ${LARGEST.releases} releases, provenance on disk`,
      target: `under ${MOST_TIME / 1000} s`,
      measured: `${(many.min / 1000).toFixed(2)} s (median: ${(many.median / 1000).toFixed(2)})`,
      isMet: many.min < MOST_TIME,
    },
    {
      what: "the same, memory at the peak",
      target: `under ${megabytes(MOST_MEMORY)}`,
      measured: megabytes(many.memory),
      isMet: many.memory < MOST_MEMORY,
    },
    {
      what:
        `one more file, between ${some.files} and ${many.files}, ` +
        `in terms of one between ${few.files} and ${some.files}`,
      target: `at most ${MOST_GROWTH} times`,
      measured: `${growth.toFixed(2)} times`,
      isMet: growth <= MOST_GROWTH,
    },
    ...(peer === null ? [] : [besidePeer(many, peer)]),
  ];
}

function cachedOf(figures: readonly Figure[], size: number): Figure {
  const found = figures.find(({ files, state }) => files === size && state === "cached");
  if (found === undefined) throw new Error(`no lock of ${size} files was measured`);
  return found;
}

function perFurtherFile(smaller: Figure, larger: Figure): number {
  return (larger.min - smaller.min) / (larger.files - smaller.files);
}

function besidePeer(many: Figure, peer: PeerFigure): Outcome {
  const ratio = peer.min / (many.min / many.files);
  return {
    what: "the same, each file, faster than pypi-attestations' command",
    target: `at least ${LEAST_OF_PEER} times`,
    measured: `${Math.round(ratio)} times`,
    isMet: ratio >= LEAST_OF_PEER,
  };
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
