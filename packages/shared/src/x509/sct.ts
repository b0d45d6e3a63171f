import { concatBytes, numberOf } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { sha256 } from "../bytes/sha256.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_SCTS } from "../limits.ts";
import type { Bytes } from "../model.ts";
import type { ParsedCertificate } from "./certificate.ts";
import * as TAG from "./der-tags.ts";
import { contextTag, finish, readDer } from "./der.ts";
import { nextOctetString } from "./der-types.ts";
import * as EXTENSION from "./extension-oids.ts";

/** A signed certificate timestamp (RFC 6962 section 3.2) that nobody has checked. */
export interface ParsedSct {
  /** The log's identifier in hexadecimal: SHA-256 of its key. */
  readonly logId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What the log signed. */
  readonly signedData: Bytes;
  readonly signature: Bytes;
  readonly algorithm: "ECDSA" | "RSA";
}

interface Cursor {
  readonly bytes: Bytes;
  readonly what: string;
  offset: number;
}

/** RFC 5246 section 7.4.1.4.1: SHA-256 with RSA or ECDSA, the only ones RFC 6962 permits. */
const HASH_SHA256 = 4;
const SIGNATURE_RSA = 1;
const SIGNATURE_ECDSA = 3;
const PRECERT_ENTRY = 1;

/**
 * Parses the timestamps embedded in a certificate (RFC 6962 section 3.3), with the data that each
 * log signed: the certificate without this extension, and the hash of its issuer's key.
 *
 * @param issuerSpki the issuer's SubjectPublicKeyInfo
 * @throws SCT_MISSING SCT_INVALID DER_INVALID LIMIT_EXCEEDED
 */
export function parseScts(
  certificate: ParsedCertificate,
  issuerSpki: Bytes,
  what: string,
): readonly [ParsedSct, ...ParsedSct[]] {
  const extension = certificate.extensions.get(EXTENSION.sctList);
  if (extension === undefined) {
    return fail("SCT_MISSING", `${what}: expected a signed certificate timestamp, found none`);
  }
  const name = `${what}: signed certificate timestamps`;
  const reader = readDer(extension.content, name);
  const list: Cursor = { bytes: nextOctetString(reader), what: name, offset: 0 };
  finish(reader);
  const precertificate = precertificateOf(certificate);
  const issuerKeyHash = sha256(issuerSpki);
  if (readNumber(list, 2) !== remaining(list)) invalid(list, "the list's length is wrong");
  const scts: ParsedSct[] = [];
  while (remaining(list) > 0) {
    requireAtMost(MAX_SCTS, scts.length + 1, "timestamps", name);
    const bytes = readBytes(list, readNumber(list, 2));
    scts.push(parseSct({ bytes, what: name, offset: 0 }, issuerKeyHash, precertificate));
  }
  const [first, ...rest] = scts;
  return first === undefined ? fail("SCT_MISSING", `${name}: the list is empty`) : [first, ...rest];
}

function parseSct(sct: Cursor, issuerKeyHash: Bytes, precertificate: Bytes): ParsedSct {
  if (readNumber(sct, 1) !== 0) invalid(sct, "expected version 1");
  const logId = encodeHex(readBytes(sct, 32));
  const timeBytes = readBytes(sct, 8);
  const extensionsLength = readNumber(sct, 2);
  const extensions = readBytes(sct, extensionsLength);
  const hash = readNumber(sct, 1);
  const algorithm = readNumber(sct, 1);
  if (hash !== HASH_SHA256 || (algorithm !== SIGNATURE_ECDSA && algorithm !== SIGNATURE_RSA)) {
    invalid(sct, "expected a signature with SHA-256 and ECDSA or RSA");
  }
  const signature = readBytes(sct, readNumber(sct, 2));
  if (remaining(sct) !== 0) invalid(sct, "bytes are left over at the end");
  const signedData = concatBytes(
    [0, 0],
    timeBytes,
    [0, PRECERT_ENTRY],
    issuerKeyHash,
    bigEndian(precertificate.length, 3),
    precertificate,
    bigEndian(extensionsLength, 2),
    extensions,
  );
  return {
    logId,
    time: numberOf(timeBytes),
    signedData,
    signature,
    algorithm: algorithm === SIGNATURE_ECDSA ? "ECDSA" : "RSA",
  };
}

/**
 * The certificate's signed part without the timestamps (RFC 6962 section 3.2). The lengths around
 * the extensions are written anew; DER permits one form only, so this is what the log saw.
 */
function precertificateOf(certificate: ParsedCertificate): Bytes {
  const kept = [...certificate.extensions.values()]
    .filter(({ oid }) => oid !== EXTENSION.sctList)
    .map(({ encoding }) => encoding);
  const extensions = wrap(contextTag(3, true), wrap(TAG.sequence, concatBytes(...kept)));
  return wrap(TAG.sequence, concatBytes(certificate.tbsBeforeExtensions, extensions));
}

function wrap(tag: number, content: Bytes): Bytes {
  const { length } = content;
  const width = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const header = width === 0 ? [tag, length] : [tag, 0x80 | width, ...bigEndian(length, width)];
  return concatBytes(header, content);
}

/** The last `width` bytes, up to 3, as numbers of which a byte string keeps the low 8 bits. */
function bigEndian(value: number, width: number): readonly number[] {
  return [value >>> 16, value >>> 8, value].slice(-width);
}

function remaining(cursor: Cursor): number {
  return cursor.bytes.length - cursor.offset;
}

function readNumber(cursor: Cursor, width: 1 | 2): number {
  return numberOf(readBytes(cursor, width));
}

function readBytes(cursor: Cursor, length: number): Bytes {
  if (length > remaining(cursor)) invalid(cursor, "it is cut off");
  const start = cursor.offset;
  cursor.offset += length;
  return cursor.bytes.subarray(start, cursor.offset);
}

function invalid(cursor: Cursor, reason: string): never {
  return fail("SCT_INVALID", `${cursor.what}: ${reason}`);
}
