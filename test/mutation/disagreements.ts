/**
 * What sigstore-js accepts and pubpin refuses: one example for each code, valid but for one thing.
 * `docs/disagreements.md` gives the reasons.
 */
import type { ErrorCode } from "@pubpin/shared";
import {
  type AttestOptions,
  base64,
  type Bytes,
  type CertificateFields,
  concat,
  createSigstore,
  drop,
  editDer,
  fromUtf8,
  type GeneralName,
  type Json,
  type JsonObject,
  oid,
  pem,
  type ProvenanceBundle,
  type Publisher,
  put,
  sequence,
  type SignOptions,
  utf8,
} from "@pubpin/test-kit";

/** A provenance object that only one verifier accepts, made from a valid one. */
export interface ProvenanceExample {
  readonly code: ErrorCode;
  readonly what: string;
  readonly bundle?: Partial<ProvenanceBundle>;
  readonly attestation?: AttestOptions;
  readonly document?: (document: JsonObject) => JsonObject;
  readonly bytes?: (bytes: Bytes) => Bytes;
  readonly trustedRoot?: (root: JsonObject) => JsonObject;
  /** The file that it is presented for. */
  readonly filename?: string;
}

/** A Sigstore bundle that only one verifier accepts. */
export interface BundleExample {
  readonly code: ErrorCode;
  readonly what: string;
  readonly options: SignOptions;
}

/** The publisher of the examples. */
export const PUBLISHER: Publisher = { kind: "GitHub", repository: "octo/example" };

