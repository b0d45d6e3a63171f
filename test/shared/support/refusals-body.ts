/** What must not be accepted of the body that a log recorded. */
import type { ErrorCode } from "@pubpin/shared";
import {
  base64,
  type Bytes,
  type EntryChanges,
  fromBase64,
  hex,
  type JsonObject,
  malleate,
  pem,
  put,
  sha256,
  type SignOptions,
  utf8,
} from "@pubpin/test-kit";
import { type BundleAttempt, FILE_STATEMENT, MESSAGE, PUBLISHER, sigstore } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";
import { ofEntry } from "./refusals-log.ts";

/** A signature, a certificate and a digest that are all genuine, of another signing. */
const foreign = await sigstore.sign({ statement: FILE_STATEMENT });
const foreignLeaf = foreign.leaf ?? (await sigstore.issue(PUBLISHER));
const foreignSignature =
  foreign.signed.kind === "dsse" ? foreign.signed.envelope.signatures[0]?.sig : undefined;
const FOREIGN: Readonly<Record<"signature" | "certificate" | "digest", Bytes>> = {
  signature: foreignSignature ?? new Uint8Array(),
  certificate: foreignLeaf.certificate,
  digest: await sha256(utf8("other content")),
};

/** Encodes bytes as a kind of entry holds them. */
type Encode = (bytes: Bytes) => string;

const twice: Encode = (bytes) => base64(utf8(base64(bytes)));
const inPem: Encode = (bytes) => base64(utf8(pem("CERTIFICATE", bytes)));

/** A kind of entry: how to get one, and where it has what. */
interface Kind {
  readonly name: string;
  readonly valid: BundleAttempt;
  readonly signature: readonly [path: string, encode: Encode];
  readonly certificate: readonly [path: string, encode: Encode];
  readonly digest: readonly [path: string, encode: Encode];
}

/** Every kind and version of entry that is read, for every content that it can have. */
export const KINDS: readonly Kind[] = [
  {
    name: "hashedrekord 0.0.1",
    valid: { message: MESSAGE },
    signature: ["spec.signature.content", base64],
    certificate: ["spec.signature.publicKey.content", inPem],
    digest: ["spec.data.hash.value", hex],
  },
  {
    name: "dsse 0.0.1",
    valid: {},
    signature: ["spec.signatures.0.signature", base64],
    certificate: ["spec.signatures.0.verifier", inPem],
    digest: ["spec.payloadHash.value", hex],
  },
  {
    name: "intoto 0.0.2",
    valid: { entry: "intoto" },
    signature: ["spec.content.envelope.signatures.0.sig", twice],
    certificate: ["spec.content.envelope.signatures.0.publicKey", inPem],
    digest: ["spec.content.payloadHash.value", hex],
  },
  ...[
    { content: "an artifact", options: { message: MESSAGE } },
    { content: "an envelope", options: { entry: "hashedrekord" } satisfies SignOptions },
  ].map(({ content, options }): Kind => ({
    name: `hashedrekord 0.0.2 of ${content}`,
    valid: { log: "rekor2", ...options },
    signature: ["spec.hashedRekordV002.signature.content", base64],
    certificate: ["spec.hashedRekordV002.signature.verifier.x509Certificate.rawBytes", base64],
    digest: ["spec.hashedRekordV002.data.digest", base64],
  })),
  {
    name: "dsse 0.0.2",
    valid: { log: "rekor2" },
    signature: ["spec.dsseV002.signatures.0.content", base64],
    certificate: ["spec.dsseV002.signatures.0.verifier.x509Certificate.rawBytes", base64],
    digest: ["spec.dsseV002.payloadHash.digest", base64],
  },
];

/** What is genuine but of another signing, one part at a time. */
export const MISMATCH_REFUSALS: readonly Refusal[] = KINDS.flatMap(({ name, valid, ...places }) =>
  (["signature", "certificate", "digest"] as const).map((part) => {
    const [path, encode] = places[part];
    const change = { body: put(path, encode(FOREIGN[part])) };
    const claim = `an entry ${name} with the ${part} of another signing`;
    return ofEntry("LOG_ENTRY_MISMATCH", claim, change, valid);
  }),
);

function ofBody(
  code: ErrorCode,
  claim: string,
  body: (usual: JsonObject) => JsonObject,
  valid: BundleAttempt = {},
): Refusal {
  return ofEntry(code, claim, { body }, valid);
}

/** The body of an entry for an envelope, made of one for an artifact with the same signature. */
function asDsse(body: JsonObject): JsonObject {
  const { data, signature } = body["spec"] as { data: JsonObject; signature: JsonObject };
  const { content = null, publicKey } = signature as JsonObject & { publicKey: JsonObject };
  const signatures = [{ signature: content, verifier: publicKey["content"] ?? null }];
  return {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: { payloadHash: data["hash"] ?? null, signatures },
  };
}

function malleateBase64(signature: string): string {
  return base64(malleate(fromBase64(signature), "P-256"));
}

