/** Mutations of JSON documents and of the texts inside them, encoded ones included. */
import { base64, fromBase64, fromUtf8, pem, utf8 } from "@pubpin/test-kit";
import { derPaths } from "./der-tree.ts";
import { type JsonMember, type JsonTree, parseTree, printTree, stringOf } from "./json-tree.ts";
import { type Mutated, mutateDer, mutateRaw, respell } from "./mutate-bytes.ts";
import type { Random } from "./random.ts";

/** Leaves that nobody expects. */
const ODD_LEAVES: readonly string[] = [
  "null",
  "true",
  "false",
  "0",
  "1",
  "-1",
  "1.0",
  "1e0",
  "2",
  "9223372036854775808",
  '""',
  '"0"',
  '"-1"',
  '"01"',
  '"1"',
  '"\\u0000"',
  '"AAAA"',
  '"\\ud800"',
  "[]",
  "{}",
  "[[]]",
  '{"__proto__":{}}',
  '{"":null}',
  `${"[".repeat(64)}${"]".repeat(64)}`,
];
const ODD_KEYS: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "extra",
  "",
  "version",
];

/** Where a node is: indexes into members or elements, from the root. */
type NodePath = readonly number[];

/** A document with one of its parts mutated, whatever its depth and encoding. */
export function mutateJson(tree: JsonTree, donor: JsonTree, random: Random): Mutated<JsonTree> {
  const path = choosePath(tree, random);
  const at = nameOf(tree, path);
  const node = nodeAt(tree, path) ?? tree;
  const other = donorFor(donor, at, random) ?? node;
  const text = stringOf(node);
  const isDeep = text !== null && !random.once(4);
  const { value, how } = isDeep
    ? mutateString(text, stringOf(other) ?? text, random)
    : mutateNode(node, other, random);
  return { value: replaceAt(tree, path, value), how: `${at.join(".")}: ${how}` };
}

/** Mutates a text: what is encoded in it, a checkpoint, a number, or its characters. */
function mutateString(text: string, donor: string, random: Random): Mutated<JsonTree> {
  const bytes = decode(text);
  if (bytes === null) return leaf(mutatePlainText(text, donor, random));
  if (random.once(8)) return leaf(respell(bytes, random));
  const { value, how } = mutateDecoded(bytes, decode(donor) ?? bytes, random);
  return leaf({ value: base64(value), how });
}

function leaf({ value, how }: Mutated<string>): Mutated<JsonTree> {
  return { value: { kind: "leaf", spelling: JSON.stringify(value) }, how };
}

/** The bytes of base64 that is long enough to be nothing else. */
function decode(text: string): Uint8Array<ArrayBuffer> | null {
  return text.length >= 24 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
    ? fromBase64(text)
    : null;
}

const PEM = /^-----BEGIN ([A-Z ]+)-----\n([A-Za-z0-9+/=\n]+)-----END/;

function mutateDecoded(bytes: Uint8Array, donor: Uint8Array, random: Random): Mutated<Uint8Array> {
  if (random.once(8)) return mutateRaw(bytes, donor, random);
  const text = textOf(bytes);
  if (text === null) return mutateDer(bytes, donor, random) ?? mutateRaw(bytes, donor, random);
  if (text.startsWith("{")) {
    const { value, how } = mutateJson(parseTree(text).tree, treeOr(donor, text), random);
    return { value: utf8(printTree(value)), how };
  }
  const [, label, body] = PEM.exec(text) ?? [];
  if (label === "CERTIFICATE" || label === "PUBLIC KEY") {
    const der = fromBase64((body ?? "").replaceAll("\n", ""));
    const [, , other] = PEM.exec(textOf(donor) ?? "") ?? [];
    const otherDer = other === undefined ? der : fromBase64(other.replaceAll("\n", ""));
    const changed = mutateDer(der, otherDer, random) ?? mutateRaw(der, otherDer, random);
    return { value: utf8(pem(label, changed.value)), how: `PEM: ${changed.how}` };
  }
  const inner = decode(text);
  if (inner === null) return mutateRaw(bytes, donor, random);
  const { value, how } = mutateDecoded(inner, decode(textOf(donor) ?? "") ?? inner, random);
  return { value: utf8(base64(value)), how: `base64 again: ${how}` };
}

