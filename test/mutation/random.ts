/** Choices that a seed repeats. */

/** A source of choices. */
export interface Random {
  /** An integer from 0 up to, and without, `bound`. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** True in one of `outOf` cases. */
  readonly once: (outOf: number) => boolean;
}

/** The seed of this run: the same one always, unless the environment gives another. */
export const SEED: number = Number(process.env["PUBPIN_MUTATION_SEED"] ?? 740);

/** The choices of one case of a run. The same two numbers give the same choices. */
export function randomOf(seed: number, index: number): Random {
  // Marsaglia's xorshift with 32 bits of state, which must not be 0. Neighbouring cases start from
  // states that are far apart, and the first numbers, in which they are still alike, are skipped.
  let state = (Math.imul(seed, 0x01000193) + Math.imul(index + 1, 0x3c6ef35f)) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let skipped = 0; skipped < 16; skipped++) next();
  const below = (bound: number): number => Math.floor(next() * bound);
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error("nothing to pick from");
    return from[below(from.length)] as T;
  };
  return { below, pick, once: (outOf) => below(outOf) === 0 };
}
