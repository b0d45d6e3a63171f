/** Figures as Markdown. */
import type { MachineFacts } from "../machine.ts";
import { type Outcome, outcomeTable, table } from "../markdown.ts";
import type { SetName } from "./jobs.ts";
import { type Figure, timesPubpin } from "./results.ts";

/** Everything that one run found. */
export interface Results {
  readonly machine: MachineFacts;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly outcomes: readonly Outcome[];
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
  /** Bytes of the core for browsers, minified and gzipped. */
  readonly coreBytes: { readonly withoutRoot: number; readonly withRoot: number };
}

const TITLES: Readonly<Record<SetName, string>> = {
  fresh: "one attestation, new certificate",
  real: "one real attestation, new certificate",
  release: "release of 15 with one certificate",
  thousand: "1,000 in releases of 15, all cores",
};

/** The results for people. */
export function markdownOf(results: Results): string {
  const { machine, rounds, figures, outcomes, skipped, coreBytes } = results;
  return [
    "# Verifying attestations",
    "",
    "Milliseconds for each attestation: `npm run bench -- verify`.",
    `All in one run, in ${rounds} interleaved rounds. The raw operations are the signature checks ` +
      "and the key import that pubpin makes, with the same keys and data: one after the other, or " +
      "all at once, which is the floor of this machine. " +
      "sigstore-js is given the same as a bundle, and not asked about publisher or file. " +
      "The last column compares the fastest samples, Python's with pubpin in Node.",
    "",
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    "",
    ...table(
      ["what", "where", "verifier", "min", "median", "times pubpin"],
      figures.map((figure) => [
        TITLES[figure.set],
        figure.environment,
        figure.contender,
        figure.min.toFixed(3),
        figure.median.toFixed(3),
        timesPubpin(figure, figures).toFixed(2),
      ]),
    ),
    "",
    ...outcomeTable(outcomes),
    "",
    `The core for browsers, minified and gzipped: ${coreBytes.withoutRoot} bytes, ` +
      `with the trust root ${coreBytes.withRoot}.`,
    ...skipped.map((reason) => `\nNot measured: ${reason}.`),
    "",
  ].join("\n");
}
