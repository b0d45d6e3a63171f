/** What must not be accepted of a bundle's form. */
import type { ErrorCode } from "@pubpin/shared";
import { base64, type Bytes, concat, drop, type JsonObject, put, utf8 } from "@pubpin/test-kit";
import { type BundleAttempt, MESSAGE, ours, sigstore } from "./instance.ts";
import { BROKEN_BASE64, BROKEN_JSON, BROKEN_UTF8, nested, text, withBytes } from "./json-edits.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

const message = { message: MESSAGE } as const;
const key = await sigstore.managedKey();
const entry = "verificationMaterial.tlogEntries.0";

/** A bundle whose finished JSON differs in one thing. */
function ofJson(
  code: ErrorCode,
  claim: string,
  change: (usual: JsonObject) => JsonObject,
  valid: BundleAttempt = {},
): Refusal {
  return ofBundle(code, claim, { change: { bundle: change } }, valid);
}

function ofBytes(code: ErrorCode, claim: string, change: (usual: Bytes) => Bytes): Refusal {
  return ofBundle(code, claim, { change: { bytes: change } });
}

/** Versions of the format. */
export const VERSION_REFUSALS: readonly Refusal[] = [
  ...[
    "application/vnd.dev.sigstore.bundle+json;version=0.4",
    "application/vnd.dev.sigstore.bundle.v0.4+json",
    "application/vnd.dev.sigstore.bundle+json; version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+JSON",
    "application/vnd.dev.sigstore.bundle+json",
    "application/json",
    "constructor",
    "",
  ].map((mediaType) =>
    ofJson(
      "BUNDLE_VERSION_UNSUPPORTED",
      `a bundle of the type ${JSON.stringify(mediaType)}`,
      put("mediaType", mediaType),
    ),
  ),
  ofJson("BUNDLE_INVALID", "a bundle without a type", drop("mediaType")),
  ofJson("BUNDLE_INVALID", "a bundle of version 0.3 with a chain", ({ ...bundle }) => {
    const material = { ...(bundle["verificationMaterial"] as JsonObject) };
    material["x509CertificateChain"] = { certificates: [material["certificate"] ?? null] };
    delete material["certificate"];
    return { ...bundle, verificationMaterial: material };
  }),
  ofJson(
    "BUNDLE_INVALID",
    "a bundle of version 0.1 said to be of 0.3",
    put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"),
    { bundleVersion: "0.1" },
  ),
];

const chain = "verificationMaterial.x509CertificateChain.certificates";
const [intermediate, rootCertificate] = ours.ca.chain.map((der) => ({ rawBytes: base64(der) }));
const old = { bundleVersion: "0.2" } as const;

/** What belongs into a bundle once. */
export const ONE_OF_REFUSALS: readonly Refusal[] = [
  ofJson("BUNDLE_INVALID", "a chain with the root in it", put(`${chain}.1`, rootCertificate), old),
  ofJson(
    "BUNDLE_INVALID",
    "a chain with an intermediate in it",
    put(`${chain}.1`, intermediate),
    old,
  ),
  ofJson("BUNDLE_INVALID", "a chain without a certificate", put(chain, []), old),
  ofJson(
    "BUNDLE_INVALID",
    "a bundle with a certificate and a key",
    put("verificationMaterial.publicKey", {}),
  ),
  ofJson(
    "BUNDLE_INVALID",
    "a bundle without a certificate or key",
    drop("verificationMaterial.certificate"),
  ),
  ofJson(
    "BUNDLE_INVALID",
    "a bundle with two contents",
    put("messageSignature", { signature: "AAAA" }),
  ),
  ofJson("BUNDLE_INVALID", "a bundle without content", drop("dsseEnvelope")),
  ofJson(
    "BUNDLE_INVALID",
    "an envelope with two signatures",
    put("dsseEnvelope.signatures", (all: readonly unknown[]) => [...all, ...all]),
  ),
  ofJson("BUNDLE_INVALID", "an envelope without signatures", put("dsseEnvelope.signatures", [])),
  ofJson(
    "BUNDLE_INVALID",
    "a key with an unknown field",
    put("verificationMaterial.publicKey.rawBytes", "AAAA"),
    { ...message, key },
  ),
];

