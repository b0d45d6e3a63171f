/**
 * Distinguished Encoding Rules (ITU-T X.690 section 10), as a reader that takes each value in its
 * one permitted form and nothing else. Every function throws DER_INVALID; `enter` LIMIT_EXCEEDED
 * too.
 */
import { fail, requireAtMost } from "../errors.ts";
import { MAX_DER_DEPTH } from "../limits.ts";
import type { Bytes } from "../model.ts";
import * as TAG from "./der-tags.ts";

const CONSTRUCTED = 0x20;

/** The tag of a context-specific value. */
export function contextTag(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** One value: its tag, where it starts, where its content starts, and where both end. */
export interface DerValue {
  readonly source: Bytes;
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
  readonly depth: number;
}

/** A place in a run of values. */
export interface DerReader {
  readonly source: Bytes;
  readonly end: number;
  readonly depth: number;
  readonly what: string;
  offset: number;
}

/** Starts to read bytes that hold DER values and nothing else. */
export function readDer(source: Bytes, what: string): DerReader {
  return { source, end: source.length, depth: 0, what, offset: 0 };
}

/** Starts to read the values inside a constructed one. */
export function enter(value: DerValue, what: string): DerReader {
  requireAtMost(MAX_DER_DEPTH, value.depth + 1, "nested levels", what);
  return {
    source: value.source,
    end: value.end,
    depth: value.depth + 1,
    what,
    offset: value.content,
  };
}

/** Whether values are left. */
export function hasMore(reader: DerReader): boolean {
  return reader.offset < reader.end;
}

/** Whether the next value has this tag. */
export function nextIs(reader: DerReader, tag: number): boolean {
  return hasMore(reader) && reader.source[reader.offset] === tag;
}

/** Refuses values that are left over. */
export function finish(reader: DerReader): void {
  if (hasMore(reader)) {
    invalid(reader, `${reader.end - reader.offset} bytes are left over at the end`);
  }
}

/** The next value, which must have this tag. */
export function next(reader: DerReader, tag: number): DerValue {
  const { source, offset, end } = reader;
  const found = source[offset];
  if (offset >= end || found !== tag) {
    const present = offset >= end ? "the end" : `tag 0x${(found ?? 0).toString(16)}`;
    return invalid(reader, `expected tag 0x${tag.toString(16)}, found ${present}`);
  }
  const { length, content } = readLength(reader, offset + 1);
  if (length > end - content) invalid(reader, "a value is cut off");
  reader.offset = content + length;
  return { source, tag, start: offset, content, end: content + length, depth: reader.depth };
}

/** The next value, whatever its tag. */
export function nextAny(reader: DerReader): DerValue {
  const tag = reader.source[reader.offset] ?? 0;
  if ((tag & 0x1f) === 0x1f) invalid(reader, "a tag is not supported");
  return next(reader, tag);
}

/**
 * Checks the lengths of all values that follow, and of those in them at any depth, without moving
 * on: for what holds more than is read of it.
 */
export function requireStructure(reader: DerReader): void {
  const rest: DerReader = { ...reader };
  while (hasMore(rest)) {
    const value = nextAny(rest);
    if ((value.tag & CONSTRUCTED) !== 0) requireStructure(enter(value, rest.what));
  }
}

/** X.690 section 10.1: definite, and the shortest form. */
function readLength(reader: DerReader, at: number): { length: number; content: number } {
  if (at >= reader.end) invalid(reader, "a value is cut off");
  const first = reader.source[at] as number;
  if (first < 0x80) return { length: first, content: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) invalid(reader, "a length is not supported");
  if (at + count >= reader.end) invalid(reader, "a value is cut off");
  let length = 0;
  for (let index = 1; index <= count; index++) {
    length = (length << 8) | (reader.source[at + index] as number);
  }
  const shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  if (count !== shortest) invalid(reader, "a length is not in its shortest form");
  return { length, content: at + 1 + count };
}

/** The content of a value, without tag and length. */
export function contentOf(value: DerValue): Bytes {
  return value.source.subarray(value.content, value.end);
}

/** A value as it was encoded, with tag and length. */
export function encodingOf(value: DerValue): Bytes {
  return value.source.subarray(value.start, value.end);
}

/** The next values of a SEQUENCE that comes next. */
export function nextSequence(reader: DerReader, what: string): DerReader {
  return enter(next(reader, TAG.sequence), what);
}

/** The values of the one SEQUENCE that bytes hold, and nothing after it. */
export function readSequence(source: Bytes, what: string): DerReader {
  const outer = readDer(source, what);
  const reader = nextSequence(outer, what);
  finish(outer);
  return reader;
}

/** Reads a NULL, which may stand where an algorithm has no parameters. */
export function nextNull(reader: DerReader): void {
  const { length } = contentOf(next(reader, TAG.nothing));
  if (length !== 0) invalid(reader, "a null value has content");
}

/** Refuses, saying where. */
export function invalid(reader: { readonly what: string }, reason: string): never {
  return fail("DER_INVALID", `${reader.what}: ${reason}`);
}
