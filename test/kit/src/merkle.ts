/** Merkle trees as in RFC 6962 section 2.1, with one entry of interest among others. */
import { type Bytes, sha256, utf8 } from "./bytes.ts";

/** Where an entry is in a tree, and the proof of it. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  /** Siblings from the leaf upwards. */
  readonly hashes: readonly Bytes[];
  readonly rootHash: Bytes;
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Trees of other entries up to this size are built leaf by leaf; larger ones get a stand-in for their root. */
const BUILT = 32;

/** Hash of a leaf. */
export function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(LEAF, entry);
}

/** Hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(NODE, left, right);
}

const others = new Map<string, Promise<Bytes>>();

/** Root of a subtree that holds other entries only; the same for every tree of the process. */
function otherSubtree(from: number, to: number): Promise<Bytes> {
  const key = `${from}-${to}`;
  const known = others.get(key);
  if (known !== undefined) return known;
  const made = makeOtherSubtree(from, to);
  others.set(key, made);
  return made;
}

async function makeOtherSubtree(from: number, to: number): Promise<Bytes> {
  if (to - from === 1) return await leafHash(utf8(`other entry ${from}`));
  if (to - from > BUILT) return await sha256(utf8(`other entries ${from} to ${to}`));
  const middle = from + splitPoint(to - from);
  return await nodeHash(await otherSubtree(from, middle), await otherSubtree(middle, to));
}

/** The largest power of two that is smaller than the size. */
function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Puts a leaf at `index` into a tree of `size` leaves, the others being of the kit's own making. */
export async function include(leaf: Bytes, index: number, size: number): Promise<Inclusion> {
  if (!(index >= 0 && index < size)) throw new Error(`no leaf ${index} in a tree of ${size}`);
  const hashes: Bytes[] = [];
  const climb = async (from: number, to: number): Promise<Bytes> => {
    if (to - from === 1) return leaf;
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      const left = await climb(from, middle);
      const right = await otherSubtree(middle, to);
      hashes.push(right);
      return await nodeHash(left, right);
    }
    const right = await climb(middle, to);
    const left = await otherSubtree(from, middle);
    hashes.push(left);
    return await nodeHash(left, right);
  };
  const rootHash = await climb(0, size);
  return { index, size, hashes, rootHash };
}
