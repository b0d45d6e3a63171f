/**
 * Writes DER (X.690). Every function returns finished bytes, so anything can stand anywhere:
 * a raw node is just bytes. For encodings that DER forbids see der-edit.ts.
 */
import { type Bytes, concat, utf8 } from "./bytes.ts";

/** The octets of a DER length, in the shortest form. */
export function derLength(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

/** An element with this identifier octet and contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  const content = concat(...contents);
  return concat(Uint8Array.of(tag), derLength(content.length), content);
}

/** SEQUENCE. */
export function sequence(...members: readonly Uint8Array[]): Bytes {
  return element(0x30, ...members);
}

/** SET, members in the order given. */
export function set(...members: readonly Uint8Array[]): Bytes {
  return element(0x31, ...members);
}

/** SET OF, members in the order that DER asks for (X.690 section 11.6). */
export function setOf(...members: readonly Uint8Array[]): Bytes {
  return element(0x31, ...members.toSorted(compareOctets));
}

function compareOctets(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Constructed context-specific element `[number]`. */
export function explicit(number: number, ...contents: readonly Uint8Array[]): Bytes {
  return element(0xa0 | number, ...contents);
}

/** Primitive context-specific element `[number]`. */
export function implicit(number: number, content: Uint8Array): Bytes {
  return element(0x80 | number, content);
}

/** INTEGER from a number, or from contents octets that are taken as they are. */
export function integer(value: number | bigint | Uint8Array): Bytes {
  return element(2, value instanceof Uint8Array ? value : integerOctets(BigInt(value)));
}

function integerOctets(value: bigint): Bytes {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  const digits = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** INTEGER from an unsigned number in bytes: leading zeros go, a sign octet comes where needed. */
export function unsignedInteger(bytes: Uint8Array): Bytes {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 || digits.length === 0 ? [0] : [];
  return integer(concat(Uint8Array.from(sign), digits));
}

/** BOOLEAN. */
export function boolean(value: boolean): Bytes {
  return element(1, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export const NULL: Bytes = Uint8Array.of(5, 0);

/** OBJECT IDENTIFIER from dotted decimal. */
export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(6, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    octets.unshift(0x80 | (left % 128));
  }
  return octets;
}

/** OCTET STRING. */
export function octetString(content: Uint8Array): Bytes {
  return element(4, content);
}

/** BIT STRING with `unused` unused bits in its last octet. */
export function bitString(content: Uint8Array, unused: number = 0): Bytes {
  return element(3, Uint8Array.of(unused), content);
}

/** UTF8String. */
export function utf8String(text: string): Bytes {
  return element(0x0c, utf8(text));
}

/** PrintableString. */
export function printableString(text: string): Bytes {
  return element(0x13, utf8(text));
}

/** UTCTime, to the second. */
export function utcTime(date: Date): Bytes {
  return element(0x17, utf8(compact(date).slice(2)));
}

/** GeneralizedTime, with a fraction only where there are milliseconds. */
export function generalizedTime(date: Date): Bytes {
  const fraction = String(date.getUTCMilliseconds()).padStart(3, "0").replace(/0+$/, "");
  const text = compact(date).slice(0, -1);
  return element(0x18, utf8(`${text}${fraction === "" ? "" : `.${fraction}`}Z`));
}

/** A certificate's Time: UTCTime through 2049, then GeneralizedTime (RFC 5280 section 4.1.2.5). */
export function certificateTime(date: Date): Bytes {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? utcTime(date) : generalizedTime(date);
}

function compact(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)}Z`;
}

/** A Name of one organisation and one common name, as Fulcio and its authorities write it. */
export function name(organisation: string, commonName: string): Bytes {
  return sequence(
    set(sequence(oid("2.5.4.10"), printableString(organisation))),
    set(sequence(oid("2.5.4.3"), printableString(commonName))),
  );
}
