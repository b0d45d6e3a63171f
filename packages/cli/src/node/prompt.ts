/** Questions to a person. */
import { createInterface } from "node:readline/promises";
import type { Environment } from "./environment.ts";
import { isAutomated, type TerminalStream } from "./terminal.ts";

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
 * Asks a question that only `y` or `yes` answers with yes. Nothing, the end of the input, and Ctrl-D
 * are a no; other answers are asked again. Nobody is asked where either stream is no terminal or
 * the process runs for an automation (CI).
 *
 * @throws an AbortError once `signal` is aborted
 */
export async function askYesNo(question: string, options: PromptOptions): Promise<PromptAnswer> {
  const { input, output, env, signal } = options;
  if (input.isTTY !== true || output.isTTY !== true || isAutomated(env)) return "nobody";
  signal?.throwIfAborted();
  const lines = createInterface({ input, output, terminal: false });
  const ended = new AbortController();
  lines.once("close", () => {
    ended.abort();
  });
  const stop = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
  try {
    for (;;) {
      const answer = await lines.question(`${question} [y/N] `, { signal: stop });
      if (YES.test(answer)) return "yes";
      if (NO.test(answer)) return "no";
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (ended.signal.aborted) return "no";
    throw error;
  } finally {
    lines.close();
  }
}
