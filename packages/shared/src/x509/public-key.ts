import type { CurveName, HashName, SignatureScheme } from "../bytes/crypto.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { type DerReader, finish, nextNull, nextSequence, readSequence } from "./der.ts";
import { nextBitString, nextOid, nextPositiveInteger } from "./der-types.ts";

/** The type of a public key, as far as its own encoding says. */
export type KeyType =
  | { readonly name: "EC"; readonly curve: CurveName }
  | { readonly name: "Ed25519" }
  | { readonly name: "RSA" };

/** A SubjectPublicKeyInfo whose encoding was checked; nothing is known of who holds the key. */
export interface ParsedPublicKey {
  readonly spki: Bytes;
  readonly type: KeyType;
}

const OID_EC = "1.2.840.10045.2.1";
const OID_RSA = "1.2.840.113549.1.1.1";
const OID_ED25519 = "1.3.101.112";

const CURVES: Readonly<Record<string, CurveName>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};

/** RSA moduli that are taken, in bytes: 2048 to 8192 bits. */
const LEAST_RSA_BYTES = 256;
const MOST_RSA_BYTES = 1024;

/**
 * Parses a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7; RFC 5480, RFC 8410, RFC 8017): points
 * uncompressed, named curves, parameters as prescribed. Engines are lax here in different ways.
 *
 * @throws DER_INVALID KEY_UNSUPPORTED
 */
export function parsePublicKey(spki: Bytes, what: string): ParsedPublicKey {
  const reader = readSequence(spki, what);
  const algorithm = nextSequence(reader, `${what}: algorithm`);
  const oid = nextOid(algorithm);
  const type = readKeyType(oid, algorithm, what);
  const key = nextBitString(reader);
  finish(reader);
  checkKey(type, key, what);
  return { spki, type };
}

function readKeyType(oid: string, algorithm: DerReader, what: string): KeyType {
  if (oid === OID_EC) {
    const curve = CURVES[nextOid(algorithm)];
    finish(algorithm);
    if (curve === undefined) {
      return fail("KEY_UNSUPPORTED", `${what}: expected a key on P-256, P-384 or P-521`);
    }
    return { name: "EC", curve };
  }
  if (oid === OID_RSA) {
    nextNull(algorithm);
    finish(algorithm);
    return { name: "RSA" };
  }
  if (oid === OID_ED25519) {
    finish(algorithm);
    return { name: "Ed25519" };
  }
  return fail(
    "KEY_UNSUPPORTED",
    `${what}: expected an ECDSA, Ed25519 or RSA key, found algorithm ${quote(oid)}`,
  );
}

function checkKey(type: KeyType, key: Bytes, what: string): void {
  if (type.name === "RSA") return checkRsaKey(key, what);
  if (type.name === "Ed25519") {
    if (key.length !== 32) fail("KEY_UNSUPPORTED", `${what}: expected a key of 32 bytes`);
    return;
  }
  const width = widthOf(type.curve);
  if (key[0] !== 4 || key.length !== 1 + 2 * width) {
    fail("KEY_UNSUPPORTED", `${what}: expected an uncompressed point of ${1 + 2 * width} bytes`);
  }
}

/** RFC 8017 appendix A.1.1. */
function checkRsaKey(key: Bytes, what: string): void {
  const reader = readSequence(key, what);
  const modulus = nextPositiveInteger(reader);
  const exponent = nextPositiveInteger(reader);
  finish(reader);
  if (modulus.length < LEAST_RSA_BYTES || modulus.length > MOST_RSA_BYTES) {
    fail("KEY_UNSUPPORTED", `${what}: expected an RSA key of 2048 to 8192 bits`);
  }
  const odd = ((exponent.at(-1) as number) & 1) === 1;
  if (!odd || exponent.length > 4 || (exponent.length === 1 && (exponent[0] as number) < 3)) {
    fail("KEY_UNSUPPORTED", `${what}: expected an odd RSA exponent from 3 to 2^32`);
  }
}

/** The width of a coordinate on a curve, in bytes. */
export function widthOf(curve: CurveName): number {
  return curve === "P-256" ? 32 : curve === "P-384" ? 48 : 66;
}

/**
 * The scheme that a key of this type uses for artifacts: the curve's own hash, or SHA-256 with
 * RSA PKCS #1 v1.5 (Sigstore algorithm registry).
 */
export function defaultScheme(type: KeyType): SignatureScheme {
  switch (type.name) {
    case "EC":
      return { name: "ECDSA", namedCurve: type.curve, hash: hashOf(type.curve) };
    case "RSA":
      return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    case "Ed25519":
      return { name: "Ed25519" };
  }
}

function hashOf(curve: CurveName): HashName {
  return curve === "P-256" ? "SHA-256" : curve === "P-384" ? "SHA-384" : "SHA-512";
}
