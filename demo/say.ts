/** What the walk says, in lines that a terminal of 80 columns shows whole. */
import { styleText } from "node:util";
import { indent, wrap } from "@pubpin/shared";

/** The columns that everything fits into. */
export const COLUMNS = 80;
/** By how many columns the rest of a folded line is further in. */
const FOLD = 4;

/** Prose, wrapped; nothing makes an empty line. */
export function say(text: string = ""): void {
  print(wrap(text, COLUMNS).join("\n"));
}

/** The heading of a step. */
export function step(number: number, text: string): void {
  say();
  print(styleText(["bold", "cyan"], `${number}  ${text}`));
}

/** What somebody types: at a shell's prompt, or at Python's. */
export function typed(prompt: "$" | ">>>", text: string): void {
  say();
  print(styleText("bold", `${prompt} ${text}`));
}

/** What a program answered. */
export function answered(text: string): void {
  const trimmed = text.trimEnd();
  if (trimmed !== "") print(trimmed.split("\n").flatMap(fitting).join("\n"));
}

/** Indented lines, each with what it is about in a column of its own. */
export function listed(rows: readonly (readonly [subject: string, text: string])[]): void {
  const width = Math.max(...rows.map(([subject]) => subject.length)) + 3;
  for (const [subject, text] of rows) {
    const [first = "", ...others] = wrap(text, COLUMNS - width - 2);
    print([`  ${subject.padEnd(width)}${first}`, ...indent(width + 2, others)].join("\n"));
  }
}

/** What is left out, and why. */
export function warn(text: string): void {
  const lines = indent(2, wrap(text, COLUMNS - 2));
  print(styleText("yellow", lines.join("\n")));
}

/** What keeps anything from being done, and what to do about it. */
export function complain(text: string): void {
  process.stderr.write(`${wrap(text, COLUMNS).join("\n")}\n`);
}

/** A line as it is, or in pieces that fit: at spaces and fragments where there are some. */
function fitting(line: string): readonly string[] {
  const text = line.trimStart();
  const margin = line.length - text.length;
  if (widthOf(line) <= COLUMNS) return [line];
  if (!text.includes(" ") && widthOf(text) <= COLUMNS) return indent(COLUMNS - text.length, [text]);
  const at = Math.max(line.lastIndexOf(" ", COLUMNS), line.slice(0, COLUMNS).lastIndexOf("#"));
  const end = at > margin ? at : COLUMNS;
  const rest = line.slice(end).trimStart();
  return [line.slice(0, end).trimEnd(), ...fitting(`${" ".repeat(margin + FOLD)}${rest}`)];
}

/** Without the codes of colours. */
function widthOf(line: string): number {
  return line.replace(/\u001b\[\d+m/g, "").length;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