/** Other differences between what was recorded and what is there. */
export const CONTENT_REFUSALS: readonly Refusal[] = [
  ofBody(
    "LOG_ENTRY_MISMATCH",
    "a signature of which the log recorded the negative twin",
    put("spec.signatures.0.signature", malleateBase64),
  ),
  ofBundle("LOG_ENTRY_MISMATCH", "a signature that is the negative twin of the recorded one", {
    change: { bundle: put("dsseEnvelope.signatures.0.sig", malleateBase64) },
  }),
  ofBundle("LOG_ENTRY_MISMATCH", "a genuine entry of another signing", {
    change: { entry: () => foreign.entries[0] ?? {} },
  }),
  ofBundle("LOG_ENTRY_MISMATCH", "an envelope that was recorded as an artifact in Rekor v1", {
    entry: "hashedrekord",
  }),
  ofBody("LOG_ENTRY_MISMATCH", "an artifact that was recorded as an envelope", asDsse, {
    message: MESSAGE,
  }),
  ofBody(
    "LOG_ENTRY_MISMATCH",
    "an entry of another payload type",
    put("spec.content.envelope.payloadType", "text/plain"),
    { entry: "intoto" },
  ),
];

function intoEntry(change: EntryChanges["entry"]): EntryChanges {
  return { entry: change };
}

const rekor2 = { log: "rekor2" } as const;

/** The form of a body. */
export const BODY_REFUSALS: readonly Refusal[] = [
  ofBody("LOG_ENTRY_UNSUPPORTED", "an entry of a later version", put("apiVersion", "0.0.3")),
  ofBody("LOG_ENTRY_UNSUPPORTED", "an entry of an unknown kind", put("kind", "rekord")),
  ofEntry(
    "LOG_ENTRY_INVALID",
    "an entry said to be of another known kind than its body",
    intoEntry(put("kindVersion.kind", "hashedrekord")),
  ),
  ofEntry(
    "LOG_ENTRY_INVALID",
    "an entry of Rekor v1 said to be one of Rekor v2",
    intoEntry(put("kindVersion.version", "0.0.2")),
  ),
  ofEntry("LOG_ENTRY_INVALID", "an entry said to be of another known version than its body", {
    body: put("apiVersion", "0.0.2"),
    entry: put("kindVersion.version", "0.0.1"),
  }),
  ofEntry("LOG_ENTRY_INVALID", "a body that says another kind than its content has", {
    body: put("kind", "intoto"),
    entry: put("kindVersion.kind", "dsse"),
  }),
  ofBody("LOG_ENTRY_INVALID", "a body with an unknown field", put("extra", 1)),
  ofBody("LOG_ENTRY_INVALID", "a specification with an unknown field", put("spec.extra", 1)),
  ofBody("LOG_ENTRY_INVALID", "a body without signatures", put("spec.signatures", [])),
  ofBody(
    "LOG_ENTRY_INVALID",
    "a body with two signatures",
    put("spec.signatures", (all: readonly unknown[]) => [...all, ...all]),
  ),
  ofBody("LOG_ENTRY_INVALID", "a body with a weak hash", put("spec.payloadHash.algorithm", "sha1")),
  ofBody(
    "LOG_ENTRY_INVALID",
    "a body of Rekor v2 with an unknown hash",
    put("spec.dsseV002.payloadHash.algorithm", "constructor"),
    rekor2,
  ),
  ofBody(
    "LOG_ENTRY_INVALID",
    "a body that has both a certificate and a key",
    put("spec.dsseV002.signatures.0.verifier.publicKey", { rawBytes: "" }),
    rekor2,
  ),
  ofBody(
    "HEX_INVALID",
    "a body whose digest is in capital letters",
    put("spec.payloadHash.value", (digest: string) => digest.toUpperCase()),
  ),
  ofBody(
    "HEX_INVALID",
    "a body whose digest is cut off",
    put("spec.payloadHash.value", (digest: string) => digest.slice(2)),
  ),
  ofBody(
    "PEM_INVALID",
    "a body whose certificate is not in PEM",
    put("spec.signatures.0.verifier", base64(utf8("certificate"))),
  ),
  ofBody(
    "UTF8_INVALID",
    "a body whose certificate is not text",
    put("spec.signatures.0.verifier", base64(Uint8Array.of(0xff))),
  ),
  ofBody(
    "BASE64_INVALID",
    "a body whose signature is not base64",
    put("spec.signatures.0.signature", "a b="),
  ),
  ofEntry("JSON_INVALID", "a body that is not JSON", { bodyBytes: () => utf8("body") }),
  ofEntry("JSON_INVALID", "a body with the same key twice", {
    bodyBytes: (bytes) => utf8(new TextDecoder().decode(bytes).replace("{", '{"kind":"dsse",')),
  }),
  ofEntry("UTF8_INVALID", "a body that is not UTF-8", {
    bodyBytes: (bytes) => new Uint8Array([...bytes, 0xff]),
  }),
];

/** All of them. */
export const ALL_BODY_REFUSALS: readonly Refusal[] = [
  ...MISMATCH_REFUSALS,
  ...CONTENT_REFUSALS,
  ...BODY_REFUSALS,
];
