/** From samples to figures, and from figures to whether a target is met. */
import type { Outcome } from "../markdown.ts";
import type { ContenderName } from "./contender.ts";
import type { Environment } from "./environment.ts";
import type { SetName } from "./jobs.ts";

/** Milliseconds for each attestation, by one contender in one environment on one set. */
export interface Figure {
  readonly set: SetName;
  readonly environment: Environment["name"];
  readonly contender: ContenderName;
  readonly samples: number;
  readonly min: number;
  readonly median: number;
}

/** Sums up samples. */
export function figureOf(
  key: Pick<Figure, "set" | "environment" | "contender">,
  samples: readonly number[],
): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min, median] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
  if (min === undefined || median === undefined) throw new Error(`${key.contender}: no samples`);
  return { ...key, samples: samples.length, min: rounded(min), median: rounded(median) };
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(4));
}

/** How many times as long as pubpin in Node or in the same browser, by the fastest samples. */
export function timesPubpin(figure: Figure, figures: readonly Figure[]): number {
  const environment = figure.environment === "Chromium" ? "Chromium" : "Node";
  return figure.min / find(figures, figure.set, environment, "pubpin").min;
}

function find(
  figures: readonly Figure[],
  set: SetName,
  environment: Environment["name"],
  contender: ContenderName,
): Figure {
  const found = figures.find(
    (figure) =>
      figure.set === set && figure.environment === environment && figure.contender === contender,
  );
  if (found === undefined) throw new Error(`${contender} was not measured in ${environment}`);
  return found;
}

/** What one attestation may take of the time of the raw operations, at most. */
const MOST_OF_RAW = { Node: 1.2, Chromium: 1.5 } as const;
/** How many times faster than sigstore-js, at least. */
const LEAST_OF_SIGSTORE_JS = 5;
/** Milliseconds for each file of a release, at most. */
const MOST_OF_RELEASE = 0.5;
/** Milliseconds on one core for each of a thousand, at most: 0.4 on two. */
const MOST_OF_THOUSAND = 0.8;

/** Judges the targets, by the fastest samples. */
export function outcomesOf(figures: readonly Figure[], cores: number): readonly Outcome[] {
  const environments = (["Node", "Chromium"] as const).filter((name) =>
    figures.some(({ environment }) => environment === name),
  );
  return [
    ...environments.map((environment) => besideRaw(figures, environment)),
    besideSigstoreJs(figures),
    ...environments.map((environment) => {
      const { min } = find(figures, "release", environment, "pubpin");
      return perFile(`${environment}: a release of 15, each`, min, MOST_OF_RELEASE);
    }),
    ...environments.map((environment) => {
      const { min } = find(figures, "thousand", environment, "pubpin");
      return perFile(
        `${environment}: 1,000 on ${cores} cores, each`,
        min,
        MOST_OF_THOUSAND / cores,
      );
    }),
  ];
}

function besideRaw(figures: readonly Figure[], environment: "Node" | "Chromium"): Outcome {
  const own = find(figures, "fresh", environment, "pubpin");
  const raw = find(figures, "fresh", environment, "raw WebCrypto");
  const most = MOST_OF_RAW[environment];
  return {
    what: `${environment}: a new certificate, in terms of the raw operations`,
    target: `at most ${most} times`,
    measured: times(own.min / raw.min, own.median / raw.median),
    isMet: own.min / raw.min <= most,
  };
}

function besideSigstoreJs(figures: readonly Figure[]): Outcome {
  const own = find(figures, "fresh", "Node", "pubpin");
  const other = find(figures, "fresh", "Node", "sigstore-js");
  return {
    what: "Node: a new certificate, faster than sigstore-js",
    target: `at least ${LEAST_OF_SIGSTORE_JS} times`,
    measured: times(other.min / own.min, other.median / own.median),
    isMet: other.min / own.min >= LEAST_OF_SIGSTORE_JS,
  };
}

function times(byMin: number, byMedian: number): string {
  return `${byMin.toFixed(2)} times (medians: ${byMedian.toFixed(2)})`;
}

function perFile(what: string, milliseconds: number, most: number): Outcome {
  return {
    what,
    target: `at most ${Number(most.toFixed(2))} ms`,
    measured: `${milliseconds.toFixed(2)} ms`,
    isMet: milliseconds <= most,
  };
}
