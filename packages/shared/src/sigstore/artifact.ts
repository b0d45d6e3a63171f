/** Binds what was signed to the artifact at hand. */
import { equalBytes } from "../bytes/bytes.ts";
import { digest, type HashName } from "../bytes/crypto.ts";
import { decodeHex, encodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Artifact, Bytes } from "../model.ts";
import { parseStatement } from "./dsse.ts";
import type { ClaimedDigest } from "./hash.ts";

/**
 * Checks the digest that a bundle states for the artifact it signs.
 *
 * @param bytes a copy of the artifact's bytes, or null where only its digest is known
 * @throws ARTIFACT_MISMATCH DIGEST_ONLY
 */
export async function requireDigest(
  stated: ClaimedDigest,
  artifact: Artifact,
  bytes: Bytes | null,
): Promise<void> {
  const expected = await digestOf(artifact, bytes, stated.hash);
  if (!equalBytes(expected, stated.digest)) {
    fail(
      "ARTIFACT_MISMATCH",
      `message digest: expected ${encodeHex(expected)}, found ${encodeHex(stated.digest)}`,
    );
  }
}

async function digestOf(artifact: Artifact, bytes: Bytes | null, hash: HashName): Promise<Bytes> {
  if (bytes !== null) return digest(hash, bytes);
  if (hash === "SHA-256" && "sha256" in artifact) return decodeHex(artifact.sha256, 32, "artifact");
  return fail("DIGEST_ONLY", `message digest: ${hash} needs the artifact's bytes`);
}

/**
 * Checks that a statement is about the artifact: one of its subjects has the artifact's SHA-256
 * (in-toto attestation framework, "Statement").
 *
 * @throws ARTIFACT_MISMATCH STATEMENT_INVALID
 */
export async function requireSubject(
  payload: Bytes,
  artifact: Artifact,
  bytes: Bytes | null,
): Promise<void> {
  const { subjects } = parseStatement(payload);
  const expected = encodeHex(await digestOf(artifact, bytes, "SHA-256"));
  if (subjects.some(({ sha256 }) => sha256 === expected)) return;
  const found = subjects.map(({ sha256 }) => quote(sha256 ?? "none")).join(", ") || "no subject";
  fail(
    "ARTIFACT_MISMATCH",
    `statement: expected a subject with SHA-256 ${expected}, found ${found}`,
  );
}
