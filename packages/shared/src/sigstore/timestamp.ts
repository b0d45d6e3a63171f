import { equalBytes } from "../bytes/bytes.ts";
import { type CryptoVerifier, digest, type HashName } from "../bytes/crypto.ts";
import { fail } from "../errors.ts";
import type { Bytes } from "../model.ts";
import { schemeFor } from "../x509/algorithm.ts";
import { requireValidAt } from "../x509/chain.ts";
import { checkSignature, loadVerifier } from "../x509/signature.ts";
import { inOrder } from "./in-order.ts";
import { type ParsedTimestamp, parseTimestamp } from "./timestamp-token.ts";
import { setAside, type TrustedRoot, type TrustedTimestampAuthority } from "./trusted-root.ts";

const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const RSA_WITH: Readonly<Record<HashName, string>> = {
  "SHA-256": "1.2.840.113549.1.1.11",
  "SHA-384": "1.2.840.113549.1.1.12",
  "SHA-512": "1.2.840.113549.1.1.13",
};

/**
 * Verifies the RFC 3161 timestamps over a signature, each of them: one that does not hold refuses
 * all. So does one that says again what another has said, for one voice must not count as two.
 *
 * @param signature the raw bytes of the signature that was timestamped
 * @returns the times that the authorities vouch for, in milliseconds since 1970
 * @throws TIMESTAMP_INVALID TIMESTAMP_MISMATCH TIMESTAMP_EXPIRED TRUST_ROOT_UNKNOWN_KEY
 *   DER_INVALID KEY_UNSUPPORTED
 */
export async function verifyTimestamps(
  responses: readonly Bytes[],
  signature: Bytes,
  root: TrustedRoot,
): Promise<readonly number[]> {
  const stamped = await inOrder(
    responses.map((response, index) =>
      verifyTimestamp(response, signature, root, `timestamp ${index + 1}`),
    ),
  );
  return stamped.map(({ authority, time }, index) => {
    const first = stamped.findIndex((one) => one.authority === authority && one.time === time);
    if (first === index) return time;
    return fail(
      "TIMESTAMP_INVALID",
      `timestamp ${index + 1}: expected another authority or time than timestamp ${first + 1} has`,
    );
  });
}

/** A time, and the authority that vouches for it. */
interface StampedTime {
  readonly authority: TrustedTimestampAuthority;
  readonly time: number;
}

/**
 * One timestamp: signed by exactly the certificate that the trust root names, which was valid at
 * the time stated, over exactly these bytes.
 */
async function verifyTimestamp(
  response: Bytes,
  signature: Bytes,
  root: TrustedRoot,
  what: string,
): Promise<StampedTime> {
  const timestamp = parseTimestamp(response, what);
  const authority = selectAuthority(timestamp, root, what);
  await checkSignerCertificate(timestamp, authority, what);
  await checkSigned(timestamp, authority, what);
  const imprint = await digest(timestamp.imprint.hash, signature);
  if (!equalBytes(imprint, timestamp.imprint.digest)) {
    fail("TIMESTAMP_MISMATCH", `${what}: it was made for another signature`);
  }
  const { time } = timestamp;
  requireValidAt(time, authority.certificate, authority.authority, "TIMESTAMP_EXPIRED", what);
  return { authority, time };
}

/** The authority whose certificate has the issuer and serial number that the signer names. */
function selectAuthority(
  { signer }: ParsedTimestamp,
  root: TrustedRoot,
  what: string,
): TrustedTimestampAuthority {
  const authority = root.timestampAuthorities.find(
    ({ certificate }) =>
      equalBytes(certificate.issuer, signer.issuer) &&
      equalBytes(certificate.serial, signer.serial),
  );
  return (
    authority ??
    fail(
      "TRUST_ROOT_UNKNOWN_KEY",
      `${what}: the trust root does not know its timestamp authority${setAside(root)}`,
    )
  );
}

/**
 * RFC 5816, ESSCertIDv2: the signed attributes name the signer's certificate by digest. A
 * certificate that comes along must be the trusted one too (CVE-2026-39984).
 */
async function checkSignerCertificate(
  { signingCertificate, embeddedCertificates }: ParsedTimestamp,
  { certificate, authority }: TrustedTimestampAuthority,
  what: string,
): Promise<void> {
  const own = await digest(signingCertificate.hash, certificate.encoding);
  if (!equalBytes(own, signingCertificate.digest)) {
    fail("TIMESTAMP_INVALID", `${what}: it names another certificate than the trusted one`);
  }
  const known = [certificate, ...authority.certificates];
  for (const embedded of embeddedCertificates) {
    if (!known.some(({ encoding }) => equalBytes(encoding, embedded))) {
      fail("TIMESTAMP_INVALID", `${what}: it carries another certificate than the trusted one`);
    }
  }
}

/** RFC 5652 section 5.4: the digest of the content is signed, as one of the signed attributes. */
async function checkSigned(
  timestamp: ParsedTimestamp,
  authority: TrustedTimestampAuthority,
  what: string,
): Promise<void> {
  const { signer, content } = timestamp;
  if (!equalBytes(await digest(signer.hash, content), signer.messageDigest)) {
    fail("TIMESTAMP_INVALID", `${what}: the digest is not its content's`);
  }
  const key = await loadSignerKey(timestamp, authority, what);
  await checkSignature(key, signer.signature, signer.signedData, "TIMESTAMP_INVALID", what);
}

/** RFC 3370 section 3.2: for RSA the algorithm may leave the hash to the digest algorithm. */
function loadSignerKey(
  { signer }: ParsedTimestamp,
  { certificate, keys }: TrustedTimestampAuthority,
  what: string,
): Promise<CryptoVerifier> {
  const oid = signer.algorithm === RSA_ENCRYPTION ? RSA_WITH[signer.hash] : signer.algorithm;
  let key = keys.get(oid);
  if (key === undefined) {
    key = loadVerifier(
      certificate.publicKey,
      schemeFor(oid, certificate.publicKey.type, what),
      what,
    );
    keys.set(oid, key);
  }
  return key;
}
