/** Answers that are kept between runs, by the rules of HTTP caching (RFC 9111). */
import { concatBytes } from "../bytes/bytes.ts";
import { type Field, documentField, readFields, readText, wrongType } from "../bytes/fields.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { MAX_FRESH_MS, MAX_STORED_HEAD_BYTES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import type { Answer } from "./types.ts";

/**
 * Keeps bytes by key: `provenance URL` or `simple URL`. What it gives back is read and verified as
 * if it came from the index, and no verdict is ever stored. So a store that forgets or fails costs
 * a request; one that lies about provenance can at worst cause a refusal; one that lies about pages
 * can do what a lying index can, which is to hide that a file is attested.
 */
export interface IndexStore {
  /** The bytes that were last put under the key, or null. */
  get(key: string): Promise<Bytes | null>;
  /** Keeps all of the bytes under the key, or what was there before. */
  put(key: string, bytes: Bytes): Promise<void>;
}

/** An answer with what is needed to use it again. */
export interface StoredAnswer {
  readonly answer: Answer;
  /** For If-None-Match, or null. */
  readonly etag: string | null;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** The answer may be used without asking before this time, and not before `storedAt`. */
  readonly freshUntil: number;
}

const CODE = "INDEX_RESPONSE_INVALID";
const LINE_FEED = 0x0a;
const ETAG = /^(?:W\/)?"[!\x23-\x7e]*"$/;

/** The answer that is stored under a key, or null where there is none or it is damaged. */
export async function loadAnswer(
  store: IndexStore | undefined,
  key: string,
): Promise<StoredAnswer | null> {
  try {
    const bytes = (await store?.get(key)) ?? null;
    return bytes === null ? null : readEntry(bytes, key);
  } catch {
    return null;
  }
}

/**
 * Keeps an answer where its headers allow it and it would be of use; a store that fails is left
 * alone.
 *
 * @param headers of the answer, or of the 304 that confirmed it
 */
export async function saveAnswer(
  store: IndexStore | undefined,
  key: string,
  answer: Answer,
  headers: Headers,
  now: number,
): Promise<void> {
  const maxAge = maxAgeOf(headers);
  const etag = headers.get("etag");
  const entry: StoredAnswer = {
    answer,
    etag: etag !== null && ETAG.test(etag) ? etag : null,
    storedAt: now,
    freshUntil: now + (maxAge ?? 0),
  };
  if (store === undefined || maxAge === null || (maxAge === 0 && entry.etag === null)) return;
  try {
    await store.put(key, formatEntry(entry, key));
  } catch {
    return;
  }
}

/** Whether a stored answer may be used without asking. */
export function isFresh({ storedAt, freshUntil }: StoredAnswer, now: number): boolean {
  return storedAt <= now && now < freshUntil;
}

/** Milliseconds for which an answer is fresh, 0 where it does not say; null if not to be stored. */
function maxAgeOf(headers: Headers): number | null {
  const directives = (headers.get("cache-control") ?? "").toLowerCase().split(/[ \t]*,[ \t]*/);
  if (directives.includes("no-store")) return null;
  if (directives.some((directive) => directive.startsWith("no-cache"))) return 0;
  const [age = null] = directives.flatMap(
    (each) => /^max-age=([0-9]{1,12})$/.exec(each)?.[1] ?? [],
  );
  if (age === null) return 0;
  const spent = /^[0-9]{1,12}$/.test(headers.get("age") ?? "") ? Number(headers.get("age")) : 0;
  return Math.min(Math.max(Number(age) - spent, 0) * 1000, MAX_FRESH_MS);
}

/** One line of JSON about the answer, then the answer's bytes. */
function formatEntry({ answer, etag, storedAt, freshUntil }: StoredAnswer, key: string): Bytes {
  const { url, contentType, body } = answer;
  const head = { key, url, contentType, etag, storedAt, freshUntil, length: body.length };
  return concatBytes(encodeUtf8(`${JSON.stringify(head)}\n`), body);
}

function readEntry(bytes: Bytes, key: string): StoredAnswer | null {
  const end = bytes.indexOf(LINE_FEED);
  if (end === -1) return null;
  const head = documentField(bytes.subarray(0, end), MAX_STORED_HEAD_BYTES, "stored answer", CODE);
  const fields = readFields(
    head,
    ["key", "url", "storedAt", "freshUntil", "length"],
    ["contentType", "etag"],
  );
  const body = bytes.subarray(end + 1);
  if (readText(fields.key) !== key || readInteger(fields.length) !== body.length) return null;
  return {
    answer: {
      url: readText(fields.url),
      contentType: fields.contentType === undefined ? null : readText(fields.contentType),
      body,
    },
    etag: fields.etag === undefined ? null : readText(fields.etag),
    storedAt: readInteger(fields.storedAt),
    freshUntil: readInteger(fields.freshUntil),
  };
}

function readInteger(field: Field): number {
  const { value } = field;
  return typeof value === "bigint" ? Number(value) : wrongType(field, "an integer");
}
