/** AlgorithmIdentifiers (RFC 5280 section 4.1.1.2) of signatures and hash functions. */
import type { HashName, SignatureScheme } from "../bytes/crypto.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import * as TAG from "./der-tags.ts";
import {
  type DerReader,
  encodingOf,
  enter,
  finish,
  hasMore,
  next,
  nextNull,
  nextSequence,
} from "./der.ts";
import { nextOid } from "./der-types.ts";
import type { KeyType } from "./public-key.ts";

const OID_ED25519 = "1.3.101.112";
const OID_RSA_PREFIX = "1.2.840.113549.1.1.";

const HASHES: Readonly<Record<string, HashName>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/**
 * An AlgorithmIdentifier of a hash function: parameters absent, or NULL (RFC 5754 section 2).
 *
 * @throws KEY_UNSUPPORTED DER_INVALID
 */
export function nextHashAlgorithm(reader: DerReader): HashName {
  const algorithm = nextSequence(reader, reader.what);
  const oid = nextOid(algorithm);
  if (hasMore(algorithm)) nextNull(algorithm);
  finish(algorithm);
  const hash = HASHES[oid];
  return (
    hash ??
    fail("KEY_UNSUPPORTED", `${reader.what}: expected SHA-256, SHA-384 or SHA-512, found ${oid}`)
  );
}

/** An AlgorithmIdentifier that comes next, as its bytes and the object identifier in it. */
export interface SignatureAlgorithm {
  readonly oid: string;
  readonly encoding: Bytes;
}

/** Reads an AlgorithmIdentifier of a signature: parameters absent, or NULL for RSA. */
export function nextSignatureAlgorithm(reader: DerReader, what: string): SignatureAlgorithm {
  const value = next(reader, TAG.sequence);
  const inner = enter(value, what);
  const oid = nextOid(inner);
  if (oid.startsWith(OID_RSA_PREFIX) && hasMore(inner)) nextNull(inner);
  finish(inner);
  return { oid, encoding: encodingOf(value) };
}

const ECDSA_HASHES: Readonly<Record<string, HashName>> = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
const RSA_HASHES: Readonly<Record<string, HashName>> = {
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};

/**
 * The scheme that a signature algorithm means for a key of this type (RFC 5758, RFC 8410,
 * RFC 4055). Weak and unknown algorithms, and ones of another key type, are refused.
 *
 * @throws KEY_UNSUPPORTED
 */
export function schemeFor(oid: string, type: KeyType, what: string): SignatureScheme {
  const ecdsa = ECDSA_HASHES[oid];
  const rsa = RSA_HASHES[oid];
  if (type.name === "EC" && ecdsa !== undefined) {
    return { name: "ECDSA", namedCurve: type.curve, hash: ecdsa };
  }
  if (type.name === "RSA" && rsa !== undefined) return { name: "RSASSA-PKCS1-v1_5", hash: rsa };
  if (type.name === "Ed25519" && oid === OID_ED25519) return { name: "Ed25519" };
  return fail(
    "KEY_UNSUPPORTED",
    `${what}: the signature algorithm ${quote(oid)} is not one of ${type.name} keys`,
  );
}
