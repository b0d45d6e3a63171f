import { isBlank } from "./line.ts";
import type { EntryText, LineText } from "./model.ts";

/**
 * Puts new lines among the old ones, each before the first old line that sorts after it, and above
 * the comments that stand directly above that line. The old ones keep their order.
 */
export function insertSorted(
  old: readonly LineText[],
  added: readonly EntryText[],
): readonly LineText[] {
  const sorted = added.toSorted((a, b) => compare(a.key, b.key));
  const merged: LineText[] = [];
  let next = 0;
  for (const line of old) {
    const end = line.key === null ? next : endOfSmaller(line.key, sorted, next);
    if (end > next) merged.splice(startOfComments(merged), 0, ...sorted.slice(next, end));
    merged.push(line);
    next = end;
  }
  return [...merged, ...sorted.slice(next)];
}

function endOfSmaller(key: string, sorted: readonly EntryText[], start: number): number {
  let end = start;
  for (let line = sorted[end]; line !== undefined && compare(line.key, key) < 0;) {
    line = sorted[++end];
  }
  return end;
}

function startOfComments(lines: readonly LineText[]): number {
  return lines.findLastIndex((line) => line.entry !== null || isBlank(line)) + 1;
}

/** The order of pypi-verify-now: by code points. All keys are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
