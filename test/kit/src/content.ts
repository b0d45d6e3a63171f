/** What gets signed: an in-toto statement in a DSSE envelope, or a message itself. */
import { type Bytes, type HashName, base64, concat, digest, hex, sha256, utf8 } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import { type JsonObject, jsonBytes } from "./json.ts";
import type { Signer } from "./keys.ts";

/** The predicate of PyPI's own attestations. */
export const PUBLISH_PREDICATE = "https://docs.pypi.org/attestations/publish/v1";
/** The predicate of SLSA provenance. */
export const SLSA_PREDICATE = "https://slsa.dev/provenance/v1";
/** The payload type of in-toto statements. */
export const IN_TOTO = "application/vnd.in-toto+json";

/** A DSSE envelope. */
export interface Envelope {
  readonly payload: Bytes;
  readonly payloadType: string;
  readonly signatures: readonly { readonly sig: Bytes; readonly keyid?: string }[];
}

/** What was signed, with the signature. */
export type Signed =
  | { readonly kind: "dsse"; readonly envelope: Envelope; readonly pae: Bytes }
  | {
      readonly kind: "message";
      readonly message: Bytes;
      readonly hash: HashName;
      readonly digest: Bytes;
      readonly signature: Bytes;
    };

/** What is to be signed: exactly one of statement, payload and message. */
export interface ContentOptions {
  /** An in-toto statement. */
  readonly statement?: JsonObject | undefined;
  /** Payload bytes for a DSSE envelope. */
  readonly payload?: Bytes | undefined;
  /** Bytes to be signed as they are. */
  readonly message?: Bytes | undefined;
}

/** What can be changed while something is signed, in this order. */
export interface ContentChanges {
  readonly statement?: Change<JsonObject> | undefined;
  readonly payload?: Change<Bytes> | undefined;
  readonly payloadType?: Change<string> | undefined;
  /** The bytes that are signed. For a message: a hash of what is returned is in bundle and log. */
  readonly pae?: Change<Bytes> | undefined;
  /** The signature; bundle, log body and time stamp all have what is returned. */
  readonly signature?: SignatureChange | undefined;
  /** The whole envelope; the log body is made from what is returned. */
  readonly envelope?: Change<Envelope> | undefined;
}

/** DSSE's pre-authentication encoding: what an envelope's signature is over. */
export function preAuthenticationEncoding(payloadType: string, payload: Bytes): Bytes {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

/** An in-toto statement, version 1, about files by name and SHA-256 in hexadecimal. */
export function statementOf(
  subjects: readonly { readonly name: string; readonly sha256: string }[],
  predicateType: string = PUBLISH_PREDICATE,
  predicate: JsonObject | null = null,
): JsonObject {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects.map((subject) => ({
      name: subject.name,
      digest: { sha256: subject.sha256 },
    })),
    predicateType,
    predicate,
  };
}

async function payloadOf(options: ContentOptions, change: ContentChanges): Promise<Bytes | null> {
  const { statement, payload, message } = options;
  const given = [statement, payload, message].filter((value) => value !== undefined);
  if (given.length !== 1) throw new Error("give one of statement, payload and message");
  if (statement !== undefined) return jsonBytes(await changed(change.statement, statement));
  return payload ?? null;
}

/** Signs; the changes apply on the way. */
export async function signContent(
  options: ContentOptions,
  signer: Signer,
  change: ContentChanges,
): Promise<Signed> {
  const plain = await payloadOf(options, change);
  if (plain === null) {
    const message = await changed(change.pae, options.message ?? new Uint8Array());
    const signature = await changed(change.signature, await signer.sign(message), message);
    const { hash } = signer;
    return { kind: "message", message, hash, digest: await digest(hash, message), signature };
  }
  const payload = await changed(change.payload, plain);
  const payloadType = await changed(change.payloadType, IN_TOTO);
  const pae = await changed(change.pae, preAuthenticationEncoding(payloadType, payload));
  const sig = await changed(change.signature, await signer.sign(pae), pae);
  const envelope = await changed(change.envelope, { payload, payloadType, signatures: [{ sig }] });
  return { kind: "dsse", envelope, pae };
}

/** The bytes that a time stamp of this signature is over. */
export function signatureOf(signed: Signed): Bytes {
  if (signed.kind === "message") return signed.signature;
  return signed.envelope.signatures[0]?.sig ?? new Uint8Array();
}

/** The envelope as bundles hold it. */
export function envelopeJson(envelope: Envelope): JsonObject {
  return {
    payload: base64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ sig, keyid }) => ({
      sig: base64(sig),
      ...(keyid === undefined ? {} : { keyid }),
    })),
  };
}

/** SHA-256 in hexadecimal of bytes, or the one that is given. */
export async function sha256Of(file: { bytes: Uint8Array } | { sha256: string }): Promise<string> {
  return "sha256" in file ? file.sha256 : hex(await sha256(file.bytes));
}
