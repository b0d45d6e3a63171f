import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** How padded text ends: with characters whose low bits, 4 or 2 of them, are zero. */
const NO_UNUSED_BITS = /(?:[AQgw]=|[AEIMQUYcgkosw048])=$/;

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
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  const decoded = decodeForgivingly(text);
  // The engine skips white space: then bytes are missing, as every character stands for 6 bits.
  if (decoded?.length !== bytes.length) {
    const at = text.search(/[^A-Za-z0-9+/]/) + 1;
    return fail("BASE64_INVALID", `${what}: character ${at} is not of the base64 alphabet`);
  }
  // It ignores unused bits, which only the last group can have.
  if (padding > 0 && !NO_UNUSED_BITS.test(text.slice(-4))) {
    fail("BASE64_INVALID", `${what}: unused bits are not zero`);
  }
  for (let index = 0; index < bytes.length; index++) bytes[index] = decoded.charCodeAt(index);
  return bytes;
}

/** The engine's own decoder ("forgiving-base64 decode" in WHATWG Infra): a character per byte. */
function decodeForgivingly(text: string): string | null {
  try {
    return atob(text);
  } catch {
    return null;
  }
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
