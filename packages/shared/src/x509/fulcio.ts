import { decodeUtf8 } from "../bytes/utf8.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { ParsedCertificate } from "./certificate.ts";
import { finish, readDer } from "./der.ts";
import { nextUtf8String } from "./der-types.ts";
import * as EXTENSION from "./extension-oids.ts";
import { subjectAlternativeNameOf } from "./extensions.ts";
import * as CLAIM from "./fulcio-claims.ts";

/** The last arcs whose content is text as it is; from 8 to 22 it is a DER UTF8String. */
const FIRST_RAW_ARC = 1;
const LAST_RAW_ARC = 6;
const FIRST_DER_ARC = 8;
const LAST_DER_ARC = 22;

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
  for (let arc = FIRST_RAW_ARC; arc <= LAST_DER_ARC; arc++) {
    const name = `${what}: extension .${arc}`;
    const content = certificate.extensions.get(`${EXTENSION.fulcio}.${arc}`)?.content;
    if (content === undefined) continue;
    if (arc <= LAST_RAW_ARC) claims.set(arc, decodeUtf8(content, name));
    if (arc < FIRST_DER_ARC) continue;
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
