/** Why there was no answer, in words. */
import { PubpinError } from "@pubpin/shared";
import { redact, redactUrl } from "./redact.ts";

const FOUND: Readonly<Record<string, string>> = {
  ENOTFOUND: "no host of that name",
  EAI_AGAIN: "that names of hosts cannot be looked up just now",
  ECONNREFUSED: "that it refuses connections",
  ECONNRESET: "that the connection broke off",
  UND_ERR_SOCKET: "that the connection broke off",
  EPIPE: "that the connection broke off",
  ENETUNREACH: "no network",
  EHOSTUNREACH: "no way to the host",
  ETIMEDOUT: "no connection in time",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_BODY_TIMEOUT: "that the answer stopped coming",
  ERR_TLS_CERT_ALTNAME_INVALID: "a certificate of another host",
  CERT_HAS_EXPIRED: "a certificate that has expired",
  CERT_NOT_YET_VALID: "a certificate that is not valid yet",
};
/** OpenSSL's words for a chain that ends at nobody who is trusted. */
const UNTRUSTED =
  /^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT(?:_IN_CHAIN)?)$/;
const DEPTH = 8;

/** The error for a URL from which no whole answer came. */
export function unreachable(url: URL, proxy: string | null, cause: unknown): PubpinError {
  const through = proxy === null ? "" : ` through the proxy ${redactUrl(proxy)}`;
  return new PubpinError(
    "INDEX_UNREACHABLE",
    `${redactUrl(url)}: expected an answer${through}, found ${foundIn(cause)}`,
    { cause },
  );
}

function foundIn(cause: unknown): string {
  const chain = chainOf(cause);
  for (const error of chain.toReversed()) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (UNTRUSTED.test(code)) {
      return (
        `a certificate of nobody who is trusted (${code}): ` +
        "SSL_CERT_FILE or NODE_EXTRA_CA_CERTS names the file of a network's own authority"
      );
    }
    const known = FOUND[code];
    if (known !== undefined) return known;
  }
  const last = chain.at(-1);
  return last === undefined ? "none" : `an error: ${redact(last.message)}`;
}

/** An error, its cause, the cause of that, and so on; of several at once the first. */
function chainOf(cause: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let error = cause; error instanceof Error && chain.length < DEPTH;) {
    chain.push(error);
    const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
    error = error.cause ?? first;
  }
  return chain;
}
