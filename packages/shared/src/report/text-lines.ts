/** Lines for a terminal: wrapped, in columns, and harmless wherever they are printed. */

/** How a piece of text is meant. The caller decides what it looks like, if it looks like anything. */
export type Style = "ok" | "fail" | "warn" | "dim" | "bold";

/** Gives text a look. It is called with text that holds no control characters. */
export type Painter = (style: Style, text: string) => string;

/** How to write a part of a report. */
export interface TextContext {
  readonly paint: Painter;
  readonly verbose: boolean;
  readonly columns: number;
}

const LABEL_COLUMNS = 12;

/** A line of text, not yet indented. */
export type Line = string;

/** Breaks prose into lines of at most so many columns; a longer word stays whole. */
export function wrap(prose: string, columns: number): readonly Line[] {
  const lines: string[] = [];
  let line = "";
  for (const word of prose.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Lines with a label in a column of its own before the first. */
export function labelled(label: string, lines: readonly Line[], paint: Painter): readonly Line[] {
  return lines.map(
    (line, index) => paint("dim", (index === 0 ? label : "").padEnd(LABEL_COLUMNS)) + line,
  );
}

/** The columns that are left beside a label. */
export function besideLabel(columns: number): number {
  return columns - LABEL_COLUMNS;
}

/** Lines moved to the right by so many columns; empty lines stay empty. */
export function indent(columns: number, lines: readonly Line[]): readonly Line[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(columns) + line));
}

/**
 * Joins lines into a text that ends with a line feed. Runners of GitHub workflows obey lines that
 * begin with `::` and lines that hold `##[`: what could be one is taken apart, so that no name or
 * version from outside can give a command in a log.
 */
export function joinLines(lines: readonly Line[]): string {
  return lines
    .map((line) => line.replace(/^(\s*):(?=:)/, "$1\\u003a").replaceAll("##[", "#\\u0023["))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
