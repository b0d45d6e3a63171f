/** What the wrappers of uv and pip have in common. */
import type { Environment } from "../node/environment.ts";

/** A program that is run in the user's place. */
export interface ToolCall {
  /** Its name, which PATH leads to, or its path. */
  readonly file: string;
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /** Where its stdout goes; by default where this process's goes. */
  readonly stdout?: "inherit" | "ignore";
}

/**
 * What becomes of an option: it is handed to the tool as it is, or read and left to the wrapper, or
 * refused with the reason and what to do instead.
 */
export type Treatment = "pass" | "take" | { readonly refused: string };

/** An option that is known. */
export interface OptionSpec {
  /** All of its spellings, such as `--index-url` and `-i`; the first is its name. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly treatment: Treatment;
}

/** A command line, taken apart. */
export interface ReadOptions {
  /** Options for the tool, as they were written, in their order. */
  readonly passed: readonly string[];
  /** The values of options that are taken, in their order, by name; "" for one without a value. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** What is no option; where reading stops at the first, all that follows it too. */
  readonly operands: readonly string[];
}

/** How a command line is read. */
export interface ReadingRules {
  /** How messages call it, such as `uv sync`. */
  readonly command: string;
  readonly specs: readonly OptionSpec[];
  /** Whether what follows the first operand is another program's. */
  readonly stopsAtOperand: boolean;
}
