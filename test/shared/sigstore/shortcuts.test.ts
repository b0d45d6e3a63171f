/** Steps that a verifier might think it can leave out, because another one passed. */
import {
  base64,
  basicConstraints,
  concat,
  drop,
  flipBit,
  fromBase64,
  fromUtf8,
  type JsonObject,
  leafHash,
  malleate,
  put,
  utf8,
  withKey,
} from "@pubpin/test-kit";
import { expect, test } from "vitest";
import { claimOid, replaceExtension, withoutExtension } from "../support/extensions.ts";
import {
  type BundleAttempt,
  MESSAGE,
  ours,
  sigstore,
  theirs,
  tryBundle,
} from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

const rekor2 = { log: "rekor2" } as const;

async function verdict(attempt: BundleAttempt): Promise<string> {
  return codeOf(() => tryBundle(attempt));
}

/** JSON of the same meaning with a space in it. */
function spaced(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return utf8(fromUtf8(bytes).replace(":", ": "));
}

test("a promise that holds does not make up for a checkpoint, nor a checkpoint for a promise", async () => {
  await tryBundle();
  expect(await verdict({ change: { checkpointSignature: flipBit } })).toBe(
    "CHECKPOINT_SIGNATURE_INVALID",
  );
  expect(await verdict({ change: { promiseSignature: flipBit } })).toBe("LOG_PROMISE_INVALID");
  expect(await verdict({ inclusionPromise: false })).toBe("LOG_PROMISE_MISSING");
  expect(await verdict({ inclusionProof: false })).toBe("INCLUSION_PROOF_MISSING");
});

test("an authority's time does not make up for the promise of Rekor v1", async () => {
  const timestamps = [{}];
  await tryBundle({ timestamps });
  expect(await verdict({ timestamps, inclusionPromise: false })).toBe("LOG_PROMISE_MISSING");
  const change = { promiseSignature: flipBit };
  expect(await verdict({ timestamps, change })).toBe("LOG_PROMISE_INVALID");
});

test("the time of Rekor v1 is not used before its promise holds", async () => {
  const entry = put("integratedTime", "4102444800");
  expect(await verdict({ change: { entry } })).toBe("LOG_PROMISE_INVALID");
});

test("a promise is over the body's own bytes, canonical or not", async () => {
  await tryBundle({ change: { bodyBytes: spaced } });
  const entry = put("canonicalizedBody", (body: string) => base64(spaced(fromBase64(body))));
  expect(await verdict({ change: { entry } })).toBe("LOG_PROMISE_INVALID");
});

test("an inclusion proof is over the body's own bytes, canonical or not", async () => {
  await tryBundle({ ...rekor2, change: { bodyBytes: spaced } });
  const entry = put("canonicalizedBody", (body: string) => base64(spaced(fromBase64(body))));
  expect(await verdict({ ...rekor2, change: { entry } })).toBe("INCLUSION_PROOF_INVALID");
});

test("a chain that holds does not make up for a timestamp of a certificate log", async () => {
  const leafWithSct = withoutExtension("1.3.6.1.4.1.11129.2.4.2");
  expect(await verdict({ change: { leafWithSct } })).toBe("SCT_MISSING");
  const unknown = { ctLog: theirs.ctLog };
  expect(await verdict({ using: unknown })).toBe("TRUST_ROOT_UNKNOWN_KEY");
});

test("a root hash is computed from the entry, not taken from the proof", async () => {
  const lonely = await leafHash(utf8("another entry"));
  const tree = { index: 0, size: 1, hashes: [], rootHash: lonely };
  expect(await verdict({ ...rekor2, logIndex: 0, change: { tree: () => tree } })).toBe(
    "INCLUSION_PROOF_INVALID",
  );
});

test("a tree's size is the one that was signed", async () => {
  const place = { treeIndex: 0, treeSize: 3 } as const;
  await tryBundle(place);
  expect(await verdict({ ...place, change: { proof: put("size", 4) } })).toBe(
    "INCLUSION_PROOF_INVALID",
  );
});

test("a payload's hash is computed, not taken from the log", async () => {
  const zeros = "00".repeat(32);
  const body = put("spec.payloadHash.value", zeros);
  expect(await verdict({ change: { body } })).toBe("LOG_ENTRY_MISMATCH");
});

test("an envelope that verifies does not make up for another recorded signature", async () => {
  const bundle = put("dsseEnvelope.signatures.0.sig", (sig: string) =>
    base64(malleate(fromBase64(sig), "P-256")),
  );
  await tryBundle();
  expect(await verdict({ change: { bundle } })).toBe("LOG_ENTRY_MISMATCH");
});

