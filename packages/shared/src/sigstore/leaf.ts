import type { CryptoVerifier } from "../bytes/crypto.ts";
import { keyOf, rememberLast } from "../bytes/bytes.ts";
import { fail } from "../errors.ts";
import { MAX_CACHED_LEAVES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { type ParsedCertificate, parseCertificate } from "../x509/certificate.ts";
import {
  checkIssuedByAuthority,
  isoTime,
  isWithin,
  namesIssuer,
  type TrustedAuthority,
} from "../x509/chain.ts";
import { KEY_PURPOSE, requireEndEntity } from "../x509/extensions.ts";
import { type ClaimedSigner, readSigner } from "../x509/fulcio.ts";
import { defaultScheme } from "../x509/public-key.ts";
import { type ParsedSct, parseScts } from "../x509/sct.ts";
import { checkSignature, loadVerifier } from "../x509/signature.ts";
import { inOrder } from "./in-order.ts";
import { setAside, type TrustedLog, type TrustedRoot } from "./trusted-root.ts";

/**
 * A signing certificate that an authority of the trust root issued and a certificate log recorded.
 * Whether it was valid when something was signed is judged for each signature.
 */
export interface IssuedLeaf {
  readonly certificate: ParsedCertificate;
  readonly authority: TrustedAuthority;
  readonly signer: ClaimedSigner;
}

/** A leaf on its way to be verified. Its key may be used meanwhile, its claims may not. */
export interface PendingLeaf {
  readonly key: Promise<CryptoVerifier>;
  readonly issued: Promise<IssuedLeaf>;
}

const WHAT = "signing certificate";

const nameOf = rememberLast(keyOf);

/** What each trust root has verified, by the exact bytes of the certificate. */
const caches = new WeakMap<TrustedRoot, Map<string, PendingLeaf>>();

/**
 * Verifies a signing certificate, or takes the result from before: the files of a release usually
 * share one. Only what depends on the certificate and the trust root alone is remembered.
 *
 * @throws (in the promises) CERTIFICATE_INVALID CERTIFICATE_CHAIN_INVALID TRUST_ROOT_UNKNOWN_KEY
 *   SCT_MISSING SCT_INVALID KEY_UNSUPPORTED DER_INVALID
 */
export function checkLeaf(encoding: Bytes, root: TrustedRoot): PendingLeaf {
  const cache = caches.get(root) ?? new Map<string, PendingLeaf>();
  caches.set(root, cache);
  const name = nameOf(encoding, WHAT);
  const known = cache.get(name);
  if (known !== undefined) return known;
  const leaf = startLeaf(encoding, root);
  cache.set(name, leaf);
  leaf.issued.catch(() => cache.delete(name));
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED_LEAVES && oldest !== undefined) cache.delete(oldest);
  return leaf;
}

function startLeaf(encoding: Bytes, root: TrustedRoot): PendingLeaf {
  const certificate = parseCertificate(encoding, WHAT);
  const authority = selectAuthority(certificate, root);
  // By far the slowest check: it goes first, and everything else is done while it runs.
  const issuer = checkIssuedByAuthority(certificate, authority, WHAT);
  const key = loadVerifier(certificate.publicKey, defaultScheme(certificate.publicKey.type), WHAT);
  return { key, issued: finishLeaf(certificate, authority, root, [issuer, key]) };
}

async function finishLeaf(
  certificate: ParsedCertificate,
  authority: TrustedAuthority,
  root: TrustedRoot,
  [issuer, key]: readonly [issuer: Promise<void>, key: Promise<CryptoVerifier>],
): Promise<IssuedLeaf> {
  await inOrder([
    issuer,
    checkEndEntity(certificate),
    checkScts(certificate, authority, root),
    key,
  ]);
  return { certificate, authority, signer: readSigner(certificate, WHAT) };
}

async function checkEndEntity(certificate: ParsedCertificate): Promise<void> {
  requireEndEntity(certificate, KEY_PURPOSE.codeSigning, WHAT);
}

function selectAuthority(certificate: ParsedCertificate, root: TrustedRoot): TrustedAuthority {
  const authority = root.authorities.find(({ issuer }) => namesIssuer(certificate, issuer, WHAT));
  if (authority !== undefined) return authority;
  return fail(
    "TRUST_ROOT_UNKNOWN_KEY",
    `${WHAT}: the trust root does not know its issuer${setAside(root)}`,
  );
}

/**
 * Checks the embedded certificate timestamps (RFC 6962 section 3.2): each one of a known log must
 * hold, at least one must be there, and each log's key must have been in use at its time.
 */
async function checkScts(
  certificate: ParsedCertificate,
  authority: TrustedAuthority,
  root: TrustedRoot,
): Promise<void> {
  const scts = parseScts(certificate, authority.issuer.publicKey.spki, WHAT);
  const known = scts.flatMap((sct) => {
    const log = root.ctLogs.get(sct.logId);
    return log === undefined ? [] : [{ sct, log }];
  });
  if (known.length === 0) refuseLogs(scts, root);
  await inOrder(known.map(({ sct, log }) => checkSct(sct, log)));
}

/** Tells a log that the trust root names but cannot use from one that it does not know. */
function refuseLogs(scts: readonly [ParsedSct, ...ParsedSct[]], root: TrustedRoot): never {
  for (const { logId } of scts) {
    const reason = root.rejected.get(logId);
    if (reason === undefined) continue;
    fail("TRUST_ROOT_INVALID", `${WHAT}: its certificate log is set aside: ${reason}`);
  }
  return fail(
    "TRUST_ROOT_UNKNOWN_KEY",
    `${WHAT}: the trust root does not know the certificate log ${scts[0].logId}`,
  );
}

async function checkSct(sct: ParsedSct, log: TrustedLog): Promise<void> {
  const what = `${WHAT}: timestamp of ${log.url}`;
  if (!isWithin(sct.time, log.validity)) {
    fail("SCT_INVALID", `${what}: its key was not in use at ${isoTime(sct.time)}`);
  }
  const isEcdsa = log.verifier.scheme.name === "ECDSA";
  if (isEcdsa !== (sct.algorithm === "ECDSA")) {
    fail("SCT_INVALID", `${what}: its algorithm is not that of the log's key`);
  }
  await checkSignature(log.verifier, sct.signature, sct.signedData, "SCT_INVALID", what);
}
