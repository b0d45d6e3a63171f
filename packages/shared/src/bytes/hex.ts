import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { quote } from "./quote.ts";

const DIGITS = "0123456789abcdef";

/** Encodes bytes as lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += DIGITS.charAt(byte >>> 4) + DIGITS.charAt(byte & 15);
  return text;
}

/**
 * Decodes lower-case hexadecimal of exactly `length` bytes.
 *
 * @throws HEX_INVALID
 */
export function decodeHex(text: string, length: number, what: string): Bytes {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) {
    fail(
      "HEX_INVALID",
      `${what}: expected ${length * 2} lower-case hexadecimal digits, found ${quote(text)}`,
    );
  }
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    bytes[index] = (digitAt(text, index * 2) << 4) | digitAt(text, index * 2 + 1);
  }
  return bytes;
}

/** The value of a digit: in ASCII, the low four bits say it from 0 to 9, and again from a to f. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return (code & 15) + (code >> 6) * 9;
}
