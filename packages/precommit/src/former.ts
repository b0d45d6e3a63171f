/** What a lock was, as far as it is not what it is now: most of a large lock stays as it is. */
import { type Lock, lockFormat, normalizeName, PubpinError } from "@pubpin/shared";
import { readLockBytes } from "./locks.ts";

/** A lock before and now, without the projects that both have in the same words. */
export interface Difference {
  readonly before: Lock;
  readonly after: Lock;
}

/** Formats of which each entry is a table of an array, one after the other. */
const IN_TABLES: ReadonlySet<string> = new Set(["uv", "pylock", "poetry", "pdm"]);
const HEADER = /^\[\[packages?\]\]\r?$/gm;
/** A table that begins with the name of its project, as every tool writes it. */
const NAMED = /^\[\[packages?\]\]\r?\nname = "([^"\\]*)"\r?\n/;
/** Strings of several lines, in which what looks like a header is none. */
const LONG_STRING = /"""|'''/;
const BRACKETED_LINE = /^[ \t]*\[.*$/gm;
const COMMENT = /^#.*\n/gm;
const TAIL = /^\[(?:metadata|extras)\]\r?$/m;
/** Headers that begin an entry, belong to one, or have no say in what another one means. */
const KNOWN_HEADER = /^\[(?:\[packages?\]\]\r?$|\[?packages?\.[A-Za-z]|(?:metadata|extras)\]\r?$)/;

/** The text of a lock, taken apart. */
interface Parts {
  readonly head: string;
  /** Tables by the normalised name of their project. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** What follows the last one. */
  readonly tail: string;
}

/**
 * Reads of a former lock what differs from the lock now. The tables of a project are left out where
 * both texts have the same ones, and the same words before the first table: then they say the same.
 *
 * @param path relative to the folder of the provenance file that governs the lock now
 * @param now the lock that `bytesNow` were read as
 * @returns null where the former text cannot be read in part
 */
export async function readDifference(
  bytesBefore: Uint8Array,
  bytesNow: Uint8Array,
  path: string,
  now: Lock,
): Promise<Difference | null> {
  if (!IN_TABLES.has(lockFormat(path) ?? "")) return null;
  const [before, after] = [partsOf(bytesBefore), partsOf(bytesNow)];
  if (before === null || after === null) return null;
  if (before.head.replaceAll(COMMENT, "") !== after.head.replaceAll(COMMENT, "")) return null;
  const same = new Set(
    [...before.tables.keys()].filter((name) =>
      isSameText(before.tables.get(name), after.tables.get(name)),
    ),
  );
  const left = [...before.tables].flatMap(([name, tables]) => (same.has(name) ? [] : tables));
  try {
    const text = new TextEncoder().encode(before.head + left.join("") + before.tail);
    return {
      before: (await readLockBytes(text, path)).lock,
      after: { ...now, distributions: now.distributions.filter(({ name }) => !same.has(name)) },
    };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

/** Null where it is not certain which text says what: then all of it is read. */
function partsOf(bytes: Uint8Array): Parts | null {
  const text = new TextDecoder().decode(bytes);
  const starts = Array.from(text.matchAll(HEADER), ({ index }) => index);
  const first = starts[0] ?? text.length;
  const body = text.slice(first);
  const lines = body.match(BRACKETED_LINE) ?? [];
  if (LONG_STRING.test(text) || !lines.every((line) => KNOWN_HEADER.test(line))) return null;
  const tail = body.search(TAIL);
  const end = tail === -1 ? text.length : first + tail;
  if (end < (starts.at(-1) ?? 0)) return null;
  const tables = new Map<string, string[]>();
  for (const [index, start] of starts.entries()) {
    const table = text.slice(start, starts[index + 1] ?? end);
    const name = nameOf(table);
    if (name === null) return null;
    const known = tables.get(name);
    if (known === undefined) tables.set(name, [table]);
    else known.push(table);
  }
  return { head: text.slice(0, first), tables, tail: text.slice(end) };
}

function nameOf(table: string): string | null {
  const [, name] = NAMED.exec(table) ?? [];
  try {
    return name === undefined ? null : normalizeName(name);
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

function isSameText(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((table, index) => table === b[index]);
}
