/** X.509 certificates (RFC 5280), from fields to DER. */
import { type Change, type SignatureChange, changed } from "./change.ts";
import { type Bytes, type HashName, sha1, utf8 } from "./bytes.ts";
import {
  bitString,
  boolean,
  certificateTime,
  element,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
} from "./der.ts";
import { contentOf, derAt } from "./der-edit.ts";
import { type Signer, signatureAlgorithm } from "./keys.ts";

/** An extension; `value` is what extnValue's OCTET STRING holds. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Bytes;
}

/** Everything a certificate says. What is of type Bytes is a finished DER element unless it says otherwise. */
export interface CertificateFields {
  /** 2 stands for version 3; null leaves the field out, which means version 1. */
  readonly version: number | null;
  /** Contents octets of the serial number's INTEGER. */
  readonly serial: Bytes;
  /** The signature's algorithm, as the signed part names it. */
  readonly innerAlgorithm: Bytes;
  /** The signature's algorithm, as named beside the signature. */
  readonly outerAlgorithm: Bytes;
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Bytes;
  readonly extensions: readonly Extension[];
}

/** What can be changed on a certificate's way, in this order. */
export interface CertificateChanges {
  /** Everything it says. */
  readonly fields?: Change<CertificateFields> | undefined;
  /** The DER that gets signed. */
  readonly tbs?: Change<Bytes> | undefined;
  readonly signature?: SignatureChange | undefined;
  /** The finished certificate. */
  readonly der?: Change<Bytes> | undefined;
}

/** Well-known extension OIDs. */
export const OID = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAlternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  sctList: "1.3.6.1.4.1.11129.2.4.2",
  fulcio: "1.3.6.1.4.1.57264.1",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

/** TBSCertificate. */
export function encodeTbs(fields: CertificateFields): Bytes {
  const { version, extensions } = fields;
  return sequence(
    ...(version === null ? [] : [explicit(0, integer(version))]),
    integer(fields.serial),
    fields.innerAlgorithm,
    fields.issuer,
    sequence(certificateTime(fields.notBefore), certificateTime(fields.notAfter)),
    fields.subject,
    fields.spki,
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions.map(encodeExtension)))]),
  );
}

function encodeExtension({ oid: id, critical, value }: Extension): Bytes {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** Signs the fields with the issuer's key; the changes apply on the way. */
export async function mintCertificate(
  fields: CertificateFields,
  issuer: Signer,
  changes: CertificateChanges = {},
): Promise<Bytes> {
  const final = await changed(changes.fields, fields);
  const tbs = await changed(changes.tbs, encodeTbs(final));
  const signature = await changed(changes.signature, await issuer.sign(tbs), tbs);
  return await changed(changes.der, sequence(tbs, final.outerAlgorithm, bitString(signature)));
}

/** The algorithm that a key's signatures on certificates name, inside and outside. */
export function algorithms(
  issuer: Signer,
  hash: HashName = issuer.hash,
): Pick<CertificateFields, "innerAlgorithm" | "outerAlgorithm"> {
  const algorithm = signatureAlgorithm(issuer.kind, hash);
  return { innerAlgorithm: algorithm, outerAlgorithm: algorithm };
}

/** SHA-1 of the public key's bits (RFC 5280 section 4.2.1.2, method 1). */
export async function keyIdentifier(spki: Bytes): Promise<Bytes> {
  return await sha1(contentOf(derAt(spki, [1])).slice(1));
}

/** An extension, critical or not. */
export function extension(id: string, value: Bytes, critical: boolean = false): Extension {
  return { oid: id, critical, value };
}

/** Key usage from the names of its bits. */
export function keyUsage(
  ...bits: readonly ("digitalSignature" | "keyCertSign" | "cRLSign")[]
): Extension {
  const masks = { digitalSignature: 0x80, keyCertSign: 0x04, cRLSign: 0x02 };
  const octet = bits.reduce((sum, bit) => sum | masks[bit], 0);
  const unused = octet === 0 ? 0 : 31 - Math.clz32(octet & -octet);
  return extension(OID.keyUsage, bitString(Uint8Array.of(octet), unused), true);
}

/** Extended key usage. */
export function extendedKeyUsage(
  purposes: readonly string[],
  critical: boolean = false,
): Extension {
  return extension(OID.extendedKeyUsage, sequence(...purposes.map(oid)), critical);
}

/** Basic constraints of a CA, with or without a limit to the certificates below it. */
export function basicConstraints(ca: boolean, pathLength: number | null = null): Extension {
  const members = [
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === null ? [] : [integer(pathLength)]),
  ];
  return extension(OID.basicConstraints, sequence(...members), true);
}

/** Subject key identifier. */
export function subjectKeyIdentifier(identifier: Bytes): Extension {
  return extension(OID.subjectKeyIdentifier, octetString(identifier));
}

/** Authority key identifier, with the key's identifier alone. */
export function authorityKeyIdentifier(identifier: Bytes): Extension {
  return extension(OID.authorityKeyIdentifier, sequence(implicit(0, identifier)));
}

/** A general name: a URI or an e-mail address. */
export interface GeneralName {
  readonly kind: "uri" | "email";
  readonly value: string;
}

/** Subject alternative name, critical as in Fulcio's certificates, whose subject is empty. */
export function subjectAlternativeName(...names: readonly GeneralName[]): Extension {
  const encoded = names.map(({ kind, value }) =>
    element(kind === "uri" ? 0x86 : 0x81, utf8(value)),
  );
  return extension(OID.subjectAlternativeName, sequence(...encoded), true);
}
