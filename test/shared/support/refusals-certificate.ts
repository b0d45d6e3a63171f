/** What must not be accepted of a signing certificate, its issuers and its timestamps. */
import {
  basicConstraints,
  bitString,
  boolean,
  createSigstore,
  derAt,
  drop,
  editDer,
  element,
  extendedKeyUsage,
  extension,
  flipBit,
  fromHex,
  keyUsage,
  later,
  DEFAULT_TIME,
  NULL,
  type LeafChanges,
  oid,
  OID,
  put,
  sequence,
  subjectAlternativeName,
  trailing,
  utf8,
  utf8String,
  withKey,
} from "@pubpin/test-kit";
import type { ErrorCode } from "@pubpin/shared";
import { claimOid, replaceExtension, withExtension, withoutExtension } from "./extensions.ts";
import { ours, theirs } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

/** A leaf that differs in one thing, signed and recorded as any other. */
function ofLeaf(code: ErrorCode, claim: string, change: LeafChanges): Refusal {
  return ofBundle(code, claim, { change });
}

/** An instance whose intermediate or root differs in one thing. */
function ofCa(
  code: ErrorCode,
  claim: string,
  change: Parameters<typeof createSigstore>[0] & object,
): Refusal {
  return ofBundle(code, claim, { instance: () => createSigstore(change) });
}

const SECP256K1 = "1.3.132.0.10";
const ECDSA_WITH_SHA1 = sequence(oid("1.2.840.10045.4.1"));
const past = new Date("2021-01-01T00:00:00Z");

/** Who issued it. */
export const ISSUER_REFUSALS: readonly Refusal[] = [
  ofLeaf("CERTIFICATE_CHAIN_INVALID", "a certificate whose signature was altered", {
    leafSignature: flipBit,
  }),
  ofLeaf("CERTIFICATE_CHAIN_INVALID", "a certificate whose signature has trailing bytes", {
    leafSignature: (signature) => trailing(signature),
  }),
  ofBundle("CERTIFICATE_CHAIN_INVALID", "a certificate signed by a stranger in the CA's name", {
    using: { ca: withKey(ours.ca, theirs.ca.signer) },
  }),
  ofBundle("TRUST_ROOT_UNKNOWN_KEY", "a certificate of a CA that the trust root does not know", {
    using: { ca: theirs.ca },
  }),
  ofLeaf("TRUST_ROOT_UNKNOWN_KEY", "a certificate that names another key of the CA", {
    leaf: replaceExtension("2.5.29.35", ({ oid: id }) =>
      extension(id, sequence(element(0x80, new Uint8Array(20)))),
    ),
  }),
  ofLeaf("KEY_UNSUPPORTED", "a certificate signed with a weak hash", {
    leaf: (fields) => ({
      ...fields,
      innerAlgorithm: ECDSA_WITH_SHA1,
      outerAlgorithm: ECDSA_WITH_SHA1,
    }),
  }),
  ofBundle(
    "CERTIFICATE_EXPIRED",
    "a certificate whose CA is no longer in use when the log records",
    { trust: put("certificateAuthorities.0.validFor.end", "2026-01-02T03:04:05Z") },
  ),
  ofBundle("CERTIFICATE_EXPIRED", "a certificate whose CA is not in use yet when the log records", {
    trust: put("certificateAuthorities.0.validFor.start", "2026-01-02T03:04:07Z"),
  }),
  ofCa("CERTIFICATE_EXPIRED", "an intermediate that had expired when the log recorded", {
    change: { intermediate: { fields: put("notAfter", later(DEFAULT_TIME, 0)) } },
  }),
  ofCa("CERTIFICATE_EXPIRED", "a root that had expired when the log recorded", {
    change: { root: { fields: put("notAfter", later(DEFAULT_TIME, 0)) } },
  }),
];

