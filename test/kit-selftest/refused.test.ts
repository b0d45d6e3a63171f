import { expect, test } from "vitest";
import {
  type SignChanges,
  type SignOptions,
  createSigstore,
  drop,
  flipBit,
  integer,
  later,
  malleate,
  put,
  sequence,
  statementOf,
  withKey,
} from "@pubpin/test-kit";
import { verdict } from "./oracle.ts";

const sigstore = await createSigstore();
const root = await sigstore.trustedRootJson();
const other = await createSigstore();
const leaf = await sigstore.issue({ kind: "GitHub", repository: "octo/example" });
const statement = statementOf([{ name: "a-1.0.tar.gz", sha256: "ab".repeat(32) }]);
const past = new Date("2025-12-31T00:00:00Z");

interface Case {
  readonly what: string;
  readonly change: SignChanges;
  readonly expected: string;
  readonly options?: SignOptions;
}

const rekor2: SignOptions = { log: "rekor2" };
const zeros = "00".repeat(32);

/**
 * The expected code says where sigstore-js noticed: that everything it looked at before that still held
 * is what shows that one thing alone was wrong. It looks at times, certificate, promise, proof, body and
 * signature, in this order.
 */
const WITH_LEAF: readonly Case[] = [
  {
    what: "the payload hash in the body",
    change: { body: put("spec.payloadHash.value", zeros) },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the payload hash in a version 2 body",
    change: { body: put("spec.dsseV002.payloadHash.digest", btoa("x".repeat(32))) },
    options: rekor2,
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the payload hash in an intoto body",
    change: { body: put("spec.content.payloadHash.value", zeros) },
    options: { entry: "intoto" },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the digest in a hashedrekord",
    change: { body: put("spec.data.hash.value", zeros) },
    options: { entry: "hashedrekord" },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the signature in the body",
    change: { body: put("spec.signatures.0.signature", "AAAA") },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the kind in the entry",
    change: { entry: put("kindVersion.kind", "hashedrekord") },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the number of signatures in the body",
    change: { body: drop("spec.signatures.0") },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "the body in the entry",
    change: { entry: put("canonicalizedBody", btoa("{}")) },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    what: "the promise's time",
    change: { promise: put("integratedTime", 1) },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    what: "the promise's signature",
    change: { promiseSignature: flipBit },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    what: "the log id",
    change: { logId: flipBit },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    what: "the leaf hash",
    change: { leafHash: flipBit },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the tree's size, signed",
    change: { tree: put("size", 1) },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the root hash, signed",
    change: { tree: put("rootHash", new Uint8Array(32)) },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the index in the proof",
    change: { proof: put("index", 2) },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "a hash in the proof",
    change: { proof: put("hashes.0", new Uint8Array(32)) },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the checkpoint's text",
    change: { checkpointText: (text) => text.replace(/\n\d+\n/, "\n7\n") },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the checkpoint's signature",
    change: { checkpointSignature: flipBit },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the signer's name in the checkpoint",
    change: { checkpointSignatures: put("0.name", "other") },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the key hint in the checkpoint",
    change: { checkpointSignatures: put("0.keyHint", new Uint8Array(4)) },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the checkpoint's only signature",
    change: { checkpointSignatures: drop("0") },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    what: "the version 2 checkpoint's signature",
    change: { checkpointSignature: flipBit },
    options: rekor2,
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  { what: "the signed bytes", change: { pae: flipBit }, expected: "SIGNATURE_ERROR" },
  {
    what: "the envelope's signature, everywhere",
    change: { signature: flipBit },
    expected: "SIGNATURE_ERROR",
  },
  {
    what: "the envelope's signature, with another key",
    change: { signature: (_, bytes) => other.authorities.ctLog.signer.sign(bytes) },
    expected: "SIGNATURE_ERROR",
  },
  {
    what: "the payload after signing",
    change: { envelope: (envelope) => ({ ...envelope, payload: flipBit(envelope.payload) }) },
    expected: "SIGNATURE_ERROR",
  },
  {
    what: "the bundle's signature alone",
    change: {
      bundle: put("dsseEnvelope.signatures.0.sig", (sig: string) =>
        btoa(
          String.fromCharCode(
            ...malleate(
              Uint8Array.from(atob(sig), (c) => c.charCodeAt(0)),
              "P-256",
            ),
          ),
        ),
      ),
    },
    expected: "TLOG_BODY_ERROR",
  },
  {
    what: "what is stamped",
    change: { stamped: flipBit },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
  {
    what: "the stamp's imprint",
    change: { tstInfo: put("imprint", new Uint8Array(32)) },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
  {
    what: "the stamp's signature",
    change: { timestampSignature: flipBit },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
  {
    what: "the stamp's message digest",
    change: { signedAttributes: put("2.values.0", Uint8Array.of(4, 1, 0)) },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
  {
    what: "the stamp's content type",
    change: { signedData: put("contentType", "1.2.840.113549.1.7.1") },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
  {
    what: "the stamp's signer",
    change: { signerInfo: put("sid", sequence(sequence(), integer(0))) },
    options: rekor2,
    expected: "TIMESTAMP_ERROR",
  },
];

test.each(WITH_LEAF)(
  "sigstore-js refuses a change of $what",
  async ({ change, expected, options }) => {
    expect(verdict(root, await sigstore.sign({ statement, leaf, ...options }))).toBe("accepted");
    const signed = await sigstore.sign({ statement, leaf, ...options, change });
    expect(verdict(root, signed)).toBe(expected);
  },
);

const ISSUING: readonly Case[] = [
  { what: "the SCT's time", change: { sct: put("timestamp", 0) }, expected: "CERTIFICATE_ERROR" },
  {
    what: "the SCT's log",
    change: { sct: put("logId", new Uint8Array(32)) },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the SCT's issuer",
    change: { sct: put("issuerKeyHash", new Uint8Array(32)) },
    expected: "CERTIFICATE_ERROR",
  },
  { what: "the SCT's signature", change: { sctSignature: flipBit }, expected: "CERTIFICATE_ERROR" },
  { what: "the list of SCTs", change: { scts: () => [] }, expected: "CERTIFICATE_ERROR" },
  {
    what: "the precertificate",
    change: { precertificate: flipBit },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the certificate's start, after the SCT",
    change: { leafWithSct: put("notBefore", past) },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the certificate's end",
    change: { leaf: put("notAfter", past) },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the certificate's issuer",
    change: { leaf: put("issuer", Uint8Array.of(0x30, 0)) },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the certificate's signature",
    change: { leafSignature: flipBit },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the certificate's key",
    change: { leaf: put("spki", other.authorities.ctLog.signer.spki) },
    expected: "SIGNATURE_ERROR",
  },
  {
    what: "the time of the log entry",
    change: {},
    options: { integratedTime: later("2026-01-02T03:04:05Z", 601) },
    expected: "CERTIFICATE_ERROR",
  },
  {
    what: "the time of the stamp",
    change: {},
    options: { log: "rekor2", timestamps: [{ genTime: past }] },
    expected: "CERTIFICATE_ERROR",
  },
];

test.each(ISSUING)(
  "sigstore-js refuses a change of $what",
  async ({ change, expected, options }) => {
    const signed = await sigstore.sign({ statement, ...options, change });
    expect(verdict(root, signed)).toBe(expected);
  },
);

const theirs = other.authorities;
const ours = sigstore.authorities;
const FOREIGN: readonly { who: string; options: SignOptions; expected: string }[] = [
  { who: "CA", options: { using: { ca: theirs.ca } }, expected: "CERTIFICATE_ERROR" },
  { who: "CT log", options: { using: { ctLog: theirs.ctLog } }, expected: "CERTIFICATE_ERROR" },
  {
    who: "log",
    options: { using: { rekor1: theirs.rekor1 } },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    who: "log, version 2",
    options: { log: "rekor2", using: { rekor2: theirs.rekor2 } },
    expected: "TLOG_INCLUSION_PROOF_ERROR",
  },
  {
    who: "time stamp authority",
    options: { log: "rekor2", using: { tsa: theirs.tsa } },
    expected: "TIMESTAMP_ERROR",
  },
  {
    who: "CA's key",
    options: { using: { ca: withKey(ours.ca, theirs.ca.signer) } },
    expected: "CERTIFICATE_ERROR",
  },
  {
    who: "CT log's key",
    options: { using: { ctLog: withKey(ours.ctLog, theirs.ctLog.signer) } },
    expected: "CERTIFICATE_ERROR",
  },
  {
    who: "log's key",
    options: { using: { rekor1: withKey(ours.rekor1, theirs.rekor1.signer) } },
    expected: "TLOG_INCLUSION_PROMISE_ERROR",
  },
  {
    who: "time stamp authority's key",
    options: { log: "rekor2", using: { tsa: withKey(ours.tsa, theirs.tsa.signer) } },
    expected: "TIMESTAMP_ERROR",
  },
];

test.each(FOREIGN)("sigstore-js refuses another instance's $who", async ({ options, expected }) => {
  expect(verdict(root, await sigstore.sign({ statement, ...options }))).toBe(expected);
});

test("sigstore-js refuses an intermediate certificate that had expired", async () => {
  const expired = await createSigstore({
    change: { intermediate: { fields: put("notAfter", past) } },
  });
  expect(verdict(await expired.trustedRootJson(), await expired.sign({ statement }))).toBe(
    "CERTIFICATE_ERROR",
  );
});

test("sigstore-js refuses a trust root without the log", async () => {
  const without = await sigstore.trustedRootJson(drop("tlogs.0"));
  expect(verdict(without, await sigstore.sign({ statement, leaf }))).toBe(
    "TLOG_INCLUSION_PROMISE_ERROR",
  );
});

test("a change that nothing applies is an error of the test's own", async () => {
  const stampless = sigstore.sign({ statement, leaf, change: { tstInfo: put("version", 2) } });
  await expect(stampless).rejects.toThrow("changes that nothing applied: tstInfo");
  const issued = sigstore.sign({ statement, leaf, change: { sctSignature: flipBit } });
  await expect(issued).rejects.toThrow("sctSignature");
  expect(() => put("no.such", 1)({})).toThrow("nothing to change at no");
  expect(() => drop("no")({})).toThrow("nothing to remove at no");
});
