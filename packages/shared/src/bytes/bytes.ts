import type { Bytes } from "../model.ts";

/** Joins byte strings. */
export function concatBytes(...parts: readonly ArrayLike<number>[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two public byte strings are equal. Not for secrets: it returns at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/**
 * A copy in memory of its own, which no other thread can change between two looks at it and which
 * WebCrypto accepts (it refuses views of shared memory).
 */
export function copyBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** The number that bytes stand for, the highest first; above 2^53 it is rounded. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * The same function, which remembers its last result and the key of it: the files of a release
 * share a certificate. What it returns is shared too, so nobody may change it.
 */
export function rememberLast<K, V>(read: (key: K, what: string) => V): (key: K, what: string) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key, what) => {
    if (last?.key !== key) last = { key, value: read(key, what) };
    return last.value;
  };
}

const latin = new TextDecoder("latin1");

/** A string that stands for these bytes and no others. ASCII reads as it is. */
export function keyOf(bytes: Uint8Array): string {
  return latin.decode(bytes);
}
