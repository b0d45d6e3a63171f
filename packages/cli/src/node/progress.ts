/** How far the work is, for whoever waits: never on stdout, which is for results. */

/** How progress is shown. */
export interface ProgressOptions {
  /** Where it goes: stderr. */
  readonly write: (text: string) => void;
  /** Whether one line can be written over and over; else a line of its own every few seconds. */
  readonly isTerminal: boolean;
  readonly isQuiet: boolean;
  /** What is done, such as `uv.lock`. */
  readonly label: string;
  /** What is counted, in the plural, such as `files`. */
  readonly unit: string;
  /** Columns of the terminal. */
  readonly columns?: number | undefined;
  /** Milliseconds, for tests. */
  readonly now?: () => number;
}

/** A progress that is being shown. */
export interface Progress {
  readonly update: (state: { readonly done: number; readonly total: number }) => void;
  /** Takes the line away, so that something else can be written; the next update brings it back. */
  readonly clear: () => void;
}

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5000;
const CLEAR = "\r\u001b[2K";
const BAR_COLUMNS = 20;
const COLUMNS = 80;

/** Shows counts and a rate as the work goes on. On a terminal the line is gone after `clear`. */
export function createProgress(options: ProgressOptions): Progress {
  const { write, isTerminal, isQuiet, now = () => Date.now(), columns = COLUMNS } = options;
  if (isQuiet) return { update: () => undefined, clear: () => undefined };
  const start = now();
  let shownAt = start;
  let isShown = false;
  return {
    update: ({ done, total }) => {
      const time = now();
      const isLast = done === total && isTerminal;
      if (!isLast && time - shownAt < (isTerminal ? REDRAW_MS : PLAIN_LINE_MS)) return;
      shownAt = time;
      const line = lineOf(options, done, total, time - start);
      if (isTerminal) write(CLEAR + line.slice(0, Math.max(columns - 1, 0)));
      else write(`${line}\n`);
      isShown = isTerminal;
    },
    clear: () => {
      if (isShown) write(CLEAR);
      isShown = false;
    },
  };
}

function lineOf(
  { label, unit, isTerminal }: ProgressOptions,
  done: number,
  total: number,
  ms: number,
): string {
  const part = total === 0 ? 1 : done / total;
  const counts = `${done} of ${total} ${unit} (${Math.floor(part * 100)} %)`;
  const rate = ms > 0 ? `, ${shownRate((done / ms) * 1000)}/s` : "";
  const filled = Math.floor(part * BAR_COLUMNS);
  const name = label.replace(/\p{Cc}/gu, "?");
  const bar = isTerminal ? `[${"#".repeat(filled)}${" ".repeat(BAR_COLUMNS - filled)}] ` : "";
  return `${name}: ${bar}${counts}${rate}`;
}

function shownRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}
