/** Keys of every kind that Sigstore knows, and signatures in the form that certificates and bundles hold. */
import { type Bytes, type HashName, copyOf } from "./bytes.ts";
import { NULL, oid, sequence } from "./der.ts";
import { ecdsaToDer } from "./ecdsa.ts";

/** A kind of key. RSA signs with PKCS #1 v1.5; generating RSA keys is slow. */
export type KeyKind =
  | "P-256"
  | "P-384"
  | "P-521"
  | "Ed25519"
  | "RSA-2048"
  | "RSA-3072"
  | "RSA-4096";

/** A key pair. */
export interface Signer {
  readonly kind: KeyKind;
  /** The hash that `sign` uses unless told otherwise; Ed25519 has its own. */
  readonly hash: HashName;
  /** The public key as SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  /** The name of key and scheme in trust roots and log bodies (PublicKeyDetails in protobuf-specs). */
  readonly keyDetails: string;
  /** Signs a message; an ECDSA signature is in DER. */
  readonly sign: (message: Uint8Array, hash?: HashName) => Promise<Bytes>;
}

interface Scheme {
  readonly generation: RsaHashedKeyGenParams | EcKeyGenParams | { readonly name: string };
  readonly hash: HashName;
  readonly keyDetails: string;
}

const PUBLIC_EXPONENT = Uint8Array.of(1, 0, 1);

function ecdsa(namedCurve: string, hash: HashName, keyDetails: string): Scheme {
  return { generation: { name: "ECDSA", namedCurve }, hash, keyDetails };
}

function rsa(modulusLength: number): Scheme {
  const name = "RSASSA-PKCS1-v1_5";
  return {
    generation: { name, modulusLength, publicExponent: PUBLIC_EXPONENT, hash: "SHA-256" },
    hash: "SHA-256",
    keyDetails: `PKIX_RSA_PKCS1V15_${modulusLength}_SHA256`,
  };
}

const SCHEMES: Readonly<Record<KeyKind, Scheme>> = {
  "P-256": ecdsa("P-256", "SHA-256", "PKIX_ECDSA_P256_SHA_256"),
  "P-384": ecdsa("P-384", "SHA-384", "PKIX_ECDSA_P384_SHA_384"),
  "P-521": ecdsa("P-521", "SHA-512", "PKIX_ECDSA_P521_SHA_512"),
  Ed25519: { generation: { name: "Ed25519" }, hash: "SHA-512", keyDetails: "PKIX_ED25519" },
  "RSA-2048": rsa(2048),
  "RSA-3072": rsa(3072),
  "RSA-4096": rsa(4096),
};

/** A new key pair. `hash` replaces the one that goes with the kind of key. */
export async function generateSigner(kind: KeyKind, hash?: HashName): Promise<Signer> {
  const scheme = SCHEMES[kind];
  const pair = (await crypto.subtle.generateKey(scheme.generation, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const usual = hash ?? scheme.hash;
  return {
    kind,
    hash: usual,
    spki,
    keyDetails: scheme.keyDetails,
    sign: (message, chosen = usual) => sign(kind, pair.privateKey, copyOf(message), chosen),
  };
}

async function sign(kind: KeyKind, key: CryptoKey, message: Bytes, hash: HashName): Promise<Bytes> {
  if (kind === "Ed25519") return signRaw({ name: "Ed25519" }, key, message);
  if (kind === "P-256" || kind === "P-384" || kind === "P-521") {
    return ecdsaToDer(await signRaw({ name: "ECDSA", hash }, key, message));
  }
  const name = "RSASSA-PKCS1-v1_5";
  if (hash === "SHA-256") return signRaw({ name }, key, message);
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", key);
  const other = await crypto.subtle.importKey("pkcs8", pkcs8, { name, hash }, false, ["sign"]);
  return signRaw({ name }, other, message);
}

async function signRaw(
  algorithm: EcdsaParams | { name: string },
  key: CryptoKey,
  message: Bytes,
): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, message));
}

const LAST_ARC: Readonly<Record<HashName, { ecdsa: number; rsa: number; sha2: number }>> = {
  "SHA-256": { ecdsa: 2, rsa: 11, sha2: 1 },
  "SHA-384": { ecdsa: 3, rsa: 12, sha2: 2 },
  "SHA-512": { ecdsa: 4, rsa: 13, sha2: 3 },
};

/** AlgorithmIdentifier of the signatures that a key of this kind makes with this hash. */
export function signatureAlgorithm(kind: KeyKind, hash: HashName): Bytes {
  if (kind === "Ed25519") return sequence(oid("1.3.101.112"));
  if (kind.startsWith("RSA")) {
    return sequence(oid(`1.2.840.113549.1.1.${LAST_ARC[hash].rsa}`), NULL);
  }
  return sequence(oid(`1.2.840.10045.4.3.${LAST_ARC[hash].ecdsa}`));
}

/** AlgorithmIdentifier of a hash function, with the NULL parameters that are customary in time stamps. */
export function hashAlgorithm(hash: HashName, parameters: Uint8Array = NULL): Bytes {
  return sequence(oid(`2.16.840.1.101.3.4.2.${LAST_ARC[hash].sha2}`), parameters);
}
