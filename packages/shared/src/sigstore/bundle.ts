import {
  documentField,
  type Field,
  type Fields,
  readArray,
  readBytes,
  readFields,
  readOnlyField,
  readInt64,
  readSignerBytes,
  readText,
  wrongType,
  namedIn,
} from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import {
  MAX_DOCUMENT_BYTES,
  MAX_INCLUSION_HASHES,
  MAX_LOG_ENTRIES,
  MAX_TIMESTAMPS,
} from "../limits.ts";
import type { Bytes } from "../model.ts";
import { type ClaimedDigest, readHashOutput } from "./hash.ts";

/** A transparency log entry as a bundle carries it (protobuf-specs, `TransparencyLogEntry`). */
export interface ClaimedLogEntry {
  readonly path: string;
  readonly logIndex: bigint;
  readonly logId: Bytes;
  readonly kind: string;
  readonly version: string;
  /** Seconds since 1970; null in entries of a Rekor v2 log. */
  readonly integratedTime: bigint | null;
  readonly signedEntryTimestamp: Bytes | null;
  readonly inclusionProof: ClaimedInclusionProof | null;
  readonly canonicalizedBody: Bytes;
  /** The same in base64, as the bundle has it: no other text decodes to these bytes. */
  readonly encodedBody: string;
}

/** An inclusion proof as a bundle carries it. */
export interface ClaimedInclusionProof {
  readonly logIndex: bigint;
  readonly rootHash: Bytes;
  readonly treeSize: bigint;
  readonly hashes: readonly Bytes[];
  readonly checkpoint: string | null;
}

/** What a bundle says was signed. */
export type ClaimedContent =
  | {
      readonly kind: "dsse";
      readonly payload: Bytes;
      readonly payloadType: string;
      readonly signature: Bytes;
    }
  | {
      readonly kind: "message";
      readonly digest: ClaimedDigest;
      readonly signature: Bytes;
    };

/** A bundle of which only the form was checked. */
export interface ParsedBundle {
  /** The signing certificate in DER, or null where a managed key signed. */
  readonly certificate: Bytes | null;
  readonly logEntries: readonly ClaimedLogEntry[];
  /** RFC 3161 timestamp responses in DER. */
  readonly timestamps: readonly Bytes[];
  readonly content: ClaimedContent;
}

/** Media types, and the form of the verification material that belongs to each version. */
const VERSIONS: Readonly<Record<string, "chain" | "certificate">> = {
  "application/vnd.dev.sigstore.bundle+json;version=0.1": "chain",
  "application/vnd.dev.sigstore.bundle+json;version=0.2": "chain",
  "application/vnd.dev.sigstore.bundle+json;version=0.3": "certificate",
  "application/vnd.dev.sigstore.bundle.v0.3+json": "certificate",
};

/**
 * Parses a Sigstore bundle (protobuf-specs, `sigstore_bundle.proto`) of version 0.1 to 0.3.
 *
 * @throws BUNDLE_INVALID BUNDLE_VERSION_UNSUPPORTED LIMIT_EXCEEDED JSON_INVALID UTF8_INVALID
 *   BASE64_INVALID
 */
export function parseBundle(bytes: Uint8Array): ParsedBundle {
  const document = documentField(bytes, MAX_DOCUMENT_BYTES, "bundle", "BUNDLE_INVALID");
  const fields = readFields(
    document,
    ["mediaType", "verificationMaterial"],
    ["dsseEnvelope", "messageSignature"],
  );
  const mediaType = readText(fields.mediaType);
  const form = namedIn(VERSIONS, mediaType);
  if (form === undefined) {
    return fail(
      "BUNDLE_VERSION_UNSUPPORTED",
      `${fields.mediaType.path}: expected a Sigstore bundle of version 0.1 to 0.3, ` +
        `found ${quote(mediaType)}`,
    );
  }
  const material = readMaterial(fields.verificationMaterial, form);
  return { ...material, content: readContent(document, fields) };
}

function readMaterial(field: Field, form: "chain" | "certificate"): Omit<ParsedBundle, "content"> {
  const holder = form === "chain" ? "x509CertificateChain" : "certificate";
  const fields = readFields(field, ["tlogEntries"], [
    holder,
    "publicKey",
    "timestampVerificationData",
  ] as const);
  const certificate = fields[holder];
  if ((certificate === undefined) === (fields.publicKey === undefined)) {
    wrongType(field, `either the field "${holder}" or the field "publicKey"`);
  }
  if (fields.publicKey !== undefined) checkHint(fields.publicKey);
  return {
    certificate: certificate === undefined ? null : readCertificate(certificate, form),
    logEntries: readArray(fields.tlogEntries, MAX_LOG_ENTRIES).map(readLogEntry),
    timestamps: readTimestamps(fields.timestampVerificationData),
  };
}

