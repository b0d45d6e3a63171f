/** Byte strings: building, encoding and hashing them. */

/** Bytes that WebCrypto takes: never a view of shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The hash functions that Sigstore uses. */
export type HashName = "SHA-256" | "SHA-384" | "SHA-512";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A copy of `source` in memory of its own. */
export function copyOf(source: Uint8Array): Bytes {
  const copy = new Uint8Array(source.length);
  copy.set(source);
  return copy;
}

/** The parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The UTF-8 encoding of a string. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The string that bytes encode in UTF-8. Throws if they do not. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a hexadecimal string; white space between them is skipped. */
export function fromHex(text: string): Bytes {
  const digits = text.replaceAll(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hexadecimal: ${text}`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Base64 with padding (RFC 4648 section 4). */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

/** The bytes of a base64 string (RFC 4648 section 4). */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** PEM with lines of 64 characters and a final line feed (RFC 7468). */
export function pem(label: "CERTIFICATE" | "PUBLIC KEY", der: Uint8Array): string {
  const lines = base64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** An unsigned number in exactly `length` bytes, most significant first. */
export function bigEndian(value: number | bigint, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new Error(`${value} does not fit into ${length} bytes`);
  return bytes;
}

/** The number that bytes hold, most significant first. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`);
}

/** The hash of the parts, one after the other. */
export async function digest(name: HashName, ...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, concat(...parts)));
}

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return digest("SHA-256", ...parts);
}

/** SHA-1, which certificates use to name keys (RFC 5280 section 4.2.1.2). */
export async function sha1(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
}

/** A change that inverts bit 0 of the byte at `index`; negative indexes count from the end. */
export function flipBitAt(index: number): (bytes: Uint8Array) => Bytes {
  return (bytes) => {
    const copy = copyOf(bytes);
    const at = index < 0 ? bytes.length + index : index;
    const byte = copy[at];
    if (byte === undefined) throw new Error(`no byte ${index} among ${bytes.length}`);
    copy[at] = byte ^ 1;
    return copy;
  };
}

/** The bytes with bit 0 of the last one inverted. */
export function flipBit(bytes: Uint8Array): Bytes {
  return flipBitAt(-1)(bytes);
}
