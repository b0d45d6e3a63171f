/** What must not be accepted of signed time. */
import type { ErrorCode } from "@pubpin/shared";
import {
  type Attribute,
  ATTRIBUTE,
  contentOf,
  createSigstore,
  DEFAULT_TIME,
  editDer,
  element,
  explicit,
  extendedKeyUsage,
  flipBit,
  indefiniteLength,
  integer,
  later,
  NULL,
  octetString,
  oid,
  OID,
  put,
  sequence,
  type SigstoreOptions,
  type TimestampChanges,
  trailing,
  unsignedInteger,
  utcTime,
  utf8,
  withKey,
} from "@pubpin/test-kit";
import { replaceExtension } from "./extensions.ts";
import { type BundleAttempt, ours, theirs } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

const rekor2 = { log: "rekor2" } as const;
const SHA1 = sequence(oid("1.3.14.3.2.26"), NULL);
const ECDSA_WITH_SHA1 = sequence(oid("1.2.840.10045.4.1"));

/** A timestamp that differs in one thing, over a signature in Rekor v2. */
function ofStamp(
  code: ErrorCode,
  claim: string,
  change: TimestampChanges,
  valid: BundleAttempt = {},
): Refusal {
  return ofBundle(code, claim, { change }, { ...rekor2, ...valid });
}

/** An instance whose timestamp authority differs in one thing. */
function ofTsa(code: ErrorCode, claim: string, change: SigstoreOptions["change"]): Refusal {
  return ofBundle(code, claim, { instance: () => createSigstore({ change }) }, rekor2);
}

function attributes(
  edit: (all: readonly Attribute[]) => readonly Attribute[],
): TimestampChanges["signedAttributes"] {
  return edit;
}

function attribute(id: string, ...values: readonly Uint8Array[]): TimestampChanges {
  return {
    signedAttributes: (all) => {
      if (!all.some((each) => each.oid === id)) throw new Error(`no attribute ${id}`);
      const own = values.map((value) => new Uint8Array(value));
      return all.map((each) => (each.oid === id ? { oid: id, values: own } : each));
    },
  };
}

function without(id: string): TimestampChanges {
  return { signedAttributes: attributes((all) => all.filter((each) => each.oid !== id)) };
}

/** Whether there is a time at all, and whether it fits. */
export const TIME_REFUSALS: readonly Refusal[] = [
  ofBundle(
    "TIME_MISSING",
    "a signature in Rekor v2 for whose time nobody vouches",
    { timestamps: [] },
    rekor2,
  ),
  ofBundle("CERTIFICATE_EXPIRED", "an entry from a second after the certificate", {
    integratedTime: later(DEFAULT_TIME, 601),
  }),
  ofBundle("CERTIFICATE_EXPIRED", "an entry from a second before the certificate", {
    integratedTime: later(DEFAULT_TIME, -1),
  }),
  ofBundle("CERTIFICATE_EXPIRED", "an entry from the far future", {
    integratedTime: "2039-01-01T00:00:00Z",
  }),
  ofBundle(
    "CERTIFICATE_EXPIRED",
    "a timestamp from after the certificate",
    { timestamps: [{ genTime: later(DEFAULT_TIME, 601) }] },
    rekor2,
  ),
  ofBundle(
    "CERTIFICATE_EXPIRED",
    "a timestamp from after the certificate, beside one that fits",
    { timestamps: [{}, { genTime: later(DEFAULT_TIME, 601) }] },
    rekor2,
  ),
  ofBundle("CERTIFICATE_EXPIRED", "a timestamp that does not fit, beside an entry that does", {
    timestamps: [{ genTime: later(DEFAULT_TIME, 601) }],
  }),
];

