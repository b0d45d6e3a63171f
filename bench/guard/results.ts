/** From samples to figures, and from figures to whether a target is met. */
import type { Outcome } from "../markdown.ts";
import type { Environment, Situation } from "./environment.ts";
import type { Timing } from "./installs.ts";

/** Which install of an interpreter. */
export type Install = "first" | "later";

/** Milliseconds for one install of ten wheels. */
export interface Figure extends Situation {
  readonly environment: Environment["name"];
  readonly install: Install;
  readonly samples: number;
  readonly min: number;
  readonly median: number;
  /** What the main thread computed in it, at least; null where nobody can say. */
  readonly cpu: number | null;
  /** How much more than the same without a guard, as a part of it; null for itself. */
  readonly more: { readonly min: number; readonly median: number } | null;
}

/** Milliseconds, medians, for what comes before the first install. */
export interface Preparation {
  readonly environment: Environment["name"];
  readonly load: number;
  readonly start: number;
  readonly micropip: number;
}

/** A situation in an environment, with what was measured in it. */
export interface Series {
  readonly environment: Environment["name"];
  readonly situation: Situation;
  readonly timings: readonly Timing[];
}

/** Sums up: one figure for each kind of install in each situation. */
export function figuresOf(all: readonly Series[]): readonly Figure[] {
  const samplesOf = ({ timings }: Series, install: Install): readonly number[] =>
    timings.flatMap(({ first, later }) => (install === "first" ? [first] : later));
  return (["first", "later"] as const).flatMap((install) =>
    all.flatMap((series) => {
      const { environment, situation } = series;
      const samples = samplesOf(series, install);
      if (samples.length === 0) return [];
      const base = all.find((other) => isBaseOf(other, series));
      const unguarded = base === undefined ? [] : samplesOf(base, install);
      const moreOf = (of: (samples: readonly number[]) => number): number =>
        Number((of(samples) / of(unguarded) - 1).toFixed(4));
      return {
        ...situation,
        environment,
        install,
        samples: samples.length,
        min: rounded(fastest(samples)),
        cpu: install === "first" ? cpuOf(series) : null,
        median: rounded(median(samples)),
        more: base === series ? null : { min: moreOf(fastest), median: moreOf(median) },
      };
    }),
  );
}

/** What comes before the first install, where the guard is whole. */
export function preparationsOf(all: readonly Series[]): readonly Preparation[] {
  const environments = [...new Set(all.map(({ environment }) => environment))];
  return environments.map((environment) => {
    const timings = all
      .filter((series) => series.environment === environment)
      .filter(({ situation }) => situation.contender === "guarded")
      .flatMap((series) => series.timings);
    const of = (read: (timing: Timing) => number): number => rounded(median(timings.map(read)));
    return {
      environment,
      load: of(({ load }) => load),
      start: of(({ start }) => start),
      micropip: of(({ micropip }) => micropip),
    };
  });
}

/** The same visit from the same distance without a guard; Node keeps nothing, so any visit does. */
function isBaseOf(other: Series, series: Series): boolean {
  return (
    other.situation.contender === "unguarded" &&
    other.environment === series.environment &&
    other.situation.distance === series.situation.distance &&
    (other.environment === "Node" || other.situation.visit === series.situation.visit)
  );
}

function cpuOf({ timings }: Series): number | null {
  const samples = timings.flatMap(({ firstCpu }) => firstCpu ?? []);
  return samples.length === 0 ? null : rounded(fastest(samples));
}

function fastest(samples: readonly number[]): number {
  return Math.min(...samples);
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  if (below === undefined || above === undefined) throw new Error("no samples");
  return (below + above) / 2;
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(1));
}

/**
 * What the guard may take more, as a part of an install without one. A browser that was here a
 * moment ago asks the index for nothing: however far that is, there is no network to wait for.
 */
const MOST = { loopback: 0.25, "40 ms": 0.1 } as const;

/** Judges the targets: each install with a guard, by the fastest. */
export function outcomesOf(figures: readonly Figure[]): readonly Outcome[] {
  return figures
    .filter(({ contender }) => contender.startsWith("guarded"))
    .map(({ environment, distance, visit, install, more }) => {
      const isCached = environment === "Chromium" && visit === "returning";
      const most = MOST[isCached ? "loopback" : distance];
      const { min, median: middle } = more ?? { min: 0, median: 0 };
      return {
        what: `${environment}, ${distance}, ${visit === "new" ? `${install} install` : "with a store"}`,
        target: `at most ${percent(most)} more`,
        measured: `${percent(min)} (medians: ${percent(middle)})`,
        isMet: min <= most,
      };
    });
}

/** A part as a percentage. */
export function percent(part: number): string {
  const whole = Math.round(part * 100);
  return `${whole === 0 ? 0 : whole}%`;
}
