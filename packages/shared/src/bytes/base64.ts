import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = 0x3d;
const INVALID = 255;

const VALUES = new Uint8Array(128).fill(INVALID);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/**
 * Decodes standard base64 (RFC 4648 section 4) in its one canonical form: no white space, no URL
 * alphabet, full padding, unused bits zero. So no two texts decode to the same bytes.
 *
 * @param what the subject of the error message, such as `envelope.signature`
 * @throws BASE64_INVALID
 */
export function decodeBase64(text: string, what: string): Bytes {
  const { length } = text;
  if (length % 4 !== 0) {
    fail("BASE64_INVALID", `${what}: expected padded base64, found ${length} characters`);
  }
  const padding = paddingOf(text);
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  const padded = padding === 0 ? length : length - 4;
  let seen = 0;
  let at = 0;
  for (let index = 0; index < padded; index += 4) {
    const bits = readGroup(text, index);
    seen |= bits;
    bytes[at++] = bits >>> 16;
    bytes[at++] = bits >>> 8;
    bytes[at++] = bits;
  }
  // In place of the padding, characters that stand for zeros.
  const last = padding === 0 ? 0 : readGroup(`${text.slice(padded, -padding)}AA`, 0);
  if ((seen | last) < 0) {
    const found = text.search(/[^A-Za-z0-9+/]/) + 1;
    fail("BASE64_INVALID", `${what}: character ${found} is not of the base64 alphabet`);
  }
  if ((last & (padding === 1 ? 0xff : 0xffff)) !== 0) {
    fail("BASE64_INVALID", `${what}: unused bits are not zero`);
  }
  if (padding > 0) bytes[at++] = last >>> 16;
  if (padding === 1) bytes[at++] = last >>> 8;
  return bytes;
}

function paddingOf(text: string): 0 | 1 | 2 {
  if (text.charCodeAt(text.length - 1) !== PADDING) return 0;
  return text.charCodeAt(text.length - 2) === PADDING ? 2 : 1;
}

/** The 24 bits of four characters, or -1 where one of them is not of the alphabet. */
function readGroup(text: string, index: number): number {
  const a = VALUES[text.charCodeAt(index)] ?? INVALID;
  const b = VALUES[text.charCodeAt(index + 1)] ?? INVALID;
  const c = VALUES[text.charCodeAt(index + 2)] ?? INVALID;
  const d = VALUES[text.charCodeAt(index + 3)] ?? INVALID;
  return (a | b | c | d) > 63 ? -1 : (a << 18) | (b << 12) | (c << 6) | d;
}

/** Encodes bytes as standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const bits =
      ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += ALPHABET.charAt(bits >>> 18) + ALPHABET.charAt((bits >>> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((bits >>> 6) & 63) : "=";
    text += left > 2 ? ALPHABET.charAt(bits & 63) : "=";
  }
  return text;
}
