/**
 * The extensions that Fulcio, certificate authorities and timestamp authorities use (RFC 5280
 * section 4.2.1), and the rules about them. Everything here throws CERTIFICATE_INVALID for what is
 * well-formed but not acceptable, DER_INVALID for what is not.
 */
import { keyOf } from "../bytes/bytes.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import type { ParsedCertificate } from "./certificate.ts";
import * as TAG from "./der-tags.ts";
import {
  contentOf,
  contextTag,
  enter,
  finish,
  hasMore,
  next,
  nextAny,
  nextIs,
  readDer,
  readSequence,
} from "./der.ts";
import {
  nextDefaultFalse,
  nextNamedBits,
  nextOctetString,
  nextOid,
  nextSmallInteger,
} from "./der-types.ts";
import * as EXTENSION from "./extension-oids.ts";

/** Extended key usages (RFC 5280 section 4.2.1.12). */
export const KEY_PURPOSE = {
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;

/** The critical extensions that this verifier acts upon; any other critical one is a refusal. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectAlternativeName,
  EXTENSION.basicConstraints,
  EXTENSION.extendedKeyUsage,
]);

/** RFC 5280 section 4.2: an unknown critical extension refuses the certificate. */
function requireKnownCriticalExtensions(certificate: ParsedCertificate, what: string): void {
  for (const { oid, critical } of certificate.extensions.values()) {
    if (critical && !UNDERSTOOD.has(oid)) {
      fail("CERTIFICATE_INVALID", `${what}: the critical extension ${oid} is not supported`);
    }
  }
}

/** What an end-entity certificate must be: no authority, allowed to sign, for this purpose. */
export function requireEndEntity(
  certificate: ParsedCertificate,
  purpose: string,
  what: string,
): void {
  requireKnownCriticalExtensions(certificate, what);
  if (basicConstraintsOf(certificate, what).isAuthority) {
    fail(
      "CERTIFICATE_INVALID",
      `${what}: expected an end-entity certificate, found an authority's`,
    );
  }
  if (keyUsageOf(certificate, what)?.[DIGITAL_SIGNATURE] !== true) {
    fail("CERTIFICATE_INVALID", `${what}: its key usage does not include signatures`);
  }
  if (!(extendedKeyUsageOf(certificate, what)?.includes(purpose) ?? false)) {
    fail("CERTIFICATE_INVALID", `${what}: its extended key usage does not include ${purpose}`);
  }
}

/**
 * RFC 3161 section 2.3: a timestamp authority's key has that one purpose. That the extension be
 * critical is not required: genuine trust roots hold authorities in which it is not.
 */
export function requireTimestampingOnly(certificate: ParsedCertificate, what: string): void {
  requireEndEntity(certificate, KEY_PURPOSE.timeStamping, what);
  if (extendedKeyUsageOf(certificate, what)?.length !== 1) {
    fail("CERTIFICATE_INVALID", `${what}: expected no extended key usage but timestamping`);
  }
}

/**
 * What an authority's certificate must be (RFC 5280 section 6.1.4 k to n).
 *
 * @param below number of authorities between this one and the end entity
 */
export function requireAuthority(
  certificate: ParsedCertificate,
  purpose: string,
  below: number,
  what: string,
): void {
  requireKnownCriticalExtensions(certificate, what);
  const { isAuthority, pathLength } = basicConstraintsOf(certificate, what);
  if (!isAuthority) fail("CERTIFICATE_INVALID", `${what}: expected an authority's certificate`);
  if (pathLength !== null && pathLength < below) {
    fail("CERTIFICATE_INVALID", `${what}: its path length allows ${pathLength}, found ${below}`);
  }
  if (keyUsageOf(certificate, what)?.[KEY_CERT_SIGN] !== true) {
    fail("CERTIFICATE_INVALID", `${what}: its key usage does not include certificates`);
  }
  if (!(extendedKeyUsageOf(certificate, what)?.includes(purpose) ?? true)) {
    fail("CERTIFICATE_INVALID", `${what}: its extended key usage does not include ${purpose}`);
  }
}

interface BasicConstraints {
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
}

function basicConstraintsOf(certificate: ParsedCertificate, what: string): BasicConstraints {
  const extension = certificate.extensions.get(EXTENSION.basicConstraints);
  if (extension === undefined) return { isAuthority: false, pathLength: null };
  const reader = readSequence(extension.content, `${what}: basic constraints`);
  const isAuthority = nextDefaultFalse(reader);
  const pathLength = nextIs(reader, TAG.integer) ? nextSmallInteger(reader) : null;
  finish(reader);
  return { isAuthority, pathLength };
}

function keyUsageOf(certificate: ParsedCertificate, what: string): readonly boolean[] | undefined {
  const extension = certificate.extensions.get(EXTENSION.keyUsage);
  if (extension === undefined) return undefined;
  const reader = readDer(extension.content, `${what}: key usage`);
  const usage = nextNamedBits(reader);
  finish(reader);
  return usage;
}

function extendedKeyUsageOf(
  certificate: ParsedCertificate,
  what: string,
): readonly string[] | undefined {
  const extension = certificate.extensions.get(EXTENSION.extendedKeyUsage);
  if (extension === undefined) return undefined;
  const reader = readSequence(extension.content, `${what}: extended key usage`);
  const purposes: string[] = [];
  while (hasMore(reader)) purposes.push(nextOid(reader));
  return purposes;
}

/** The subject key identifier (RFC 5280 section 4.2.1.2), if there is one. */
export function subjectKeyIdentifierOf(
  certificate: ParsedCertificate,
  what: string,
): Bytes | undefined {
  const extension = certificate.extensions.get(EXTENSION.subjectKeyIdentifier);
  if (extension === undefined) return undefined;
  const reader = readDer(extension.content, `${what}: subject key identifier`);
  const identifier = nextOctetString(reader);
  finish(reader);
  return identifier;
}

/** The key identifier of the authority key identifier (RFC 5280 section 4.2.1.1), if any. */
export function authorityKeyIdentifierOf(
  certificate: ParsedCertificate,
  what: string,
): Bytes | undefined {
  const extension = certificate.extensions.get(EXTENSION.authorityKeyIdentifier);
  if (extension === undefined) return undefined;
  const reader = readSequence(extension.content, `${what}: authority key identifier`);
  const tag = contextTag(0, false);
  const identifier = nextIs(reader, tag) ? contentOf(next(reader, tag)) : undefined;
  while (hasMore(reader)) nextAny(reader);
  return identifier;
}

/**
 * The one subject alternative name of a Fulcio certificate: a URI or an e-mail address, in the
 * printable ASCII of an IA5String.
 */
export function subjectAlternativeNameOf(
  certificate: ParsedCertificate,
  what: string,
): { readonly kind: "uri" | "email"; readonly value: string } {
  const extension = certificate.extensions.get(EXTENSION.subjectAlternativeName);
  if (extension === undefined) {
    return fail("CERTIFICATE_INVALID", `${what}: expected a subject alternative name, found none`);
  }
  const outer = readDer(extension.content, `${what}: subject alternative name`);
  const reader = enter(next(outer, TAG.sequence), outer.what);
  finish(outer);
  const value = nextAny(reader);
  finish(reader);
  const kind =
    value.tag === contextTag(6, false)
      ? "uri"
      : value.tag === contextTag(1, false)
        ? "email"
        : null;
  const text = keyOf(contentOf(value).subarray(0, 4096));
  if (kind === null || !/^[\x21-\x7e]{1,4095}$/.test(text)) {
    return fail(
      "CERTIFICATE_INVALID",
      `${what}: expected a URI or an e-mail address as its subject`,
    );
  }
  return { kind, value: text };
}
