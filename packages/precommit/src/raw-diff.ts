/** Git's lists, as `-z` writes them. Nothing of `@pubpin/shared` is imported here. */

/** What a tree has at a path: a file, a symbolic link, or a submodule's commit. */
export interface TreeEntry {
  /** Git's mode, in octal: `100644`. */
  readonly mode: string;
  /** The object's name, in full. */
  readonly oid: string;
}

/** A path that two trees do not have alike. */
export interface DiffEntry {
  /** From the repository's root, with `/`. */
  readonly path: string;
  /** Null where the first tree does not have it. */
  readonly before: TreeEntry | null;
  /** Null where the second tree does not have it, or has it with conflicts. */
  readonly after: TreeEntry | null;
  /** Whether a merge has left it without one content. */
  readonly unmerged: boolean;
}

const RECORD = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/;
const LISTED = /^(\d{6}) [a-z]+ ([0-9a-f]+)\t/;
const ABSENT = "000000";
const UNMERGED = "U";
const REPLACEMENT = "\ufffd";
/** Where bytes that are not UTF-8 are put, so that no two paths become one: lone surrogates. */
const BYTE_BASE = 0xdc00;

/**
 * Reads differences: of one pair of trees, or of many, each behind the name of its commit.
 *
 * @returns by commit; what stands before the first commit's name has an empty one
 * @throws Error for what Git does not write: it is never taken for nothing
 */
export function parseRawDiff(output: Buffer): ReadonlyMap<string, readonly DiffEntry[]> {
  let entries: DiffEntry[] = [];
  const byCommit = new Map<string, DiffEntry[]>([["", entries]]);
  const tokens = splitTokens(output).values();
  for (const token of tokens) {
    if (!token.startsWith(":")) {
      entries = [];
      byCommit.set(token, entries);
      continue;
    }
    const [, oldMode = "", mode = "", oldOid = "", oid = "", status] = RECORD.exec(token) ?? [];
    const { value: path } = tokens.next();
    if (path === undefined || oid === "") throw new Error(`git: ${token} is no difference`);
    entries.push({
      path,
      before: oldMode === ABSENT ? null : { mode: oldMode, oid: oldOid },
      after: mode === ABSENT ? null : { mode, oid },
      unmerged: status === UNMERGED,
    });
  }
  return byCommit;
}

/**
 * Reads the list of a tree (`git ls-tree -r -z`): of the paths that are asked for. A list is long, so
 * it is searched for the ends that these have, and not taken apart.
 *
 * @param ends how a path ends that may be asked for, zero byte included; with the flag `g`
 * @throws Error for what Git does not write
 */
export function parseTreeList(
  output: Buffer,
  ends: RegExp,
  isWanted: (path: string) => boolean,
): ReadonlyMap<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const token of tokensThatEnd(output, ends)) {
    const path = token.slice(token.indexOf("\t") + 1);
    if (!isWanted(path)) continue;
    const [, mode, oid] = LISTED.exec(token) ?? [];
    if (mode === undefined || oid === undefined) throw new Error(`git: ${token} is no entry`);
    entries.set(path, { mode, oid });
  }
  return entries;
}

function tokensThatEnd(output: Buffer, ends: RegExp): readonly string[] {
  const text = output.toString("utf8");
  if (text.includes(REPLACEMENT)) return splitTokens(output);
  return Array.from(text.matchAll(ends), ({ 0: end, index }) =>
    text.slice(text.lastIndexOf("\0", index) + 1, index + end.length - 1),
  );
}

/** Texts that each end with a zero byte. */
function splitTokens(output: Buffer): readonly string[] {
  const text = output.toString("utf8");
  const tokens = text.includes(REPLACEMENT) ? splitBytes(output) : text.split("\0");
  return tokens.slice(0, -1);
}

function splitBytes(output: Buffer): readonly string[] {
  const tokens: string[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    tokens.push(decode(output.subarray(start, end)));
    start = end + 1;
  }
  return [...tokens, ""];
}

function decode(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(bytes)) return text;
  return bytes
    .toString("latin1")
    .replace(/[\u0080-\u00ff]/g, (byte) => String.fromCharCode(BYTE_BASE + byte.charCodeAt(0)));
}
