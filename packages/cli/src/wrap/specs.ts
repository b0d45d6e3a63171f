/** A short way to write lists of options. */
import type { OptionSpec, Treatment } from "./types.ts";

/**
 * Options that are treated alike, from a text such as `--extra= --index-url|-i= --all-extras`:
 * separated by white space, their spellings by `|`, and `=` at the end of those that take a value.
 */
export function specs(treatment: Treatment, text: string): readonly OptionSpec[] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => ({
      names: entry.replace(/=$/, "").split("|"),
      takesValue: entry.endsWith("="),
      treatment,
    }));
}
