/** RECORD: what an installer says that it has put where. */
import { decodeUtf8, encodeHex, fail } from "@pubpin/shared";
import type { RecordEntry } from "./types.ts";

/** base64url without padding, of 32 bytes. */
const SHA256 = /^sha256=(?<digest>[A-Za-z0-9_-]{43})$/;
/** One field: quoted with `""` for a quote, or plain. */
const FIELD = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",\r\n]*))(?<end>,|\r?\n|$)/y;
const FIELDS = 3;

/**
 * Reads a RECORD ("Recording installed projects", section "The RECORD file"; PEP 376, PEP 427): CSV
 * with path, hash and size.
 *
 * @throws RECORD_INVALID for anything else, and for a path that is there twice
 * @throws UTF8_INVALID
 */
export function parseRecord(bytes: Uint8Array, what: string): readonly RecordEntry[] {
  const entries = new Map<string, RecordEntry>();
  for (const row of rowsOf(decodeUtf8(bytes, what), what)) {
    const [path = "", hash = "", size = ""] = row;
    if (row.length !== FIELDS || path === "") {
      fail("RECORD_INVALID", `${what}: expected path, hash and size, found ${row.join(",")}`);
    }
    if (entries.has(path)) fail("RECORD_INVALID", `${what}: ${path} is there twice`);
    entries.set(path, { path, sha256: digestOf(hash, what, path), size: sizeOf(size) });
  }
  return [...entries.values()];
}

function rowsOf(text: string, what: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length || row.length > 0) {
    const match = FIELD.exec(text);
    if (match === null) fail("RECORD_INVALID", `${what}: expected CSV (RFC 4180)`);
    const { quoted, plain = "", end } = match.groups ?? {};
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

function digestOf(hash: string, what: string, path: string): string | null {
  if (hash === "") return null;
  const digest = SHA256.exec(hash)?.groups?.["digest"];
  if (digest === undefined) {
    fail("RECORD_INVALID", `${what}: ${path}: expected a SHA-256, found ${hash}`);
  }
  return encodeHex(new Uint8Array(Buffer.from(digest, "base64url")));
}

function sizeOf(size: string): number | null {
  return /^\d{1,15}$/.test(size) ? Number(size) : null;
}
