/**
 * JSON as it is written: a tree that knows where each part stands in the text and that can be
 * written out in ways that no JSON serialiser would, with duplicate keys and odd numbers.
 */

/** A part of a JSON text. Leaves keep their spelling, quotes and escapes included. */
export type JsonTree =
  | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly elements: readonly JsonTree[] }
  | { readonly kind: "leaf"; readonly spelling: string };

/** A member of an object, its key as it is spelled. */
export interface JsonMember {
  readonly key: string;
  readonly value: JsonTree;
}

/** Where a key or a leaf stands in the text: from `start` up to, and without, `end`. */
export interface JsonPlace {
  /** Keys and indexes from the root, such as `attestation_bundles.0.publisher.kind`. */
  readonly path: string;
  readonly role: "key" | "value";
  readonly start: number;
  readonly end: number;
}

interface Scanner {
  readonly text: string;
  readonly places: JsonPlace[];
  offset: number;
}

/** Reads a valid JSON text. Throws where it is not valid. */
export function parseTree(text: string): { tree: JsonTree; places: readonly JsonPlace[] } {
  const scanner: Scanner = { text, places: [], offset: 0 };
  const tree = readTree(scanner, "");
  if (scanner.offset !== text.length) throw new Error(`left over at ${scanner.offset}`);
  return { tree, places: scanner.places };
}

/** Writes a tree without white space. */
export function printTree(tree: JsonTree): string {
  switch (tree.kind) {
    case "leaf":
      return tree.spelling;
    case "array":
      return `[${tree.elements.map(printTree).join(",")}]`;
    case "object":
      return `{${tree.members.map(({ key, value }) => `${key}:${printTree(value)}`).join(",")}}`;
  }
}

/** The text of a leaf that is a string, else null. */
export function stringOf(tree: JsonTree | undefined): string | null {
  if (tree?.kind !== "leaf" || !tree.spelling.startsWith('"')) return null;
  return JSON.parse(tree.spelling) as string;
}

function readTree(scanner: Scanner, path: string): JsonTree {
  skip(scanner);
  const tree = readBare(scanner, path);
  skip(scanner);
  return tree;
}

function readBare(scanner: Scanner, path: string): JsonTree {
  const inside = path === "" ? "" : `${path}.`;
  if (take(scanner, "{")) {
    const members: JsonMember[] = [];
    skip(scanner);
    while (!take(scanner, "}")) {
      if (members.length > 0) expectCharacter(scanner, ",");
      skip(scanner);
      const start = scanner.offset;
      const key = readLeaf(scanner);
      const memberPath = `${inside}${JSON.parse(key) as string}`;
      scanner.places.push({ path: memberPath, role: "key", start, end: scanner.offset });
      skip(scanner);
      expectCharacter(scanner, ":");
      members.push({ key, value: readTree(scanner, memberPath) });
    }
    return { kind: "object", members };
  }
  if (take(scanner, "[")) {
    const elements: JsonTree[] = [];
    skip(scanner);
    while (!take(scanner, "]")) {
      if (elements.length > 0) expectCharacter(scanner, ",");
      elements.push(readTree(scanner, `${inside}${elements.length}`));
    }
    return { kind: "array", elements };
  }
  const start = scanner.offset;
  const spelling = readLeaf(scanner);
  scanner.places.push({ path, role: "value", start, end: scanner.offset });
  return { kind: "leaf", spelling };
}

const LEAF = /"(?:[^"\\]|\\.)*"|[-+.\w]+/sy;

function readLeaf(scanner: Scanner): string {
  LEAF.lastIndex = scanner.offset;
  const [spelling] = LEAF.exec(scanner.text) ?? [];
  if (spelling === undefined) throw new Error(`expected a value at ${scanner.offset}`);
  scanner.offset += spelling.length;
  return spelling;
}

function skip(scanner: Scanner): void {
  while (/[ \t\n\r]/.test(scanner.text.charAt(scanner.offset))) scanner.offset++;
}

function take(scanner: Scanner, character: string): boolean {
  if (scanner.text[scanner.offset] !== character) return false;
  scanner.offset++;
  return true;
}

function expectCharacter(scanner: Scanner, character: string): void {
  if (!take(scanner, character)) throw new Error(`expected ${character} at ${scanner.offset}`);
}
