/** From samples to figures, to whether a target is met, and to a page for people. */
import type { MachineFacts } from "../machine.ts";
import { type Outcome, outcomeTable, table } from "../markdown.ts";
import { PACKAGES } from "./project.ts";
import { type Contender, CONTENDERS, type Sample, type State, STATES } from "./runs.ts";

/** What one contender costs in one state. */
export interface Figure {
  readonly contender: Contender;
  readonly state: State;
  readonly samples: number;
  /** Milliseconds from the start of the process to its end. */
  readonly min: number;
  readonly median: number;
  /** Requests that the index got, in a run. */
  readonly requests: number;
}

/** Everything that one run found. */
export interface Results {
  readonly machine: MachineFacts;
  readonly rounds: number;
  /** Milliseconds by which the index answers later. */
  readonly latencyMs: number;
  readonly figures: readonly Figure[];
  readonly outcomes: readonly Outcome[];
}

/** Milliseconds that the wrapper may take of its own where nothing is to be done. */
const MOST_WARM = 400;
/** How many times as long as uv alone it may take where nothing is cached. */
const MOST_COLD = 1.3;

/** Sums up the samples: of each state the contenders beside each other. */
export function figuresOf(samples: readonly Sample[]): readonly Figure[] {
  return STATES.flatMap((state) =>
    CONTENDERS.map((contender): Figure => {
      const own = samples
        .filter((sample) => sample.state === state && sample.contender === contender)
        .toSorted((a, b) => a.wall - b.wall);
      const [fastest, middle] = [own[0], own[Math.floor(own.length / 2)]];
      if (fastest === undefined || middle === undefined) throw new Error("no samples");
      return {
        contender,
        state,
        samples: own.length,
        min: Math.round(fastest.wall),
        median: Math.round(middle.wall),
        requests: fastest.requests,
      };
    }),
  );
}

/** Judges the targets, by the fastest runs. */
export function outcomesOf(figures: readonly Figure[], latencyMs: number): readonly Outcome[] {
  const timeOf = (contender: Contender, state: State, of: "min" | "median"): number =>
    figures.find((each) => each.contender === contender && each.state === state)?.[of] ??
    Number.NaN;
  const beyond = (state: State, of: "min" | "median"): number =>
    timeOf("pubpin uv sync", state, of) - timeOf("uv sync", state, of);
  const ratio = (of: "min" | "median"): number =>
    timeOf("pubpin uv sync", "cold", of) / timeOf("uv sync", "cold", of);
  return [
    ...(["warm", "warm, no environment"] as const).map((state) => ({
      what: `${state}: beyond uv alone`,
      target: `under ${MOST_WARM} ms`,
      measured: `${beyond(state, "min")} ms (median: ${beyond(state, "median")})`,
      isMet: beyond(state, "min") < MOST_WARM,
    })),
    {
      what: `cold, at ${latencyMs} ms of latency: in terms of uv alone`,
      target: `at most ${MOST_COLD} times`,
      measured: `${ratio("min").toFixed(2)} times (median: ${ratio("median").toFixed(2)})`,
      isMet: ratio("min") <= MOST_COLD,
    },
  ];
}

/** The results for people. */
export function markdownOf(results: Results): string {
  const { machine, rounds, latencyMs, figures, outcomes } = results;
  return [
    "# The wrapper of uv",
    "",
    `Milliseconds for \`uv sync\` of ${PACKAGES} packages, each attested by a publisher of its own, ` +
      "alone and with `pubpin` before it: `npm run bench -- wrap`.",
    `All in one run, in ${rounds} interleaved rounds, each run a new process. The index is on the ` +
      `same machine, and every answer comes ${latencyMs} ms later. Cold: the lock and its pins are ` +
      "there, the caches of uv and pubpin are empty, and there is no environment. Warm: the same " +
      "once more, with nothing to be done. Targets take the fastest run.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(
      ["state", "what", "min", "median", "requests"],
      figures.map(({ contender, state, min, median, requests }) => [
        state,
        contender,
        String(min),
        String(median),
        String(requests),
      ]),
    ),
    "",
    ...outcomeTable(outcomes),
    "",
  ].join("\n");
}