/** Who made a timestamp, when, and over what. */
export const TIMESTAMP_REFUSALS: readonly Refusal[] = [
  ofStamp("TIMESTAMP_MISMATCH", "a timestamp over another signature", { stamped: flipBit }),
  ofStamp("TIMESTAMP_MISMATCH", "a timestamp with another imprint", {
    tstInfo: put("imprint", new Uint8Array(32)),
  }),
  ofBundle("TIMESTAMP_MISMATCH", "a timestamp over another signature, beside a log's time", {
    timestamps: [{ change: { stamped: flipBit } }],
  }),
  ofBundle(
    "TIMESTAMP_MISMATCH",
    "a second timestamp over another signature",
    { timestamps: [{}, { change: { stamped: flipBit } }] },
    rekor2,
  ),
  ofBundle(
    "TIMESTAMP_INVALID",
    "a second timestamp of one authority at one time",
    { timestamps: [{}, {}] },
    { ...rekor2, timestamps: [{}, { genTime: later(DEFAULT_TIME, 3) }] },
  ),
  ofStamp("TIMESTAMP_INVALID", "a timestamp whose signature was altered", {
    timestampSignature: flipBit,
  }),
  ofBundle(
    "TIMESTAMP_INVALID",
    "a timestamp by a stranger in the authority's name",
    { using: { tsa: withKey(ours.tsa, theirs.tsa.signer) } },
    rekor2,
  ),
  ofBundle(
    "TRUST_ROOT_UNKNOWN_KEY",
    "a timestamp of an authority that the trust root does not know",
    { using: { tsa: theirs.tsa } },
    rekor2,
  ),
  ofBundle(
    "TRUST_ROOT_UNKNOWN_KEY",
    "a timestamp of an unknown authority that brings its certificate",
    { using: { tsa: theirs.tsa } },
    { ...rekor2, timestamps: [{ embedCertificate: true }] },
  ),
  ofBundle(
    "TRUST_ROOT_UNKNOWN_KEY",
    "a timestamp of an authority without a start of validity",
    { trust: (usual) => put("timestampAuthorities.0.validFor", {})(usual) },
    rekor2,
  ),
  ofStamp("TRUST_ROOT_UNKNOWN_KEY", "a timestamp whose signer has another serial number", {
    signerInfo: (info) => ({ ...info, sid: editDer(info.sid, [1], () => integer(7)) }),
  }),
  ofStamp(
    "TIMESTAMP_INVALID",
    "a timestamp that brings another certificate than the trusted one",
    {
      signedData: put("certificates", [new Uint8Array(theirs.tsa.chain[0] ?? [])]),
    },
    { timestamps: [{ embedCertificate: true }] },
  ),
  ofStamp("LIMIT_EXCEEDED", "a timestamp that brings nine certificates", {
    signedData: put(
      "certificates",
      Array.from({ length: 9 }, () => ours.tsa.chain[0]),
    ),
  }),
  ofBundle(
    "TIMESTAMP_EXPIRED",
    "a timestamp from after the authority was in use",
    { trust: put("timestampAuthorities.0.validFor.end", "2026-01-02T03:04:06Z") },
    rekor2,
  ),
  ofBundle(
    "TIMESTAMP_EXPIRED",
    "a timestamp from before the authority was in use",
    { trust: put("timestampAuthorities.0.validFor.start", "2026-01-02T03:04:08Z") },
    rekor2,
  ),
  ofTsa("TIMESTAMP_EXPIRED", "a timestamp from after its signer's certificate", {
    tsa: { fields: put("notAfter", later(DEFAULT_TIME, 1)) },
  }),
  ofTsa("TIMESTAMP_EXPIRED", "a timestamp from before its signer's certificate", {
    tsa: { fields: put("notBefore", later(DEFAULT_TIME, 3)) },
  }),
  ofTsa("TIMESTAMP_EXPIRED", "a timestamp from after its signer's issuer", {
    tsaRoot: { fields: put("notAfter", later(DEFAULT_TIME, 1)) },
  }),
  ofTsa("TRUST_ROOT_INVALID", "an authority whose certificate is for code signing", {
    tsa: {
      fields: replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage([OID.codeSigning])),
    },
  }),
  ofTsa("TRUST_ROOT_INVALID", "an authority whose certificate is for more than timestamping", {
    tsa: {
      fields: replaceExtension(OID.extendedKeyUsage, () =>
        extendedKeyUsage([OID.timeStamping, OID.codeSigning]),
      ),
    },
  }),
];

