import type { CryptoVerifier, SignatureScheme } from "../bytes/crypto.ts";
import {
  documentField,
  type Field,
  readArray,
  readBytes,
  readFields,
  readOnlyField,
  readOpenFields,
  readText,
  wrongType,
  namedIn,
} from "../bytes/fields.ts";
import { encodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail, PubpinError } from "../errors.ts";
import { MAX_CHAIN_LENGTH, MAX_TRUST_ROOT_BYTES, MAX_TRUST_ROOT_ENTRIES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { type ParsedCertificate, parseCertificate, type Validity } from "../x509/certificate.ts";
import { checkIssuedBy, type TrustedAuthority, checkAuthority } from "../x509/chain.ts";
import { KEY_PURPOSE, requireTimestampingOnly } from "../x509/extensions.ts";
import { defaultScheme, parsePublicKey } from "../x509/public-key.ts";
import { loadVerifier } from "../x509/signature.ts";

/** A transparency or certificate log whose key is trusted. */
export interface TrustedLog {
  readonly url: string;
  /** The name under which the log signs checkpoints: the host of its address. */
  readonly name: string;
  /** The first bytes of its identifier, which its checkpoint signatures carry. */
  readonly keyHint: Bytes;
  readonly validity: Validity;
  readonly verifier: CryptoVerifier;
}

/** An RFC 3161 timestamp authority that is trusted, with its own certificate. */
export interface TrustedTimestampAuthority {
  readonly certificate: ParsedCertificate;
  readonly authority: TrustedAuthority;
  readonly keys: Map<string, Promise<CryptoVerifier>>;
}

/**
 * The keys that everything else is checked with. It comes to the verifier from its caller, never
 * from what is being verified; who gave it to the caller is not checked here.
 */
export interface TrustedRoot {
  /** Rekor logs by identifier, in hexadecimal. */
  readonly logs: ReadonlyMap<string, TrustedLog>;
  /** Certificate transparency logs by identifier, in hexadecimal. */
  readonly ctLogs: ReadonlyMap<string, TrustedLog>;
  readonly authorities: readonly TrustedAuthority[];
  readonly timestampAuthorities: readonly TrustedTimestampAuthority[];
  /** Entries that cannot be used, by log identifier or by place, with the reason. */
  readonly rejected: ReadonlyMap<string, string>;
  /** The youngest start of validity in it, in milliseconds since 1970: how old it is at least. */
  readonly newestStart: number;
}

const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  "application/vnd.dev.sigstore.trustedroot.v0.2+json",
]);

const RSA = defaultScheme({ name: "RSA" });

/** Signature schemes by `PublicKeyDetails` (protobuf-specs, `sigstore_common.proto`). */
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  PKIX_ECDSA_P256_SHA_256: defaultScheme({ name: "EC", curve: "P-256" }),
  PKIX_ECDSA_P384_SHA_384: defaultScheme({ name: "EC", curve: "P-384" }),
  PKIX_ECDSA_P521_SHA_512: defaultScheme({ name: "EC", curve: "P-521" }),
  PKIX_ED25519: defaultScheme({ name: "Ed25519" }),
  PKIX_RSA_PKCS1V15_2048_SHA256: RSA,
  PKIX_RSA_PKCS1V15_3072_SHA256: RSA,
  PKIX_RSA_PKCS1V15_4096_SHA256: RSA,
};

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/**
 * Parses a trust root (protobuf-specs, `sigstore_trustroot.proto`), checks the chains in it and
 * loads its keys, so that verifying does not have to. An entry without a start of validity or with
 * a key of an unknown kind is set aside (`rejected`); anything malformed refuses the whole.
 *
 * @throws TRUST_ROOT_INVALID LIMIT_EXCEEDED
 */
export async function parseTrustedRoot(json: Uint8Array): Promise<TrustedRoot> {
  try {
    return await readTrustedRoot(json);
  } catch (cause) {
    if (!(cause instanceof PubpinError) || cause.code === "LIMIT_EXCEEDED") throw cause;
    if (cause.code === "TRUST_ROOT_INVALID") throw cause;
    return fail("TRUST_ROOT_INVALID", cause.message, cause);
  }
}

/** What a trust root names but cannot use, for the end of a message that it lacks something. */
export function setAside(root: TrustedRoot): string {
  return [...root.rejected.values()].map((reason) => `; set aside: ${reason}`).join("");
}

async function readTrustedRoot(json: Uint8Array): Promise<TrustedRoot> {
  const code = "TRUST_ROOT_INVALID";
  const document = documentField(json, MAX_TRUST_ROOT_BYTES, "trust root", code);
  const fields = readOpenFields(
    document,
    ["mediaType", "tlogs", "certificateAuthorities", "ctlogs"],
    ["timestampAuthorities"],
  );
  if (!MEDIA_TYPES.has(readText(fields.mediaType))) {
    wrongType(fields.mediaType, "a Sigstore trust root of version 0.1 or 0.2");
  }
  const rejected = new Map<string, string>();
  const starts: number[] = [];
  const usable = <T>(field: Field | undefined, load: Load<T>): Promise<readonly T[]> =>
    loadEntries(field, load, rejected, starts);
  const [logs, ctLogs, authorities, timestampAuthorities] = await Promise.all([
    usable(fields.tlogs, loadLog),
    usable(fields.ctlogs, loadLog),
    usable(fields.certificateAuthorities, loadAuthority),
    usable(fields.timestampAuthorities, loadTimestampAuthority),
  ]);
  return {
    logs: byIdentifier(logs),
    ctLogs: byIdentifier(ctLogs),
    authorities,
    timestampAuthorities,
    rejected,
    newestStart: Math.max(...starts),
  };
}