/** What it says. */
export const CERTIFICATE_REFUSALS: readonly Refusal[] = [
  ofLeaf("CERTIFICATE_EXPIRED", "a certificate that had ended when the log recorded", {
    leaf: put("notAfter", later(DEFAULT_TIME, 0)),
  }),
  ofLeaf("CERTIFICATE_EXPIRED", "a certificate that had not begun when the log recorded", {
    leaf: put("notBefore", later(DEFAULT_TIME, 2)),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate that ends before it begins", {
    leaf: put("notAfter", past),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate of version 2", { leaf: put("version", 1) }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate of version 1", { leaf: put("version", null) }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate with a serial number of 21 bytes", {
    leaf: put("serial", new Uint8Array(21).fill(1)),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate that names two signature algorithms", {
    leaf: put("outerAlgorithm", sequence(oid("1.2.840.10045.4.3.2"))),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate of an authority", {
    leaf: (fields) => ({ ...fields, extensions: [...fields.extensions, basicConstraints(true)] }),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate whose key may sign certificates alone", {
    leaf: replaceExtension(OID.keyUsage, () => keyUsage("keyCertSign")),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate without key usage", {
    leaf: withoutExtension(OID.keyUsage),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate without extended key usage", {
    leaf: withoutExtension(OID.extendedKeyUsage),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate for timestamping", {
    leaf: replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage([OID.timeStamping])),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate with an unknown critical extension", {
    leaf: withExtension("1.2.3.4", NULL, true),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate with the same extension twice", {
    leaf: withExtension(claimOid(15), utf8String("9999")),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate without a subject alternative name", {
    leaf: withoutExtension(OID.subjectAlternativeName),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate for a host name", {
    leaf: replaceExtension(OID.subjectAlternativeName, ({ oid: id }) =>
      extension(id, sequence(element(0x82, utf8("example.org"))), true),
    ),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate whose subject has a character beyond ASCII", {
    leaf: replaceExtension(OID.subjectAlternativeName, () =>
      subjectAlternativeName({ kind: "email", value: "\u0430dmin@example.org" }),
    ),
  }),
  ofLeaf("DER_INVALID", "a certificate for two subjects", {
    leaf: replaceExtension(OID.subjectAlternativeName, () =>
      subjectAlternativeName(
        { kind: "uri", value: "https://github.com/octo/example" },
        { kind: "email", value: "admin@example.org" },
      ),
    ),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate that names no issuer of its identity", {
    leaf: (fields) => withoutExtension(claimOid(1))(withoutExtension(claimOid(8))(fields)),
  }),
  ofLeaf("CERTIFICATE_INVALID", "a certificate that names two issuers of its identity", {
    leaf: replaceExtension(claimOid(1), ({ oid: id }) => extension(id, utf8("https://gitlab.com"))),
  }),
  ofLeaf("UTF8_INVALID", "a certificate with a claim that is not UTF-8", {
    leaf: replaceExtension(claimOid(5), ({ oid: id }) => extension(id, fromHex("c0af"))),
  }),
  ofLeaf("DER_INVALID", "a certificate with a claim of another string type", {
    leaf: replaceExtension(claimOid(15), ({ oid: id }) =>
      extension(id, element(0x13, utf8("1001"))),
    ),
  }),
  ofLeaf("DER_INVALID", "a certificate followed by a byte", { leafDer: trailing }),
  ofLeaf("LIMIT_EXCEEDED", "a certificate of more than 64 KiB", {
    leaf: withExtension("1.2.3.4", new Uint8Array(65_536)),
  }),
  ofLeaf("KEY_UNSUPPORTED", "a certificate for a key on another curve", {
    leaf: (fields) => ({
      ...fields,
      spki: editDer(fields.spki, [0, 1], () => oid(SECP256K1)),
    }),
  }),
  ofLeaf("KEY_UNSUPPORTED", "a certificate for a compressed point", {
    leaf: (fields) => ({
      ...fields,
      spki: editDer(fields.spki, [1], (point) =>
        bitString(Uint8Array.of(2 | ((point.at(-1) ?? 0) & 1), ...point.subarray(4, 36))),
      ),
    }),
  }),
  ofLeaf("KEY_UNSUPPORTED", "a certificate for a point that is not on the curve", {
    leaf: (fields) => ({
      ...fields,
      spki: flipBit(fields.spki),
    }),
  }),
];

