/** Hashes as locks write them. */
import type { Field } from "../bytes/fields.ts";
import { readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import type { Hash } from "../model.ts";
import { readNamed } from "./document.ts";
import { invalid, unsupported } from "./refuse.ts";

/** Hexadecimal digits of each algorithm, under the names of Python's hashlib. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ["md5", 32],
  ["sha1", 40],
  ["sha224", 56],
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
  ["blake2b", 128],
  ["blake2s", 64],
  ["sha3_224", 56],
  ["sha3_256", 64],
  ["sha3_384", 96],
  ["sha3_512", 128],
]);
/** The algorithms that identify a file whatever its URL is. */
const STRONG: ReadonlySet<string> = new Set(["sha256", "sha384", "sha512"]);

/**
 * A hash of a known algorithm, in lower case.
 *
 * @throws LOCK_UNSUPPORTED for an algorithm that is not known
 * @throws LOCK_INVALID when the value is not that algorithm's hexadecimal
 */
export function readHash(algorithm: string, value: string, where: string): Hash {
  const name = algorithm.toLowerCase();
  const digits = DIGITS.get(name);
  if (digits === undefined) {
    return unsupported(where, `the hash algorithm ${quote(algorithm)} is not known`);
  }
  if (value.length !== digits || !/^[0-9A-Fa-f]+$/.test(value)) {
    return invalid(
      where,
      `expected ${digits} hexadecimal digits of ${name}, found ${quote(value)}`,
    );
  }
  return { algorithm: name, value: value.toLowerCase() };
}

/** A hash written as `ALGORITHM:HEX`. */
export function readPrefixedHash(text: string, where: string): Hash {
  const colon = text.indexOf(":");
  if (colon === -1) invalid(where, `expected a hash as sha256:HEX, found ${quote(text)}`);
  return readHash(text.slice(0, colon), text.slice(colon + 1), where);
}

/** The hashes of a table of algorithms (PEP 751). */
export function readHashTable(field: Field): readonly Hash[] {
  const hashes = readNamed(field).map(([algorithm, value]) =>
    readHash(algorithm, readText(value), value.path),
  );
  if (hashes.length === 0) invalid(field.path, "expected a hash, found none");
  return hashes;
}

/** A hash as `ALGORITHM:HEX`, as everything in this package writes it. */
export function formatHash({ algorithm, value }: Hash): string {
  return `${algorithm}:${value}`;
}

/** Whether one of these hashes identifies a file whatever its URL is. */
export function hasStrongHash(hashes: readonly Hash[]): boolean {
  return hashes.some(({ algorithm }) => STRONG.has(algorithm));
}
