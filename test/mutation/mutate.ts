/** Mutants of valid objects: near enough to be worth a verifier's while. */
import { fromUtf8, utf8 } from "@pubpin/test-kit";
import { type JsonTree, parseTree, printTree } from "./json-tree.ts";
import { type Mutated, mutateRaw } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-text.ts";
import type { Random } from "./random.ts";

const trees = new WeakMap<Uint8Array, JsonTree>();

function treeOfBytes(bytes: Uint8Array): JsonTree {
  const tree = trees.get(bytes) ?? parseTree(fromUtf8(bytes)).tree;
  trees.set(bytes, tree);
  return tree;
}

/**
 * Changes a valid JSON document once, sometimes twice: any of its bytes, the shape of its JSON, or
 * something inside what it encodes. Parts of `donor`, another valid document, take part.
 */
export function mutate(
  bytes: Uint8Array,
  donor: Uint8Array,
  random: Random,
): Mutated<Uint8Array<ArrayBuffer>> {
  if (random.once(12)) return mutateRaw(bytes, donor, random);
  const tree = treeOfBytes(bytes);
  const plain = printTree(tree);
  for (;;) {
    const once = mutateJson(tree, treeOfBytes(donor), random);
    const { value, how } = random.once(6) ? again(once, donor, random) : once;
    const printed = printTree(value);
    if (printed !== plain) return { value: utf8(printed), how };
  }
}

/** A second change on top of the first, where the first has left a document to change. */
function again(
  { value, how }: Mutated<JsonTree>,
  donor: Uint8Array,
  random: Random,
): Mutated<JsonTree> {
  if (value.kind === "leaf") return { value, how };
  const second = mutateJson(value, treeOfBytes(donor), random);
  return { value: second.value, how: `${how}; ${second.how}` };
}
