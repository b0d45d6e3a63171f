/** Leaf certificates as Fulcio issues them: short-lived, with an identity and an embedded SCT. */
import type { Authorities } from "./authorities.ts";
import { serialOf } from "./authorities.ts";
import {
  type CertificateFields,
  OID,
  algorithms,
  authorityKeyIdentifier,
  encodeTbs,
  extendedKeyUsage,
  extension,
  keyIdentifier,
  keyUsage,
  mintCertificate,
  subjectKeyIdentifier,
} from "./certificate.ts";
import { type Bytes, hex, pem } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import { type Precertificate, type SctChanges, mintSct, sctList } from "./ct.ts";
import { octetString, sequence } from "./der.ts";
import { type KeyKind, type Signer, generateSigner } from "./keys.ts";
import {
  type Identity,
  type Publisher,
  identityExtensions,
  identityOf,
  isPublisher,
} from "./publishers.ts";
import { DEFAULT_TIME, type Time, later, toDate } from "./time.ts";

/** What can be changed when a leaf certificate is issued, in this order. */
export interface LeafChanges extends SctChanges {
  /** Everything it says; the SCT covers it. */
  readonly leaf?: Change<CertificateFields> | undefined;
  /** The signed part without SCT list, as the log sees it. */
  readonly precertificate?: Change<Bytes> | undefined;
  /** The serialised SCTs; the context lets further logs promise the same. */
  readonly scts?: Change<readonly Bytes[], Precertificate> | undefined;
  /** The SignedCertificateTimestampList. */
  readonly sctList?: Change<Bytes> | undefined;
  /** Everything it says, SCT list included; the SCT was made before this. */
  readonly leafWithSct?: Change<CertificateFields> | undefined;
  /** The DER that the CA signs. */
  readonly leafTbs?: Change<Bytes> | undefined;
  readonly leafSignature?: SignatureChange | undefined;
  /** The finished certificate. */
  readonly leafDer?: Change<Bytes> | undefined;
}

/** How a leaf certificate is issued. */
export interface LeafOptions {
  /** Start of its validity, and time of the SCT. */
  readonly time?: Time | undefined;
  /** Length of its validity in seconds; Fulcio's is 600. */
  readonly lifetime?: number | undefined;
  /** The key pair it is for, or the kind of key to generate. */
  readonly leafKey?: Signer | KeyKind | undefined;
  /** Parties of another instance, or with another key, in place of one's own. */
  readonly using?: Partial<Pick<Authorities, "ca" | "ctLog">> | undefined;
  readonly change?: LeafChanges | undefined;
}

/** A leaf certificate and its key, good for any number of signatures. */
export interface Leaf {
  readonly signer: Signer;
  readonly certificate: Bytes;
  readonly pem: string;
  readonly identity: Identity;
  /** Start of its validity. */
  readonly time: Date;
}

async function leafFields(
  identity: Identity,
  signer: Signer,
  ca: Authorities["ca"],
  options: LeafOptions,
): Promise<CertificateFields> {
  const time = toDate(options.time ?? DEFAULT_TIME);
  const keyId = await keyIdentifier(signer.spki);
  return {
    version: 2,
    serial: await serialOf(`leaf ${hex(keyId)}`),
    ...algorithms(ca.signer),
    issuer: ca.subject,
    subject: sequence(),
    notBefore: time,
    notAfter: later(time, options.lifetime ?? 600),
    spki: signer.spki,
    extensions: [
      keyUsage("digitalSignature"),
      extendedKeyUsage([OID.codeSigning]),
      subjectKeyIdentifier(keyId),
      authorityKeyIdentifier(ca.keyId),
      ...identityExtensions(identity),
    ],
  };
}

/** Issues a leaf certificate; the changes apply on the way. */
export async function issueLeaf(
  authorities: Pick<Authorities, "ca" | "ctLog">,
  who: Publisher | Identity,
  options: LeafOptions = {},
): Promise<Leaf> {
  const { ca, ctLog } = { ...authorities, ...options.using };
  const change = options.change ?? {};
  const identity = isPublisher(who) ? identityOf(who) : who;
  const { leafKey = "P-256" } = options;
  const signer = typeof leafKey === "string" ? await generateSigner(leafKey) : leafKey;
  const time = toDate(options.time ?? DEFAULT_TIME);
  const fields = await changed(change.leaf, await leafFields(identity, signer, ca, options));
  const tbs = await changed(change.precertificate, encodeTbs(fields));
  const promised = { tbs, issuerSpki: ca.signer.spki, time };
  const scts = await changed(change.scts, [await mintSct(ctLog, promised, change)], promised);
  const list = await changed(change.sctList, sctList(scts));
  const withSct = {
    ...fields,
    extensions: [...fields.extensions, extension(OID.sctList, octetString(list))],
  };
  const certificate = await mintCertificate(withSct, ca.signer, {
    fields: change.leafWithSct,
    tbs: change.leafTbs,
    signature: change.leafSignature,
    der: change.leafDer,
  });
  return { signer, certificate, pem: pem("CERTIFICATE", certificate), identity, time };
}
