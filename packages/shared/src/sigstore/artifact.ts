/** Binds what was signed to the artifact at hand. */
import { equalBytes } from "../bytes/bytes.ts";
import { digest, type HashName } from "../bytes/crypto.ts";
import { decodeHex, encodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Artifact, Bytes } from "../model.ts";
import { parseStatement } from "./dsse.ts";

const HASHES: Readonly<Record<string, HashName>> = {
  SHA2_256: "SHA-256",
  SHA2_384: "SHA-384",
  SHA2_512: "SHA-512",
};

/**
 * Checks the digest that a bundle states for the artifact it signs.
 *
 * @param bytes a copy of the artifact's bytes, or null where only its digest is known
 * @throws ARTIFACT_MISMATCH BUNDLE_INVALID DIGEST_ONLY
 */
export async function requireDigest(
  stated: { readonly algorithm: string; readonly value: Bytes },
  artifact: Artifact,
  bytes: Bytes | null,
): Promise<void> {
  const hash = Object.hasOwn(HASHES, stated.algorithm) ? HASHES[stated.algorithm] : undefined;
  if (hash === undefined) {
    return fail(
      "BUNDLE_INVALID",
      `message digest: expected SHA2_256, SHA2_384 or SHA2_512, found ${quote(stated.algorithm)}`,
    );
  }
  const expected = await digestOf(artifact, bytes, hash);
  if (!equalBytes(expected, stated.value)) {
    fail(
      "ARTIFACT_MISMATCH",
      `message digest: expected ${encodeHex(expected)}, found ${encodeHex(stated.value)}`,
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
  const found = subjects.map(({ sha256 }) => quote(sha256 ?? "none")).join(", ");
  fail(
    "ARTIFACT_MISMATCH",
    `statement: expected a subject with SHA-256 ${expected}, found ${found}`,
  );
}