/** The hint helps people to find a key; the key itself comes from the caller. */
function checkHint(field: Field): void {
  const { hint } = readFields(field, [], ["hint"]);
  if (hint !== undefined) readText(hint);
}

/**
 * The signing certificate alone. Versions 0.1 and 0.2 could carry a chain; the rest of a chain
 * comes from the trust root, so nothing else is accepted beside the leaf.
 */
function readCertificate(field: Field, form: "chain" | "certificate"): Bytes {
  if (form === "certificate") return readSignerBytes(readOnlyField(field, "rawBytes"));
  const { certificates } = readFields(field, ["certificates"]);
  const [leaf, second] = readArray(certificates, MAX_LOG_ENTRIES);
  if (leaf === undefined || second !== undefined) {
    return wrongType(certificates, "the signing certificate and no other");
  }
  return readSignerBytes(readOnlyField(leaf, "rawBytes"));
}

function readTimestamps(field: Field | undefined): readonly Bytes[] {
  if (field === undefined) return [];
  const { rfc3161Timestamps } = readFields(field, [], ["rfc3161Timestamps"]);
  if (rfc3161Timestamps === undefined) return [];
  return readArray(rfc3161Timestamps, MAX_TIMESTAMPS).map((timestamp) =>
    readBytes(readOnlyField(timestamp, "signedTimestamp")),
  );
}

/**
 * Reads one transparency log entry in protobuf's JSON form, as bundles and PEP 740 have it.
 *
 * @throws the field's code, LIMIT_EXCEEDED, BASE64_INVALID
 */
export function readLogEntry(field: Field): ClaimedLogEntry {
  const fields = readFields(
    field,
    ["logIndex", "logId", "kindVersion", "canonicalizedBody"],
    ["integratedTime", "inclusionPromise", "inclusionProof"],
  );
  const { kind, version } = readFields(fields.kindVersion, ["kind", "version"]);
  const promise = fields.inclusionPromise;
  return {
    path: field.path,
    logIndex: readInt64(fields.logIndex),
    logId: readBytes(readOnlyField(fields.logId, "keyId")),
    kind: readText(kind),
    version: readText(version),
    integratedTime: readOptionalTime(fields.integratedTime),
    signedEntryTimestamp:
      promise === undefined ? null : readBytes(readOnlyField(promise, "signedEntryTimestamp")),
    inclusionProof:
      fields.inclusionProof === undefined ? null : readInclusionProof(fields.inclusionProof),
    canonicalizedBody: readBytes(fields.canonicalizedBody),
    encodedBody: readText(fields.canonicalizedBody),
  };
}

/** Protobuf's default value, 0, stands for an absent time. */
function readOptionalTime(field: Field | undefined): bigint | null {
  const time = field === undefined ? 0n : readInt64(field);
  return time === 0n ? null : time;
}

function readInclusionProof(field: Field): ClaimedInclusionProof {
  const fields = readFields(field, ["logIndex", "rootHash", "treeSize"], ["hashes", "checkpoint"]);
  const { hashes, checkpoint } = fields;
  return {
    logIndex: readInt64(fields.logIndex),
    rootHash: readBytes(fields.rootHash),
    treeSize: readInt64(fields.treeSize),
    hashes: hashes === undefined ? [] : readArray(hashes, MAX_INCLUSION_HASHES).map(readBytes),
    checkpoint: checkpoint === undefined ? null : readText(readOnlyField(checkpoint, "envelope")),
  };
}

function readContent(
  document: Field,
  fields: Fields<never, "dsseEnvelope" | "messageSignature">,
): ClaimedContent {
  const { dsseEnvelope, messageSignature } = fields;
  if (dsseEnvelope !== undefined && messageSignature === undefined) return readDsse(dsseEnvelope);
  if (messageSignature !== undefined && dsseEnvelope === undefined) {
    return readMessage(messageSignature);
  }
  return wrongType(document, 'either the field "dsseEnvelope" or the field "messageSignature"');
}

/** DSSE envelope: exactly one signature, so that there is one signer to speak of. */
function readDsse(field: Field): ClaimedContent {
  const fields = readFields(field, ["payload", "payloadType", "signatures"]);
  const [signature, second] = readArray(fields.signatures, MAX_LOG_ENTRIES);
  if (signature === undefined || second !== undefined) {
    return wrongType(fields.signatures, "exactly one signature");
  }
  const { sig, keyid } = readFields(signature, ["sig"], ["keyid"]);
  if (keyid !== undefined) readText(keyid);
  return {
    kind: "dsse",
    payload: readBytes(fields.payload),
    payloadType: readText(fields.payloadType),
    signature: readBytes(sig),
  };
}

function readMessage(field: Field): ClaimedContent {
  const fields = readFields(field, ["messageDigest", "signature"]);
  return {
    kind: "message",
    digest: readHashOutput(fields.messageDigest),
    signature: readBytes(fields.signature),
  };
}
