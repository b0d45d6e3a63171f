import { equalBytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { checkSignature } from "../x509/signature.ts";
import type { ClaimedInclusionProof, ClaimedLogEntry } from "./bundle.ts";
import { checkCheckpointSignature, type ParsedCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { inOrder, othersFirst } from "./in-order.ts";
import { rekorGeneration } from "./log-body.ts";
import { checkInclusion } from "./merkle.ts";
import type { TrustedLog } from "./trusted-root.ts";

/**
 * Checks that a log recorded an entry (Sigstore client specification, "Transparency Log Entry"):
 * the log's promise (Rekor v1), its signed checkpoint, and the path from this very body to it.
 * What the body says is compared elsewhere.
 *
 * @returns the time that the log vouches for, in milliseconds since 1970; null from a Rekor v2
 *   log, which vouches for none
 * @throws LOG_PROMISE_MISSING LOG_PROMISE_INVALID INCLUSION_PROOF_MISSING INCLUSION_PROOF_INVALID
 *   CHECKPOINT_MISSING CHECKPOINT_INVALID CHECKPOINT_SIGNATURE_INVALID LOG_ENTRY_INVALID
 *   LOG_ENTRY_UNSUPPORTED
 */
export async function verifyLogEntry(
  entry: ClaimedLogEntry,
  log: TrustedLog,
): Promise<number | null> {
  const generation = rekorGeneration(entry);
  const promise = generation === 1 ? checkPromise(entry, log) : refusePromise(entry);
  const inclusion = verifyInclusion(entry, log, generation);
  const [time] = await inOrder([promise, inclusion]);
  return time;
}

/** Rekor v1: the signed entry timestamp covers body, time, log and index. */
async function checkPromise(entry: ClaimedLogEntry, log: TrustedLog): Promise<number> {
  const { signedEntryTimestamp, integratedTime, path } = entry;
  if (signedEntryTimestamp === null || integratedTime === null) {
    return fail("LOG_PROMISE_MISSING", `${path}: expected a signed entry timestamp and its time`);
  }
  await checkSignature(
    log.verifier,
    signedEntryTimestamp,
    encodeUtf8(promiseText(entry, integratedTime)),
    "LOG_PROMISE_INVALID",
    `${path}.inclusionPromise`,
  );
  return Number(integratedTime) * 1000;
}

/** What the promise is signed over: canonical JSON (RFC 8785) of these four members. */
function promiseText(entry: ClaimedLogEntry, integratedTime: bigint): string {
  const logId = encodeHex(entry.logId);
  return (
    `{"body":"${entry.encodedBody}","integratedTime":${integratedTime},` +
    `"logID":"${logId}","logIndex":${entry.logIndex}}`
  );
}

/** Rekor v2 makes no promises, so one that is there was made by somebody else. */
async function refusePromise(entry: ClaimedLogEntry): Promise<null> {
  if (entry.signedEntryTimestamp !== null || entry.integratedTime !== null) {
    fail("LOG_ENTRY_INVALID", `${entry.path}: expected no signed entry timestamp and no time`);
  }
  return null;
}

async function verifyInclusion(
  entry: ClaimedLogEntry,
  log: TrustedLog,
  generation: 1 | 2,
): Promise<void> {
  const { inclusionProof: proof, path } = entry;
  if (proof === null) {
    return fail("INCLUSION_PROOF_MISSING", `${path}: expected an inclusion proof, found none`);
  }
  if (generation === 2 && proof.logIndex !== entry.logIndex) {
    fail("INCLUSION_PROOF_INVALID", `${path}: the two indexes differ`);
  }
  const what = `${path}.inclusionProof.checkpoint`;
  if (proof.checkpoint === null) {
    return fail("CHECKPOINT_MISSING", `${what}: expected a checkpoint, found none`);
  }
  const checkpoint = parseCheckpoint(proof.checkpoint, what);
  await inOrder([
    checkCheckpointSignature(checkpoint, log, what),
    checkPath(entry, proof, checkpoint),
  ]);
}

async function checkPath(
  entry: ClaimedLogEntry,
  proof: ClaimedInclusionProof,
  checkpoint: ParsedCheckpoint,
): Promise<void> {
  await othersFirst;
  const what = `${entry.path}.inclusionProof`;
  const sameRoot = equalBytes(proof.rootHash, checkpoint.rootHash);
  if (proof.treeSize !== checkpoint.treeSize || !sameRoot) {
    fail("INCLUSION_PROOF_INVALID", `${what}: its tree is not the checkpoint's`);
  }
  await checkInclusion(entry.canonicalizedBody, proof, checkpoint.rootHash, what);
}
