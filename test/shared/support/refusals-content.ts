/** What must not be accepted of a signature, its content and its artifact. */
import type { ErrorCode } from "@pubpin/shared";
import {
  base64,
  type ContentChanges,
  ecdsaSignature,
  ecdsaToFixedWidth,
  editDer,
  flipBit,
  fromUtf8,
  generateSigner,
  indefiniteLength,
  jsonBytes,
  type JsonObject,
  nonMinimalLength,
  orderOf,
  paddedInteger,
  put,
  trailing,
  utf8,
} from "@pubpin/test-kit";
import { type BundleAttempt, MESSAGE, MESSAGE_SHA256, STATEMENT, theirs } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

/** Content that differs in one thing, recorded as it is. */
function ofContent(
  code: ErrorCode,
  claim: string,
  change: ContentChanges,
  valid: BundleAttempt = {},
): Refusal {
  return ofBundle(code, claim, { change }, valid);
}

const signer = await generateSigner("P-256");
const message = { message: MESSAGE } as const;

/** JSON with the same meaning, written another way. */
function respaced(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(JSON.parse(fromUtf8(payload)), null, 1));
}

/** The signature over the content. */
export const SIGNATURE_REFUSALS: readonly Refusal[] = [
  ofContent("SIGNATURE_INVALID", "a signature that was altered", { signature: flipBit }),
  ofContent("SIGNATURE_INVALID", "a signature over other bytes", { pae: flipBit }),
  ofContent(
    "SIGNATURE_INVALID",
    "a signature over the payload alone",
    { signature: () => signer.sign(jsonBytes(STATEMENT)) },
    { leafKey: signer },
  ),
  ofContent("SIGNATURE_INVALID", "a signature by another key", {
    signature: (_, signed) => theirs.ctLog.signer.sign(signed),
  }),
  ofContent("SIGNATURE_INVALID", "a payload that was written anew after signing", {
    envelope: (envelope) => ({ ...envelope, payload: respaced(envelope.payload) }),
  }),
  ofContent("SIGNATURE_INVALID", "a payload with a space after it", {
    envelope: (envelope) => ({ ...envelope, payload: trailing(envelope.payload, utf8(" ")) }),
  }),
  ofBundle("SIGNATURE_INVALID", "a certificate for another key", {
    change: { leaf: put("spki", theirs.ctLog.signer.spki) },
  }),
  ofContent(
    "SIGNATURE_INVALID",
    "a signature over the artifact that was altered",
    { signature: flipBit },
    message,
  ),
  ofContent("SIGNATURE_INVALID", "a signature without DER around its numbers", {
    signature: (signature) => ecdsaToFixedWidth(signature, "P-256"),
  }),
  ofContent("SIGNATURE_INVALID", "a signature of zeros", {
    signature: () => ecdsaSignature(0n, 0n),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with a number out of range", {
    signature: () => ecdsaSignature(1n, orderOf("P-256")),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with numbers wider than the curve", {
    signature: () => ecdsaSignature(1n << 257n, 1n << 257n),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with a padded number", {
    signature: (signature) => editDer(signature, [0], paddedInteger),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with a negative number", {
    signature: (signature) => editDer(signature, [0], () => Uint8Array.of(2, 1, 0xff)),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with a third number", {
    signature: (signature) => editDer(signature, [1], (s) => trailing(s, Uint8Array.of(2, 1, 1))),
  }),
  ofContent("SIGNATURE_INVALID", "a signature with a long length", { signature: nonMinimalLength }),
  ofContent("SIGNATURE_INVALID", "a signature of indefinite length", {
    signature: indefiniteLength,
  }),
  ofContent("SIGNATURE_INVALID", "a signature followed by a byte", {
    signature: (signature) => trailing(signature),
  }),
  ofContent("SIGNATURE_INVALID", "an empty signature", { signature: () => new Uint8Array() }),
  ofContent("PAYLOAD_TYPE_UNSUPPORTED", "an envelope of another payload type", {
    payloadType: () => "application/json",
  }),
  ofContent("PAYLOAD_TYPE_UNSUPPORTED", "an envelope with parameters in its payload type", {
    payloadType: (type) => `${type}; charset=utf-8`,
  }),
  ofContent("PAYLOAD_TYPE_UNSUPPORTED", "an envelope without a payload type", {
    payloadType: () => "",
  }),
];

function statement(
  code: ErrorCode,
  claim: string,
  change: (usual: JsonObject) => JsonObject,
): Refusal {
  return ofContent(code, claim, { statement: change });
}

const notStatement = (payload: string): ContentChanges => ({ payload: () => utf8(payload) });

