import { digest } from "../bytes/crypto.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import type { Lock } from "../model.ts";
import { canonicalDirective, canonicalEntry, sortedUnique } from "./identity.ts";

/**
 * The canonical text of everything in a lock that decides what gets installed (docs/lock-digest.md):
 * JSON (RFC 8785) of `["v1", ENTRIES, DIRECTIVES]`.
 */
export function canonicalLock(lock: Lock): string {
  const entries = sortedUnique(lock.distributions.map(canonicalEntry));
  const directives = lock.directives.map(canonicalDirective);
  return `["v1",[${entries.join(",")}],[${directives.join(",")}]]`;
}

/**
 * The digest of a lock as a `#lock:` line has it: `v1-sha256:` and the SHA-256 of its canonical
 * text, in lower-case hexadecimal. Formatting, order, headers, markers and metadata do not matter;
 * every name, version, source, file and hash does.
 */
export async function lockDigest(lock: Lock): Promise<string> {
  return `v1-sha256:${encodeHex(await digest("SHA-256", encodeUtf8(canonicalLock(lock))))}`;
}
