/** Shows what a change to a file adds or takes out. */

const CONTEXT = 3;

interface DiffLine {
  readonly sign: " " | "+" | "-";
  readonly text: string;
}

/** A change to a file, for people. */
export interface ShownChange {
  /** How the file is called. */
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The change in the unified format (POSIX, `diff -u`). */
export function lineDiff({ name, before, after }: ShownChange): string {
  const lines = align(linesOf(before ?? ""), linesOf(after ?? ""));
  const head = [
    `--- ${before === null ? "/dev/null" : `a/${name}`}`,
    `+++ ${after === null ? "/dev/null" : `b/${name}`}`,
  ];
  return `${[...head, ...hunks(lines)].join("\n")}\n`;
}

function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

/** Between the lines that both texts begin and end with, lines were put in, taken out or replaced. */
function align(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  return [
    ...signed(" ", before.slice(0, head)),
    ...(mix("+", old, now) ?? mix("-", now, old) ?? [...signed("-", old), ...signed("+", now)]),
    ...signed(" ", before.slice(before.length - tail)),
  ];
}

function signed(sign: DiffLine["sign"], lines: readonly string[]): readonly DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** The longer lines, those signed that the shorter ones lack; null where it is not that simple. */
function mix(
  sign: "+" | "-",
  fewer: readonly string[],
  more: readonly string[],
): readonly DiffLine[] | null {
  let found = 0;
  const lines = more.map((text): DiffLine => {
    if (text !== fewer[found]) return { sign, text };
    found++;
    return { sign: " ", text };
  });
  return found === fewer.length ? lines : null;
}

function hunks(lines: readonly DiffLine[]): readonly string[] {
  const isShown = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  const shown: string[] = [];
  let old = 1;
  let now = 1;
  for (const [index, line] of lines.entries()) {
    if (isShown[index] === true) {
      if (isShown[index - 1] !== true) shown.push(hunkHead(lines, isShown, index, old, now));
      shown.push(...shownLine(line));
    }
    if (line.sign !== "+") old++;
    if (line.sign !== "-") now++;
  }
  return shown;
}

function hunkHead(
  lines: readonly DiffLine[],
  isShown: readonly boolean[],
  from: number,
  old: number,
  now: number,
): string {
  const end = isShown.indexOf(false, from);
  const hunk = lines.slice(from, end === -1 ? lines.length : end);
  const oldCount = hunk.filter(({ sign }) => sign !== "+").length;
  const nowCount = hunk.filter(({ sign }) => sign !== "-").length;
  const oldStart = oldCount === 0 ? old - 1 : old;
  const nowStart = nowCount === 0 ? now - 1 : now;
  return `@@ -${oldStart},${oldCount} +${nowStart},${nowCount} @@`;
}

function shownLine({ sign, text }: DiffLine): readonly string[] {
  const line = `${sign}${text.replace(/\r?\n$/, "")}`;
  return text.endsWith("\n") ? [line] : [line, "\\ No newline at end of file"];
}