function byIdentifier(logs: readonly (readonly [string, TrustedLog])[]): Map<string, TrustedLog> {
  const map = new Map(logs);
  if (map.size < logs.length) {
    fail("TRUST_ROOT_INVALID", "trust root: two logs have the same identifier");
  }
  return map;
}

/** Turns an entry into something usable; the identifier is what it is known by. */
interface Load<T> {
  (field: Field, entry: Entry): Promise<T>;
}

interface Entry {
  readonly id: string;
  readonly validity: Validity;
}

async function loadEntries<T>(
  field: Field | undefined,
  load: Load<T>,
  rejected: Map<string, string>,
  starts: number[],
): Promise<readonly T[]> {
  const entries = field === undefined ? [] : readArray(field, MAX_TRUST_ROOT_ENTRIES);
  const loaded = await Promise.all(
    entries.map(async (entryField): Promise<readonly T[]> => {
      const id = identifierOf(entryField);
      const validity = validityOf(entryField);
      if (validity === null) {
        rejected.set(id, `${entryField.path}: it has no start of validity`);
        return [];
      }
      starts.push(validity.start);
      try {
        return [await load(entryField, { id, validity })];
      } catch (cause) {
        if (!(cause instanceof PubpinError) || cause.code !== "KEY_UNSUPPORTED") throw cause;
        rejected.set(id, cause.message);
        return [];
      }
    }),
  );
  return loaded.flat();
}

/** A log is known by its identifier, an authority by its place in the document. */
function identifierOf(field: Field): string {
  const { logId } = readOpenFields(field, [], ["logId"]);
  return logId === undefined ? field.path : encodeHex(readBytes(readOnlyField(logId, "keyId")));
}

/** The interval of an entry, or null where it has no start. An absent end is no end. */
function validityOf(field: Field): Validity | null {
  const { publicKey, validFor } = readOpenFields(field, [], ["publicKey", "validFor"]);
  const holder =
    publicKey === undefined ? validFor : readOpenFields(publicKey, [], ["validFor"]).validFor;
  if (holder === undefined) return null;
  const { start, end } = readFields(holder, [], ["start", "end"]);
  if (start === undefined) return null;
  return { start: readTime(start), end: end === undefined ? Infinity : readTime(end) };
}

/** An RFC 3339 time in UTC, in milliseconds since 1970. */
function readTime(field: Field): number {
  const text = readText(field);
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes 30 February for 1 March.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 19));
  return exists ? time : wrongType(field, "an RFC 3339 time in UTC");
}

async function loadLog(field: Field, { id, validity }: Entry): Promise<[string, TrustedLog]> {
  const fields = readOpenFields(field, ["baseUrl", "hashAlgorithm", "publicKey", "logId"]);
  if (readText(fields.hashAlgorithm) !== "SHA2_256") {
    fail("KEY_UNSUPPORTED", `${fields.hashAlgorithm.path}: expected "SHA2_256"`);
  }
  const { rawBytes, keyDetails } = readOpenFields(fields.publicKey, ["rawBytes", "keyDetails"]);
  const details = readText(keyDetails);
  const scheme = namedIn(SCHEMES, details);
  if (scheme === undefined) {
    return fail("KEY_UNSUPPORTED", `${keyDetails.path}: ${quote(details)} is not supported`);
  }
  const key = parsePublicKey(readBytes(rawBytes), rawBytes.path);
  const url = readText(fields.baseUrl);
  return [
    id,
    {
      url,
      name: hostOf(fields.baseUrl, url),
      keyHint: readBytes(readOnlyField(fields.logId, "keyId")).subarray(0, 4),
      validity,
      verifier: await loadVerifier(key, scheme, rawBytes.path),
    },
  ];
}

function hostOf(field: Field, url: string): string {
  const [, host] = /^https?:\/\/([^/?#@\s]+)/.exec(url) ?? [];
  return host ?? wrongType(field, "an http or https URL");
}

async function loadAuthority(field: Field, { validity }: Entry): Promise<TrustedAuthority> {
  return checkAuthority(readChain(field), KEY_PURPOSE.codeSigning, validity, field.path);
}

async function loadTimestampAuthority(
  field: Field,
  { validity }: Entry,
): Promise<TrustedTimestampAuthority> {
  const [own, ...issuers] = readChain(field);
  if (own === undefined) return wrongType(field, "a certificate chain");
  const certificate = parseCertificate(own, field.path);
  requireTimestampingOnly(certificate, field.path);
  const authority = await checkAuthority(issuers, KEY_PURPOSE.timeStamping, validity, field.path);
  await checkIssuedBy(certificate, authority.issuer, field.path);
  return { certificate, authority, keys: new Map() };
}

function readChain(field: Field): readonly Bytes[] {
  const { certChain } = readOpenFields(field, ["certChain"]);
  const { certificates } = readOpenFields(certChain, ["certificates"]);
  return readArray(certificates, MAX_CHAIN_LENGTH).map((certificate) =>
    readBytes(readOnlyField(certificate, "rawBytes")),
  );
}
