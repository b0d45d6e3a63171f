import { equalBytes } from "../bytes/bytes.ts";
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
export function checkInclusion(
  leaf: Bytes,
  proof: ClaimedInclusionProof,
  root: Bytes,
  what: string,
): void {
  const { logIndex, treeSize, hashes } = proof;
  if (logIndex >= treeSize) {
    fail(
      "INCLUSION_PROOF_INVALID",
      `${what}: expected an index below ${treeSize}, found ${logIndex}`,
    );
  }
  let hash = sha256(LEAF, leaf);
  let node = logIndex;
  let last = treeSize - 1n;
  for (const sibling of hashes) {
    if (last === 0n) fail("INCLUSION_PROOF_INVALID", `${what}: the proof has too many hashes`);
    if ((node & 1n) === 1n || node === last) {
      hash = sha256(NODE, sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = sha256(NODE, hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) fail("INCLUSION_PROOF_INVALID", `${what}: the proof has too few hashes`);
  if (!equalBytes(hash, root)) {
    fail("INCLUSION_PROOF_INVALID", `${what}: the proof does not lead to the signed root`);
  }
}
