/** The simple types of X.690 that certificates and timestamps use. All throw DER_INVALID. */
import type { Bytes } from "../model.ts";
import { keyOf, numberOf } from "../bytes/bytes.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import * as TAG from "./der-tags.ts";
import { contentOf, type DerReader, type DerValue, invalid, next, nextIs } from "./der.ts";

/** A BOOLEAN DEFAULT FALSE: absent or TRUE, as a default is not encoded (X.690 section 11.5). */
export function nextDefaultFalse(reader: DerReader): boolean {
  if (!nextIs(reader, TAG.boolean)) return false;
  return nextBoolean(reader) || invalid(reader, "a default value is written");
}

/** X.690 section 11.1: TRUE is 0xff. */
function nextBoolean(reader: DerReader): boolean {
  const content = contentOf(next(reader, TAG.boolean));
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    invalid(reader, "expected a boolean of 0x00 or 0xff");
  }
  return content[0] === 0xff;
}

/** X.690 section 8.3: two's complement in the fewest bytes. */
export function nextInteger(reader: DerReader): Bytes {
  const content = contentOf(next(reader, TAG.integer));
  const [first, second] = content;
  if (first === undefined) invalid(reader, "an integer has no bytes");
  if (
    second !== undefined &&
    ((first === 0 && second < 0x80) || (first === 0xff && second > 0x7f))
  ) {
    invalid(reader, "an integer is not in its shortest form");
  }
  return content;
}

/** A positive integer, without its sign byte. */
export function nextPositiveInteger(reader: DerReader): Bytes {
  const content = nextInteger(reader);
  if ((content[0] as number) > 0x7f) {
    invalid(reader, "expected a positive integer, found a negative");
  }
  if (content.length === 1 && content[0] === 0) {
    invalid(reader, "expected a positive integer, found 0");
  }
  return content[0] === 0 ? content.subarray(1) : content;
}

/** An integer from 0 to 2^31 - 1. */
export function nextSmallInteger(reader: DerReader): number {
  const content = nextInteger(reader);
  if (content.length > 4 || (content[0] as number) > 0x7f) {
    invalid(reader, "expected an integer from 0 to 2147483647");
  }
  return numberOf(content);
}

/** X.690 section 8.19: an object identifier in dotted form. */
export function nextOid(reader: DerReader): string {
  return decodeOid(next(reader, TAG.oid), reader);
}

function decodeOid(value: DerValue, reader: DerReader): string {
  let dotted = "";
  let arc = 0;
  let started = false;
  for (let at = value.content; at < value.end; at++) {
    const byte = value.source[at] as number;
    if (!started && byte === 0x80) {
      invalid(reader, "an object identifier has leading zeros");
    }
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) {
      invalid(reader, "an object identifier is too large");
    }
    started = byte >= 0x80;
    if (started) continue;
    // The first two arcs share a number.
    const root = Math.min(Math.floor(arc / 40), 2);
    dotted += dotted === "" ? `${root}.${arc - root * 40}` : `.${arc}`;
    arc = 0;
  }
  if (started || dotted === "") invalid(reader, "an object identifier is cut off");
  return dotted;
}

/** A BIT STRING of whole bytes. */
export function nextBitString(reader: DerReader): Bytes {
  const content = contentOf(next(reader, TAG.bitString));
  if (content[0] !== 0) invalid(reader, "expected a bit string of whole bytes");
  return content.subarray(1);
}

/** X.690 section 11.2.2: a BIT STRING of named bits, without trailing zero bits. Bit 0 comes first. */
export function nextNamedBits(reader: DerReader): readonly boolean[] {
  const content = contentOf(next(reader, TAG.bitString));
  const unused = content[0];
  const last = content.at(-1) as number;
  if (unused === undefined || unused > 7 || content.length < 2) {
    return invalid(reader, "expected a bit string with at least one bit");
  }
  if ((last & ((1 << (unused + 1)) - 1)) !== 1 << unused) {
    invalid(reader, "a bit string has trailing zeros");
  }
  const bits: boolean[] = [];
  for (const byte of content.subarray(1)) {
    for (let bit = 7; bit >= 0; bit--) bits.push((byte & (1 << bit)) !== 0);
  }
  return bits.slice(0, bits.length - unused);
}

/** The content of an OCTET STRING. */
export function nextOctetString(reader: DerReader): Bytes {
  return contentOf(next(reader, TAG.octetString));
}

/** A UTF8String. */
export function nextUtf8String(reader: DerReader): string {
  return decodeUtf8(contentOf(next(reader, TAG.utf8String)), reader.what);
}

/** A UTCTime with seconds (RFC 5280 section 4.1.2.5.1), in milliseconds since 1970. */
export function nextUtcTime(reader: DerReader): number {
  const digits = nextDigits(reader, TAG.utcTime);
  return parseTime((digits < "50" ? "20" : "19") + digits, false, reader);
}

/**
 * A GeneralizedTime in UTC with seconds (X.690 section 11.7), in milliseconds since 1970.
 *
 * @param mayHaveFraction whether parts of a second are accepted; they are cut to milliseconds
 */
export function nextGeneralizedTime(reader: DerReader, mayHaveFraction: boolean): number {
  return parseTime(nextDigits(reader, TAG.generalizedTime), mayHaveFraction, reader);
}

/** The text of a time; of what is too long to be one, the start. */
function nextDigits(reader: DerReader, tag: number): string {
  return keyOf(contentOf(next(reader, tag)).subarray(0, 32));
}

function parseTime(digits: string, mayHaveFraction: boolean, reader: DerReader): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/.exec(digits);
  const [, year, month, day, hour, minute, second, fraction] = match ?? [];
  if (match === null || (fraction !== undefined && !mayHaveFraction)) {
    return invalid(reader, "expected a time in UTC with seconds");
  }
  const milliseconds = (fraction ?? "").padEnd(3, "0").slice(0, 3);
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) {
    invalid(reader, `expected a time that exists, found ${digits}`);
  }
  return time;
}
