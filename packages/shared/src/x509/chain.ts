import { equalBytes } from "../bytes/bytes.ts";
import type { CryptoVerifier } from "../bytes/crypto.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_CHAIN_LENGTH } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { schemeFor } from "./algorithm.ts";
import { type ParsedCertificate, parseCertificate, type Validity } from "./certificate.ts";
import {
  authorityKeyIdentifierOf,
  requireAuthority,
  subjectKeyIdentifierOf,
} from "./extensions.ts";
import { checkSignature, loadVerifier } from "./signature.ts";

/**
 * A chain of authorities that holds: each certificate is signed by the next and may issue what
 * stands before it. The last one is the trust anchor.
 */
export interface TrustedAuthority {
  readonly certificates: readonly ParsedCertificate[];
  /** The certificate that issues end entities. */
  readonly issuer: ParsedCertificate;
  /** When the operator used this authority, as the trust root says. */
  readonly validity: Validity;
  /** The issuer's key, loaded once for each signature algorithm that a certificate names. */
  readonly keys: Map<string, CryptoVerifier>;
}

/**
 * Checks an authority's chain as a trust root gives it (RFC 5280 section 6.1), once, at load.
 *
 * @throws CERTIFICATE_INVALID CERTIFICATE_CHAIN_INVALID LIMIT_EXCEEDED DER_INVALID KEY_UNSUPPORTED
 */
export async function checkAuthority(
  encodings: readonly Bytes[],
  purpose: string,
  validity: Validity,
  what: string,
): Promise<TrustedAuthority> {
  requireAtMost(MAX_CHAIN_LENGTH, encodings.length, "certificates", what);
  const certificates = encodings.map((encoding, index) =>
    parseCertificate(encoding, `${what}: certificate ${index + 1}`),
  );
  const [issuer] = certificates;
  if (issuer === undefined) return fail("CERTIFICATE_INVALID", `${what}: expected a certificate`);
  await Promise.all(
    certificates.map(async (certificate, index) => {
      const name = `${what}: certificate ${index + 1}`;
      requireAuthority(certificate, purpose, index, name);
      const parent = certificates[index + 1] ?? selfIssuer(certificate);
      if (parent !== null) await checkIssuedBy(certificate, parent, name);
    }),
  );
  return { certificates, issuer, validity, keys: new Map() };
}

/** A trust anchor may be a self-signed root, which must hold, or an intermediate taken as it is. */
function selfIssuer(anchor: ParsedCertificate): ParsedCertificate | null {
  return equalBytes(anchor.issuer, anchor.subject) ? anchor : null;
}

/**
 * Checks that a certificate names the next one of a trust root's chain as its issuer, and that this
 * one signed it (RFC 5280 section 6.1.3 a 1 and 4).
 *
 * @throws CERTIFICATE_CHAIN_INVALID KEY_UNSUPPORTED
 */
export async function checkIssuedBy(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  what: string,
): Promise<void> {
  if (!namesIssuer(certificate, issuer, what)) {
    fail("CERTIFICATE_CHAIN_INVALID", `${what}: the next certificate is not its issuer`);
  }
  const scheme = schemeFor(certificate.signatureAlgorithm, issuer.publicKey.type, what);
  await checkSignedBy(certificate, await loadVerifier(issuer.publicKey, scheme, what), what);
}

/**
 * Whether a certificate says that this authority issued it: by the issuer's name, and by the key
 * identifiers where both have one. It chooses the key to check with, and proves nothing.
 */
export function namesIssuer(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  what: string,
): boolean {
  if (!equalBytes(certificate.issuer, issuer.subject)) return false;
  const expected = subjectKeyIdentifierOf(issuer, what);
  const claimed = authorityKeyIdentifierOf(certificate, what);
  return expected === undefined || claimed === undefined || equalBytes(expected, claimed);
}

/**
 * Checks that an authority's issuer signed this certificate (RFC 5280 section 6.1.3 a 1). Whether
 * both were valid at a certain time is judged by `requireValidAt`.
 *
 * @throws CERTIFICATE_CHAIN_INVALID KEY_UNSUPPORTED
 */
export async function checkIssuedByAuthority(
  certificate: ParsedCertificate,
  authority: TrustedAuthority,
  what: string,
): Promise<void> {
  const { signatureAlgorithm: algorithm } = certificate;
  const { issuer, keys } = authority;
  let key = keys.get(algorithm);
  if (key === undefined) {
    const scheme = schemeFor(algorithm, issuer.publicKey.type, what);
    key = await loadVerifier(issuer.publicKey, scheme, what);
    keys.set(algorithm, key);
  }
  await checkSignedBy(certificate, key, what);
}

function checkSignedBy(
  certificate: ParsedCertificate,
  issuer: CryptoVerifier,
  what: string,
): Promise<void> {
  const { signature, tbs } = certificate;
  return checkSignature(issuer, signature, tbs, "CERTIFICATE_CHAIN_INVALID", what);
}

/**
 * Requires that an end entity's certificate and its whole chain were valid at a time, and that the
 * operator used the authority then (RFC 5280 section 6.1.3 a 2; Sigstore's hybrid model). All
 * intervals are closed.
 *
 * @param time milliseconds since 1970
 * @throws `code`
 */
export function requireValidAt(
  time: number,
  certificate: ParsedCertificate,
  authority: TrustedAuthority,
  code: "CERTIFICATE_EXPIRED" | "TIMESTAMP_EXPIRED",
  what: string,
): void {
  const chain = [certificate, ...authority.certificates];
  const intervals = [...chain.map(({ validity }) => validity), authority.validity];
  intervals.forEach((validity, index) => {
    if (isWithin(time, validity)) return;
    const subject =
      index === 0 ? "it" : index < chain.length ? `its issuer ${index}` : "its authority";
    fail(
      code,
      `${what}: signed at ${isoTime(time)}, but ${subject} is valid ` +
        `from ${isoTime(validity.start)} to ${isoTime(validity.end)}`,
    );
  });
}

/** Whether a time lies in a closed interval. */
export function isWithin(time: number, validity: Validity): boolean {
  return validity.start <= time && time <= validity.end;
}

/** The last millisecond that ECMAScript's calendar knows. */
const LAST_TIME = 8.64e15;

/** A time for messages; an interval without an end is printed as one. */
export function isoTime(time: number): string {
  return time <= LAST_TIME ? new Date(time).toISOString() : "no end";
}
