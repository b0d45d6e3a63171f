import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { copyBytes } from "./bytes.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Decodes UTF-8 without repairs; a byte order mark is kept, for the caller to judge. Some engines
 * decode no view of shared or resizable memory, hence the copy.
 *
 * @throws UTF8_INVALID
 */
export function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return decoder.decode(isPlain(bytes.buffer) ? bytes : copyBytes(bytes));
  } catch (cause) {
    return fail("UTF8_INVALID", `${what}: expected UTF-8, found other bytes`, cause);
  }
}

/** Whether memory is of the one kind that every engine decodes: not shared, not resizable. */
function isPlain(buffer: ArrayBufferLike & { readonly resizable?: boolean }): boolean {
  return buffer instanceof ArrayBuffer && buffer.resizable !== true;
}

/** Encodes text as UTF-8. */
export function encodeUtf8(text: string): Bytes {
  return encoder.encode(text);
}
