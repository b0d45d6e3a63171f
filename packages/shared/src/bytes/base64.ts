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
  const length = text.length;
  if (length % 4 !== 0) {
    fail("BASE64_INVALID", `${what}: expected padded base64, found ${length} characters`);
  }
  const padding = paddingOf(text);
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let position = 0;
  for (let index = 0; index < length; index += 4) {
    const last = index + 4 === length ? padding : 0;
    const bits =
      (sextet(text, index, what) << 18) |
      (sextet(text, index + 1, what) << 12) |
      (last > 1 ? 0 : sextet(text, index + 2, what) << 6) |
      (last > 0 ? 0 : sextet(text, index + 3, what));
    bytes[position++] = bits >>> 16;
    if (last < 2) bytes[position++] = bits >>> 8;
    if (last < 1) bytes[position++] = bits;
    if ((last === 2 && (bits & 0xffff) !== 0) || (last === 1 && (bits & 0xff) !== 0)) {
      fail("BASE64_INVALID", `${what}: the last character has unused bits that are not zero`);
    }
  }
  return bytes;
}

function paddingOf(text: string): 0 | 1 | 2 {
  if (text.charCodeAt(text.length - 1) !== PADDING) return 0;
  return text.charCodeAt(text.length - 2) === PADDING ? 2 : 1;
}

function sextet(text: string, index: number, what: string): number {
  const value = VALUES[text.charCodeAt(index)] ?? INVALID;
  if (value === INVALID) {
    fail("BASE64_INVALID", `${what}: character ${index + 1} is not of the base64 alphabet`);
  }
  return value;
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
