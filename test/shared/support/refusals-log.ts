/** What must not be accepted of a transparency log: its promise, its proof. */
import {
  base64,
  drop,
  type EntryChanges,
  type Inclusion,
  flipBit,
  put,
  trailing,
  withKey,
} from "@pubpin/test-kit";
import type { ErrorCode } from "@pubpin/shared";
import { type BundleAttempt, ours, theirs } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

/** An entry that differs in one thing. */
export function ofEntry(
  code: ErrorCode,
  claim: string,
  change: EntryChanges,
  valid: BundleAttempt = {},
): Refusal {
  return ofBundle(code, claim, { change }, valid);
}

const rekor2 = { log: "rekor2" } as const;

/** Whether there is an entry of a known log. */
export const ENTRY_REFUSALS: readonly Refusal[] = [
  ofBundle("LOG_ENTRY_MISSING", "a signature that no log recorded", {
    change: { bundle: put("verificationMaterial.tlogEntries", []) },
  }),
  ofBundle("LOG_ENTRY_DUPLICATE", "a signature with two entries of one log", {
    furtherEntries: [{}],
  }),
  ofBundle("LOG_ENTRY_DUPLICATE", "a signature with two entries of one log beside another", {
    furtherEntries: [{ log: "rekor2" }, {}],
  }),
  ofBundle(
    "LOG_PROMISE_INVALID",
    "a signature of which one entry is right and the second is forged",
    { furtherEntries: [{ log: "rekor1", change: { promiseSignature: flipBit } }] },
    rekor2,
  ),
  ofBundle("TRUST_ROOT_UNKNOWN_KEY", "an entry of a log that the trust root does not know", {
    using: { rekor1: theirs.rekor1 },
  }),
  ofBundle(
    "TRUST_ROOT_UNKNOWN_KEY",
    "an entry of a Rekor v2 log that the trust root does not know",
    { using: { rekor2: theirs.rekor2 } },
    rekor2,
  ),
  ofBundle("TRUST_ROOT_UNKNOWN_KEY", "an entry of a log that was dropped from the trust root", {
    trust: drop("tlogs.0"),
  }),
  ofEntry("TRUST_ROOT_UNKNOWN_KEY", "an entry under another log's identifier", { logId: flipBit }),
  ofBundle("TRUST_ROOT_INVALID", "an entry of a log whose validity has no start", {
    trust: drop("tlogs.0.publicKey.validFor.start"),
  }),
  ofBundle("TRUST_ROOT_INVALID", "an entry of a log whose kind of key is not supported", {
    trust: put("tlogs.0.publicKey.keyDetails", "PKIX_RSA_PKCS1V5"),
  }),
  ofBundle("LOG_PROMISE_INVALID", "an entry by a stranger in a Rekor v1 log's name", {
    using: { rekor1: withKey(ours.rekor1, theirs.rekor1.signer) },
  }),
  ofBundle(
    "CHECKPOINT_SIGNATURE_INVALID",
    "an entry by a stranger in a Rekor v2 log's name",
    { using: { rekor2: withKey(ours.rekor2, theirs.rekor2.signer) } },
    rekor2,
  ),
  ofBundle("LOG_EXPIRED", "an entry from after the log's key was in use", {
    trust: put("tlogs.0.publicKey.validFor.end", "2026-01-02T03:04:05Z"),
  }),
  ofBundle("LOG_EXPIRED", "an entry from before the log's key was in use", {
    trust: put("tlogs.0.publicKey.validFor.start", "2026-01-02T03:04:07Z"),
  }),
  ofBundle(
    "LOG_EXPIRED",
    "a timestamp from after the Rekor v2 log's key was in use",
    { trust: put("tlogs.1.publicKey.validFor.end", "2026-01-02T03:04:06Z") },
    rekor2,
  ),
];

