/** Certificate transparency (RFC 6962): signed certificate timestamps over precertificates. */
import { type Bytes, bigEndian, concat, sha256 } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import type { KeyKind, Signer } from "./keys.ts";

/** A certificate transparency log. */
export interface CtLog {
  readonly signer: Signer;
  readonly url: string;
  /** SHA-256 of the log's public key. */
  readonly logId: Bytes;
}

/** A signed certificate timestamp before it is signed, with what the signature covers beside it. */
export interface SctFields {
  readonly version: number;
  readonly logId: Bytes;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly extensions: Bytes;
  /** HashAlgorithm of TLS 1.2: 4 is SHA-256. */
  readonly hash: number;
  /** SignatureAlgorithm of TLS 1.2: 3 is ECDSA, 1 is RSA. */
  readonly signature: number;
  /** LogEntryType: 1 is a precertificate. */
  readonly entryType: number;
  /** SHA-256 of the issuing CA's public key. */
  readonly issuerKeyHash: Bytes;
  /** The certificate's signed part without the SCT list. */
  readonly tbs: Bytes;
}

/** What can be changed on an SCT's way, in this order. */
export interface SctChanges {
  readonly sct?: Change<SctFields> | undefined;
  readonly sctSignature?: SignatureChange | undefined;
}

/** The log that a key makes. */
export async function ctLog(signer: Signer, url: string): Promise<CtLog> {
  return { signer, url, logId: await sha256(signer.spki) };
}

function tlsAlgorithms(kind: KeyKind): { hash: number; signature: number } {
  if (kind === "Ed25519") return { hash: 8, signature: 7 };
  if (kind.startsWith("RSA")) return { hash: 4, signature: 1 };
  return { hash: kind === "P-521" ? 6 : kind === "P-384" ? 5 : 4, signature: 3 };
}

/** What a log promises about the precertificate with this signed part. */
export interface Precertificate {
  readonly tbs: Bytes;
  readonly issuerSpki: Bytes;
  readonly time: Date;
}

/** A serialised SCT (RFC 6962 section 3.2). */
export async function mintSct(
  log: CtLog,
  precertificate: Precertificate,
  changes: SctChanges = {},
): Promise<Bytes> {
  const fields = await changed(changes.sct, {
    version: 0,
    logId: log.logId,
    timestamp: precertificate.time.getTime(),
    extensions: new Uint8Array(),
    ...tlsAlgorithms(log.signer.kind),
    entryType: 1,
    issuerKeyHash: await sha256(precertificate.issuerSpki),
    tbs: precertificate.tbs,
  });
  const message = signedPart(fields);
  const signature = await changed(changes.sctSignature, await log.signer.sign(message), message);
  return concat(
    bigEndian(fields.version, 1),
    fields.logId,
    bigEndian(fields.timestamp, 8),
    prefixed(2, fields.extensions),
    Uint8Array.of(fields.hash, fields.signature),
    prefixed(2, signature),
  );
}

function signedPart(fields: SctFields): Bytes {
  return concat(
    Uint8Array.of(fields.version, 0),
    bigEndian(fields.timestamp, 8),
    bigEndian(fields.entryType, 2),
    fields.issuerKeyHash,
    prefixed(3, fields.tbs),
    prefixed(2, fields.extensions),
  );
}

function prefixed(width: number, content: Uint8Array): Bytes {
  return concat(bigEndian(content.length, width), content);
}

/** SignedCertificateTimestampList (RFC 6962 section 3.3). */
export function sctList(scts: readonly Uint8Array[]): Bytes {
  return prefixed(2, concat(...scts.map((sct) => prefixed(2, sct))));
}