/** What certificate logs said of it. */
export const SCT_REFUSALS: readonly Refusal[] = [
  ofLeaf("SCT_MISSING", "a certificate without a timestamp of a log", {
    leafWithSct: withoutExtension(OID.sctList),
  }),
  ofLeaf("SCT_MISSING", "a certificate with an empty list of timestamps", { scts: () => [] }),
  ofLeaf("SCT_INVALID", "a timestamp whose signature was altered", {
    sctSignature: flipBit,
  }),
  ofBundle("SCT_INVALID", "a timestamp signed by a stranger in the log's name", {
    using: { ctLog: withKey(ours.ctLog, theirs.ctLog.signer) },
  }),
  ofBundle("TRUST_ROOT_UNKNOWN_KEY", "a timestamp of a log that the trust root does not know", {
    using: { ctLog: theirs.ctLog },
  }),
  ofBundle("TRUST_ROOT_INVALID", "a timestamp of a log whose entry in the trust root is unusable", {
    trust: drop("ctlogs.0.publicKey.validFor.start"),
  }),
  ofLeaf("SCT_INVALID", "a timestamp that was made for another certificate", {
    precertificate: (tbs) => editDer(tbs, [1], flipBit),
  }),
  ofLeaf("SCT_INVALID", "a certificate that was altered after its timestamp", {
    leafWithSct: put("notAfter", later(DEFAULT_TIME, 601)),
  }),
  ofLeaf("SCT_INVALID", "a timestamp that was made for another issuer", {
    sct: put("issuerKeyHash", new Uint8Array(32)),
  }),
  ofLeaf("SCT_INVALID", "a timestamp of a certificate that is none before issuance", {
    sct: put("entryType", 0),
  }),
  ofLeaf("SCT_INVALID", "a timestamp of version 2", { sct: put("version", 1) }),
  ofLeaf("SCT_INVALID", "a timestamp with another hash function", { sct: put("hash", 5) }),
  ofLeaf("SCT_INVALID", "a timestamp said to be of another key type", { sct: put("signature", 1) }),
  ofLeaf("SCT_INVALID", "a timestamp of an unknown key type", { sct: put("signature", 7) }),
  ofLeaf("SCT_INVALID", "a timestamp from before the log's key was in use", {
    sct: put("timestamp", Date.parse("2019-12-31T23:59:59.999Z")),
  }),
  ofBundle("SCT_INVALID", "a timestamp from after the log's key was in use", {
    trust: put("ctlogs.0.publicKey.validFor.end", "2026-01-02T03:04:04Z"),
  }),
  ofLeaf("SCT_INVALID", "a timestamp with a byte too many", {
    scts: (scts) => scts.map((sct) => trailing(sct)),
  }),
  ofLeaf("SCT_INVALID", "a timestamp that is cut off", {
    scts: (scts) => scts.map((sct) => sct.slice(0, -1)),
  }),
  ofLeaf("SCT_INVALID", "a timestamp that says a length beyond the list", {
    sctList: (list) => list.with(2, 0xff),
  }),
  ofLeaf("SCT_INVALID", "a timestamp whose extensions reach beyond it", {
    scts: (scts) => scts.map((sct) => sct.with(41, 0xff)),
  }),
  ofLeaf("SCT_INVALID", "a list of timestamps that says another length", {
    sctList: (list) => list.with(1, (list[1] ?? 0) ^ 1),
  }),
  ofLeaf("SCT_INVALID", "a list of timestamps with a byte too many", { sctList: trailing }),
  ofLeaf("SCT_INVALID", "a list of timestamps that is cut off", {
    sctList: (list) => list.slice(0, -1),
  }),
  ofLeaf("LIMIT_EXCEEDED", "a certificate with 17 timestamps", {
    scts: (scts) => Array.from({ length: 17 }, () => scts).flat(),
  }),
  ofLeaf("DER_INVALID", "a list of timestamps in another wrapping", {
    leafWithSct: replaceExtension(OID.sctList, ({ oid: id, value }) =>
      extension(id, sequence(derAt(value, []), boolean(true))),
    ),
  }),
];

/** All of them. */
export const ALL_CERTIFICATE_REFUSALS: readonly Refusal[] = [
  ...ISSUER_REFUSALS,
  ...CERTIFICATE_REFUSALS,
  ...SCT_REFUSALS,
];
