/** Questions to a person. */
import { isAutomated, type TerminalStream } from "@pubpin/shared";
import { createInterface } from "node:readline";
import type { Environment } from "./environment.ts";

/** Where questions are asked: stdin and stderr. */
export interface PromptOptions {
  readonly input: NodeJS.ReadableStream & TerminalStream;
  readonly output: NodeJS.WritableStream & TerminalStream;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** `nobody`: there was none to ask, and the question was not shown. */
export type PromptAnswer = "yes" | "no" | "nobody";

const YES = /^\s*y(?:es)?\s*$/i;
const NO = /^\s*(?:n(?:o)?)?\s*$/i;

/**
 * Asks a question that only `y` or `yes` answers with yes. An empty line and the end of the input
 * (Ctrl-D) are a no; after other answers it is asked again. Nobody is asked where either stream is no terminal or
 * the process runs for an automation (CI).
 *
 * @throws an AbortError once `signal` is aborted
 */
export async function askYesNo(question: string, options: PromptOptions): Promise<PromptAnswer> {
  const { input, output, env, signal } = options;
  if (input.isTTY !== true || output.isTTY !== true || isAutomated(env)) return "nobody";
  signal?.throwIfAborted();
  const lines = createInterface({ input, terminal: false, signal });
  const ask = (): unknown => output.write(`${question} [y/N] `);
  ask();
  try {
    for await (const answer of lines) {
      if (YES.test(answer)) return "yes";
      if (NO.test(answer)) return "no";
      ask();
    }
  } finally {
    lines.close();
  }
  signal?.throwIfAborted();
  output.write("\n");
  return "no";
}
