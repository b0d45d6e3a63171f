/** What a terminal can show, and whether somebody is there to be asked. */
import type { Painter, Style } from "./text-lines.ts";

/** The values of `--color`. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;

/** One of {@link COLOR_CHOICES}. */
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** The environment variables of a process. */
type Variables = Readonly<Record<string, string | undefined>>;

/** What is asked of a stream that may be a terminal. */
export interface TerminalStream {
  readonly isTTY?: boolean | undefined;
}

/** SGR parameters (ECMA-48, section 8.3.117): what switches a style on and off. */
const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  ok: [32, 39],
  fail: [31, 39],
  warn: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};
const OFF = /^(?:0|false|no|off)?$/i;

/**
 * Whether to colour what goes to a stream: by the option; else NO_COLOR (set to anything), else
 * FORCE_COLOR, else whether it is a terminal that can.
 */
export function isColored(choice: ColorChoice, env: Variables, stream: TerminalStream): boolean {
  if (choice !== "auto") return choice === "always";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return !OFF.test(forced);
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** A painter for a stream that takes colours, or one that leaves text as it is. */
export function createPainter(colored: boolean): Painter {
  if (!colored) return (_style, text) => text;
  return (style, text) => {
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Whether the process runs for an automation (CI): then nobody answers, and nothing is pinned unasked. */
export function isAutomated(env: Variables): boolean {
  return !OFF.test(env["CI"] ?? "");
}
