/**
 * Finds places in YAML of the block style by its lines, so that every byte of the file can stay. What
 * is found this way is only tried: whoever puts something in parses the outcome.
 */

/** A line of a file. */
export interface YamlLine {
  readonly from: number;
  /** The start of the next line. */
  readonly to: number;
  /** Columns before the first character. */
  readonly indent: number;
  readonly text: string;
}

/** What belongs to a key: lines that are indented more, or a list that begins at its column. */
export interface YamlBlock {
  readonly key: YamlLine;
  readonly lines: readonly YamlLine[];
}

/** The lines of a text. */
export function yamlLines(text: string): readonly YamlLine[] {
  let from = 0;
  return text.split(/(?<=\n)/).map((line) => {
    const start = from;
    from += line.length;
    return {
      from: start,
      to: from,
      indent: /^ */.exec(line)?.[0].length ?? 0,
      text: line.trimEnd(),
    };
  });
}

/** The block of a key among lines at its own level; null where it is not there, or holds a value. */
export function findBlock(lines: readonly YamlLine[], name: string): YamlBlock | null {
  const level = levelOf(lines);
  const at = lines.findIndex(({ indent, text }) => indent === level && isKey(text, name));
  const key = lines[at];
  if (key === undefined) return null;
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => isContent(line) && !belongsTo(line, key));
  const within = end === -1 ? rest : rest.slice(0, end);
  return { key, lines: within.slice(0, lastOf(within, key) + 1) };
}

/** Whether a key stands among lines at their own level, with whatever value. */
export function hasKey(lines: readonly YamlLine[], name: string): boolean {
  const level = levelOf(lines);
  return lines.some(({ indent, text }) => {
    return (
      indent === level && new RegExp(`^(?:"${name}"|'${name}'|${name})\\s*:`).test(text.trim())
    );
  });
}

/** The column that lines have in common; that of the first that is neither blank nor a comment. */
export function levelOf(lines: readonly YamlLine[]): number {
  return lines.find(isContent)?.indent ?? 0;
}

/** Where something more of a block goes: after its last line. */
export function endOf({ key, lines }: YamlBlock): number {
  return lines.at(-1)?.to ?? key.to;
}

function isKey(text: string, name: string): boolean {
  return new RegExp(`^(?:"${name}"|'${name}'|${name})\\s*:\\s*(?:#.*)?$`).test(text.trim());
}

function isContent({ text }: YamlLine): boolean {
  return !/^\s*(?:#|$)/.test(text);
}

function belongsTo({ indent, text }: YamlLine, key: YamlLine): boolean {
  return indent > key.indent || (indent === key.indent && /^-(?:\s|$)/.test(text.trimStart()));
}

/** The last line that is content, or a comment that is indented like it. */
function lastOf(lines: readonly YamlLine[], key: YamlLine): number {
  return lines.findLastIndex(
    (line) => isContent(line) || (line.text.trim() !== "" && line.indent > key.indent),
  );
}
