import { fail } from "../errors.ts";
import type { HashName } from "../bytes/crypto.ts";
import type { Bytes } from "../model.ts";
import { nextHashAlgorithm } from "../x509/algorithm.ts";
import * as TAG from "../x509/der-tags.ts";
import { type DerReader, enter, finish, hasMore, next, nextIs, nextSequence } from "../x509/der.ts";
import { nextOctetString, nextOid } from "../x509/der-types.ts";

/** A digest, and the function that made it. */
export interface HashedMessage {
  readonly hash: HashName;
  readonly digest: Bytes;
}

/** The signed attributes of a timestamp's signer that matter. */
export interface SignedAttributes {
  readonly messageDigest: Bytes;
  readonly signingCertificate: HashedMessage;
}

const OID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
const OID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const OID_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

/**
 * Parses signed attributes (RFC 5652 section 11, RFC 5816): the content's type, its digest and the
 * signer's certificate must each be there once; others are not needed.
 *
 * @throws TIMESTAMP_INVALID DER_INVALID
 */
export function parseSignedAttributes(reader: DerReader, contentType: string): SignedAttributes {
  const attributes = new Map<string, DerReader>();
  while (hasMore(reader)) {
    const attribute = nextSequence(reader, reader.what);
    const oid = nextOid(attribute);
    const values = enter(next(attribute, TAG.set), `${reader.what}: ${oid}`);
    finish(attribute);
    if (attributes.has(oid)) {
      fail("TIMESTAMP_INVALID", `${reader.what}: the attribute ${oid} stands there twice`);
    }
    attributes.set(oid, values);
  }
  const valueOf = <T>(oid: string, read: (values: DerReader) => T): T => {
    const values = attributes.get(oid);
    if (values === undefined) {
      return fail("TIMESTAMP_INVALID", `${reader.what}: the attribute ${oid} is missing`);
    }
    const value = read(values);
    finish(values);
    return value;
  };
  if (valueOf(OID_CONTENT_TYPE, nextOid) !== contentType) {
    fail("TIMESTAMP_INVALID", `${reader.what}: they name another content type`);
  }
  return {
    messageDigest: valueOf(OID_MESSAGE_DIGEST, nextOctetString),
    signingCertificate: valueOf(OID_SIGNING_CERTIFICATE_V2, nextSigningCertificate),
  };
}

/** SigningCertificateV2 (RFC 5035 section 3): the first identifier is the signer's. */
function nextSigningCertificate(reader: DerReader): HashedMessage {
  const attribute = nextSequence(reader, reader.what);
  const identifiers = nextSequence(attribute, reader.what);
  const first = nextSequence(identifiers, reader.what);
  const hash = nextIs(first, TAG.sequence) ? nextHashAlgorithm(first) : "SHA-256";
  const digest = nextOctetString(first);
  return { hash, digest };
}
