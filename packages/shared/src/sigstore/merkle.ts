import { concatBytes, equalBytes } from "../bytes/bytes.ts";
import { digest } from "../bytes/crypto.ts";
import { sha256 } from "../bytes/sha256.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import type { ClaimedInclusionProof } from "./bundle.ts";

/** RFC 6962 section 2.1: what sets the hashes of leaves and of nodes apart. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * Checks that a leaf is in the tree with this root, by recomputing the root from the leaf's own
 * bytes (RFC 6962 section 2.1.1; RFC 9162 section 2.1.3.2).
 *
 * @param root the root hash that the log signed
 * @throws INCLUSION_PROOF_INVALID
 */
export async function checkInclusion(
  leaf: Bytes,
  proof: ClaimedInclusionProof,
  root: Bytes,
  what: string,
): Promise<void> {
  const { logIndex, treeSize, hashes } = proof;
  if (logIndex >= treeSize) {
    fail(
      "INCLUSION_PROOF_INVALID",
      `${what}: expected an index below ${treeSize}, found ${logIndex}`,
    );
  }
  const turns = turnsTo(logIndex, treeSize - 1n);
  if (hashes.length !== turns.length) {
    fail(
      "INCLUSION_PROOF_INVALID",
      `${what}: expected ${turns.length} hashes, found ${hashes.length}`,
    );
  }
  let hash = await digest("SHA-256", concatBytes(LEAF, leaf));
  let level = turns.length;
  for (const sibling of hashes) {
    hash = turns[--level] === "1" ? sha256(NODE, sibling, hash) : sha256(NODE, hash, sibling);
  }
  if (!equalBytes(hash, root)) {
    fail("INCLUSION_PROOF_INVALID", `${what}: the proof does not lead to the signed root`);
  }
}

/**
 * The way from a tree's root down to a leaf: 0 for a left turn, 1 for a right one, as the binary
 * digits of the leaf's index say. As long as it keeps to the tree's right edge, there is nothing
 * on the right of a 0, and so no turn.
 */
function turnsTo(index: bigint, last: bigint): string {
  const apart = ((index ^ last) * 2n).toString(2).length - 1;
  const bits = index.toString(2).padStart(apart, "0");
  const edge = bits.length - apart;
  return bits.slice(0, edge).replaceAll("0", "") + bits.slice(edge);
}
