/** ECDSA signatures: from WebCrypto's form to DER, and the forms that a verifier must refuse or see through. */
import { type Bytes, bigEndian, concat, toBigInt } from "./bytes.ts";
import { sequence, unsignedInteger } from "./der.ts";
import { contentOf, membersOf } from "./der-edit.ts";

/** The orders of the curves' groups (SEC 2). */
const ORDERS: Readonly<Record<"P-256" | "P-384" | "P-521", bigint>> = {
  "P-256": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  "P-384":
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  "P-521":
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

const WIDTHS = { "P-256": 32, "P-384": 48, "P-521": 66 } as const;

/** A curve of ECDSA. */
export type Curve = keyof typeof WIDTHS;

/** `r` and `s` side by side, as WebCrypto makes them, as the DER SEQUENCE of two INTEGERs. */
export function ecdsaToDer(signature: Uint8Array): Bytes {
  const half = signature.length / 2;
  return sequence(
    unsignedInteger(signature.subarray(0, half)),
    unsignedInteger(signature.subarray(half)),
  );
}

function numbers(der: Uint8Array): { r: bigint; s: bigint } {
  const [r, s] = membersOf(der).map((member) => toBigInt(contentOf(member)));
  if (r === undefined || s === undefined) throw new Error("not an ECDSA signature");
  return { r, s };
}

/** The DER signature with `r` and `s` side by side instead, each as wide as the curve. */
export function ecdsaToFixedWidth(der: Uint8Array, curve: Curve): Bytes {
  const { r, s } = numbers(der);
  return concat(bigEndian(r, WIDTHS[curve]), bigEndian(s, WIDTHS[curve]));
}

/** The other signature that verifies over the same message with the same key: `s` becomes `n - s`. */
export function malleate(der: Uint8Array, curve: Curve): Bytes {
  const { r, s } = numbers(der);
  const width = WIDTHS[curve];
  return ecdsaToDer(concat(bigEndian(r, width), bigEndian(ORDERS[curve] - s, width)));
}

/** A DER signature with exactly these numbers, in range or not. */
export function ecdsaSignature(r: bigint, s: bigint): Bytes {
  return ecdsaToDer(concat(bigEndian(r, 67), bigEndian(s, 67)));
}

/** The order of a curve's group: the first number that is out of range for `r` and `s`. */
export function orderOf(curve: Curve): bigint {
  return ORDERS[curve];
}
