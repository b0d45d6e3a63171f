/** Alters finished DER at any depth, also into encodings that DER forbids. */
import { type Bytes, concat, copyOf } from "./bytes.ts";
import { derLength } from "./der.ts";

interface Split {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

function split(der: Uint8Array, offset: number): Split {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) throw new Error(`no element at byte ${offset}`);
  const octets = first < 0x80 ? 0 : first & 0x7f;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < octets; index += 1) {
    length = length * 256 + (der[offset + 2 + index] ?? 0);
  }
  const start = offset + 2 + octets;
  return { tag, content: der.subarray(start, start + length), end: start + length };
}

/** The elements that follow one another in `bytes`, each with its header. */
export function elementsOf(bytes: Uint8Array): Bytes[] {
  const elements: Bytes[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const { end } = split(bytes, offset);
    elements.push(copyOf(bytes.subarray(offset, end)));
    offset = end;
  }
  return elements;
}

/** The contents octets of an element. */
export function contentOf(der: Uint8Array): Bytes {
  return copyOf(split(der, 0).content);
}

/** The members of a constructed element, each with its header. */
export function membersOf(der: Uint8Array): Bytes[] {
  return elementsOf(split(der, 0).content);
}

/**
 * The element that `path` leads to, by position among the members: `[0, 2]` is the third member of
 * the first. An OCTET STRING or BIT STRING on the way counts as holding one element.
 */
export function derAt(der: Uint8Array, path: readonly number[]): Bytes {
  let current = copyOf(der);
  for (const index of path) {
    const member = inner(current).members[index];
    if (member === undefined) throw new Error(`no member ${index} on the path ${path.join(".")}`);
    current = member;
  }
  return current;
}

function inner(der: Uint8Array): { prefix: Uint8Array; members: Bytes[] } {
  const { tag, content } = split(der, 0);
  const skipped = tag === 3 ? 1 : 0;
  return { prefix: content.subarray(0, skipped), members: elementsOf(content.subarray(skipped)) };
}

/**
 * The same DER with the element at `path` replaced by what `change` makes of it; headers around it
 * are written anew, in the shortest form. An empty result removes the element, a longer one adds to it.
 */
export function editDer(
  der: Uint8Array,
  path: readonly number[],
  change: (element: Bytes) => Uint8Array,
): Bytes {
  const [index, ...rest] = path;
  if (index === undefined) return copyOf(change(copyOf(der)));
  const { prefix, members } = inner(der);
  const member = members[index];
  if (member === undefined) throw new Error(`no member ${index} among ${members.length}`);
  const edited = members.with(index, editDer(member, rest, change));
  return retag(split(der, 0).tag, concat(prefix, ...edited));
}

function retag(tag: number, content: Uint8Array): Bytes {
  return concat(Uint8Array.of(tag), derLength(content.length), content);
}

/** The element with another identifier octet. */
export function withTag(der: Uint8Array, tag: number): Bytes {
  return retag(tag, split(der, 0).content);
}

/** The element with its length in one octet more than needed. */
export function nonMinimalLength(der: Uint8Array): Bytes {
  const { tag, content } = split(der, 0);
  const shortest = derLength(content.length);
  const octets = shortest.length === 1 ? shortest : concat(Uint8Array.of(0), shortest.subarray(1));
  return concat(Uint8Array.of(tag, 0x80 | octets.length), octets, content);
}

/** The element in BER's indefinite form, closed by two zero octets. */
export function indefiniteLength(der: Uint8Array): Bytes {
  const { tag, content } = split(der, 0);
  return concat(Uint8Array.of(tag | 0x20, 0x80), content, Uint8Array.of(0, 0));
}

/** The INTEGER with a leading zero octet that it does not need. */
export function paddedInteger(der: Uint8Array): Bytes {
  const { tag, content } = split(der, 0);
  return retag(tag, concat(Uint8Array.of((content[0] ?? 0) >= 0x80 ? 0xff : 0), content));
}

/** The element followed by bytes that belong to nothing. */
export function trailing(der: Uint8Array, extra: Uint8Array = Uint8Array.of(0)): Bytes {
  return concat(der, extra);
}
