/** Figures as Markdown. */
import type { MachineFacts } from "../machine.ts";
import { type Outcome, outcomeTable, table } from "../markdown.ts";
import { type Figure, megabytes, type PeerFigure } from "./results.ts";

/** Everything that one run found. */
export interface Results {
  readonly machine: MachineFacts;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly peer: PeerFigure | null;
  readonly outcomes: readonly Outcome[];
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
}

/** The results for people. */
export function markdownOf(results: Results): string {
  const { machine, rounds, figures, peer, outcomes, skipped } = results;
  return [
    "# Verifying whole locks",
    "",
    "Seconds for `pubpin verify LOCK`, each a new process: `npm run bench -- lock`.",
    `All in one run, in ${rounds} interleaved rounds. Every file of a lock is attested, each release ` +
      "with a certificate of its own, and the index is on the same machine. An hour later every " +
      "page and every provenance has to be asked for again, and none has changed. On long pages " +
      "each project lists 200 files of other releases too. Time for each file is the fastest run, " +
      "start included.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(
      ["lock", "files", "releases", "state", "min", "median", "CPU", "memory", "ms for each file"],
      figures.map((figure) => [
        figure.lock,
        String(figure.files),
        String(figure.releases),
        figure.state,
        seconds(figure.min),
        seconds(figure.median),
        seconds(figure.cpu),
        megabytes(figure.memory),
        (figure.min / figure.files).toFixed(2),
      ]),
    ),
    "",
    ...(peer === null
      ? []
      : [
          "pypi-attestations' command, offline, as a process for each file: " +
            `${peer.min} ms (median: ${peer.median}).`,
          "",
        ]),
    ...outcomeTable(outcomes),
    ...skipped.map((reason) => `\nNot measured: ${reason}.`),
    "",
  ].join("\n");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
