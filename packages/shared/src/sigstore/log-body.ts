import { digest, HASH_BYTES, type HashName } from "../bytes/crypto.ts";
import { equalBytes, rememberLast } from "../bytes/bytes.ts";
import { decodeBase64 } from "../bytes/base64.ts";
import {
  documentField,
  type Field,
  readArray,
  readBytes,
  readFields,
  readOnlyField,
  readSignerBytes,
  readText,
  wrongType,
  namedIn,
} from "../bytes/fields.ts";
import { decodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_DOCUMENT_BYTES, MAX_LOG_ENTRIES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { parsePem } from "../x509/pem.ts";
import type { ClaimedLogEntry } from "./bundle.ts";
import { type ClaimedDigest, readHashName, readHashOutput } from "./hash.ts";

/** What a log recorded: a signature, who made it, and the digest of what was signed. */
export interface ParsedLogBody {
  /** What the digest is of. */
  readonly covers: "artifact" | "payload" | "artifact or envelope";
  readonly hash: HashName;
  readonly digest: Bytes;
  readonly signature: Bytes;
  /** A certificate or a public key (SPKI), in DER. */
  readonly verifier: Bytes;
  readonly payloadType: string | null;
}

/** What the bundle holds, to be compared with what the log recorded. */
export interface ExpectedBody {
  readonly signature: Bytes;
  /** The signer's certificate or public key (SPKI), in DER. */
  readonly verifier: Bytes;
  /** The signed bytes: the artifact's own, or the DSSE pre-authentication encoding. */
  readonly signed: Bytes;
  /** The DSSE payload and its type, or null for a signature over the artifact. */
  readonly payload: { readonly bytes: Bytes; readonly type: string } | null;
}

type Read = (spec: Field) => ParsedLogBody;

/** Kinds and versions of entries that are known, with the Rekor generation that writes them. */
const KINDS: Readonly<Record<string, { readonly rekor: 1 | 2; readonly read: Read }>> = {
  "hashedrekord 0.0.1": { rekor: 1, read: readHashedRekord },
  "dsse 0.0.1": { rekor: 1, read: readDsse },
  "intoto 0.0.2": { rekor: 1, read: readIntoto },
  "hashedrekord 0.0.2": { rekor: 2, read: readHashedRekordV2 },
  "dsse 0.0.2": { rekor: 2, read: readDsseV2 },
};

const REKOR1_HASHES: Readonly<Record<string, HashName>> = {
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/**
 * The generation of Rekor that an entry's kind and version belong to.
 *
 * @throws LOG_ENTRY_UNSUPPORTED
 */
export function rekorGeneration(entry: ClaimedLogEntry): 1 | 2 {
  return kindOf(entry).rekor;
}

function kindOf(entry: ClaimedLogEntry): { readonly rekor: 1 | 2; readonly read: Read } {
  const name = `${entry.kind} ${entry.version}`;
  const kind = namedIn(KINDS, name);
  return (
    kind ??
    fail(
      "LOG_ENTRY_UNSUPPORTED",
      `${entry.path}.kindVersion: expected one of ${Object.keys(KINDS).join(", ")}, ` +
        `found ${quote(name)}`,
    )
  );
}

/**
 * Parses the body of a log entry (Rekor's `pkg/types` schemas; rekor-tiles' `entry.proto`).
 *
 * @throws LOG_ENTRY_INVALID LOG_ENTRY_UNSUPPORTED JSON_INVALID BASE64_INVALID HEX_INVALID
 *   PEM_INVALID LIMIT_EXCEEDED
 */
export function parseLogBody(entry: ClaimedLogEntry): ParsedLogBody {
  const { read } = kindOf(entry);
  const what = `${entry.path}.canonicalizedBody`;
  const document = documentField(
    entry.canonicalizedBody,
    MAX_DOCUMENT_BYTES,
    what,
    "LOG_ENTRY_INVALID",
  );
  const { apiVersion, kind, spec } = readFields(document, ["apiVersion", "kind", "spec"]);
  if (readText(kind) !== entry.kind) wrongType(kind, quote(entry.kind));
  if (readText(apiVersion) !== entry.version) wrongType(apiVersion, quote(entry.version));
  return read(spec);
}

/**
 * Checks that a log recorded just this signature, by this signer, over this content.
 *
 * @throws LOG_ENTRY_MISMATCH
 */
export async function checkLogBody(
  body: ParsedLogBody,
  expected: ExpectedBody,
  what: string,
): Promise<void> {
  const differs = (part: string): never =>
    fail("LOG_ENTRY_MISMATCH", `${what}: the log recorded another ${part} than the bundle holds`);
  if (!equalBytes(body.signature, expected.signature)) differs("signature");
  if (!equalBytes(body.verifier, expected.verifier)) differs("certificate or key");
  const { payload } = expected;
  if (body.covers === "artifact" && payload !== null) differs("kind of content");
  if (body.covers === "payload" && payload === null) differs("kind of content");
  if (body.payloadType !== null && body.payloadType !== payload?.type) differs("payload type");
  const covered = body.covers === "payload" && payload !== null ? payload.bytes : expected.signed;
  if (!equalBytes(await digest(body.hash, covered), body.digest)) differs("digest");
}

function readHashedRekord(spec: Field): ParsedLogBody {
  const { data, signature } = readFields(spec, ["data", "signature"]);
  const { content, publicKey } = readFields(signature, ["content", "publicKey"]);
  return {
    covers: "artifact",
    ...readRekor1Digest(readOnlyField(data, "hash")),
    signature: readBytes(content),
    verifier: readPem(readOnlyField(publicKey, "content")),
    payloadType: null,
  };
}

/** `envelopeHash` depends on the spacing of JSON that nobody keeps, so it is not compared. */
function readDsse(spec: Field): ParsedLogBody {
  const fields = readFields(spec, ["payloadHash", "signatures"], ["envelopeHash"]);
  const { signature, verifier } = readFields(onlyOf(fields.signatures), ["signature", "verifier"]);
  return {
    covers: "payload",
    ...readRekor1Digest(fields.payloadHash),
    signature: readBytes(signature),
    verifier: readPem(verifier),
    payloadType: null,
  };
}

/** This kind holds base64 of what is base64 already. The payload itself is covered by its hash. */
function readIntoto(spec: Field): ParsedLogBody {
  const content = readFields(readOnlyField(spec, "content"), ["envelope", "payloadHash"], ["hash"]);
  const envelope = readFields(content.envelope, ["payloadType", "signatures"], ["payload"]);
  const { publicKey, sig } = readFields(
    onlyOf(envelope.signatures),
    ["publicKey", "sig"],
    ["keyid"],
  );
  return {
    covers: "payload",
    ...readRekor1Digest(content.payloadHash),
    signature: decodeBase64(decodeUtf8(readBytes(sig), sig.path), sig.path),
    verifier: readPem(publicKey),
    payloadType: readText(envelope.payloadType),
  };
}

/** With a DSSE bundle, the digest is that of the pre-authentication encoding. */
function readHashedRekordV2(spec: Field): ParsedLogBody {
  const { hashedRekordV002 } = readFields(spec, ["hashedRekordV002"]);
  const { data, signature } = readFields(hashedRekordV002, ["data", "signature"]);
  return {
    covers: "artifact or envelope",
    ...readHashOutput(data),
    ...readRekor2Signature(signature),
    payloadType: null,
  };
}

function readDsseV2(spec: Field): ParsedLogBody {
  const { dsseV002 } = readFields(spec, ["dsseV002"]);
  const { payloadHash, signatures } = readFields(dsseV002, ["payloadHash", "signatures"]);
  return {
    covers: "payload",
    ...readHashOutput(payloadHash),
    ...readRekor2Signature(onlyOf(signatures)),
    payloadType: null,
  };
}

function onlyOf(field: Field): Field {
  const [first, second] = readArray(field, MAX_LOG_ENTRIES);
  if (first === undefined || second !== undefined) return wrongType(field, "exactly one signature");
  return first;
}

function readRekor1Digest(field: Field): ClaimedDigest {
  const { algorithm, value } = readFields(field, ["algorithm", "value"]);
  const hash = readHashName(algorithm, REKOR1_HASHES);
  return { hash, digest: decodeHex(readText(value), HASH_BYTES[hash], value.path) };
}

function readRekor2Signature(field: Field): { signature: Bytes; verifier: Bytes } {
  const { content, verifier } = readFields(field, ["content", "verifier"]);
  const holder = readFields(verifier, ["keyDetails"], ["x509Certificate", "publicKey"]);
  readText(holder.keyDetails);
  const key = holder.x509Certificate ?? holder.publicKey;
  if (key === undefined || (holder.x509Certificate && holder.publicKey)) {
    return wrongType(verifier, "either a certificate or a public key");
  }
  return {
    signature: readBytes(content),
    verifier: readSignerBytes(readOnlyField(key, "rawBytes")),
  };
}

const decodePem = rememberLast(
  (text: string, what: string) => parsePem(decodeUtf8(decodeBase64(text, what), what), what).bytes,
);

function readPem(field: Field): Bytes {
  return decodePem(readText(field), field.path);
}
