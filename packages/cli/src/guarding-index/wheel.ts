/**
 * What a wheel says of itself: its metadata folders, and the METADATA in them. A wheel is a ZIP
 * archive (PEP 427; APPNOTE.TXT 6.3.10), read from its central directory as installers do. What is
 * not understood here has no metadata folder, and is refused as such.
 */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import {
  MAX_METADATA_BYTES,
  MAX_WHEEL_DIRECTORY_BYTES,
  MAX_WHEEL_ENTRIES,
} from "../node/limits.ts";
import type { Downloaded, FileBody } from "./downloads.ts";

/** What a wheel says of itself. */
export interface WheelFacts {
  /** The folders at its top whose names end with `.dist-info`, each once. */
  readonly metadataFolders: readonly string[];
  /** SHA-256 of METADATA in the one such folder, in hexadecimal; null where there is none. */
  readonly metadataSha256: string | null;
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packedSize: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const NOTHING: WheelFacts = { metadataFolders: [], metadataSha256: null };
const FOLDER = /^(?<folder>[^/]+\.dist-info)\//i;
/** Signatures and lengths of fixed parts (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.14 to 16). */
const END = { signature: 0x06054b50, length: 22 } as const;
const END64 = { signature: 0x06064b50, length: 56 } as const;
const LOCATOR64 = { signature: 0x07064b50, length: 20 } as const;
const CENTRAL = { signature: 0x02014b50, length: 46 } as const;
const LOCAL = { signature: 0x04034b50, length: 30 } as const;
const MAX_COMMENT = 0xffff;
const IS_IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;
const STORED = 0;
const DEFLATED = 8;

/** A reader of wheels that looks into each once: into the same whole file. */
export function createWheelReader(): (file: Downloaded) => Promise<WheelFacts> {
  const known = new WeakMap<Downloaded, Promise<WheelFacts>>();
  return (file) => {
    const facts = known.get(file) ?? readBody(file.body);
    known.set(file, facts);
    return facts;
  };
}

async function readBody(body: FileBody): Promise<WheelFacts> {
  if (Buffer.isBuffer(body)) {
    return readWheel(body.length, async (offset, length) => {
      const part = body.subarray(offset, offset + length);
      return part.length === length ? part : null;
    });
  }
  const file = await open(body.path);
  try {
    return await readWheel(body.size, async (offset, length) => {
      const part = Buffer.alloc(length);
      const { bytesRead } = await file.read(part, 0, length, offset);
      return bytesRead === length ? part : null;
    });
  } finally {
    await file.close();
  }
}

/** Reads bytes of a file; null where it does not have them all. */
type ReadPart = (offset: number, length: number) => Promise<Buffer | null>;

async function readWheel(size: number, readPart: ReadPart): Promise<WheelFacts> {
  const read: ReadPart = async (offset, length) =>
    offset < 0 || offset + length > size ? null : readPart(offset, length);
  const entries = await readDirectory(read, size);
  if (entries === null) return NOTHING;
  const folders = entries.flatMap((entry) => FOLDER.exec(entry.path)?.groups?.["folder"] ?? []);
  const metadataFolders = [...new Set(folders)];
  const wanted = `${metadataFolders[0] ?? ""}/METADATA`;
  const [metadata, ...others] = entries.filter((entry) => entry.path === wanted);
  const isOne = metadata !== undefined && others.length === 0;
  const bytes = isOne ? await readContent(read, size, metadata) : null;
  const metadataSha256 = bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
  return { metadataFolders, metadataSha256 };
}

/** The entries of the central directory; null where there is none that can be read. */
async function readDirectory(read: ReadPart, size: number): Promise<readonly Entry[] | null> {
  const tailLength = Math.min(size, END.length + MAX_COMMENT + LOCATOR64.length + END64.length);
  const tail = await read(size - tailLength, tailLength);
  const end = tail === null ? -1 : endOf(tail);
  if (tail === null || end === -1) return null;
  const place = await directoryPlace(read, tail, end);
  if (place === null || place.length > MAX_WHEEL_DIRECTORY_BYTES) return null;
  const directory = await read(place.offset, place.length);
  return directory === null ? null : readEntries(directory);
}

/** The end record is the last one whose comment reaches to the end of the file. */
function endOf(tail: Buffer): number {
  for (let at = tail.length - END.length; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END.signature) continue;
    if (at + END.length + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}

async function directoryPlace(
  read: ReadPart,
  tail: Buffer,
  end: number,
): Promise<{ readonly offset: number; readonly length: number } | null> {
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  const count = tail.readUInt16LE(end + 10);
  if (offset !== IS_IN_ZIP64 && length !== IS_IN_ZIP64 && count !== MAX_COMMENT) {
    return { offset, length };
  }
  const locator = end - LOCATOR64.length;
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR64.signature) return { offset, length };
  const record = await read(Number(tail.readBigUInt64LE(locator + 8)), END64.length);
  if (record === null || record.readUInt32LE(0) !== END64.signature) return null;
  return {
    length: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

function readEntries(directory: Buffer): readonly Entry[] | null {
  const entries: Entry[] = [];
  let at = 0;
  while (at < directory.length) {
    if (at + CENTRAL.length > directory.length || entries.length === MAX_WHEEL_ENTRIES) return null;
    if (directory.readUInt32LE(at) !== CENTRAL.signature) return null;
    const nameEnd = at + CENTRAL.length + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const next = extraEnd + directory.readUInt16LE(at + 32);
    if (next > directory.length) return null;
    const packedSize = directory.readUInt32LE(at + 20);
    const offset = directory.readUInt32LE(at + 42);
    const extra = directory.subarray(nameEnd, extraEnd);
    entries.push({
      path: directory.toString("utf8", at + CENTRAL.length, nameEnd),
      method: directory.readUInt16LE(at + 10),
      packedSize,
      offset: offset === IS_IN_ZIP64 ? offsetIn(extra, directory, at) : offset,
    });
    at = next;
  }
  return entries;
}

/** The offset in the extra field of ZIP64, after the sizes that are there too. */
function offsetIn(extra: Buffer, directory: Buffer, at: number): number {
  const before = [at + 24, at + 20].filter((each) => directory.readUInt32LE(each) === IS_IN_ZIP64);
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    const place = field + 4 + 8 * before.length;
    const isWhole = extra.readUInt16LE(field) === ZIP64_FIELD && place + 8 <= extra.length;
    if (isWhole) return Number(extra.readBigUInt64LE(place));
  }
  return Number.MAX_SAFE_INTEGER;
}

/** The content of an entry; null where it cannot be read. */
async function readContent(read: ReadPart, size: number, entry: Entry): Promise<Buffer | null> {
  const { offset, packedSize, method } = entry;
  if (packedSize > MAX_METADATA_BYTES || offset > size) return null;
  const header = await read(offset, LOCAL.length);
  if (header === null || header.readUInt32LE(0) !== LOCAL.signature) return null;
  const start = offset + LOCAL.length + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await read(start, packedSize);
  if (packed === null) return null;
  if (method === STORED) return packed;
  if (method !== DEFLATED) return null;
  try {
    return inflateRawSync(packed, { maxOutputLength: MAX_METADATA_BYTES });
  } catch {
    return null;
  }
}
