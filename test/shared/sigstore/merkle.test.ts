/** Inclusion proofs (RFC 6962 section 2.1) against trees that are built here, leaf by leaf. */
import {
  type Bytes,
  concat,
  fromHex,
  hex,
  include,
  leafHash,
  sha256,
  utf8,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import type { ClaimedInclusionProof } from "../../../packages/shared/src/sigstore/bundle.ts";
import { checkInclusion } from "../../../packages/shared/src/sigstore/merkle.ts";
import { codeOf } from "../support/refusal.ts";

const INVALID = "INCLUSION_PROOF_INVALID";

function proof(index: number, size: number, hashes: readonly Bytes[]): ClaimedInclusionProof {
  return {
    logIndex: BigInt(index),
    treeSize: BigInt(size),
    rootHash: new Uint8Array(32),
    hashes,
    checkpoint: null,
  };
}

function check(leaf: Bytes, claimed: ClaimedInclusionProof, root: Bytes): Promise<void> {
  return checkInclusion(leaf, claimed, root, "proof");
}

/** RFC 6962 section 2.1: the Merkle tree hash. */
async function treeHash(leaves: readonly Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), only);
  const middle = splitPoint(leaves.length);
  const parts = [await treeHash(leaves.slice(0, middle)), await treeHash(leaves.slice(middle))];
  return sha256(Uint8Array.of(1), ...parts);
}

/** RFC 6962 section 2.1.1: the Merkle audit path. */
async function auditPath(index: number, leaves: readonly Bytes[]): Promise<readonly Bytes[]> {
  if (leaves.length === 1) return [];
  const middle = splitPoint(leaves.length);
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle
    ? [...(await auditPath(index, left)), await treeHash(right)]
    : [...(await auditPath(index - middle, right)), await treeHash(left)];
}

function splitPoint(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}

/** The leaves of the trees by which implementations of RFC 6962 are compared, and their roots. */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(fromHex);
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test.each(ROOTS)(
  "every leaf of the known tree %s is in it, at its place alone",
  async (expected) => {
    const leaves = LEAVES.slice(0, ROOTS.indexOf(expected) + 1);
    const root = await treeHash(leaves);
    expect(hex(root)).toBe(expected);
    for (const [index, leaf] of leaves.entries()) {
      const path = await auditPath(index, leaves);
      await check(leaf, proof(index, leaves.length, path), root);
      for (const [other, otherLeaf] of leaves.entries()) {
        if (other === index) continue;
        expect(await codeOf(() => check(leaf, proof(other, leaves.length, path), root))).toBe(
          INVALID,
        );
        expect(await codeOf(() => check(otherLeaf, proof(index, leaves.length, path), root))).toBe(
          INVALID,
        );
      }
    }
  },
);

test("every leaf of every tree of up to 70 leaves is in it", async () => {
  const leaf = utf8("an entry");
  const hash = await leafHash(leaf);
  for (let size = 1; size <= 70; size++) {
    for (let index = 0; index < size; index++) {
      const { hashes, rootHash } = await include(hash, index, size);
      await check(leaf, proof(index, size, hashes), rootHash);
    }
  }
});

test("a proof fails in every tree in which it would have another length", async () => {
  const leaf = utf8("an entry");
  const hash = await leafHash(leaf);
  for (let size = 1; size <= 20; size++) {
    const index = size >>> 1;
    const { hashes, rootHash } = await include(hash, index, size);
    const wrong = [0, ...Array.from({ length: 22 }, (_, each) => each + 1)].filter(
      (other) => other !== size && lengthOf(index, other) !== hashes.length,
    );
    for (const other of wrong) {
      expect(await codeOf(() => check(leaf, proof(index, other, hashes), rootHash))).toBe(INVALID);
    }
  }
});

/** How many hashes the proof of a leaf has; -1 beyond the tree. */
function lengthOf(index: number, size: number): number {
  if (index >= size) return -1;
  let length = 0;
  for (let last = size - 1, node = index; last > 0; last >>>= 1, node >>>= 1) {
    if (node < last || (node & 1) === 1) length++;
  }
  return length;
}

describe.each([
  [0, 1],
  [0, 2],
  [5, 11],
  [10, 11],
  [63, 64],
  [64, 65],
  [2 ** 40 + 5, 2 ** 41 - 3],
])("the proof of leaf %i of %i", (index, size) => {
  test("fails with any one bit of it, of the leaf or of the root changed", async () => {
    const leaf = utf8("an entry");
    const { hashes, rootHash } = await include(await leafHash(leaf), index, size);
    const flip = (bytes: Bytes): Bytes => bytes.with(7, (bytes[7] ?? 0) ^ 0x10);
    await check(leaf, proof(index, size, hashes), rootHash);
    const wrong = [
      () => check(flip(leaf), proof(index, size, hashes), rootHash),
      () => check(leaf, proof(index, size, hashes), flip(rootHash)),
      ...hashes.map((_, at) => () => {
        const altered = hashes.map((hash, each) => (each === at ? flip(hash) : hash));
        return check(leaf, proof(index, size, altered), rootHash);
      }),
    ];
    for (const attempt of wrong) expect(await codeOf(attempt)).toBe(INVALID);
  });

  test("fails with a hash more, a hash less, and a hash of another length", async () => {
    const leaf = utf8("an entry");
    const { hashes, rootHash } = await include(await leafHash(leaf), index, size);
    const lists = [
      [...hashes, rootHash],
      [rootHash, ...hashes],
      ...(hashes.length === 0
        ? []
        : [hashes.slice(1), hashes.slice(0, -1), hashes.map((hash) => hash.slice(1))]),
    ];
    for (const list of lists) {
      expect(await codeOf(() => check(leaf, proof(index, size, list), rootHash))).toBe(INVALID);
    }
  });
});

test("a place beyond the tree is none, though the proof leads to the root", async () => {
  const leaf = utf8("a");
  const root = await leafHash(leaf);
  await check(leaf, proof(0, 1, []), root);
  for (const index of [1, 2, 2 ** 40]) {
    expect(await codeOf(() => check(leaf, proof(index, 1, []), root))).toBe(INVALID);
  }
  expect(await codeOf(() => check(leaf, proof(0, 0, []), root))).toBe(INVALID);
});

test("a proof that is longer than the tree is high is none, though it leads to the root", async () => {
  const leaf = utf8("a");
  for (const [index, wrong] of [
    [0, 0],
    [3, 1],
  ] as const) {
    const { hashes, rootHash } = await include(await leafHash(leaf), index, 4);
    await check(leaf, proof(index, 4, hashes), rootHash);
    expect(await codeOf(() => check(leaf, proof(wrong, 2, hashes), rootHash))).toBe(INVALID);
    expect(await codeOf(() => check(leaf, proof(0, 1, hashes), rootHash))).toBe(INVALID);
  }
});

test("an inner node is no leaf", async () => {
  const [left, right] = [await leafHash(utf8("a")), await leafHash(utf8("b"))];
  const root = await sha256(Uint8Array.of(1), left, right);
  await check(utf8("a"), proof(0, 2, [right]), root);
  expect(await codeOf(() => check(concat(left, right), proof(0, 1, []), root))).toBe(INVALID);
});
