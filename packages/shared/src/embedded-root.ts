import { encodeUtf8 } from "./bytes/utf8.ts";
import { TRUSTED_ROOT_JSON } from "./generated/trusted-root.ts";
import type { Bytes } from "./model.ts";
import { parseTrustedRoot, type TrustedRoot } from "./sigstore/trusted-root.ts";

let embedded: Promise<TrustedRoot> | undefined;

/**
 * Sigstore's production trust root as it was when this version of pubpin was built. It works
 * offline, and knows no key that came later: then TRUST_ROOT_UNKNOWN_KEY asks for a newer one.
 */
export function embeddedTrustedRoot(): Promise<TrustedRoot> {
  embedded ??= parseTrustedRoot(embeddedTrustedRootJson());
  return embedded;
}

/** The same trust root as Sigstore publishes it, for other verifiers. */
export function embeddedTrustedRootJson(): Bytes {
  return encodeUtf8(TRUSTED_ROOT_JSON);
}