test("a recorded signature does not make up for one that does not hold", async () => {
  expect(await verdict({ change: { signature: flipBit } })).toBe("SIGNATURE_INVALID");
  expect(await verdict({ message: MESSAGE, change: { signature: flipBit } })).toBe(
    "SIGNATURE_INVALID",
  );
});

test("one promise, timestamp or entry that holds does not make up for one that does not", async () => {
  const later = { genTime: "2026-01-02T03:04:30Z" };
  const stamps = { ...rekor2, timestamps: [{}, later] };
  await tryBundle(stamps);
  const wrong = { ...later, change: { timestampSignature: flipBit } };
  for (const timestamps of [
    [{}, wrong],
    [wrong, {}],
  ]) {
    expect(await verdict({ ...stamps, timestamps })).toBe("TIMESTAMP_INVALID");
  }
  const entries = { furtherEntries: [rekor2] };
  await tryBundle(entries);
  const forged = { ...rekor2, change: { checkpointSignature: flipBit } };
  expect(await verdict({ furtherEntries: [forged] })).toBe("CHECKPOINT_SIGNATURE_INVALID");
});

test("a timestamp from nobody known does not pass beside one from somebody known", async () => {
  const [own, foreign] = await Promise.all([
    sigstore.sign({ message: MESSAGE, ...rekor2 }),
    sigstore.sign({ message: MESSAGE, ...rekor2, using: { tsa: theirs.tsa } }),
  ]);
  expect(own.timestamps).toHaveLength(1);
  const stamp = base64(foreign.timestamps[0] ?? new Uint8Array());
  const path = "verificationMaterial.timestampVerificationData.rfc3161Timestamps.1";
  const bundle = put(path, { signedTimestamp: stamp });
  expect(await verdict({ ...rekor2, change: { bundle } })).toBe("TRUST_ROOT_UNKNOWN_KEY");
});

test("a certificate that a leaf of the same chain issued is refused", async () => {
  const leaf = await sigstore.issue({ kind: "GitHub", repository: "octo/example" });
  const impostor = {
    ...withKey(ours.ca, leaf.signer),
    chain: [leaf.certificate, ...ours.ca.chain],
  };
  expect(await verdict({ using: { ca: impostor } })).toBe("CERTIFICATE_CHAIN_INVALID");
});

test("an authority's own certificate signs nothing", async () => {
  const change = {
    leaf: (fields: Parameters<ReturnType<typeof withoutExtension>>[0]) => ({
      ...fields,
      extensions: [...fields.extensions, basicConstraints(true)],
    }),
  };
  expect(await verdict({ change })).toBe("CERTIFICATE_INVALID");
});

test("intermediates come from the trust root, never from the bundle", async () => {
  const trust = (usual: JsonObject): JsonObject =>
    drop("certificateAuthorities.0.certChain.certificates.0")(usual);
  const intermediate = { rawBytes: base64(ours.ca.chain[0] ?? new Uint8Array()) };
  const bundle = put("verificationMaterial.x509CertificateChain.certificates.1", intermediate);
  expect(await verdict({ trust })).toBe("TRUST_ROOT_UNKNOWN_KEY");
  expect(await verdict({ trust, bundleVersion: "0.2", change: { bundle } })).toBe("BUNDLE_INVALID");
});

test("a checkpoint's signer is bound by name, not by key alone", async () => {
  const named = { ...ours.rekor2, host: "other.example" };
  expect(await verdict({ ...rekor2, using: { rekor2: named } })).toBe(
    "CHECKPOINT_SIGNATURE_INVALID",
  );
});

test("a claim is what it says under its own number, and no other", async () => {
  const swapped = replaceExtension(claimOid(8), (usual) => ({ ...usual, oid: claimOid(7) }));
  const { certificate } = await tryBundle({ change: { leaf: swapped } });
  expect(certificate?.claims.has(7)).toBe(false);
  expect(certificate?.claims.has(8)).toBe(false);
  expect(certificate?.issuer).toBe(certificate?.claims.get(1));
});

test("bytes after a signature's value are not overlooked, in any place that has one", async () => {
  const append = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => concat(bytes, Uint8Array.of(0));
  const codes = {
    signature: "SIGNATURE_INVALID",
    promiseSignature: "LOG_PROMISE_INVALID",
    checkpointSignature: "CHECKPOINT_SIGNATURE_INVALID",
    sctSignature: "SCT_INVALID",
    leafSignature: "CERTIFICATE_CHAIN_INVALID",
  };
  for (const [place, code] of Object.entries(codes)) {
    expect(await verdict({ change: { [place]: append } })).toBe(code);
  }
  const stamped = { ...rekor2, change: { timestampSignature: append } };
  expect(await verdict(stamped)).toBe("TIMESTAMP_INVALID");
});
