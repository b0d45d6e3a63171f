/** Lines of a JSON text, found without a second parser. */
import { lineAt } from "./text.ts";

const KEY = /^[ \t]*("(?:[^"\\]|\\.)*")[ \t]*:[ \t]*\{/gm;

/**
 * Gives the line of the table with a key, within the section that a table with another key begins:
 * the first such line behind it. Null where the text is not laid out a line to a key.
 */
export function jsonKeyLines(text: string): (section: string, key: string) => number | null {
  const keys: { readonly key: string; readonly line: number }[] = [];
  let line = 1;
  let from = 0;
  for (const { 0: match, 1: key = "", index } of text.matchAll(KEY)) {
    const at = index + match.indexOf(key);
    line += lineAt(text.slice(from, at), at - from) - 1;
    from = at;
    keys.push({ key, line });
  }
  const positions = new Map<string, readonly number[]>();
  for (const [position, { key }] of keys.entries()) {
    positions.set(key, [...(positions.get(key) ?? []), position]);
  }
  return (section, key) => {
    const [start = Number.POSITIVE_INFINITY] = positions.get(JSON.stringify(section)) ?? [];
    const found = (positions.get(JSON.stringify(key)) ?? []).find((position) => position > start);
    return found === undefined ? null : (keys[found]?.line ?? null);
  };
}
