/** Figures as Markdown. */
import type { MachineFacts } from "../machine.ts";
import { type Outcome, outcomeTable, table } from "../markdown.ts";
import { type Figure, percent, type Preparation } from "./results.ts";

/** Everything that one run found. */
export interface Results {
  readonly machine: MachineFacts;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly preparations: readonly Preparation[];
  readonly outcomes: readonly Outcome[];
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
}

/** The results for people. */
export function markdownOf(results: Results): string {
  const { machine, rounds, figures, preparations, outcomes, skipped } = results;
  return [
    "# Guarded installs",
    "",
    "Milliseconds for one `micropip.install` of ten real wheels with minted provenance: " +
      "`npm run bench -- guard`.",
    `All in one run, in ${rounds} interleaved rounds, each interpreter in a new process or on a new ` +
      "page. The first install is the interpreter's first; before each later one the wheels are " +
      "removed. Who returns has what a browser's cache keeps (then nothing is asked of the index), " +
      "and with a store the provenance. " +
      "The last columns compare with the same install without a guard. CPU is what the main thread " +
      "computed, at least.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(
      [
        "where",
        "index",
        "visit",
        "install",
        "contender",
        "min",
        "median",
        "CPU",
        "more",
        "by medians",
      ],
      figures.map((figure) => [
        figure.environment,
        figure.distance,
        figure.visit,
        figure.install,
        figure.contender,
        figure.min.toFixed(1),
        figure.median.toFixed(1),
        figure.cpu === null ? "" : figure.cpu.toFixed(1),
        figure.more === null ? "" : percent(figure.more.min),
        figure.more === null ? "" : percent(figure.more.median),
      ]),
    ),
    "",
    "Before the first install, where the guard is whole (medians):",
    "",
    ...table(
      ["where", "loadPyodide", "the guard's start", "micropip"],
      preparations.map(({ environment, load, start, micropip }) => [
        environment,
        load.toFixed(1),
        start.toFixed(1),
        micropip.toFixed(1),
      ]),
    ),
    "",
    ...outcomeTable(outcomes),
    ...skipped.map((reason) => `\nNot measured: ${reason}.`),
    "",
  ].join("\n");
}