function textOf(bytes: Uint8Array): string | null {
  if (derPaths(bytes) !== null) return null;
  try {
    return fromUtf8(bytes);
  } catch {
    return null;
  }
}

function treeOr(bytes: Uint8Array, otherwise: string): JsonTree {
  const text = textOf(bytes);
  return parseTree(text?.startsWith("{") === true ? text : otherwise).tree;
}

type EditLines = (lines: readonly string[], random: Random, donor: readonly string[]) => string[];

const LINES: Readonly<Record<string, EditLines>> = {
  "a line less": (lines, random) => lines.toSpliced(random.below(lines.length), 1),
  "a line twice": (lines, random) => {
    const at = random.below(lines.length);
    return lines.toSpliced(at, 0, lines[at] ?? "");
  },
  "two lines exchanged": (lines, random) => {
    const at = random.below(lines.length - 1);
    return lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? "");
  },
  "a line of another": (lines, random, donor) =>
    lines.with(random.below(lines.length), random.pick(donor)),
  "a line of another more": (lines, random, donor) =>
    lines.toSpliced(random.below(lines.length), 0, random.pick(donor)),
  "an empty line": (lines, random) => lines.toSpliced(random.below(lines.length + 1), 0, ""),
  "a line with a blank": (lines, random) => {
    const at = random.below(lines.length);
    return lines.with(at, `${lines[at]} `);
  },
};

type EditText = (text: string, random: Random, donor: string) => string;

const TEXT: Readonly<Record<string, EditText>> = {
  "a character": (text, random) => {
    const at = random.below(Math.max(1, text.length));
    const code = (text.charCodeAt(at) || 0x30) ^ (1 << random.below(6));
    return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
  },
  "a character less": (text, random) => {
    const at = random.below(Math.max(1, text.length));
    return text.slice(0, at) + text.slice(at + 1);
  },
  "a blank more": (text) => `${text} `,
  "a line break more": (text) => `${text}\n`,
  "a zero before": (text) => `0${text}`,
  "a sign before": (text) => `-${text}`,
  "in capitals": (text) => text.toUpperCase(),
  "one more": (text) => (/^\d{1,15}$/.test(text) ? String(Number(text) + 1) : `${text}1`),
  "another's": (_text, _random, donor) => donor,
};

function mutatePlainText(text: string, donor: string, random: Random): Mutated<string> {
  if (text.includes("\n") && !random.once(3)) {
    const [how, edit] = random.pick(Object.entries(LINES));
    return { value: edit(text.split("\n"), random, donor.split("\n")).join("\n"), how };
  }
  const [how, edit] = random.pick(Object.entries(TEXT));
  return { value: edit(text, random, donor), how };
}

type EditNode = (node: JsonTree, random: Random, donor: JsonTree) => JsonTree;

const NODE: Readonly<Record<string, EditNode>> = {
  "something odd instead": (_node, random) => ({ kind: "leaf", spelling: random.pick(ODD_LEAVES) }),
  "another object's": (_node, _random, donor) => donor,
  "in a list": (node) => ({ kind: "array", elements: [node] }),
  "in an object": (node) => ({ kind: "object", members: [{ key: '"value"', value: node }] }),
  "a part less": (node, random) =>
    onParts(node, (parts) => parts.toSpliced(random.below(parts.length), 1)),
  "a part twice": (node, random) => onParts(node, (parts) => [...parts, random.pick(parts)]),
  "a part of another object more": (node, random, donor) =>
    onParts(node, (parts) => [...parts, ...partsOf(donor, node.kind).slice(random.below(2))]),
  "parts exchanged": (node) => onParts(node, (parts) => parts.toReversed()),
  "values exchanged": (node) =>
    node.kind === "object" ? exchangeValues(node.members) : onParts(node, (parts) => parts),
  "a key renamed": (node, random) => onMember(node, random, () => random.pick(ODD_KEYS)),
  "a key in capitals": (node, random) => onMember(node, random, (key) => key.toUpperCase()),
  "an unknown key more": (node, random) =>
    node.kind === "object" ? { ...node, members: [...node.members, oddMember(random)] } : node,
};

function mutateNode(node: JsonTree, donor: JsonTree, random: Random): Mutated<JsonTree> {
  const [how, edit] = random.pick(Object.entries(NODE));
  return { value: edit(node, random, donor), how };
}

type Part = JsonTree | JsonMember;

