/** Zip archives (PKWARE's APPNOTE, without Zip64): enough of them to write and read wheels. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** A file of an archive. */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const VERSION = 20;
const MADE_ON_UNIX = 0x300;
const UTF8 = 0x800;
const STORED = 0;
const DEFLATED = 8;
/** The first of January 1980, the earliest date that the format has: archives are reproducible. */
const DATE = 0x21;
const REGULAR_FILE = 0o100644;
const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;

/** An archive with these files, deflated, in this order. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.path, "utf8");
    const data = deflateRawSync(entry.bytes);
    const common = commonFields(entry.bytes, data, name);
    const local = Buffer.concat([u32(0x04034b50), u16(VERSION), common, u16(0), name, data]);
    const attributes = Buffer.concat([u16(0), u16(0), u16(0), u32(REGULAR_FILE * 0x10000)]);
    const versions = Buffer.concat([u16(MADE_ON_UNIX + VERSION), u16(VERSION)]);
    const central = [u32(0x02014b50), versions, common, u16(0), attributes, u32(offset), name];
    centrals.push(Buffer.concat(central));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const count = u16(entries.length);
  const end = [
    u32(END_SIGNATURE),
    u16(0),
    u16(0),
    count,
    count,
    u32(directory.length),
    u32(offset),
  ];
  return new Uint8Array(Buffer.concat([...locals, directory, ...end, u16(0)]));
}

/** The first file of an archive whose path fits, or null. */
export function readZipEntry(
  archive: Uint8Array,
  fits: (path: string) => boolean,
): Uint8Array<ArrayBuffer> | null {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = bytes.length - END_LENGTH;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < 0) throw new Error("no zip archive");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const path = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    if (fits(path)) return contentOf(bytes, at);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return null;
}

function contentOf(bytes: Buffer, central: number): Uint8Array<ArrayBuffer> {
  const local = bytes.readUInt32LE(central + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const data = bytes.subarray(start, start + bytes.readUInt32LE(central + 20));
  return new Uint8Array(bytes.readUInt16LE(central + 10) === STORED ? data : inflateRawSync(data));
}

/** What stands in both of a file's headers, from the flags to the length of the name. */
function commonFields(content: Uint8Array, data: Uint8Array, name: Uint8Array): Buffer {
  const method = [u16(UTF8), u16(DEFLATED), u16(0), u16(DATE)];
  const lengths = [u32(data.length), u32(content.length), u16(name.length)];
  return Buffer.concat([...method, u32(crc32(content)), ...lengths]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
