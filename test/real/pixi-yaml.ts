/**
 * Parses the YAML that pixi writes into its locks, and no other: block lists and tables, a scalar to a
 * line. It is there to have a second, rougher view of the format than a YAML library's.
 */
export function parsePixiYaml(text: string): unknown {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  let at = 0;

  function parseBlock(indent: number): unknown {
    const isList = (lines[at] ?? "").slice(indent).startsWith("- ");
    return isList ? parseList(indent) : parseTable(indent, {});
  }

  function parseList(indent: number): readonly unknown[] {
    const list: unknown[] = [];
    for (let line = lines[at]; line !== undefined; line = lines[at]) {
      if (indentOf(line) !== indent || !line.slice(indent).startsWith("- ")) break;
      const rest = line.slice(indent + 2);
      lines[at] = " ".repeat(indent + 2) + rest;
      if (/^[\w-]+:(?: |$)/.test(rest)) list.push(parseTable(indent + 2, {}));
      else {
        at++;
        list.push(parseScalar(rest));
      }
    }
    return list;
  }

  function parseTable(indent: number, table: Record<string, unknown>): unknown {
    for (let line = lines[at]; line !== undefined; line = lines[at]) {
      if (indentOf(line) !== indent || line.slice(indent).startsWith("- ")) break;
      const [, key = "", value = ""] = /^([\w.-]+):(?: (.*))?$/.exec(line.slice(indent)) ?? [];
      if (key === "") throw new Error(`expected a key: ${line}`);
      at++;
      if (value !== "") table[key] = parseScalar(value);
      else {
        const next = lines[at] ?? "";
        const isBelow = indentOf(next) > indent || next.slice(indent).startsWith("- ");
        table[key] = isBelow ? parseBlock(indentOf(next)) : null;
      }
    }
    return table;
  }

  return parseBlock(0);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function parseScalar(text: string): unknown {
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/.test(text)) return JSON.parse(text);
  if (text === "[]") return [];
  if (text === "{}") return {};
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