/** What was signed, against the artifact at hand. */
export const ARTIFACT_REFUSALS: readonly Refusal[] = [
  ofBundle("ARTIFACT_MISMATCH", "another artifact than the statement's", {
    artifact: { bytes: utf8("another") },
  }),
  ofBundle("ARTIFACT_MISMATCH", "another digest than the statement's", {
    artifact: { sha256: "00".repeat(32) },
  }),
  ofBundle(
    "ARTIFACT_MISMATCH",
    "another artifact than the signed one",
    {
      artifact: { bytes: utf8("another") },
    },
    message,
  ),
  ofBundle(
    "ARTIFACT_MISMATCH",
    "a bundle that states another digest of its artifact",
    {
      change: { bundle: put("messageSignature.messageDigest.digest", base64(new Uint8Array(32))) },
    },
    message,
  ),
  ofBundle(
    "ARTIFACT_MISMATCH",
    "a bundle that states a digest of another length",
    {
      change: { bundle: put("messageSignature.messageDigest.digest", base64(new Uint8Array(31))) },
    },
    message,
  ),
  ofBundle(
    "BUNDLE_INVALID",
    "an artifact's signature without its digest",
    { change: { bundle: put("messageSignature.messageDigest", null) } },
    message,
  ),
  statement(
    "ARTIFACT_MISMATCH",
    "a statement with another digest",
    put("subject.0.digest.sha256", "00".repeat(32)),
  ),
  statement(
    "ARTIFACT_MISMATCH",
    "a statement with the digest in capital letters",
    put("subject.0.digest.sha256", MESSAGE_SHA256.toUpperCase()),
  ),
  statement(
    "ARTIFACT_MISMATCH",
    "a statement with a digest of another kind",
    put("subject.0.digest", { sha512: MESSAGE_SHA256 }),
  ),
  statement("ARTIFACT_MISMATCH", "a statement about nothing", put("subject", [])),
  ofBundle(
    "DIGEST_ONLY",
    "a signature over an artifact of which the digest alone is known",
    {
      artifact: { sha256: MESSAGE_SHA256 },
    },
    message,
  ),
  ofBundle(
    "DIGEST_ONLY",
    "a stated SHA-512 of an artifact of which the SHA-256 alone is known",
    {
      artifact: { sha256: MESSAGE_SHA256 },
    },
    { ...message, leafKey: "Ed25519" },
  ),
  ofBundle("HEX_INVALID", "a digest in capital letters to compare with", {
    artifact: { sha256: MESSAGE_SHA256.toUpperCase() },
  }),
  ofBundle("HEX_INVALID", "a digest of another length to compare with", {
    artifact: { sha256: MESSAGE_SHA256.slice(2) },
  }),
  ofBundle(
    "BUNDLE_INVALID",
    "a stated digest with an unknown function",
    {
      change: { bundle: put("messageSignature.messageDigest.algorithm", "SHA1") },
    },
    message,
  ),
  ofBundle(
    "BUNDLE_INVALID",
    "a stated digest with a property of every object as its function",
    {
      change: { bundle: put("messageSignature.messageDigest.algorithm", "toString") },
    },
    message,
  ),
  ofContent("JSON_INVALID", "a payload that is not JSON", notStatement("statement")),
  ofContent("STATEMENT_INVALID", "a payload that is a list", notStatement("[]")),
  ofContent("STATEMENT_INVALID", "a payload that is null", notStatement("null")),
  ofContent("UTF8_INVALID", "a payload that is not UTF-8", { payload: () => Uint8Array.of(0xff) }),
  ofContent("JSON_INVALID", "an empty payload", notStatement("")),
  ofContent("JSON_INVALID", "a payload that has a key twice", {
    payload: (usual) => utf8(fromUtf8(usual).replace("{", '{"predicateType":"",')),
  }),
  ofContent("JSON_INVALID", "a payload with a byte order mark", {
    payload: (usual) => utf8(`\ufeff${fromUtf8(usual)}`),
  }),
  statement("STATEMENT_INVALID", "a statement without subjects", put("subject", null)),
  statement(
    "STATEMENT_INVALID",
    "a statement with a subject that is a string",
    put("subject.0", "artifact.txt"),
  ),
  statement(
    "STATEMENT_INVALID",
    "a statement with a digest that is a number",
    put("subject.0.digest.sha256", 1),
  ),
  statement("STATEMENT_INVALID", "a statement without a predicate type", put("predicateType", 1)),
  statement(
    "LIMIT_EXCEEDED",
    "a statement about 17 subjects",
    put("subject", (all: readonly unknown[]) => Array.from({ length: 17 }, () => all).flat()),
  ),
];

/** All of them. */
export const ALL_CONTENT_REFUSALS: readonly Refusal[] = [
  ...SIGNATURE_REFUSALS,
  ...ARTIFACT_REFUSALS,
];
