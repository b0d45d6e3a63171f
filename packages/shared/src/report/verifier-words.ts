import type { VerifierErrorCode } from "../errors.ts";
import type { Words } from "./entry.ts";

const REPORT_TO_INDEX =
  "Fetch it again. If it stays, the index or the publisher's tooling is at fault: do not use the file, and tell them.";
const DO_NOT_USE =
  "Do not use the file. Fetch it and its provenance again from the index itself; if it stays, report it to the project and to the index.";
const NEWER_ROOT =
  "Update pubpin, or give it a newer trust root: on a computer with a network the command refreshes its own.";

/** The words for each error of the verifier, by code. */
export const VERIFIER_WORDS: Readonly<Record<VerifierErrorCode, Words>> = {
  LIMIT_EXCEEDED: {
    title: "The input is larger than anything genuine",
    meaning:
      "A document, list or nesting is beyond its bound. The bounds are many times what genuine objects need, so this is usually an attack on the verifier or a wrong file.",
    remedy: `If it is a file of your own, see what made it so large. ${REPORT_TO_INDEX}`,
  },
  UTF8_INVALID: {
    title: "Text that is not UTF-8",
    meaning: "Bytes that must be UTF-8 are something else: another encoding, or a damaged file.",
    remedy: REPORT_TO_INDEX,
  },
  BASE64_INVALID: {
    title: "Base64 that is not canonical",
    meaning:
      "White space, the URL alphabet, wrong padding or unused bits that are not zero. Lenient readers let these pass, and then two programs can read two things.",
    remedy: REPORT_TO_INDEX,
  },
  HEX_INVALID: {
    title: "A digest that is not lower-case hexadecimal",
    meaning: "A digest has the wrong length, capital letters or other characters.",
    remedy: "Write the digest as lower-case hexadecimal: 64 digits for SHA-256.",
  },
  JSON_INVALID: {
    title: "JSON that cannot be read in one way only",
    meaning:
      "A syntax error, a byte order mark, a key that stands twice in one object, or half of a surrogate pair. An HTML error page in place of JSON ends here too.",
    remedy: REPORT_TO_INDEX,
  },
  DER_INVALID: {
    title: "A certificate or signature with a wrong encoding",
    meaning:
      "Distinguished encoding permits one form of each value. This one is truncated, has trailing bytes or is in another form.",
    remedy: REPORT_TO_INDEX,
  },
  PEM_INVALID: {
    title: "A key or certificate that is not one PEM block",
    meaning: "Expected text from BEGIN to END, with base64 between them and nothing around it.",
    remedy: "Give the public key as one PEM block, as `openssl pkey -pubout` writes it.",
  },
  FILENAME_INVALID: {
    title: "Not the name of a wheel or sdist",
    meaning: "The file name does not follow PEP 427 or PEP 625, or it is a path.",
    remedy: "Give the distribution's own file name, as the index has it.",
  },
  TRUST_ROOT_INVALID: {
    title: "The trust root cannot be used",
    meaning:
      "The trust root is malformed, one of its chains does not hold, or the one entry that this signature needs was set aside because it has no start of validity or an unknown kind of key.",
    remedy: "Fetch the trust root again from where it is published, or use the embedded one.",
  },
  TRUST_ROOT_UNKNOWN_KEY: {
    title: "Signed under a key that the trust root does not know",
    meaning:
      "The log, certificate authority, certificate log or timestamp authority is none of the trust root's. The trust root may be older than the signature, or the signature comes from another Sigstore instance. This accuses nobody.",
    remedy: NEWER_ROOT,
  },
  BUNDLE_INVALID: {
    title: "The Sigstore bundle is malformed",
    meaning: "A field is missing, unknown, or of the wrong type.",
    remedy: REPORT_TO_INDEX,
  },
  BUNDLE_VERSION_UNSUPPORTED: {
    title: "A version of the bundle format that is not known",
    meaning: "Versions 0.1 to 0.3 are known.",
    remedy: "Update pubpin, or sign again with a tool that writes version 0.3.",
  },
  KEY_UNSUPPORTED: {
    title: "A key or algorithm that is not supported",
    meaning:
      "ECDSA on P-256, P-384 and P-521, Ed25519, and RSA from 2048 bits are supported, with SHA-2. In a browser, WebCrypto exists only on pages served over https or from localhost.",
    remedy: "In a browser, serve the page over https. Otherwise sign with a supported algorithm.",
  },
  CERTIFICATE_INVALID: {
    title: "The certificate is not one that may sign",
    meaning:
      "It is an authority's, lacks the usage for signing code, has an unknown critical extension, or breaks a rule of RFC 5280.",
    remedy: DO_NOT_USE,
  },
  CERTIFICATE_CHAIN_INVALID: {
    title: "The certificate was not signed by the authority it names",
    meaning: "The signature on the certificate does not hold: it was forged or altered.",
    remedy: DO_NOT_USE,
  },
  CERTIFICATE_EXPIRED: {
    title: "Signed when the certificate was not valid",
    meaning:
      "A time that a log or timestamp authority vouches for lies outside of the validity of the certificate or of its chain. The local clock plays no part.",
    remedy: DO_NOT_USE,
  },
  SCT_MISSING: {
    title: "The certificate was not logged",
    meaning: "It carries no timestamp of a certificate transparency log.",
    remedy: DO_NOT_USE,
  },
  SCT_INVALID: {
    title: "The certificate log's timestamp does not hold",
    meaning: "It was made for another certificate, altered, or made when the log was not in use.",
    remedy: DO_NOT_USE,
  },
  IDENTITY_MISMATCH: {
    title: "Signed by somebody else",
    meaning: "The bundle verifies, but its signer is not the one that was asked for.",
    remedy: "Compare both identities in the message. They must be equal, letter for letter.",
  },
  TIME_MISSING: {
    title: "Nobody vouches for the time of the signature",
    meaning:
      "A Rekor v2 log states no time, so such a signature needs an RFC 3161 timestamp, and has none.",
    remedy: "Sign again with a tool that adds a timestamp.",
  },
  TIMESTAMP_INVALID: {
    title: "The RFC 3161 timestamp does not hold",
    meaning: "It is malformed, altered, or not signed by the trusted authority's own certificate.",
    remedy: DO_NOT_USE,
  },
  TIMESTAMP_MISMATCH: {
    title: "The RFC 3161 timestamp is for another signature",
    meaning: "A genuine timestamp was put beside a signature that it was not made for.",
    remedy: DO_NOT_USE,
  },
  TIMESTAMP_EXPIRED: {
    title: "Timestamped when the authority was not valid",
    meaning: "The time lies outside of the authority's validity or of its certificates'.",
    remedy: DO_NOT_USE,
  },
  LOG_ENTRY_MISSING: {
    title: "The signature is in no transparency log",
    meaning: "The bundle or attestation has no log entry.",
    remedy: DO_NOT_USE,
  },
  LOG_ENTRY_DUPLICATE: {
    title: "Two entries of one log",
    meaning: "One log counts once, however often it speaks.",
    remedy: REPORT_TO_INDEX,
  },
  LOG_ENTRY_UNSUPPORTED: {
    title: "A kind of log entry that is not known",
    meaning: "Known are hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and 0.0.2, and intoto 0.0.2.",
    remedy: "Update pubpin.",
  },
  LOG_ENTRY_INVALID: {
    title: "The log entry is malformed",
    meaning: "Its body is not what its kind and version prescribe.",
    remedy: REPORT_TO_INDEX,
  },
  LOG_ENTRY_MISMATCH: {
    title: "The log entry is about something else",
    meaning:
      "The log recorded another signature, certificate or content than the bundle holds: a genuine entry was swapped in.",
    remedy: DO_NOT_USE,
  },
  LOG_PROMISE_MISSING: {
    title: "The log's promise is missing",
    meaning: "An entry of a Rekor v1 log has no signed entry timestamp, or no time.",
    remedy: REPORT_TO_INDEX,
  },
  LOG_PROMISE_INVALID: {
    title: "The log's promise does not hold",
    meaning: "The signed entry timestamp is not the log's, or body, time or index were altered.",
    remedy: DO_NOT_USE,
  },
  LOG_EXPIRED: {
    title: "Recorded when the log's key was not in use",
    meaning: "The time lies outside of what the trust root says of the log.",
    remedy: DO_NOT_USE,
  },
  INCLUSION_PROOF_MISSING: {
    title: "The inclusion proof is missing",
    meaning: "Nothing shows that the entry is in the log.",
    remedy: REPORT_TO_INDEX,
  },
  INCLUSION_PROOF_INVALID: {
    title: "The inclusion proof does not hold",
    meaning: "The path from this entry does not lead to the root that the log signed.",
    remedy: DO_NOT_USE,
  },
  CHECKPOINT_MISSING: {
    title: "The checkpoint is missing",
    meaning: "The inclusion proof leads to a root that nobody signed.",
    remedy: REPORT_TO_INDEX,
  },
  CHECKPOINT_INVALID: {
    title: "The checkpoint is malformed",
    meaning: "Expected origin, size, root hash, an empty line and signature lines.",
    remedy: REPORT_TO_INDEX,
  },
  CHECKPOINT_SIGNATURE_INVALID: {
    title: "The checkpoint is not the log's",
    meaning: "The log's own signature is missing or does not hold, or the origin is another's.",
    remedy: DO_NOT_USE,
  },
  PAYLOAD_TYPE_UNSUPPORTED: {
    title: "Not an in-toto statement",
    meaning: "The signed envelope holds another type of content.",
    remedy: REPORT_TO_INDEX,
  },
  SIGNATURE_INVALID: {
    title: "The signature does not hold",
    meaning: "The content was altered, or somebody else signed it.",
    remedy: DO_NOT_USE,
  },
  ARTIFACT_MISMATCH: {
    title: "Signed for another file",
    meaning: "The digest that was signed is not that of the file at hand.",
    remedy: DO_NOT_USE,
  },
  DIGEST_ONLY: {
    title: "The file's bytes are needed",
    meaning: "A signature over the file itself cannot be checked with the file's digest alone.",
    remedy: "Give the file instead of its digest.",
  },
  PROVENANCE_INVALID: {
    title: "The provenance object is malformed",
    meaning: "A field is missing, unknown, or of the wrong type.",
    remedy: REPORT_TO_INDEX,
  },
  PROVENANCE_VERSION_UNSUPPORTED: {
    title: "A version of provenance that is not known",
    meaning: "Version 1 is known (PEP 740).",
    remedy: "Update pubpin.",
  },
  PROVENANCE_EMPTY: {
    title: "A provenance object without attestations",
    meaning:
      "The index says that the file is attested and then shows nothing. An empty list proves nothing.",
    remedy: DO_NOT_USE,
  },
  STATEMENT_INVALID: {
    title: "The signed statement is not about one file",
    meaning: "Its type is another, or it has no subject, several, or one without a name.",
    remedy: REPORT_TO_INDEX,
  },
  SUBJECT_MISMATCH: {
    title: "Signed under another file name",
    meaning:
      "The statement names another distribution: another project, version, build or set of tags.",
    remedy: DO_NOT_USE,
  },
  PREDICATE_UNKNOWN: {
    title: "Only attestations of unknown types",
    meaning: "PyPI's publish attestation and SLSA provenance v1 are known, and none was there.",
    remedy: "Update pubpin, or ask the project for a publish attestation.",
  },
  PUBLISHER_KIND_UNKNOWN: {
    title: "A kind of publisher that is not known",
    meaning: "Known are GitHub, GitLab, Google and CircleCI.",
    remedy: "Update pubpin. Who signed is in the message.",
  },
  PUBLISHER_CLAIM_MISMATCH: {
    title: "The certificate does not say what the index says",
    meaning:
      "The index names another publisher than the certificate, or the certificate's own fields contradict one another.",
    remedy: DO_NOT_USE,
  },
  SECOND_OPINION_DISAGREES: {
    title: "Two verifiers disagree",
    meaning:
      "Before a new pin is written, a second, independent verifier is asked. It refused, or saw another signer.",
    remedy:
      "Nothing was written. Please report it, with the name of the package: one of the two verifiers is wrong.",
  },
};
