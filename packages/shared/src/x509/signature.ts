import {
  type CryptoVerifier,
  importVerifier,
  signatureHolds,
  type SignatureScheme,
} from "../bytes/crypto.ts";
import { type ErrorCode, fail, PubpinError } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { finish, readSequence } from "./der.ts";
import { nextPositiveInteger } from "./der-types.ts";
import { type ParsedPublicKey, widthOf } from "./public-key.ts";

/**
 * Makes a parsed key ready for one signature scheme.
 *
 * @throws KEY_UNSUPPORTED
 */
export function loadVerifier(
  key: ParsedPublicKey,
  scheme: SignatureScheme,
  what: string,
): Promise<CryptoVerifier> {
  return importVerifier(key.spki, scheme, what);
}

/**
 * Checks a signature as certificates, logs and Sigstore bundles carry it: for ECDSA the DER form
 * of RFC 3279 section 2.2.3, both numbers positive, minimal and no wider than the curve.
 *
 * @param code what a signature that does not hold means here
 * @throws `code`, also for a signature that is malformed
 */
export async function checkSignature(
  verifier: CryptoVerifier,
  signature: Bytes,
  data: Bytes,
  code: ErrorCode,
  what: string,
): Promise<void> {
  const raw = rawSignature(verifier.scheme, signature, code, what);
  if (!(await signatureHolds(verifier, raw, data))) {
    fail(code, `${what}: the signature does not hold`);
  }
}

function rawSignature(
  scheme: SignatureScheme,
  signature: Bytes,
  code: ErrorCode,
  what: string,
): Bytes {
  if (scheme.name !== "ECDSA") return signature;
  const width = widthOf(scheme.namedCurve);
  try {
    const reader = readSequence(signature, what);
    const raw = new Uint8Array(2 * width);
    for (const end of [width, 2 * width]) {
      const integer = nextPositiveInteger(reader);
      if (integer.length > width) fail(code, `${what}: expected numbers of at most ${width} bytes`);
      raw.set(integer, end - integer.length);
    }
    finish(reader);
    return raw;
  } catch (cause) {
    const reason = cause instanceof PubpinError ? cause.message : what;
    return fail(code, `${reason} (expected an ECDSA signature in DER)`, cause);
  }
}
