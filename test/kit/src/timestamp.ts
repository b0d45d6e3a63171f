/** RFC 3161 time stamps: TSTInfo in CMS SignedData (RFC 5652) in a TimeStampResp. */
import type { Authorities, TimestampAuthority } from "./authorities.ts";
import { serialOf } from "./authorities.ts";
import { type Bytes, type HashName, digest, hex } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import {
  boolean,
  element,
  explicit,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  set,
  setOf,
  utcTime,
} from "./der.ts";
import { derAt, withTag } from "./der-edit.ts";
import { hashAlgorithm, signatureAlgorithm } from "./keys.ts";
import { type Time, later, toDate } from "./time.ts";

const CONTENT = {
  signedData: "1.2.840.113549.1.7.2",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
} as const;

/** OIDs of the signed attributes. */
export const ATTRIBUTE = {
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;

/** What a time stamp says (RFC 3161 section 2.4.2). Fields that are null are left out. */
export interface TstInfo {
  readonly version: number;
  readonly policy: string;
  /** AlgorithmIdentifier of the imprint's hash. */
  readonly hashAlgorithm: Bytes;
  readonly imprint: Bytes;
  /** Contents octets of the serial number's INTEGER. */
  readonly serial: Bytes;
  readonly genTime: Date;
  readonly accuracySeconds: number | null;
  readonly ordering: boolean | null;
  /** Contents octets of the nonce's INTEGER. */
  readonly nonce: Bytes | null;
  /** The authority's Name. */
  readonly tsa: Bytes | null;
}

/** A signed attribute; the values are finished DER. */
export interface Attribute {
  readonly oid: string;
  readonly values: readonly Bytes[];
}

/** SignerInfo (RFC 5652 section 5.3), of finished DER elements. */
export interface SignerInfo {
  readonly version: number;
  /** Issuer and serial number of the signing certificate. */
  readonly sid: Bytes;
  readonly digestAlgorithm: Bytes;
  /** The SET OF attributes, or null for none. */
  readonly signedAttributes: Bytes | null;
  readonly signatureAlgorithm: Bytes;
  readonly signature: Bytes;
  readonly unsignedAttributes: Bytes | null;
}

/** SignedData (RFC 5652 section 5.1). */
export interface SignedData {
  /** Type of the ContentInfo around it. */
  readonly outerType: string;
  readonly version: number;
  readonly digestAlgorithms: readonly Bytes[];
  readonly contentType: string;
  /** TSTInfo. */
  readonly content: Bytes;
  /** Embedded certificates; an empty list is written as such, null leaves the field out. */
  readonly certificates: readonly Bytes[] | null;
  readonly signerInfos: readonly Bytes[];
}

/** TimeStampResp (RFC 3161 section 2.4.2). */
export interface TimestampResponse {
  /** 0 is granted. */
  readonly status: number;
  readonly token: Bytes | null;
}

/** What can be changed on a time stamp's way, in this order. */
export interface TimestampChanges {
  /** The bytes that are stamped. */
  readonly stamped?: Change<Bytes> | undefined;
  readonly tstInfo?: Change<TstInfo> | undefined;
  readonly tstInfoDer?: Change<Bytes> | undefined;
  readonly signedAttributes?: Change<readonly Attribute[]> | undefined;
  /** The SET OF attributes that is signed. */
  readonly signedAttributesDer?: Change<Bytes> | undefined;
  readonly timestampSignature?: SignatureChange | undefined;
  readonly signerInfo?: Change<SignerInfo> | undefined;
  readonly signedData?: Change<SignedData> | undefined;
  readonly timestampResponse?: Change<TimestampResponse> | undefined;
  /** The finished response. */
  readonly timestampDer?: Change<Bytes> | undefined;
}

/** How a signature is stamped. */
export interface TimestampOptions {
  /** By default two seconds after the signing time. */
  readonly genTime?: Time | undefined;
  /** Hash of the imprint; by default SHA-256. */
  readonly imprintHash?: HashName | undefined;
  /** Hash of content and attributes; by default SHA-256. */
  readonly digestHash?: HashName | undefined;
  /** Whether the authority's certificate is in the stamp; by default it is not. */
  readonly embedCertificate?: boolean | undefined;
  readonly change?: TimestampChanges | undefined;
  /** An authority of another instance, or with another key, in place of one's own. */
  readonly using?: Partial<Pick<Authorities, "tsa">> | undefined;
}

function encodeTstInfo(info: TstInfo): Bytes {
  const { accuracySeconds, ordering, nonce, tsa } = info;
  return sequence(
    integer(info.version),
    oid(info.policy),
    sequence(info.hashAlgorithm, octetString(info.imprint)),
    integer(info.serial),
    generalizedTime(info.genTime),
    ...(accuracySeconds === null ? [] : [sequence(integer(accuracySeconds))]),
    ...(ordering === null ? [] : [boolean(ordering)]),
    ...(nonce === null ? [] : [integer(nonce)]),
    ...(tsa === null ? [] : [explicit(0, explicit(4, tsa))]),
  );
}

function encodeSignerInfo(info: SignerInfo): Bytes {
  const { signedAttributes, unsignedAttributes } = info;
  return sequence(
    integer(info.version),
    info.sid,
    info.digestAlgorithm,
    ...(signedAttributes === null ? [] : [withTag(signedAttributes, 0xa0)]),
    info.signatureAlgorithm,
    octetString(info.signature),
    ...(unsignedAttributes === null ? [] : [withTag(unsignedAttributes, 0xa1)]),
  );
}

function encodeSignedData(data: SignedData): Bytes {
  const { certificates } = data;
  return sequence(
    oid(data.outerType),
    explicit(
      0,
      sequence(
        integer(data.version),
        set(...data.digestAlgorithms),
        sequence(oid(data.contentType), explicit(0, octetString(data.content))),
        ...(certificates === null ? [] : [element(0xa0, ...certificates)]),
        set(...data.signerInfos),
      ),
    ),
  );
}

/** Serial number of a certificate, as a finished INTEGER. */
function serialNumberOf(certificate: Bytes): Bytes {
  return derAt(certificate, [0, 1]);
}

async function usualTstInfo(
  stamped: Bytes,
  tsa: TimestampAuthority,
  time: Date,
  options: TimestampOptions,
): Promise<TstInfo> {
  const hash = options.imprintHash ?? "SHA-256";
  const imprint = await digest(hash, stamped);
  return {
    version: 1,
    policy: "1.3.6.1.4.1.57264.2",
    hashAlgorithm: hashAlgorithm(hash),
    imprint,
    serial: await serialOf(`time stamp ${hex(imprint)}`),
    genTime: toDate(options.genTime ?? later(time, 2)),
    accuracySeconds: 1,
    ordering: null,
    nonce: (await serialOf(`nonce ${hex(imprint)}`)).slice(0, 8),
    tsa: tsa.subject,
  };
}

async function usualAttributes(
  content: Bytes,
  genTime: Date,
  tsa: TimestampAuthority,
  hash: HashName,
): Promise<readonly Attribute[]> {
  const certificate = tsa.chain[0] ?? new Uint8Array();
  const issuerSerial = sequence(sequence(explicit(4, tsa.issuer)), serialNumberOf(certificate));
  const reference = sequence(octetString(await digest("SHA-256", certificate)), issuerSerial);
  return [
    { oid: ATTRIBUTE.contentType, values: [oid(CONTENT.tstInfo)] },
    { oid: ATTRIBUTE.signingTime, values: [utcTime(genTime)] },
    { oid: ATTRIBUTE.messageDigest, values: [octetString(await digest(hash, content))] },
    { oid: ATTRIBUTE.signingCertificateV2, values: [sequence(sequence(reference))] },
  ];
}

async function mintSignerInfo(
  content: Bytes,
  genTime: Date,
  tsa: TimestampAuthority,
  options: TimestampOptions,
): Promise<Bytes> {
  const change = options.change ?? {};
  const hash = options.digestHash ?? "SHA-256";
  const usual = await usualAttributes(content, genTime, tsa, hash);
  const attributes = await changed(change.signedAttributes, usual);
  const plain = setOf(
    ...attributes.map(({ oid: id, values }) => sequence(oid(id), setOf(...values))),
  );
  const signedAttributes = await changed(change.signedAttributesDer, plain);
  const made = await tsa.signer.sign(signedAttributes, hash);
  const signature = await changed(change.timestampSignature, made, signedAttributes);
  const info = await changed(change.signerInfo, {
    version: 1,
    sid: sequence(tsa.issuer, serialNumberOf(tsa.chain[0] ?? new Uint8Array())),
    digestAlgorithm: hashAlgorithm(hash, new Uint8Array()),
    signedAttributes,
    signatureAlgorithm: signatureAlgorithm(tsa.signer.kind, hash),
    signature,
    unsignedAttributes: null,
  });
  return encodeSignerInfo(info);
}

/** A TimeStampResp over a signature's raw bytes; the changes apply on the way. */
export async function mintTimestamp(
  authorities: Pick<Authorities, "tsa">,
  signature: Bytes,
  time: Date,
  options: TimestampOptions = {},
): Promise<Bytes> {
  const change = options.change ?? {};
  const { tsa } = { ...authorities, ...options.using };
  const stamped = await changed(change.stamped, signature);
  const info = await changed(change.tstInfo, await usualTstInfo(stamped, tsa, time, options));
  const content = await changed(change.tstInfoDer, encodeTstInfo(info));
  const signerInfo = await mintSignerInfo(content, info.genTime, tsa, options);
  const data = await changed(change.signedData, {
    outerType: CONTENT.signedData,
    version: 3,
    digestAlgorithms: [hashAlgorithm(options.digestHash ?? "SHA-256", new Uint8Array())],
    contentType: CONTENT.tstInfo,
    content,
    certificates: options.embedCertificate === true ? tsa.chain.slice(0, 1) : [],
    signerInfos: [signerInfo],
  });
  const response = await changed(change.timestampResponse, {
    status: 0,
    token: encodeSignedData(data),
  });
  const { status, token } = response;
  const der = sequence(sequence(integer(status)), ...(token === null ? [] : [token]));
  return await changed(change.timestampDer, der);
}