function partsOf(node: JsonTree, kind: JsonTree["kind"]): readonly Part[] {
  if (node.kind !== kind || node.kind === "leaf") return [];
  return node.kind === "object" ? node.members : node.elements;
}

function onParts(node: JsonTree, edit: (parts: readonly Part[]) => readonly Part[]): JsonTree {
  const parts = partsOf(node, node.kind);
  if (node.kind === "leaf" || parts.length === 0) return { kind: "leaf", spelling: "null" };
  const edited = edit(parts);
  return node.kind === "object"
    ? { kind: "object", members: edited as readonly JsonMember[] }
    : { kind: "array", elements: edited as readonly JsonTree[] };
}

function exchangeValues(members: readonly JsonMember[]): JsonTree {
  const values = members.map(({ value }) => value).toReversed();
  return {
    kind: "object",
    members: members.map(({ key, value }, index) => ({ key, value: values[index] ?? value })),
  };
}

function onMember(node: JsonTree, random: Random, rename: (key: string) => string): JsonTree {
  if (node.kind !== "object" || node.members.length === 0) return node;
  const at = random.below(node.members.length);
  const { key, value } = node.members[at] as JsonMember;
  const renamed = JSON.stringify(rename(JSON.parse(key) as string));
  return { kind: "object", members: node.members.with(at, { key: renamed, value }) };
}

function oddMember(random: Random): JsonMember {
  return {
    key: JSON.stringify(random.pick(ODD_KEYS)),
    value: { kind: "leaf", spelling: random.pick(ODD_LEAVES) },
  };
}

/** A node of the tree: first one of the names in it, so that twenty hashes count as one. */
function choosePath(tree: JsonTree, random: Random): NodePath {
  const byName = new Map<string, NodePath[]>();
  for (const path of nodePaths(tree)) {
    const keys = nameOf(tree, path).filter((part) => !/^\d+$/.test(part));
    const name = `${keys.join(".")} ${path.length}`;
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return random.pick(random.pick([...byName.values()]));
}

function nodePaths(tree: JsonTree): readonly NodePath[] {
  const below = childrenOf(tree).map((child, index) =>
    nodePaths(child).map((path) => [index].concat(path)),
  );
  return [[], ...below.flat()];
}

function childrenOf(tree: JsonTree): readonly JsonTree[] {
  if (tree.kind === "leaf") return [];
  return tree.kind === "array" ? tree.elements : tree.members.map(({ value }) => value);
}

function nodeAt(tree: JsonTree, [index, ...rest]: NodePath): JsonTree | undefined {
  if (index === undefined) return tree;
  const child = childrenOf(tree)[index];
  return child === undefined ? undefined : nodeAt(child, rest);
}

/** Keys and indexes that lead to a node. */
function nameOf(tree: JsonTree, [index, ...rest]: NodePath): readonly string[] {
  if (index === undefined || tree.kind === "leaf") return [];
  const child = childrenOf(tree)[index] as JsonTree;
  const key = tree.kind === "array" ? String(index) : keyOf(tree.members[index]);
  return [key, ...nameOf(child, rest)];
}

function keyOf(member: JsonMember | undefined): string {
  return member === undefined ? "" : (JSON.parse(member.key) as string);
}

/** What another document has at the same place, or at one with the same last name. */
function donorFor(donor: JsonTree, name: readonly string[], random: Random): JsonTree | undefined {
  const paths = nodePaths(donor);
  const same = paths.filter((path) => nameOf(donor, path).join(".") === name.join("."));
  const similar = paths.filter((path) => nameOf(donor, path).at(-1) === name.at(-1));
  const candidates = same.length > 0 && !random.once(4) ? same : similar;
  return candidates.length === 0 ? undefined : nodeAt(donor, random.pick(candidates));
}

function replaceAt(tree: JsonTree, [index, ...rest]: NodePath, value: JsonTree): JsonTree {
  if (index === undefined || tree.kind === "leaf") return value;
  if (tree.kind === "array") {
    const element = tree.elements[index] as JsonTree;
    return { kind: "array", elements: tree.elements.with(index, replaceAt(element, rest, value)) };
  }
  const member = tree.members[index] as JsonMember;
  const changed = { key: member.key, value: replaceAt(member.value, rest, value) };
  return { kind: "object", members: tree.members.with(index, changed) };
}