/** The form of a timestamp. */
export const TIMESTAMP_FORM_REFUSALS: readonly Refusal[] = [
  ofStamp("TIMESTAMP_INVALID", "a timestamp that was rejected", {
    timestampResponse: put("status", 2),
  }),
  ofStamp("TIMESTAMP_INVALID", "a response without a timestamp", {
    timestampResponse: put("token", null),
  }),
  ofStamp("TIMESTAMP_INVALID", "a timestamp of another version", { tstInfo: put("version", 2) }),
  ofStamp("TIMESTAMP_INVALID", "a timestamp with extensions", {
    tstInfoDer: (info) => sequence(contentOf(info), explicit(1, sequence())),
  }),
  ofStamp("TIMESTAMP_INVALID", "a response that holds other data than signed data", {
    signedData: put("outerType", "1.2.840.113549.1.7.1"),
  }),
  ofStamp("TIMESTAMP_INVALID", "signed data that is no timestamp", {
    signedData: put("contentType", "1.2.840.113549.1.7.1"),
  }),
  ofStamp("TIMESTAMP_INVALID", "signed data of another version", { signedData: put("version", 1) }),
  ofStamp("TIMESTAMP_INVALID", "a timestamp with two signers", {
    signedData: (data) => ({ ...data, signerInfos: [...data.signerInfos, ...data.signerInfos] }),
  }),
  ofStamp("DER_INVALID", "a timestamp without a signer", { signedData: put("signerInfos", []) }),
  ofStamp("TIMESTAMP_INVALID", "a signer that is named by its key", {
    signerInfo: put("version", 3),
  }),
  ofStamp("DER_INVALID", "a signer without signed attributes", {
    signerInfo: put("signedAttributes", null),
  }),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes without a content type",
    without(ATTRIBUTE.contentType),
  ),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes with another content type",
    attribute(ATTRIBUTE.contentType, oid("1.2.840.113549.1.7.1")),
  ),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes without a digest",
    without(ATTRIBUTE.messageDigest),
  ),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes with another digest",
    attribute(ATTRIBUTE.messageDigest, octetString(new Uint8Array(32))),
  ),
  ofStamp(
    "DER_INVALID",
    "signed attributes with two digests",
    attribute(
      ATTRIBUTE.messageDigest,
      octetString(new Uint8Array(32)),
      octetString(new Uint8Array(32)),
    ),
  ),
  ofStamp("TIMESTAMP_INVALID", "signed attributes with the same attribute twice", {
    signedAttributes: attributes((all) => [...all, ...all.slice(0, 1)]),
  }),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes that name no certificate",
    without(ATTRIBUTE.signingCertificateV2),
  ),
  ofStamp(
    "TIMESTAMP_INVALID",
    "signed attributes that name another certificate",
    attribute(
      ATTRIBUTE.signingCertificateV2,
      sequence(sequence(sequence(octetString(new Uint8Array(32))))),
    ),
  ),
  ofStamp("TIMESTAMP_INVALID", "content that was altered after signing", {
    signedData: (data) => ({
      ...data,
      content: editDer(data.content, [3], () => unsignedInteger(new Uint8Array(20).fill(9))),
    }),
  }),
  ofStamp("KEY_UNSUPPORTED", "a timestamp with a SHA-1 imprint", {
    tstInfo: (info) => ({ ...info, hashAlgorithm: SHA1, imprint: new Uint8Array(20) }),
  }),
  ofStamp("KEY_UNSUPPORTED", "a timestamp signed with a weak hash", {
    signerInfo: put("signatureAlgorithm", ECDSA_WITH_SHA1),
  }),
  ofStamp("KEY_UNSUPPORTED", "a timestamp whose content is digested with SHA-1", {
    signerInfo: put("digestAlgorithm", SHA1),
  }),
  ofStamp("DER_INVALID", "a timestamp at a time of two-digit years", {
    tstInfoDer: (info) => editDer(info, [4], () => utcTime(later(DEFAULT_TIME, 2))),
  }),
  ofStamp("DER_INVALID", "a timestamp that spells a default out", {
    tstInfo: put("ordering", false),
  }),
  ofStamp("DER_INVALID", "a timestamp in a time zone", {
    tstInfoDer: (info) => editDer(info, [4], () => element(0x18, utf8("20260102030407+0000"))),
  }),
  ofStamp("DER_INVALID", "a response followed by a byte", { timestampDer: trailing }),
  ofStamp("DER_INVALID", "a response of indefinite length", { timestampDer: indefiniteLength }),
  ofStamp("DER_INVALID", "a response that is cut off", { timestampDer: (der) => der.slice(0, -1) }),
  ofStamp("DER_INVALID", "an empty response", { timestampDer: () => new Uint8Array() }),
  ofStamp("DER_INVALID", "content followed by a byte", { tstInfoDer: trailing }),
  ofStamp(
    "DER_INVALID",
    "a truth value of one",
    {
      tstInfo: put("ordering", true),
      tstInfoDer: (info) => editDer(info, [6], () => Uint8Array.of(1, 1, 1)),
    },
    { change: { tstInfo: put("ordering", true) } },
  ),
];

/** All of them. */
export const ALL_TIME_REFUSALS: readonly Refusal[] = [
  ...TIME_REFUSALS,
  ...TIMESTAMP_REFUSALS,
  ...TIMESTAMP_FORM_REFUSALS,
];
