/** What must not be accepted as a trust root. What is merely set aside is tested elsewhere. */
import type { ErrorCode } from "@pubpin/shared";
import { parseTrustedRoot } from "@pubpin/shared";
import {
  base64,
  basicConstraints,
  type Bytes,
  createSigstore,
  drop,
  editDer,
  extendedKeyUsage,
  flipBit,
  fromBase64,
  type JsonObject,
  keyUsage,
  name,
  nonMinimalLength,
  NULL,
  OID,
  put,
  type SigstoreOptions,
  trailing,
} from "@pubpin/test-kit";
import { replaceExtension, withExtension, withoutExtension } from "./extensions.ts";
import { ours, sigstore, theirs } from "./instance.ts";
import { BROKEN_BASE64, BROKEN_JSON, BROKEN_UTF8, nested, text, withBytes } from "./json-edits.ts";
import type { Refusal } from "./refusal.ts";

const INVALID = "TRUST_ROOT_INVALID";

function ofBytes(code: ErrorCode, claim: string, change: (usual: Bytes) => Bytes): Refusal {
  return {
    code,
    claim,
    valid: async () => parseTrustedRoot(await sigstore.trustedRootJson()),
    wrong: async () => parseTrustedRoot(change(await sigstore.trustedRootJson())),
  };
}

/** A trust root that is valid until its JSON is changed. */
function ofJson(
  claim: string,
  change: (usual: JsonObject) => JsonObject,
  code: ErrorCode = INVALID,
): Refusal {
  return {
    code,
    claim,
    valid: async () => parseTrustedRoot(await sigstore.trustedRootJson()),
    wrong: async () => parseTrustedRoot(await sigstore.trustedRootJson(change)),
  };
}

async function parseRootOf(options: SigstoreOptions): Promise<unknown> {
  return parseTrustedRoot(await (await createSigstore(options)).trustedRootJson());
}

/** The trust root of an instance one of whose authorities differs. */
function ofAuthority(claim: string, change: SigstoreOptions["change"]): Refusal {
  const wrong = (): Promise<unknown> => parseRootOf({ change });
  return { code: INVALID, claim, valid: () => parseRootOf({}), wrong };
}

const key = "tlogs.0.publicKey";
const caChain = "certificateAuthorities.0.certChain.certificates";
const tsaChain = "timestampAuthorities.0.certChain.certificates";

function inBase64(change: (bytes: Bytes) => Bytes): (usual: string) => string {
  return (usual) => base64(change(fromBase64(usual)));
}

function certificates(chain: readonly Bytes[]): readonly unknown[] {
  return chain.map((certificate) => ({ rawBytes: base64(certificate) }));
}

/** The document. */
export const DOCUMENT_REFUSALS: readonly Refusal[] = [
  ...Object.entries(BROKEN_JSON).map(([claim, change]) =>
    ofBytes(INVALID, `a trust root ${claim}`, change),
  ),
  ...Object.entries(BROKEN_UTF8).map(([claim, bytes]) =>
    ofBytes(INVALID, `a trust root with ${claim}`, withBytes(bytes)),
  ),
  ...Object.entries(BROKEN_BASE64).map(([claim, change]) =>
    ofJson(`a key ${claim}`, put(`${key}.rawBytes`, change)),
  ),
  ofBytes(
    INVALID,
    "a list of trust roots",
    text((usual) => `[${usual}]`),
  ),
  ofBytes("LIMIT_EXCEEDED", "a trust root of more than 1 MiB", (usual) =>
    text((all) => all + " ".repeat(1024 * 1024))(usual),
  ),
  ofBytes(
    "LIMIT_EXCEEDED",
    "a trust root with 33 nested levels",
    text((usual) => usual.replace("{", `{"x":${nested(32)},`)),
  ),
  ofJson(
    "257 logs",
    put("tlogs", (all: readonly unknown[]) => Array.from({ length: 257 }, () => all[0])),
    "LIMIT_EXCEEDED",
  ),
  ofJson(
    "a chain of nine certificates",
    put(caChain, (all: readonly unknown[]) => Array.from({ length: 9 }, () => all[0])),
    "LIMIT_EXCEEDED",
  ),
  ofJson(
    "a certificate of more than 64 KiB",
    put(`${caChain}.0.rawBytes`, base64(new Uint8Array(65_537))),
    "LIMIT_EXCEEDED",
  ),
  ofJson(
    "a trust root of another type",
    put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.3"),
  ),
  ofJson(
    "a bundle in place of a trust root",
    put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"),
  ),
  ...["mediaType", "tlogs", "certificateAuthorities", "ctlogs"].map((field) =>
    ofJson(`a trust root without ${field}`, drop(field)),
  ),
  ...["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"].map((list) =>
    ofJson(`a trust root with an object as ${list}`, put(list, {})),
  ),
];

