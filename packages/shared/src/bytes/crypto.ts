/** The only caller of WebCrypto. What it does not offer, no other part of pubpin can use. */
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { sha256 } from "./sha256.ts";

/** Hash functions of the SHA-2 family (FIPS 180-4). */
export type HashName = "SHA-256" | "SHA-384" | "SHA-512";
/** Elliptic curves of FIPS 186-5. */
export type CurveName = "P-256" | "P-384" | "P-521";

/**
 * How a key signs: everything that WebCrypto wants to be told, settled when the key is loaded. Of
 * its members, each of WebCrypto's methods takes those that it knows.
 */
export type SignatureScheme =
  | { readonly name: "ECDSA"; readonly namedCurve: CurveName; readonly hash: HashName }
  | { readonly name: "Ed25519" }
  | { readonly name: "RSASSA-PKCS1-v1_5"; readonly hash: HashName };

/** A key of WebCrypto. Node's types, unlike those of browsers, have no global name for it. */
type LoadedHandle = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A public key that was imported for one signature scheme. */
export interface CryptoVerifier {
  readonly scheme: SignatureScheme;
  readonly handle: LoadedHandle;
}

/** The length of each hash function's digest, in bytes. */
export const HASH_BYTES: Readonly<Record<HashName, number>> = {
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};

/**
 * Imports a public key (SPKI, RFC 5280 section 4.1.2.7) for one signature scheme. The caller has
 * checked the encoding: engines differ in what they let pass.
 *
 * @throws KEY_UNSUPPORTED where this JavaScript engine refuses the key or the scheme
 */
export async function importVerifier(
  spki: Bytes,
  scheme: SignatureScheme,
  what: string,
): Promise<CryptoVerifier> {
  try {
    const handle = await subtle().importKey("spki", spki, scheme, false, ["verify"]);
    return { scheme, handle };
  } catch (cause) {
    return fail("KEY_UNSUPPORTED", `${what}: this engine does not take the key`, cause);
  }
}

/**
 * Whether a signature in WebCrypto's form (for ECDSA: r and s, each as wide as the curve) holds.
 * Callers turn `false` into an error at once.
 */
export function signatureHolds(
  verifier: CryptoVerifier,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  return subtle().verify(verifier.scheme, verifier.handle, signature, data);
}

/** Up to this many bytes, handing them to WebCrypto's own thread costs more than hashing here. */
const SMALL_BYTES = 2048;

/** The digest of bytes. */
export async function digest(hash: HashName, bytes: Bytes): Promise<Bytes> {
  if (hash === "SHA-256" && bytes.length <= SMALL_BYTES) return sha256(bytes);
  return new Uint8Array(await subtle().digest(hash, bytes));
}

function subtle(): SubtleCrypto {
  const available = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  return (
    available ??
    fail("KEY_UNSUPPORTED", "WebCrypto is missing: browsers have it on https pages alone")
  );
}
