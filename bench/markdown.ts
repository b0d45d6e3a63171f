/** Tables that the results of all benchmarks have. */

/** A target, and what came out. */
export interface Outcome {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** The lines of a table. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

/** The lines of a table of targets. */
export function outcomeTable(outcomes: readonly Outcome[]): readonly string[] {
  return table(
    ["target", "wanted", "measured", "met"],
    outcomes.map(({ what, target, measured, isMet }) => [
      what,
      target,
      measured,
      isMet ? "yes" : "**no**",
    ]),
  );
}
