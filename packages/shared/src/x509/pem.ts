import { decodeBase64 } from "../bytes/base64.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";

const PEM = /^-----BEGIN ([A-Z ]+)-----\r?\n((?:[A-Za-z0-9+/=]+\r?\n)+)-----END \1-----(?:\r?\n)?$/;

/** What one PEM block holds. */
export interface ParsedPem {
  readonly label: string;
  readonly bytes: Bytes;
}

/**
 * Parses text that is one PEM block (RFC 7468 section 3, with lines of any length) and nothing else.
 *
 * @throws PEM_INVALID BASE64_INVALID
 */
export function parsePem(text: string, what: string): ParsedPem {
  const match = PEM.exec(text);
  const [, label, body] = match ?? [];
  if (label === undefined || body === undefined) {
    return fail("PEM_INVALID", `${what}: expected one PEM block, from BEGIN to END`);
  }
  return { label, bytes: decodeBase64(body.replace(/[\r\n]/g, ""), what) };
}
