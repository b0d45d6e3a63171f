import { decodeUtf8 } from "../bytes/utf8.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { finish, readDer } from "./der.ts";
import { nextUtf8String } from "./der-types.ts";
import { EXTENSION, subjectAlternativeNameOf } from "./extensions.ts";

/** Fulcio's extensions by the last arc of their object identifier (Fulcio, `oid-info.md`). */
export const CLAIM = {
  issuerRaw: 1,
  issuer: 8,
  buildSignerUri: 9,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryIdentifier: 15,
  sourceRepositoryOwnerIdentifier: 17,
  buildConfigUri: 18,
} as const;

/** The last arcs whose content is text as it is; from 8 to 22 it is a DER UTF8String. */
const RAW_ARCS = { first: 1, last: 6 } as const;
const DER_ARCS = { first: 8, last: 22 } as const;

/** What a certificate says of its holder; nobody has vouched for the certificate. */
export interface ClaimedSigner {
  readonly subject: { readonly kind: "uri" | "email"; readonly value: string };
  readonly issuer: string;
  /** Extensions by the last arc of their object identifier. */
  readonly claims: ReadonlyMap<number, string>;
}

/**
 * Reads what Fulcio certified. The caller has verified who issued the certificate, or verifies it
 * before using the result.
 *
 * @throws CERTIFICATE_INVALID DER_INVALID UTF8_INVALID
 */
export function readSigner(certificate: ParsedCertificate, what: string): ClaimedSigner {
  const claims = new Map<number, string>();
  for (let arc = RAW_ARCS.first; arc <= DER_ARCS.last; arc++) {
    const name = `${what}: extension .${arc}`;
    const content = certificate.extensions.get(`${EXTENSION.fulcio}.${arc}`)?.content;
    if (content === undefined) continue;
    if (arc <= RAW_ARCS.last) claims.set(arc, decodeUtf8(content, name));
    if (arc < DER_ARCS.first) continue;
    const reader = readDer(content, name);
    claims.set(arc, nextUtf8String(reader));
    finish(reader);
  }
  const raw = claims.get(CLAIM.issuerRaw);
  const issuer = claims.get(CLAIM.issuer) ?? raw;
  if (issuer === undefined) {
    return fail("CERTIFICATE_INVALID", `${what}: expected an OIDC issuer, found none`);
  }
  if (raw !== undefined && raw !== issuer) {
    const found = `${quote(raw)} and ${quote(issuer)}`;
    fail("CERTIFICATE_INVALID", `${what}: expected one OIDC issuer, found ${found}`);
  }
  return { subject: subjectAlternativeNameOf(certificate, what), issuer, claims };
}