/** Logs. */
export const LOG_REFUSALS: readonly Refusal[] = [
  ofJson(
    "two logs with one identifier",
    put("tlogs", (all: readonly unknown[]) => [...all, all[0]]),
  ),
  ofJson(
    "two certificate logs with one identifier",
    put("ctlogs", (all: readonly unknown[]) => [...all, ...all]),
  ),
  ofJson("a log without an identifier", drop("tlogs.0.logId")),
  ofJson("a log without an address", drop("tlogs.0.baseUrl")),
  ofJson("a log without a hash function", drop("tlogs.0.hashAlgorithm")),
  ofJson("a log without the kind of its key", drop(`${key}.keyDetails`)),
  ofJson("a log whose address is no URL", put("tlogs.0.baseUrl", "rekor.example")),
  ofJson("a log whose address has another scheme", put("tlogs.0.baseUrl", "file:///log")),
  ofJson("a log whose identifier is a number", put("tlogs.0.logId.keyId", 1)),
  ofJson("a key followed by a byte", put(`${key}.rawBytes`, inBase64(trailing))),
  ofJson("a key with a long length", put(`${key}.rawBytes`, inBase64(nonMinimalLength))),
  ofJson("an empty key", put(`${key}.rawBytes`, "")),
  ofJson(
    "a log whose validity starts on 30 February",
    put(`${key}.validFor.start`, "2020-02-30T00:00:00Z"),
  ),
  ofJson(
    "a log whose validity starts at hour 24",
    put(`${key}.validFor.start`, "2020-02-28T24:00:00Z"),
  ),
  ofJson(
    "a log whose validity starts in another time zone",
    put(`${key}.validFor.start`, "2020-02-28T00:00:00+01:00"),
  ),
  ofJson(
    "a log whose validity starts on a day without a time",
    put(`${key}.validFor.start`, "2020-02-28"),
  ),
  ofJson("a log whose validity starts at a number", put(`${key}.validFor.start`, 1582848000)),
  ofJson("a log whose validity ends at no time", put(`${key}.validFor.end`, "never")),
  ofJson(
    "a log whose validity has an unknown field",
    put(`${key}.validFor.until`, "2020-02-28T00:00:00Z"),
  ),
];

/** Authorities. */
export const AUTHORITY_REFUSALS: readonly Refusal[] = [
  ofJson("an authority without certificates", put(caChain, [])),
  ofJson("a timestamp authority without certificates", put(tsaChain, [])),
  ofJson("a timestamp authority without an issuer", drop(`${tsaChain}.1`)),
  ofJson("a chain in another order", put(caChain, certificates(ours.ca.chain.toReversed()))),
  ofJson("a chain with a stranger's root", put(`${caChain}.1`, certificates(theirs.ca.chain)[1])),
  ofJson(
    "a timestamp authority in place of one for signing",
    put(caChain, certificates(ours.tsa.chain)),
  ),
  ofJson("a certificate followed by a byte", put(`${caChain}.0.rawBytes`, inBase64(trailing))),
  ofJson(
    "an intermediate whose signature was altered",
    put(`${caChain}.0.rawBytes`, inBase64(flipBit)),
  ),
  ofJson("a root whose signature was altered", put(`${caChain}.1.rawBytes`, inBase64(flipBit))),
  ofJson(
    "a timestamp authority whose signature was altered",
    put(`${tsaChain}.0.rawBytes`, inBase64(flipBit)),
  ),
  ofAuthority("an intermediate that names another issuer", {
    intermediate: { fields: put("issuer", name("another", "authority")) },
  }),
  ofAuthority("a timestamp authority that names another issuer", {
    tsa: { fields: put("issuer", name("another", "authority")) },
  }),
  ofAuthority("an intermediate that is no authority", {
    intermediate: { fields: withoutExtension(OID.basicConstraints) },
  }),
  ofAuthority("an intermediate that says that it is no authority", {
    intermediate: { fields: replaceExtension(OID.basicConstraints, () => basicConstraints(false)) },
  }),
  ofAuthority("an intermediate that may not sign certificates", {
    intermediate: { fields: replaceExtension(OID.keyUsage, () => keyUsage("digitalSignature")) },
  }),
  ofAuthority("an intermediate for another purpose", {
    intermediate: {
      fields: replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage([OID.timeStamping])),
    },
  }),
  ofAuthority("a root that allows no intermediate", {
    root: { fields: replaceExtension(OID.basicConstraints, () => basicConstraints(true, 0)) },
  }),
  ofAuthority("an intermediate with an unknown critical extension", {
    intermediate: { fields: withExtension("1.2.3.4", NULL, true) },
  }),
  ofAuthority("an intermediate with a weak signature algorithm inside", {
    intermediate: { fields: put("innerAlgorithm", NULL) },
  }),
  ofAuthority("a root with a default value spelt out", {
    root: { tbs: (tbs) => editDer(tbs, [7, 0, 1], spellOutNotCritical) },
  }),
  ofAuthority("a timestamp authority that may not sign", {
    tsa: { fields: replaceExtension(OID.keyUsage, () => keyUsage("keyCertSign")) },
  }),
  ofAuthority("a timestamp authority that is a certificate authority", {
    tsa: { fields: withExtension(OID.basicConstraints, basicConstraints(true).value, true) },
  }),
];

/** An extension that says that it is not critical, which DER leaves unsaid. */
function spellOutNotCritical(extension: Uint8Array): Bytes {
  return editDer(extension, [1], () => Uint8Array.of(1, 1, 0));
}

/** All of them. */
export const ALL_TRUST_ROOT_REFUSALS: readonly Refusal[] = [
  ...DOCUMENT_REFUSALS,
  ...LOG_REFUSALS,
  ...AUTHORITY_REFUSALS,
];
