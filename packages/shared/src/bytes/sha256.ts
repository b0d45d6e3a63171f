import type { Bytes } from "../model.ts";

/** FIPS 180-4 section 4.2.2: the first 32 bits of the fractional parts of cube roots of primes. */
const K = fractions(64, Math.cbrt);
/** FIPS 180-4 section 5.3.3: the same of square roots. */
const H = fractions(8, Math.sqrt);
/** The block that is being filled, and its message schedule. Both are written anew each time. */
const BLOCK = new DataView(new ArrayBuffer(64));
const W = new Int32Array(64);

/**
 * SHA-256 (FIPS 180-4) of byte strings one after another, synchronous: for the small inputs of
 * Merkle trees and key identifiers, where a round trip through WebCrypto costs more than the hash.
 * Everything large goes through `digest` in crypto.ts.
 */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const state = H.slice();
  let length = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      BLOCK.setUint8(length++ & 63, part[index] as number);
      if ((length & 63) === 0) compress(state);
    }
  }
  pad(state, length);
  const digest = new Uint8Array(32);
  for (let index = 0; index < 32; index++) {
    digest[index] = (state[index >>> 2] as number) >>> (24 - (index & 3) * 8);
  }
  return digest;
}

/** FIPS 180-4 section 5.1.1: a one bit, zeros, the length in bits. */
function pad(state: Int32Array, length: number): void {
  let filled = length & 63;
  BLOCK.setUint8(filled++, 0x80);
  if (filled > 56) {
    while (filled < 64) BLOCK.setUint8(filled++, 0);
    compress(state);
    filled = 0;
  }
  while (filled < 56) BLOCK.setUint8(filled++, 0);
  BLOCK.setUint32(56, Math.floor(length / 0x20000000));
  BLOCK.setUint32(60, length << 3);
  compress(state);
}

/** FIPS 180-4 section 6.2.2, in 32-bit integers throughout. */
function compress(state: Int32Array): void {
  for (let t = 0; t < 16; t++) W[t] = BLOCK.getInt32(t * 4);
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15] as number;
    const y = W[t - 2] as number;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    W[t] = (s1 + (W[t - 7] as number) + s0 + (W[t - 16] as number)) | 0;
  }
  let { 0: a = 0, 1: b = 0, 2: c = 0, 3: d = 0, 4: e = 0, 5: f = 0, 6: g = 0, 7: h = 0 } = state;
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (W[t] as number)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  add(state, 0, a);
  add(state, 1, b);
  add(state, 2, c);
  add(state, 3, d);
  add(state, 4, e);
  add(state, 5, f);
  add(state, 6, g);
  add(state, 7, h);
}

function add(state: Int32Array, index: number, word: number): void {
  state[index] = (state[index] as number) + word;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let candidate = 2, index = 0; index < count; candidate++) {
    if (isPrime(candidate)) words[index++] = Math.floor((root(candidate) % 1) * 2 ** 32);
  }
  return words;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}
