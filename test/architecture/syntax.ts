/** What the rules want to know of a source file, read from its syntax tree. */
import { parseSync } from "oxc-parser";

/** A source file: its path relative to the repository, with `/`, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A node of an ESTree syntax tree. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** A node and where it stands: the field of the parent that holds it. */
export interface Place {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | null;
  readonly field: string;
}

/**
 * Every node of a file's syntax tree, parents first.
 *
 * @throws where the file is not TypeScript
 */
export function syntaxOf(source: Source): readonly Place[] {
  const { program, errors } = parseSync(source.path, source.text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${source.path}: ${error.message}`);
  const places: Place[] = [];
  collect(places, { node: program as unknown as SyntaxNode, parent: null, field: "" });
  return places;
}

/** What the comments of a file say. */
export function commentsOf(source: Source): readonly { text: string; start: number }[] {
  const { comments } = parseSync(source.path, source.text);
  return comments.map(({ value, start }) => ({ text: value, start }));
}

/** The line of an offset in a text, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The node in a field of another one, or null. */
export function child(node: SyntaxNode, field: string): SyntaxNode | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** The nodes in a field that holds a list. */
export function children(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text of a string literal, or of a template without placeholders; else null. */
export function literalText(node: SyntaxNode | null): string | null {
  if (node?.type === "Literal" && typeof node["value"] === "string") return node["value"];
  const [text, ...more] = node?.type === "TemplateLiteral" ? children(node, "quasis") : [];
  return text === undefined || more.length > 0 ? null : templateText(text);
}

/** The text of one part of a template, escapes resolved. */
export function templateText(element: SyntaxNode): string {
  return (element["value"] as { readonly cooked: string }).cooked;
}

function collect(places: Place[], place: Place): void {
  places.push(place);
  for (const [field, value] of Object.entries(place.node)) {
    for (const node of Array.isArray(value) ? value : [value]) {
      if (isNode(node)) collect(places, { node, parent: place.node, field });
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
