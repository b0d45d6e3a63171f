/**
 * Twins of negative cases in the Sigstore conformance suite that are refused there for another
 * reason than their own: valid here, but for the one thing that the case is named after.
 */
import { base64, createSigstore, put, withKey } from "@pubpin/test-kit";
import { expect, test } from "vitest";
import { type BundleAttempt, ours, theirs, tryBundle } from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

const rekor2 = { log: "rekor2" } as const;
const rootCertificate = { rawBytes: base64(ours.ca.chain[1] ?? new Uint8Array()) };

const TWINS: readonly (readonly [
  of: string,
  code: string,
  valid: BundleAttempt,
  wrong: BundleAttempt,
])[] = [
  [
    "bundle-with-root-cert",
    "BUNDLE_INVALID",
    { bundleVersion: "0.2" },
    {
      change: {
        bundle: put("verificationMaterial.x509CertificateChain.certificates.1", rootCertificate),
      },
    },
  ],
  [
    "bundle-empty-certificate-chain",
    "BUNDLE_INVALID",
    { bundleVersion: "0.1" },
    {
      change: { bundle: put("verificationMaterial.x509CertificateChain.certificates", []) },
    },
  ],
  [
    "bundle-unknown-version",
    "BUNDLE_VERSION_UNSUPPORTED",
    {},
    {
      change: { bundle: put("mediaType", "application/vnd.dev.sigstore.bundle.v99.9+json") },
    },
  ],
  [
    "bundle-negative-log-index",
    "BUNDLE_INVALID",
    rekor2,
    {
      change: { entry: put("logIndex", "-1") },
    },
  ],
  [
    "bundle-negative-log-index, in the proof",
    "BUNDLE_INVALID",
    {},
    {
      change: { entry: put("inclusionProof.logIndex", "-1") },
    },
  ],
  [
    "invalid-ct-key",
    "SCT_INVALID",
    {},
    {
      trust: put("ctlogs.0.publicKey.rawBytes", base64(theirs.ctLog.signer.spki)),
    },
  ],
  [
    "invalid-ct-key, in the log's name",
    "SCT_INVALID",
    {},
    {
      using: { ctLog: withKey(ours.ctLog, theirs.ctLog.signer) },
    },
  ],
  [
    "incorrect-public-key",
    "LOG_PROMISE_INVALID",
    {},
    {
      trust: put("tlogs.0.publicKey.rawBytes", base64(theirs.rekor1.signer.spki)),
    },
  ],
  [
    "incorrect-public-key, of the signer",
    "SIGNATURE_INVALID",
    {},
    {
      change: { leaf: put("spki", theirs.ctLog.signer.spki) },
    },
  ],
  [
    "signature-mismatch",
    "SIGNATURE_INVALID",
    {},
    {
      change: { signature: (_, signed) => theirs.ctLog.signer.sign(signed) },
    },
  ],
  [
    "integrated-time-in-future",
    "CERTIFICATE_EXPIRED",
    {},
    {
      integratedTime: "2039-12-31T23:59:59Z",
    },
  ],
  ["bundle-from-wrong-instance", "TRUST_ROOT_UNKNOWN_KEY", {}, { using: theirs }],
  [
    "intoto-missing-inclusion-proof",
    "INCLUSION_PROOF_MISSING",
    { entry: "intoto" },
    {
      inclusionProof: false,
    },
  ],
  [
    "checkpoint-bad-keyhint",
    "CHECKPOINT_SIGNATURE_INVALID",
    {},
    {
      change: { checkpointSignatures: put("0.keyHint", new Uint8Array(4)) },
    },
  ],
  [
    "checkpoint-wrong-roothash",
    "INCLUSION_PROOF_INVALID",
    {},
    {
      change: { checkpointText: (text) => text.replace(/[^\n]{43}=/, `${"A".repeat(43)}=`) },
    },
  ],
  [
    "rekor2-timestamp-outside-tsa-cert-validity",
    "TIMESTAMP_EXPIRED",
    rekor2,
    {
      instance: () =>
        createSigstore({
          change: { tsa: { fields: put("notAfter", new Date("2026-01-01T00:00:00Z")) } },
        }),
    },
  ],
];

test.each(TWINS)("the twin of %s is refused with %s", async (_, code, valid, wrong) => {
  await tryBundle(valid);
  expect(await codeOf(() => tryBundle({ ...valid, ...wrong }))).toBe(code);
});
