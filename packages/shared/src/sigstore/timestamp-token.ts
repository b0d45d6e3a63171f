/** RFC 3161 responses, as far as they are needed: one signer, SHA-2, signed attributes. */
import type { HashName } from "../bytes/crypto.ts";
import { concatBytes } from "../bytes/bytes.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_CHAIN_LENGTH } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { nextHashAlgorithm, nextSignatureAlgorithm } from "../x509/algorithm.ts";
import * as TAG from "../x509/der-tags.ts";
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
  requireStructure,
} from "../x509/der.ts";
import {
  nextDefaultFalse,
  nextGeneralizedTime,
  nextInteger,
  nextOctetString,
  nextOid,
  nextPositiveInteger,
  nextSmallInteger,
} from "../x509/der-types.ts";
import {
  type HashedMessage,
  parseSignedAttributes,
  type SignedAttributes,
} from "./timestamp-attributes.ts";

/** A timestamp response of which only the form was checked. */
export interface ParsedTimestamp {
  /** The TSTInfo, as encoded. */
  readonly content: Bytes;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly imprint: HashedMessage;
  readonly signer: ParsedSigner;
  readonly signingCertificate: HashedMessage;
  readonly embeddedCertificates: readonly Bytes[];
}

/** What a CMS SignerInfo says (RFC 5652 section 5.3). */
interface ParsedSigner {
  readonly issuer: Bytes;
  readonly serial: Bytes;
  readonly hash: HashName;
  readonly algorithm: string;
  readonly messageDigest: Bytes;
  /** The signed attributes in the encoding that is signed. */
  readonly signedData: Bytes;
  readonly signature: Bytes;
}

const OID_SIGNED_DATA = "1.2.840.113549.1.7.2";
const OID_TST_INFO = "1.2.840.113549.1.9.16.1.4";

/**
 * Parses a TimeStampResp (RFC 3161 section 2.4.2) in DER.
 *
 * @throws TIMESTAMP_INVALID DER_INVALID LIMIT_EXCEEDED
 */
export function parseTimestamp(response: Bytes, what: string): ParsedTimestamp {
  const reader = readSequence(response, what);
  requireStructure(reader);
  checkStatus(nextSequence(reader, `${what}: status`), what);
  if (!hasMore(reader)) fail("TIMESTAMP_INVALID", `${what}: the response holds no timestamp`);
  const contentInfo = nextSequence(reader, what);
  finish(reader);
  expectOid(contentInfo, OID_SIGNED_DATA, "signed data");
  const wrapper = enter(next(contentInfo, contextTag(0, true)), what);
  finish(contentInfo);
  const signedData = nextSequence(wrapper, what);
  finish(wrapper);
  return parseSignedData(signedData, what);
}

/** PKIStatusInfo: 0 is granted, 1 granted with changes. */
function checkStatus(reader: DerReader, what: string): void {
  const status = nextSmallInteger(reader);
  if (status > 1) {
    fail("TIMESTAMP_INVALID", `${what}: the authority answered with status ${status}`);
  }
  while (hasMore(reader)) nextAny(reader);
}

/** RFC 5652 section 5.1. */
function parseSignedData(reader: DerReader, what: string): ParsedTimestamp {
  if (nextSmallInteger(reader) !== 3) {
    fail("TIMESTAMP_INVALID", `${what}: expected signed data of version 3`);
  }
  next(reader, TAG.set);
  const content = nextContent(nextSequence(reader, `${what}: content`));
  const embeddedCertificates = nextCertificates(reader, what);
  const signers = enter(next(reader, TAG.set), `${what}: signer`);
  finish(reader);
  const { signer, attributes } = nextSigner(nextSequence(signers, signers.what));
  if (hasMore(signers)) fail("TIMESTAMP_INVALID", `${what}: expected exactly one signer`);
  return {
    content,
    ...parseTstInfo(content, `${what}: content`),
    signer,
    signingCertificate: attributes.signingCertificate,
    embeddedCertificates,
  };
}

function nextContent(reader: DerReader): Bytes {
  expectOid(reader, OID_TST_INFO, "a timestamp");
  const wrapper = enter(next(reader, contextTag(0, true)), reader.what);
  finish(reader);
  const content = nextOctetString(wrapper);
  finish(wrapper);
  return content;
}

function nextCertificates(reader: DerReader, what: string): readonly Bytes[] {
  if (!nextIs(reader, contextTag(0, true))) return [];
  const set = enter(next(reader, contextTag(0, true)), `${what}: certificates`);
  const certificates: Bytes[] = [];
  while (hasMore(set)) {
    requireAtMost(MAX_CHAIN_LENGTH, certificates.length + 1, "certificates", what);
    certificates.push(encodingOf(next(set, TAG.sequence)));
  }
  return certificates;
}

function nextSigner(reader: DerReader): { signer: ParsedSigner; attributes: SignedAttributes } {
  if (nextSmallInteger(reader) !== 1) {
    fail("TIMESTAMP_INVALID", `${reader.what}: expected a signer of version 1`);
  }
  const name = nextSequence(reader, reader.what);
  const issuer = encodingOf(next(name, TAG.sequence));
  const serial = nextPositiveInteger(name);
  finish(name);
  const hash = nextHashAlgorithm(reader);
  const signed = next(reader, contextTag(0, true));
  const attributes = parseSignedAttributes(
    enter(signed, `${reader.what}: attributes`),
    OID_TST_INFO,
  );
  const algorithm = nextSignatureAlgorithm(reader, reader.what).oid;
  const signature = nextOctetString(reader);
  if (nextIs(reader, contextTag(1, true))) next(reader, contextTag(1, true));
  finish(reader);
  const signedData = asSet(signed);
  const { messageDigest } = attributes;
  return {
    signer: { issuer, serial, hash, algorithm, messageDigest, signedData, signature },
    attributes,
  };
}

/** RFC 5652 section 5.4: the attributes are signed under the tag of a SET. */
function asSet(attributes: DerValue): Bytes {
  return concatBytes([TAG.set], encodingOf(attributes).subarray(1));
}

/** RFC 3161 section 2.4.2, TSTInfo. */
function parseTstInfo(content: Bytes, what: string): { time: number; imprint: HashedMessage } {
  const reader = readSequence(content, what);
  requireStructure(reader);
  if (nextSmallInteger(reader) !== 1) fail("TIMESTAMP_INVALID", `${what}: expected version 1`);
  nextOid(reader);
  const message = nextSequence(reader, `${what}: imprint`);
  const imprint = { hash: nextHashAlgorithm(message), digest: nextOctetString(message) };
  finish(message);
  nextInteger(reader);
  const time = nextGeneralizedTime(reader, true);
  skipOptional(reader);
  return { time, imprint };
}

/** Accuracy, ordering, nonce, the authority's name, extensions: read, and not needed. */
function skipOptional(reader: DerReader): void {
  if (nextIs(reader, TAG.sequence)) next(reader, TAG.sequence);
  nextDefaultFalse(reader);
  if (nextIs(reader, TAG.integer)) nextInteger(reader);
  if (nextIs(reader, contextTag(0, true))) next(reader, contextTag(0, true));
  if (nextIs(reader, contextTag(1, true))) {
    fail("TIMESTAMP_INVALID", `${reader.what}: extensions are not supported`);
  }
  finish(reader);
}

function expectOid(reader: DerReader, oid: string, meaning: string): void {
  if (nextOid(reader) !== oid) fail("TIMESTAMP_INVALID", `${reader.what}: expected ${meaning}`);
}