/** The signed entry timestamp of Rekor v1. */
export const PROMISE_REFUSALS: readonly Refusal[] = [
  ofBundle("LOG_PROMISE_MISSING", "an entry without a promise", { inclusionPromise: false }),
  ofBundle(
    "LOG_PROMISE_MISSING",
    "an entry without a promise, though an authority vouches for the time",
    { inclusionPromise: false },
    { timestamps: [{}] },
  ),
  ofEntry("LOG_PROMISE_MISSING", "an entry without a time", {
    entry: drop("integratedTime"),
  }),
  ofEntry("LOG_PROMISE_MISSING", "an entry with the time 0", { entry: put("integratedTime", "0") }),
  ofEntry("LOG_PROMISE_INVALID", "a promise whose signature was altered", {
    promiseSignature: flipBit,
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise whose signature has trailing bytes", {
    promiseSignature: (signature) => trailing(signature),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise by a stranger in the log's name", {
    promiseSignature: (_, promise) => theirs.rekor1.signer.sign(promise),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise for another body", {
    promise: put("body", base64(new Uint8Array(8))),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise at another time", {
    entry: put("integratedTime", "1767323047"),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise for another index", {
    entry: put("logIndex", "999"),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise of another log", {
    promise: put("logID", "00".repeat(32)),
  }),
  ofEntry("LOG_PROMISE_INVALID", "a promise in JSON that is not canonical", {
    promiseBytes: (bytes) => new Uint8Array([0x20, ...bytes]),
  }),
  ofEntry(
    "LOG_ENTRY_INVALID",
    "a promise for an entry of Rekor v2",
    { entry: put("inclusionPromise", { signedEntryTimestamp: "AAAA" }) },
    rekor2,
  ),
  ofEntry(
    "LOG_ENTRY_INVALID",
    "a time that Rekor v2 does not vouch for",
    { entry: put("integratedTime", "1767323046") },
    rekor2,
  ),
  ofEntry(
    "BUNDLE_INVALID",
    "an entry with a negative index",
    { entry: put("logIndex", "-1") },
    rekor2,
  ),
];

function zeroHash(inclusion: Inclusion): Inclusion {
  return { ...inclusion, hashes: [new Uint8Array(32), ...inclusion.hashes.slice(1)] };
}

/** A place in a tree with siblings on both sides, so that every part of a proof is needed. */
const INSIDE = { treeIndex: 5, treeSize: 11 } as const;

/** The inclusion proof. */
export const PROOF_REFUSALS: readonly Refusal[] = [
  ofBundle("INCLUSION_PROOF_MISSING", "an entry with a promise alone", { inclusionProof: false }),
  ofBundle(
    "INCLUSION_PROOF_MISSING",
    "an entry without a proof",
    { inclusionProof: false },
    rekor2,
  ),
  ofEntry("INCLUSION_PROOF_INVALID", "a proof for another body", { leafHash: flipBit }),
  ofEntry("INCLUSION_PROOF_INVALID", "a proof with a wrong hash", { proof: zeroHash }, INSIDE),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof with a hash too many",
    { proof: (all) => ({ ...all, hashes: [...all.hashes, new Uint8Array(32)] }) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof with a hash too few",
    { proof: (all) => ({ ...all, hashes: all.hashes.slice(0, -1) }) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof without hashes in a tree of many",
    { tree: (all) => ({ ...all, hashes: [] }) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof with its hashes in another order",
    { proof: (all) => ({ ...all, hashes: all.hashes.toReversed() }) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof for another place",
    { proof: put("index", 6) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof for a place beyond the tree",
    { proof: put("index", 11) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof in a tree of another size than the signed one",
    { proof: put("size", 12) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof to another root than the signed one",
    { proof: put("rootHash", new Uint8Array(32)) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof to a signed root of another tree",
    { tree: put("rootHash", new Uint8Array(32)) },
    INSIDE,
  ),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "a proof in a signed tree of another size",
    { tree: put("size", 4) },
    INSIDE,
  ),
  ofEntry("INCLUSION_PROOF_INVALID", "a proof in an empty tree", { tree: put("size", 0) }),
  ofEntry(
    "INCLUSION_PROOF_INVALID",
    "an entry of Rekor v2 whose proof is for another index",
    { entry: (entry) => ({ ...entry, logIndex: String(Number(entry["logIndex"]) + 1) }) },
    rekor2,
  ),
  ofEntry(
    "LIMIT_EXCEEDED",
    "a proof of 64 hashes",
    { proof: (all) => ({ ...all, hashes: Array.from({ length: 64 }, () => new Uint8Array(32)) }) },
    INSIDE,
  ),
];

/** All of them. */
export const LOG_REFUSALS: readonly Refusal[] = [
  ...ENTRY_REFUSALS,
  ...PROMISE_REFUSALS,
  ...PROOF_REFUSALS,
];