const ATTESTATION = "attestation_bundles.0.attestations.0";
const ENTRY = `${ATTESTATION}.verification_material.transparency_entries.0`;
const EXTENDED_KEY_USAGE = "2.5.29.37";
const NESTED = JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`) as Json;

const unknownIssuer = {
  subject: { kind: "uri", value: "https://forge.example/workflow" } satisfies GeneralName,
  claims: { 1: "https://forge.example", 8: "https://forge.example" },
};

const stranger = await createSigstore({ domain: "stranger.example" });
const { certificate: foreign } = await stranger.issue(PUBLISHER);
const foreignPem = base64(utf8(pem("CERTIFICATE", foreign)));

function withoutStart(path: string): (root: JsonObject) => JsonObject {
  return drop(`${path}.validFor.start`);
}

function withoutPurpose(leaf: CertificateFields): CertificateFields {
  return { ...leaf, extensions: leaf.extensions.filter((one) => one.oid !== EXTENDED_KEY_USAGE) };
}

/** One for each code that provenance objects are refused with. */
export const PROVENANCE_EXAMPLES: readonly ProvenanceExample[] = [
  {
    code: "BASE64_INVALID",
    what: "a line break inside base64",
    document: put(`${ATTESTATION}.envelope.signature`, (text: string) => `${text}\n`),
  },
  {
    code: "JSON_INVALID",
    what: "a key that stands twice",
    bytes: (bytes) => utf8(fromUtf8(bytes).replace("{", '{"version":2,')),
  },
  {
    code: "LIMIT_EXCEEDED",
    what: "lists in lists, forty deep",
    document: put("attestation_bundles.0.publisher.environment", NESTED),
  },
  {
    code: "PROVENANCE_INVALID",
    what: "a field that PEP 740 does not have",
    document: put(`${ATTESTATION}.comment`, "hello"),
  },
  {
    code: "PROVENANCE_VERSION_UNSUPPORTED",
    what: "version 2 of provenance objects",
    document: put("version", 2),
  },
  {
    code: "PROVENANCE_EMPTY",
    what: "a second publisher without attestations",
    document: put("attestation_bundles", ([first]: readonly JsonObject[]) => [
      first,
      { ...first, attestations: [] },
    ]),
  },
  {
    code: "PUBLISHER_CLAIM_MISMATCH",
    what: "an index that names another repository than the certificate",
    document: put("attestation_bundles.0.publisher.repository", "octo/other"),
  },
  {
    code: "PUBLISHER_KIND_UNKNOWN",
    what: "an issuer that is of no kind of publisher",
    bundle: { signer: unknownIssuer },
  },
  {
    code: "SUBJECT_MISMATCH",
    what: "a file of another project with the same digest",
    filename: "other-1.0-py3-none-any.whl",
  },
  {
    code: "STATEMENT_INVALID",
    what: "a statement of an older type",
    attestation: { change: { statement: put("_type", "https://in-toto.io/Statement/v0.1") } },
  },
  {
    code: "PREDICATE_UNKNOWN",
    what: "a predicate type that is not one of PyPI's",
    attestation: { change: { statement: put("predicateType", "https://example.org/v1") } },
  },
  {
    code: "CERTIFICATE_INVALID",
    what: "a certificate that is not for code signing",
    attestation: { change: { leaf: withoutPurpose } },
  },
  {
    code: "LOG_ENTRY_INVALID",
    what: "a log entry's body with an unknown field",
    attestation: { change: { body: put("spec.comment", "hello") } },
  },
  {
    code: "LOG_ENTRY_MISMATCH",
    what: "a log entry that records another certificate",
    attestation: { change: { body: put("spec.signatures.0.verifier", foreignPem) } },
  },
  {
    code: "PEM_INVALID",
    what: "a log entry that records no certificate",
    attestation: { change: { body: put("spec.signatures.0.verifier", base64(utf8("none"))) } },
  },
  {
    code: "INCLUSION_PROOF_INVALID",
    what: "an inclusion proof that states another root than its checkpoint",
    document: put(`${ENTRY}.inclusionProof.rootHash`, base64(new Uint8Array(32))),
  },
  {
    code: "CHECKPOINT_INVALID",
    what: "a checkpoint with a line that is no signature",
    attestation: { change: { checkpoint: (text) => `${text}hello\n` } },
  },
  {
    code: "CHECKPOINT_SIGNATURE_INVALID",
    what: "a checkpoint of another origin, signed by the log",
    attestation: { change: { checkpointText: (text) => text.replace(/^.*/, "other.example") } },
  },
  {
    code: "TRUST_ROOT_INVALID",
    what: "a log whose key has no start of validity in the trust root",
    trustedRoot: withoutStart("tlogs.0.publicKey"),
  },
  {
    code: "TRUST_ROOT_UNKNOWN_KEY",
    what: "an authority that has no start of validity in the trust root",
    trustedRoot: withoutStart("certificateAuthorities.0"),
  },
];

/** One for each further code that Sigstore bundles are refused with. */
export const BUNDLE_EXAMPLES: readonly BundleExample[] = [
  {
    code: "BUNDLE_INVALID",
    what: "a field that bundles do not have",
    options: { change: { bundle: put("verificationMaterial.comment", "hello") } },
  },
  {
    code: "BUNDLE_VERSION_UNSUPPORTED",
    what: "a version of the future",
    options: {
      change: {
        bundle: put("mediaType", "application/vnd.dev.sigstore.bundle.v0.9+json"),
      },
    },
  },
  {
    code: "DER_INVALID",
    what: "a timestamp with something after its end",
    options: {
      log: "rekor2",
      change: { timestampDer: (der) => editDer(der, [1], (token) => concat(token, token)) },
    },
  },
  {
    code: "KEY_UNSUPPORTED",
    what: "a timestamp whose signature is of an unknown algorithm",
    options: {
      log: "rekor2",
      change: {
        signerInfo: (info) => ({ ...info, signatureAlgorithm: sequence(oid("1.2.3.4")) }),
      },
    },
  },
  {
    code: "LOG_PROMISE_MISSING",
    what: "an entry of Rekor 1 with a timestamp in place of the promise",
    options: { inclusionPromise: false, timestamps: [{}] },
  },
  {
    code: "TIMESTAMP_INVALID",
    what: "a timestamp that carries a certificate which did not sign it",
    options: {
      log: "rekor2",
      timestamps: [{ embedCertificate: true }],
      change: {
        signedData: (data) => ({
          ...data,
          certificates: [...(data.certificates ?? []), foreign],
        }),
      },
    },
  },
];
