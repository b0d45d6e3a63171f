/** Changes the bytes of a valid object one by one, and looks at what is accepted all the same. */
import { isDeepStrictEqual } from "node:util";
import { PubpinError } from "@pubpin/shared";
import { fromUtf8 } from "@pubpin/test-kit";
import { type JsonPlace, parseTree } from "./json-tree.ts";
import type { Proof, Specimen } from "./specimens.ts";
import { type ChangedByte, UNCOVERED } from "./uncovered.ts";

/** What came of changing bytes. */
export interface ByteAccount {
  readonly refused: number;
  /** How many changes were accepted, by the uncovered part that they were in. */
  readonly accepted: ReadonlyMap<string, number>;
  /** What must never happen, with the place. */
  readonly defects: readonly string[];
}

/** Bits to flip: in ASCII they give other letters, other cases, digits and control characters. */
const MASKS = [1, 2, 4, 32, 1, 8, 16, 1];
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BATCH = 64;

/**
 * Changes every byte, or, with a `step` above 1, the first and last ones of each key and value and
 * one byte of each `step` bytes. A step without a divisor in common with 6 and 8 meets every bit.
 */
export async function changeEveryByte(specimen: Specimen, step: number): Promise<ByteAccount> {
  const { bytes, verify } = specimen;
  const { places } = parseTree(new TextDecoder("latin1").decode(bytes));
  const genuine = await verify(bytes);
  const accepted = new Map<string, number>();
  const defects: string[] = [];
  let refused = 0;
  const indexes = indexesOf(bytes.length, places, step);
  for (let start = 0; start < indexes.length; start += BATCH) {
    const batch = indexes.slice(start, start + BATCH);
    const outcomes = await Promise.all(
      batch.map((index) => changeByte(specimen, genuine, changedAt(bytes, places, index))),
    );
    for (const outcome of outcomes) {
      if (outcome === "refused") refused++;
      else if ("part" in outcome) accepted.set(outcome.part, (accepted.get(outcome.part) ?? 0) + 1);
      else defects.push(outcome.defect);
    }
  }
  return { refused, accepted, defects };
}

function indexesOf(length: number, places: readonly JsonPlace[], step: number): readonly number[] {
  // At the end of base64 stands the digit before the padding, whose last bits mean nothing.
  const ends = places.flatMap(({ start, end }) => [start, start + 1, end - 4, end - 3, end - 2]);
  const regular = Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step);
  return [...new Set([...ends, ...regular])].toSorted((a, b) => a - b);
}

function changedAt(
  original: Uint8Array<ArrayBuffer>,
  places: readonly JsonPlace[],
  index: number,
): ChangedByte {
  const place = places.find(({ start, end }) => start <= index && index < end) ?? null;
  const byte = original[index] ?? 0;
  const other = isBase64(original, place) ? otherDigit(byte, index) : null;
  const changed = original.with(index, other ?? byte ^ (MASKS[index % MASKS.length] ?? 1));
  return { original, changed, index, place };
}

function isBase64(json: Uint8Array, place: JsonPlace | null): boolean {
  if (place === null || place.role === "key") return false;
  return /^"(?:[A-Za-z0-9+/]{4}){4,}[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]{2}"$/.test(
    fromUtf8(json.subarray(place.start, place.end)),
  );
}

/** In base64, another digit: one bit of what is encoded changes. Null for padding and quotes. */
function otherDigit(digit: number, index: number): number | null {
  const value = BASE64.indexOf(String.fromCharCode(digit));
  return value < 0 ? null : BASE64.charCodeAt(value ^ (1 << (index % 6)));
}

/** A refusal, an acceptance with the part that the change was in, or what must never happen. */
export type ByteOutcome = "refused" | { readonly part: string } | { readonly defect: string };

/** Judges one changed byte, given what the object proves without the change. */
export async function changeByte(
  { name, verify }: Specimen,
  genuine: Proof,
  byte: ChangedByte,
): Promise<ByteOutcome> {
  const where = `${name}: byte ${byte.index}, in ${byte.place?.path ?? "no value"}`;
  let proof: Proof;
  try {
    proof = await verify(byte.changed);
  } catch (error) {
    return error instanceof PubpinError
      ? "refused"
      : { defect: `${where}: threw ${String(error)}` };
  }
  if (!isDeepStrictEqual(proof, genuine)) return { defect: `${where}: another result` };
  const part = UNCOVERED.find(({ holds }) => holds(byte))?.name;
  return part === undefined ? { defect: `${where}: accepted, though covered` } : { part };
}
