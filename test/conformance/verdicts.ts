import type { ErrorCode } from "@pubpin/shared";

/**
 * Why each negative case of the suite is refused. A case that is refused for another reason than
 * the one it is about proves little; those have a minted twin in `twins.isomorphic.test.ts`.
 */
export const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  "bundle-empty-certificate-chain_fail": "BUNDLE_INVALID",
  "bundle-from-wrong-instance_fail": "TRUST_ROOT_UNKNOWN_KEY",
  "bundle-invalid-base64-signature_fail": "BASE64_INVALID",
  "bundle-malformed-json_fail": "JSON_INVALID",
  "bundle-negative-log-index_fail": "BUNDLE_INVALID",
  "bundle-unknown-version_fail": "BUNDLE_VERSION_UNSUPPORTED",
  "bundle-with-root-cert_fail": "BUNDLE_INVALID",
  "checkpoint-bad-keyhint_fail": "CHECKPOINT_SIGNATURE_INVALID",
  "checkpoint-wrong-roothash_fail": "INCLUSION_PROOF_INVALID",
  // Twin: the signature is the one that the log recorded.
  "dsse-invalid-sig_fail": "LOG_ENTRY_MISMATCH",
  // Twin: nothing but the payload is another.
  "dsse-mismatch-envelope_fail": "LOG_ENTRY_MISMATCH",
  "dsse-mismatch-sig_fail": "LOG_ENTRY_MISMATCH",
  "inclusion-proof-corrupted-hash_fail": "INCLUSION_PROOF_INVALID",
  "incorrect-public-key_fail": "LOG_PROMISE_INVALID",
  "integrated-time-in-future_fail": "CERTIFICATE_EXPIRED",
  "intoto-expired-certificate_fail": "CERTIFICATE_EXPIRED",
  // Twin: the recorded signature is well-formed.
  "intoto-log-entry-mismatch_fail": "UTF8_INVALID",
  "intoto-missing-inclusion-proof_fail": "INCLUSION_PROOF_MISSING",
  "intoto-set-outside-signing-cert-validity_fail": "CERTIFICATE_EXPIRED",
  "intoto-tsa-timestamp-outside-cert-validity_fail": "CERTIFICATE_EXPIRED",
  "invalid-checkpoint-signature_fail": "CHECKPOINT_SIGNATURE_INVALID",
  "invalid-ct-key_fail": "TRUST_ROOT_UNKNOWN_KEY",
  // Twin: it has a checkpoint.
  "invalid-inclusion-proof_fail": "CHECKPOINT_MISSING",
  "managed-key-no-key_fail": "IDENTITY_MISMATCH",
  // Twin: the key is a well-formed one.
  "managed-key-wrong-key_fail": "BASE64_INVALID",
  "message-digest-mismatch_fail": "ARTIFACT_MISMATCH",
  "rekor2-checkpoint-missing-log-signature_fail": "CHECKPOINT_SIGNATURE_INVALID",
  "rekor2-checkpoint-missing-origin_fail": "CHECKPOINT_INVALID",
  "rekor2-checkpoint-missing-root-hash_fail": "CHECKPOINT_INVALID",
  "rekor2-checkpoint-missing-size_fail": "CHECKPOINT_INVALID",
  "rekor2-checkpoint-no-matching-signature_fail": "CHECKPOINT_SIGNATURE_INVALID",
  // Twins as for version 1 of Rekor.
  "rekor2-dsse-invalid-sig_fail": "LOG_ENTRY_MISMATCH",
  "rekor2-dsse-mismatch-envelope_fail": "LOG_ENTRY_MISMATCH",
  "rekor2-dsse-mismatch-sig_fail": "LOG_ENTRY_MISMATCH",
  "rekor2-no-inclusion-proof_fail": "INCLUSION_PROOF_MISSING",
  "rekor2-no-timestamp_fail": "TIME_MISSING",
  "rekor2-timestamp-outside-trust-root-tsa-validity_fail": "TIMESTAMP_EXPIRED",
  "rekor2-timestamp-outside-tsa-cert-validity_fail": "TIMESTAMP_EXPIRED",
  "rekor2-timestamp-payload-mismatch_fail": "TIMESTAMP_MISMATCH",
  // Twins: the timestamp has every signed attribute that it needs.
  "rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail": "TIMESTAMP_INVALID",
  "rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail": "TIMESTAMP_INVALID",
  // Twin: the timestamp is well-formed.
  "rekor2-timestamp-with-incorrect-time_fail": "BASE64_INVALID",
  "set-invalid-signature_fail": "LOG_PROMISE_INVALID",
  "signature-mismatch_fail": "LOG_ENTRY_MISMATCH",
  "trust-root-tlog-missing-validity-start_fail": "TRUST_ROOT_INVALID",
  // Twins: the entry is another in its digest, its certificate or its signature alone.
  "wrong-hashedrekord-artifact_fail": "LOG_ENTRY_MISMATCH",
  "wrong-hashedrekord-cert-and-sig_fail": "LOG_ENTRY_MISMATCH",
  "wrong-hashedrekord-entry_fail": "LOG_ENTRY_MISMATCH",
  "wrong-material_fail": "ARTIFACT_MISMATCH",
};