/** Places in a bundle, and values of other types than theirs. */
const WRONG_TYPES: readonly (readonly [path: string, value: unknown])[] = [
  ["mediaType", 1],
  ["mediaType", null],
  ["verificationMaterial", []],
  ["verificationMaterial", null],
  ["verificationMaterial.certificate", "AAAA"],
  ["verificationMaterial.certificate.rawBytes", [1]],
  ["verificationMaterial.tlogEntries", {}],
  ["verificationMaterial.tlogEntries", null],
  [entry, null],
  [`${entry}.logIndex`, 1003],
  [`${entry}.logIndex`, "-1"],
  [`${entry}.logIndex`, "+1"],
  [`${entry}.logIndex`, "01"],
  [`${entry}.logIndex`, "1.0"],
  [`${entry}.logIndex`, "1e3"],
  [`${entry}.logIndex`, " 1"],
  [`${entry}.logIndex`, "\u0661"],
  [`${entry}.logIndex`, ""],
  [`${entry}.logIndex`, "9223372036854775808"],
  [`${entry}.logIndex`, "99999999999999999999"],
  [`${entry}.integratedTime`, 1767323046],
  [`${entry}.integratedTime`, "-1"],
  [`${entry}.logId`, "AAAA"],
  [`${entry}.logId.keyId`, true],
  [`${entry}.kindVersion`, null],
  [`${entry}.kindVersion.version`, 1],
  [`${entry}.canonicalizedBody`, {}],
  [`${entry}.inclusionPromise`, "AAAA"],
  [`${entry}.inclusionProof.treeSize`, 4],
  [`${entry}.inclusionProof.hashes`, "AAAA"],
  [`${entry}.inclusionProof.hashes`, [null]],
  [`${entry}.inclusionProof.checkpoint`, "text"],
  [`${entry}.inclusionProof.checkpoint.envelope`, ["text"]],
  ["dsseEnvelope", "AAAA"],
  ["dsseEnvelope.payload", 1],
  ["dsseEnvelope.payloadType", null],
  ["dsseEnvelope.signatures", { sig: "AAAA" }],
  ["dsseEnvelope.signatures.0.sig", false],
  ["dsseEnvelope.signatures.0.keyid", 1],
];

const UNKNOWN_FIELDS = [
  "unknown",
  "verificationMaterial.unknown",
  "verificationMaterial.certificate.unknown",
  `${entry}.unknown`,
  `${entry}.logId.unknown`,
  `${entry}.kindVersion.unknown`,
  `${entry}.inclusionPromise.unknown`,
  `${entry}.inclusionProof.unknown`,
  `${entry}.inclusionProof.checkpoint.unknown`,
  "dsseEnvelope.unknown",
  "dsseEnvelope.signatures.0.unknown",
  "dsseEnvelope.constructor",
] as const;

/** The fields of a bundle. */
export const FIELD_REFUSALS: readonly Refusal[] = [
  ...WRONG_TYPES.map(([path, value]) =>
    ofJson("BUNDLE_INVALID", `${JSON.stringify(value)} as ${path}`, put(path, value)),
  ),
  ...UNKNOWN_FIELDS.map((path) =>
    ofJson("BUNDLE_INVALID", `the unknown field ${path}`, put(path, null)),
  ),
  ofBytes(
    "BUNDLE_INVALID",
    "a field that would be an object's prototype",
    text((usual) => usual.replace("{", '{"__proto__":{"mediaType":"x"},')),
  ),
  ofBytes(
    "BUNDLE_INVALID",
    "a list of bundles",
    text((usual) => `[${usual}]`),
  ),
  ofBytes("BUNDLE_INVALID", "null in place of a bundle", () => utf8("null")),
];

/** Base64, JSON and UTF-8 in a bundle. */
export const ENCODING_REFUSALS: readonly Refusal[] = [
  ...Object.entries(BROKEN_BASE64).map(([claim, change]) =>
    ofJson("BASE64_INVALID", `a signature ${claim}`, put("dsseEnvelope.signatures.0.sig", change)),
  ),
  ofJson(
    "BASE64_INVALID",
    "a body with unused bits that are not zero",
    put(`${entry}.inclusionProof.rootHash`, (usual: string) => `${usual.slice(0, 42)}/=`),
  ),
  ...Object.entries(BROKEN_JSON).map(([claim, change]) =>
    ofBytes("JSON_INVALID", `a bundle ${claim}`, change),
  ),
  ...Object.entries(BROKEN_UTF8).map(([claim, bytes]) =>
    ofBytes("UTF8_INVALID", `a bundle with ${claim}`, withBytes(bytes)),
  ),
];

function repeat(count: number): (all: readonly unknown[]) => readonly unknown[] {
  return (all) => Array.from({ length: count }, () => all).flat();
}

const stamps = "verificationMaterial.timestampVerificationData.rfc3161Timestamps";

/** What is too much of a bundle. */
export const SIZE_REFUSALS: readonly Refusal[] = [
  ofJson("LIMIT_EXCEEDED", "33 log entries", put("verificationMaterial.tlogEntries", repeat(33))),
  ofJson(
    "LIMIT_EXCEEDED",
    "1,000 log entries",
    put("verificationMaterial.tlogEntries", (all: readonly unknown[]) =>
      repeat(1000)(all.map(() => ({}))),
    ),
  ),
  ofJson("LIMIT_EXCEEDED", "33 timestamps", put(stamps, repeat(33)), { log: "rekor2" }),
  ofBytes("LIMIT_EXCEEDED", "a bundle of more than 4 MiB", (usual) =>
    concat(usual, utf8(" ".repeat(4 * 1024 * 1024))),
  ),
  ofBytes("LIMIT_EXCEEDED", "a bundle of 50 MB", () => new Uint8Array(50_000_000)),
  ofBytes(
    "LIMIT_EXCEEDED",
    "33 nested levels",
    text((usual) => usual.replace("{", `{"x":${nested(32)},`)),
  ),
  ofBytes("LIMIT_EXCEEDED", "a million nested levels", () => utf8("[".repeat(1_000_000))),
];

/** All of them. */
export const ALL_BUNDLE_REFUSALS: readonly Refusal[] = [
  ...VERSION_REFUSALS,
  ...ONE_OF_REFUSALS,
  ...FIELD_REFUSALS,
  ...ENCODING_REFUSALS,
  ...SIZE_REFUSALS,
];
