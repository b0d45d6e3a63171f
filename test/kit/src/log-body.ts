/** What logs record about a signature: the bodies of their entries, by kind and version. */
import { type Bytes, type HashName, base64, digest, hex, sha256, utf8 } from "./bytes.ts";
import { type Envelope, type Signed, envelopeJson } from "./content.ts";
import { type JsonObject, jsonBytes } from "./json.ts";
import type { Signer } from "./keys.ts";

/** The kinds of entry. */
export type EntryKind = "hashedrekord" | "dsse" | "intoto";

/** Who signed: a certificate, or a key without one. */
export interface VerifierMaterial {
  readonly signer: Signer;
  /** The certificate in DER, or null for a managed key. */
  readonly certificate: Bytes | null;
  /** Certificate or public key in PEM. */
  readonly pem: string;
}

const SHA2: Readonly<Record<HashName, { v1: string; v2: string }>> = {
  "SHA-256": { v1: "sha256", v2: "SHA2_256" },
  "SHA-384": { v1: "sha384", v2: "SHA2_384" },
  "SHA-512": { v1: "sha512", v2: "SHA2_512" },
};

/** A hash function's name in bundles and in Rekor version 2. */
export function protobufName(hash: HashName): string {
  return SHA2[hash].v2;
}

/** The body of an entry before it is serialised. Throws where the log knows no such entry. */
export async function logBody(
  version: 1 | 2,
  kind: EntryKind,
  signed: Signed,
  material: VerifierMaterial,
): Promise<JsonObject> {
  const apiVersion = kind === "intoto" || version === 2 ? "0.0.2" : "0.0.1";
  const spec = await specOf(version, kind, signed, material);
  return { apiVersion, kind, spec };
}

async function specOf(
  version: 1 | 2,
  kind: EntryKind,
  signed: Signed,
  material: VerifierMaterial,
): Promise<JsonObject> {
  if (kind === "hashedrekord") {
    return version === 1
      ? await hashedRekord1(signed, material)
      : await hashedRekord2(signed, material);
  }
  if (signed.kind === "message") throw new Error(`an entry of kind ${kind} needs a DSSE envelope`);
  if (kind === "dsse") {
    const { envelope } = signed;
    return version === 1 ? await dsse1(envelope, material) : await dsse2(envelope, material);
  }
  if (version === 2) throw new Error("Rekor version 2 has no entries of kind intoto");
  return await intoto2(signed.envelope, material);
}

/** What a hashedrekord records: the message's hash, or that of the pre-authentication encoding. */
async function hashed(
  signed: Signed,
  hash: HashName,
): Promise<{ hash: HashName; digest: Bytes; signature: Bytes }> {
  if (signed.kind === "message") return signed;
  const signature = signed.envelope.signatures[0]?.sig ?? new Uint8Array();
  return { hash, digest: await digest(hash, signed.pae), signature };
}

async function hashedRekord1(signed: Signed, material: VerifierMaterial): Promise<JsonObject> {
  const record = await hashed(signed, material.signer.hash);
  return {
    data: { hash: { algorithm: SHA2[record.hash].v1, value: hex(record.digest) } },
    signature: {
      content: base64(record.signature),
      publicKey: { content: base64(utf8(material.pem)) },
    },
  };
}

async function hashedRekord2(signed: Signed, material: VerifierMaterial): Promise<JsonObject> {
  const record = await hashed(signed, material.signer.hash);
  return {
    hashedRekordV002: {
      data: { algorithm: SHA2[record.hash].v2, digest: base64(record.digest) },
      signature: { content: base64(record.signature), verifier: verifier2(material) },
    },
  };
}

function verifier2({ signer, certificate }: VerifierMaterial): JsonObject {
  const { keyDetails } = signer;
  return certificate === null
    ? { keyDetails, publicKey: { rawBytes: base64(signer.spki) } }
    : { keyDetails, x509Certificate: { rawBytes: base64(certificate) } };
}

async function sha256Json(...parts: readonly Uint8Array[]): Promise<JsonObject> {
  return { algorithm: "sha256", value: hex(await sha256(...parts)) };
}

async function dsse1(envelope: Envelope, material: VerifierMaterial): Promise<JsonObject> {
  return {
    envelopeHash: await sha256Json(jsonBytes(envelopeJson(envelope))),
    payloadHash: await sha256Json(envelope.payload),
    signatures: envelope.signatures.map(({ sig }) => ({
      signature: base64(sig),
      verifier: base64(utf8(material.pem)),
    })),
  };
}

async function dsse2(envelope: Envelope, material: VerifierMaterial): Promise<JsonObject> {
  return {
    dsseV002: {
      payloadHash: { algorithm: "SHA2_256", digest: base64(await sha256(envelope.payload)) },
      signatures: envelope.signatures.map(({ sig }) => ({
        content: base64(sig),
        verifier: verifier2(material),
      })),
    },
  };
}

/** This kind of entry has payload and signature in base64 of base64. */
function twice(bytes: Bytes): string {
  return base64(utf8(base64(bytes)));
}

async function intoto2(envelope: Envelope, material: VerifierMaterial): Promise<JsonObject> {
  return {
    content: {
      envelope: {
        payload: twice(envelope.payload),
        payloadType: envelope.payloadType,
        signatures: envelope.signatures.map(({ sig, keyid }) => ({
          publicKey: base64(utf8(material.pem)),
          sig: twice(sig),
          ...(keyid === undefined || keyid === "" ? {} : { keyid }),
        })),
      },
      hash: await sha256Json(jsonBytes(envelopeJson(envelope))),
      payloadHash: await sha256Json(envelope.payload),
    },
  };
}
