/**
 * Marked blocks: what `hook install` adds to files of other people, and takes out again so that
 * every other byte is as it was.
 */
import { PubpinError } from "@pubpin/shared";

/** What begins a comment in a file's language. */
export type CommentSign = "#" | "//";

/** Where and how a block is put. */
export interface BlockPlace {
  /** An offset in the text: the start of a line, or the text's end. */
  readonly at: number;
  readonly comment: CommentSign;
  /** White space before each line. */
  readonly indent?: string;
  /** The file was made for the block: it goes with it. */
  readonly isOwn?: boolean;
}

/** A file without its blocks. */
export interface Unmarked {
  readonly text: string;
  /** The lines of each block, without the marks. */
  readonly blocks: readonly (readonly string[])[];
  /** Whether the file was made for its blocks. */
  readonly isOwn: boolean;
}

const BEGIN = ">>> pubpin hook >>>";
const BEGIN_OWN = ">>> pubpin hook, in a file of its own >>>";
const END = "<<< pubpin hook <<<";
/** What a file that is made for a block has around it, so that others can put theirs there too. */
export const FRAMES = {
  shell: "#!/bin/sh\n",
  preCommit: "repos:\n",
  lintStaged: "export default {\n};\n",
  lefthook: (hooks: readonly string[]): string =>
    hooks.map((hook) => `${hook}:\n  commands:\n`).join(""),
  none: "",
} as const;
const FRAME_LINES: ReadonlySet<string> = new Set(
  [
    FRAMES.shell,
    FRAMES.preCommit,
    FRAMES.lintStaged,
    FRAMES.lefthook(["pre-commit", "pre-merge-commit", "pre-push"]),
  ].flatMap((frame) => frame.split("\n")),
);

/** The ends of a text's lines: those of its first line, or line feeds. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

/** A text with a block in it. A text whose last line has no end keeps that property. */
export function withBlock(text: string, lines: readonly string[], place: BlockPlace): string {
  const { at, comment, indent = "", isOwn = false } = place;
  const marked = [`${comment} ${isOwn ? BEGIN_OWN : BEGIN}`, ...lines, `${comment} ${END}`];
  const end = lineEndOf(text);
  const block = marked.map((line) => `${line === "" ? "" : indent}${line}`).join(end);
  if (at === text.length && text !== "" && !text.endsWith("\n")) return text + end + block;
  return `${text.slice(0, at)}${block}${end}${text.slice(at)}`;
}

/** Whether a file was made for its blocks, and nobody else has put anything into it. */
export function isLeftEmpty({ text, isOwn }: Unmarked): boolean {
  return isOwn && text.split("\n").every((line) => FRAME_LINES.has(line));
}

/**
 * Takes every block out of a text.
 *
 * @param what how messages call the file
 * @throws USAGE_INVALID where a block begins and does not end, or the other way round
 */
export function withoutBlocks(text: string, what: string): Unmarked {
  const blocks: (readonly string[])[] = [];
  let isOwn = false;
  let rest = text;
  for (;;) {
    const begin = findMark(rest, [BEGIN, BEGIN_OWN], 0);
    if (begin === null) break;
    const end = findMark(rest, [END], begin.to);
    const next = findMark(rest, [BEGIN, BEGIN_OWN], begin.to);
    if (end === null || (next !== null && next.from < end.from)) damaged(what, "end");
    isOwn ||= begin.mark === BEGIN_OWN;
    blocks.push(rest.slice(begin.to, end.from).split(/\r?\n/).slice(0, -1));
    rest = rest.slice(0, startWithoutEnd(rest, begin, end)) + rest.slice(end.to);
  }
  if (findMark(rest, [END], 0) !== null) damaged(what, "beginning");
  return { text: rest, blocks, isOwn };
}

interface Mark {
  readonly mark: string;
  /** The start of its line. */
  readonly from: number;
  /** The start of the next line. */
  readonly to: number;
}

function findMark(text: string, marks: readonly string[], after: number): Mark | null {
  for (let from = after; from < text.length;) {
    const feed = text.indexOf("\n", from);
    const to = feed === -1 ? text.length : feed + 1;
    const line = text
      .slice(from, to)
      .trim()
      .replace(/^(?:#|\/\/) /, "");
    if (marks.includes(line)) return { mark: line, from, to };
    from = to;
  }
  return null;
}

/** A block that ends without the end of a line was put after one: that is taken out as well. */
function startWithoutEnd(text: string, begin: Mark, end: Mark): number {
  if (text.slice(0, end.to).endsWith("\n")) return begin.from;
  const own = text.slice(0, begin.to).endsWith("\r\n") ? "\r\n" : "\n";
  return text.slice(0, begin.from).endsWith(own) ? begin.from - own.length : begin.from;
}

function damaged(what: string, missing: string): never {
  throw new PubpinError(
    "USAGE_INVALID",
    `${what}: expected a block between "${BEGIN}" and "${END}", found one without its ${missing}: ` +
      "take what is left of it out by hand",
  );
}
