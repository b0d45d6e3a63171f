import { equalBytes } from "../bytes/bytes.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_CERTIFICATE_BYTES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { nextSignatureAlgorithm, type SignatureAlgorithm } from "./algorithm.ts";
import * as TAG from "./der-tags.ts";
import {
  contextTag,
  type DerReader,
  type DerValue,
  encodingOf,
  enter,
  finish,
  hasMore,
  next,
  nextAny,
  nextIs,
  nextSequence,
  readSequence,
} from "./der.ts";
import {
  nextBitString,
  nextDefaultFalse,
  nextGeneralizedTime,
  nextOctetString,
  nextOid,
  nextPositiveInteger,
  nextSmallInteger,
  nextUtcTime,
} from "./der-types.ts";
import { type ParsedPublicKey, parsePublicKey } from "./public-key.ts";

/** A certificate extension (RFC 5280 section 4.2) with its undecoded content. */
export interface ParsedExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly content: Bytes;
  /** The whole extension as encoded. */
  readonly encoding: Bytes;
}

/** A closed interval, in milliseconds since 1970. */
export interface Validity {
  readonly start: number;
  readonly end: number;
}

/** A certificate whose encoding was checked; nobody has vouched for what it says. */
export interface ParsedCertificate {
  readonly encoding: Bytes;
  /** The part that is signed, as encoded. */
  readonly tbs: Bytes;
  /** The parts of `tbs` before its extensions, as encoded; for certificate transparency. */
  readonly tbsBeforeExtensions: Bytes;
  /** Serial number, without sign byte. */
  readonly serial: Bytes;
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  /** Distinguished names, as encoded. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly validity: Validity;
  readonly publicKey: ParsedPublicKey;
  readonly extensions: ReadonlyMap<string, ParsedExtension>;
}

const MAX_SERIAL_BYTES = 20;
const YEAR_2050 = Date.UTC(2050, 0);

/**
 * Parses an X.509 version 3 certificate (RFC 5280 section 4.1) in DER, every byte of it.
 *
 * @throws LIMIT_EXCEEDED DER_INVALID CERTIFICATE_INVALID KEY_UNSUPPORTED
 */
export function parseCertificate(encoding: Bytes, what: string): ParsedCertificate {
  requireAtMost(MAX_CERTIFICATE_BYTES, encoding.length, "bytes", what);
  const certificate = readSequence(encoding, what);
  const tbs = next(certificate, TAG.sequence);
  const algorithm = nextSignatureAlgorithm(certificate, `${what}: signature algorithm`);
  const signature = nextBitString(certificate);
  finish(certificate);
  return {
    encoding,
    tbs: encodingOf(tbs),
    signatureAlgorithm: algorithm.oid,
    signature,
    ...readTbs(tbs, algorithm, what),
  };
}

function readTbs(
  tbs: DerValue,
  algorithm: SignatureAlgorithm,
  what: string,
): Omit<ParsedCertificate, "encoding" | "tbs" | "signatureAlgorithm" | "signature"> {
  const reader = enter(tbs, what);
  readVersion(reader, what);
  const serial = nextPositiveInteger(reader);
  if (serial.length > MAX_SERIAL_BYTES) {
    fail("CERTIFICATE_INVALID", `${what}: expected at most 20 bytes of serial number`);
  }
  const inner = nextSignatureAlgorithm(reader, `${what}: signature algorithm`);
  if (!equalBytes(inner.encoding, algorithm.encoding)) {
    fail("CERTIFICATE_INVALID", `${what}: the two signature algorithms differ`);
  }
  const issuer = nextName(reader);
  const validity = nextValidity(reader, what);
  const subject = nextName(reader);
  const publicKey = parsePublicKey(encodingOf(next(reader, TAG.sequence)), `${what}: public key`);
  const tbsBeforeExtensions = tbs.source.subarray(tbs.content, reader.offset);
  const extensions = readExtensions(reader, what);
  finish(reader);
  return { tbsBeforeExtensions, serial, issuer, validity, subject, publicKey, extensions };
}

function readVersion(reader: DerReader, what: string): void {
  if (!nextIs(reader, contextTag(0, true))) {
    fail("CERTIFICATE_INVALID", `${what}: expected an X.509 certificate of version 3`);
  }
  const version = enter(next(reader, contextTag(0, true)), what);
  if (nextSmallInteger(version) !== 2) {
    fail("CERTIFICATE_INVALID", `${what}: expected an X.509 certificate of version 3`);
  }
  finish(version);
}

/** RFC 5280 section 4.1.2.4. Names are only ever compared byte by byte, so the outline suffices. */
function nextName(reader: DerReader): Bytes {
  const name = next(reader, TAG.sequence);
  const sets = enter(name, reader.what);
  while (hasMore(sets)) {
    const attributes = enter(next(sets, TAG.set), reader.what);
    do {
      const attribute = nextSequence(attributes, reader.what);
      nextOid(attribute);
      nextAny(attribute);
      finish(attribute);
    } while (hasMore(attributes));
  }
  return encodingOf(name);
}

/** RFC 5280 section 4.1.2.5: both ends are included; UTCTime through 2049. */
function nextValidity(reader: DerReader, what: string): Validity {
  const validity = nextSequence(reader, `${what}: validity`);
  const [start, end] = [nextCertificateTime(validity), nextCertificateTime(validity)];
  finish(validity);
  if (start > end) fail("CERTIFICATE_INVALID", `${what}: the validity ends before it starts`);
  return { start, end };
}

function nextCertificateTime(reader: DerReader): number {
  const isUtc = nextIs(reader, TAG.utcTime);
  const time = isUtc ? nextUtcTime(reader) : nextGeneralizedTime(reader, false);
  if (isUtc !== time < YEAR_2050) {
    fail("CERTIFICATE_INVALID", `${reader.what}: a time is not in RFC 5280's form`);
  }
  return time;
}

function readExtensions(reader: DerReader, what: string): ReadonlyMap<string, ParsedExtension> {
  if (!nextIs(reader, contextTag(3, true))) {
    fail("CERTIFICATE_INVALID", `${what}: expected extensions after the public key`);
  }
  const wrapper = enter(next(reader, contextTag(3, true)), what);
  const list = nextSequence(wrapper, `${what}: extensions`);
  finish(wrapper);
  const extensions = new Map<string, ParsedExtension>();
  while (hasMore(list)) {
    const extension = nextExtension(list);
    if (extensions.has(extension.oid)) {
      fail("CERTIFICATE_INVALID", `${what}: the extension ${extension.oid} stands there twice`);
    }
    extensions.set(extension.oid, extension);
  }
  return extensions;
}

function nextExtension(list: DerReader): ParsedExtension {
  const value = next(list, TAG.sequence);
  const reader = enter(value, list.what);
  const oid = nextOid(reader);
  const critical = nextDefaultFalse(reader);
  const content = nextOctetString(reader);
  finish(reader);
  return { oid, critical, content, encoding: encodingOf(value) };
}
