/** Mutations of bytes, of DER, and of ECDSA signatures. */
import {
  base64,
  concat,
  copyOf,
  derAt,
  ecdsaToFixedWidth,
  editDer,
  indefiniteLength,
  malleate,
  membersOf,
  nonMinimalLength,
  paddedInteger,
  sequence,
  trailing,
  withTag,
} from "@pubpin/test-kit";
import { type DerPath, derPaths } from "./der-tree.ts";
import type { Random } from "./random.ts";

/** What a mutation makes of a value, and what it did. */
export interface Mutated<T> {
  readonly value: T;
  readonly how: string;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Edit = (bytes: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

const RAW: Readonly<Record<string, Edit>> = {
  "flip a bit": (bytes, random) => {
    const copy = copyOf(bytes);
    const index = random.below(copy.length);
    copy[index] = (copy[index] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  "replace a byte": (bytes, random) =>
    copyOf(bytes).with(random.below(bytes.length), random.below(256)),
  "insert a byte": (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return concat(bytes.subarray(0, at), Uint8Array.of(random.below(256)), bytes.subarray(at));
  },
  "remove bytes": (bytes, random) => {
    const at = random.below(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8)));
  },
  "cut off the end": (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  "repeat a part": (bytes, random) => {
    const at = random.below(bytes.length);
    const end = at + 1 + random.below(64);
    return concat(bytes.subarray(0, end), bytes.subarray(at));
  },
  "append bytes": (bytes, random) => concat(bytes, bytes.subarray(0, 1 + random.below(4))),
  "take the end of another": (bytes, random, donor) => {
    const at = random.below(bytes.length);
    return concat(bytes.subarray(0, at), donor.subarray(at));
  },
  "take another": (_bytes, _random, donor) => donor,
  "set all to zero": (bytes) => new Uint8Array(bytes.length),
  empty: () => new Uint8Array(),
};

/** Mutates bytes without a look at what they are. */
export function mutateRaw(bytes: Uint8Array, donor: Uint8Array, random: Random): Mutated<Bytes> {
  const [how, edit] = random.pick(Object.entries(RAW));
  return { value: copyOf(bytes.length === 0 ? donor : edit(bytes, random, donor)), how };
}

const CURVES = ["P-256", "P-384"] as const;

/** Forms of one ECDSA signature: some equivalent, some that only a lax reader takes. */
const SIGNATURE: Readonly<Record<string, Edit>> = {
  "the signature's twin (r, n - s)": (der, random) => malleate(der, random.pick(CURVES)),
  "r and s side by side": (der, random) => ecdsaToFixedWidth(der, random.pick(CURVES)),
  "r and s exchanged": (der) => sequence(...membersOf(der).toReversed()),
};

type DerEdit = (value: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

const DER: Readonly<Record<string, DerEdit>> = {
  "a bit of": (value, random) => {
    const copy = copyOf(value);
    const index = copy.length - 1 - random.below(Math.min(copy.length, 32));
    copy[index] = (copy[index] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  without: () => new Uint8Array(),
  "twice the": (value) => concat(value, value),
  "a longer length of": nonMinimalLength,
  "an indefinite length of": indefiniteLength,
  "a byte after": (value, random) => trailing(value, Uint8Array.of(random.below(256))),
  "another tag of": (value, random) => withTag(value, random.below(256)),
  "a leading zero of": paddedInteger,
  "no content in": (value) => Uint8Array.of(value[0] ?? 0, 0),
  "in the order reversed": (value) =>
    ((value[0] ?? 0) & 0x20) === 0 ? value : retag(value, membersOf(value).toReversed()),
  "another object's": (_value, _random, donor) => donor,
  "content of another object in": (value, _random, donor) => concat(withTag(donor, value[0] ?? 0)),
};

function retag(value: Uint8Array, members: readonly Uint8Array[]): Uint8Array {
  return withTag(sequence(...members), value[0] ?? 0);
}

/** Mutates DER at any depth, with all lengths around the change made good; null where it is none. */
export function mutateDer(
  der: Uint8Array,
  donor: Uint8Array,
  random: Random,
): Mutated<Bytes> | null {
  const paths = derPaths(der);
  if (paths === null) return null;
  if (isSignature(der, paths) && random.once(2)) {
    const [how, edit] = random.pick(Object.entries(SIGNATURE));
    return attempt(how, () => edit(der, random, donor)) ?? mutateRaw(der, donor, random);
  }
  const path = random.pick(paths);
  const [what, edit] = random.pick(Object.entries(DER));
  const how = `${what} the value at ${path.join(".") || "the top"}`;
  const other = donorValue(donor, path, random) ?? der;
  return (
    attempt(how, () => editDer(der, path, (value) => edit(value, random, other))) ??
    mutateRaw(der, donor, random)
  );
}

function isSignature(der: Uint8Array, paths: readonly DerPath[]): boolean {
  return paths.length === 3 && [0, 1].every((index) => derAt(der, [index])[0] === 2);
}

/** What another object has at the same place, or somewhere. */
function donorValue(donor: Uint8Array, path: DerPath, random: Random): Uint8Array | null {
  const paths = derPaths(donor);
  if (paths === null) return null;
  const same = paths.find((one) => one.join(".") === path.join("."));
  return derAt(donor, same !== undefined && !random.once(4) ? same : random.pick(paths));
}

/** An edit that does not apply, such as one for signatures to something else, is none. */
function attempt(how: string, edit: () => Uint8Array): Mutated<Bytes> | null {
  try {
    return { value: copyOf(edit()), how };
  } catch {
    return null;
  }
}

type Respell = (encoded: string, random: Random) => string;

/** Spellings of base64 that lax decoders take for the same bytes. */
const RESPELLED: Readonly<Record<string, Respell>> = {
  "without padding": (encoded) => encoded.replace(/=+$/, ""),
  "with more padding": (encoded) => `${encoded}=`,
  "with a line break": (encoded, random) => insertAt(encoded, "\n", random),
  "with a blank": (encoded, random) => insertAt(encoded, " ", random),
  "with a character of no alphabet": (encoded, random) => insertAt(encoded, "*", random),
  "in the URL alphabet": (encoded) => encoded.replaceAll("+", "-").replaceAll("/", "_"),
  "with its unused bits set": (encoded) =>
    encoded.replace(/([AEIMQUYcgkosw048])(=+)$/, (_, last: string, padding: string) => {
      return `${String.fromCharCode(last.charCodeAt(0) + 1)}${padding}`;
    }),
  "with something after its padding": (encoded) => `${encoded}=AAAA`,
};

/** The same bytes in base64 that no strict encoder writes. */
export function respell(bytes: Uint8Array, random: Random): Mutated<string> {
  const [how, edit] = random.pick(Object.entries(RESPELLED));
  return { value: edit(base64(bytes), random), how: `base64 ${how}` };
}

function insertAt(text: string, added: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + added + text.slice(at);
}
