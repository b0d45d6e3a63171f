/** Binds what was signed to the artifact at hand. */
import { copyBytes, equalBytes } from "../bytes/bytes.ts";
import { digest, type HashName } from "../bytes/crypto.ts";
import { decodeHex, encodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Artifact, Bytes } from "../model.ts";
import { parseStatement } from "./dsse.ts";
import type { ClaimedDigest } from "./hash.ts";

/** An artifact that its owner cannot change while it is verified. */
type OwnArtifact = { readonly bytes: Bytes } | { readonly sha256: string };

/** Copies an artifact. */
export function copyArtifact(artifact: Artifact): OwnArtifact {
  return "bytes" in artifact ? { bytes: copyBytes(artifact.bytes) } : { sha256: artifact.sha256 };
}

/**
 * Checks the digest that a bundle states for the artifact it signs.
 *
 * @throws ARTIFACT_MISMATCH DIGEST_ONLY
 */
export async function requireDigest(stated: ClaimedDigest, artifact: OwnArtifact): Promise<void> {
  const expected = await digestOf(artifact, stated.hash);
  if (!equalBytes(expected, stated.digest)) {
    fail(
      "ARTIFACT_MISMATCH",
      `message digest: expected ${encodeHex(expected)}, found ${encodeHex(stated.digest)}`,
    );
  }
}

async function digestOf(artifact: OwnArtifact, hash: HashName): Promise<Bytes> {
  if ("bytes" in artifact) return digest(hash, artifact.bytes);
  if (hash === "SHA-256") return decodeHex(artifact.sha256, 32, "artifact");
  return fail("DIGEST_ONLY", `message digest: ${hash} needs the artifact's bytes`);
}

/**
 * Checks that a statement is about the artifact: one of its subjects has the artifact's SHA-256
 * (in-toto attestation framework, "Statement").
 *
 * @throws ARTIFACT_MISMATCH STATEMENT_INVALID
 */
export async function requireSubject(payload: Bytes, artifact: OwnArtifact): Promise<void> {
  const { subjects } = parseStatement(payload);
  const expected = encodeHex(await digestOf(artifact, "SHA-256"));
  if (subjects.some(({ sha256 }) => sha256 === expected)) return;
  const found = subjects.map(({ sha256 }) => quote(sha256 ?? "none")).join(", ") || "no subject";
  fail(
    "ARTIFACT_MISMATCH",
    `statement: expected a subject with SHA-256 ${expected}, found ${found}`,
  );
}
