import type { CryptoVerifier } from "../bytes/crypto.ts";
import { encodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { Artifact, Bytes, Identity, VerifiedBundle } from "../model.ts";
import { isoTime, isWithin, requireValidAt } from "../x509/chain.ts";
import { parsePem } from "../x509/pem.ts";
import { defaultScheme, type ParsedPublicKey, parsePublicKey } from "../x509/public-key.ts";
import { checkSignature, loadVerifier } from "../x509/signature.ts";
import { copyArtifact, requireDigest, requireSubject } from "./artifact.ts";
import { type ClaimedLogEntry, type ParsedBundle, parseBundle } from "./bundle.ts";
import { preAuthenticationEncoding } from "./dsse.ts";
import { inOrder, othersFirst } from "./in-order.ts";
import { checkLeaf, type IssuedLeaf } from "./leaf.ts";
import { checkLogBody, type ExpectedBody, parseLogBody } from "./log-body.ts";
import { verifyTimestamps } from "./timestamp.ts";
import { verifyLogEntry } from "./tlog.ts";
import type { TrustedLog, TrustedRoot } from "./trusted-root.ts";

/**
 * Verifies a Sigstore bundle (Sigstore client specification, "Verification"): that `identity`
 * signed `artifact`, that a log of `root` recorded it, and that the signer's certificate was valid
 * then. It says nothing about what the artifact does.
 *
 * @param bundle the bundle's JSON
 * @throws the code of the first step that fails
 */
export async function verifyBundle(
  bundle: Uint8Array,
  artifact: Artifact,
  identity: Identity,
  root: TrustedRoot,
): Promise<VerifiedBundle> {
  const parsed = parseBundle(bundle);
  const { content } = parsed;
  const own = copyArtifact(artifact);
  const expected = { ...identity };
  if (content.kind === "message") await requireDigest(content.digest, own);
  const key = expected.kind === "key" ? parseManagedKey(expected.publicKeyPem) : null;
  const verified = await verifySignature(parsed, key, "bytes" in own ? own.bytes : null, root);
  requireIdentity(verified, expected);
  if (verified.payload !== null) await requireSubject(verified.payload, own);
  return verified;
}

/**
 * Verifies everything about a bundle but who signed and what a statement is about: those two the
 * caller must compare with what it expects.
 *
 * @param managedKey the key that must have signed, or null where a certificate must
 * @param artifact the artifact's bytes, which a signature over the artifact itself needs
 */
export async function verifySignature(
  bundle: ParsedBundle,
  managedKey: ParsedPublicKey | null,
  artifact: Bytes | null,
  root: TrustedRoot,
): Promise<VerifiedBundle> {
  const { content } = bundle;
  const entries = selectLogs(bundle.logEntries, root);
  const signed = signedBytes(bundle, artifact);
  const signer = startSigner(bundle, managedKey, root);
  const expected = expectedBody(bundle, signer.verifier, signed);
  const [, recorded, stamped, leaf] = await inOrder([
    signer.key,
    inOrder(entries.map(({ entry, log }) => verifyLogEntry(entry, log))),
    verifyTimestamps(bundle.timestamps, content.signature, root),
    signer.leaf,
    inOrder(entries.map(({ entry }) => compareBody(entry, expected))),
    checkContent(signer.key, content.signature, signed),
  ]);
  const times = requireTimes([...recorded, ...stamped], entries, leaf);
  const [first, ...rest] = entries.map(({ entry, log }) => ({
    logUrl: log.url,
    logIndex: entry.logIndex,
  }));
  if (first === undefined) return noEntry();
  return {
    certificate: leaf === null ? null : leaf.signer,
    payload: content.kind === "dsse" ? content.payload : null,
    logEntries: [first, ...rest],
    times,
  };
}

/** A claimed log entry, with the log that the trust root knows by its identifier. */
interface SelectedEntry {
  readonly entry: ClaimedLogEntry;
  readonly log: TrustedLog;
}

function noEntry(): never {
  return fail("LOG_ENTRY_MISSING", "bundle: expected a transparency log entry, found none");
}

/** Each entry's log must be trusted, and no log may speak twice (CVE-2026-49834). */
function selectLogs(
  entries: readonly ClaimedLogEntry[],
  root: TrustedRoot,
): readonly SelectedEntry[] {
  if (entries.length === 0) noEntry();
  const seen = new Set<string>();
  return entries.map((entry) => {
    const { path } = entry;
    const id = encodeHex(entry.logId);
    if (seen.has(id)) fail("LOG_ENTRY_DUPLICATE", `${path}: a second entry of the log ${id}`);
    seen.add(id);
    const reason = root.rejected.get(id);
    if (reason !== undefined) {
      fail("TRUST_ROOT_INVALID", `${path}: its log is set aside: ${reason}`);
    }
    const log = root.logs.get(id);
    if (log !== undefined) return { entry, log };
    return fail("TRUST_ROOT_UNKNOWN_KEY", `${path}: the trust root does not know the log ${id}`);
  });
}

interface PendingSigner {
  readonly key: Promise<CryptoVerifier>;
  readonly leaf: Promise<IssuedLeaf | null>;
  /** Certificate or public key, as the log records it. */
  readonly verifier: Bytes;
}

function startSigner(
  { certificate }: ParsedBundle,
  managedKey: ParsedPublicKey | null,
  root: TrustedRoot,
): PendingSigner {
  if (certificate !== null && managedKey === null) {
    const { key, issued } = checkLeaf(certificate, root);
    return { key, leaf: issued, verifier: certificate };
  }
  if (certificate === null && managedKey !== null) {
    const key = loadVerifier(managedKey, defaultScheme(managedKey.type), "public key");
    return { key, leaf: Promise.resolve(null), verifier: managedKey.spki };
  }
  const [expected, found] =
    managedKey === null ? ["a certificate", "a managed key"] : ["a managed key", "a certificate"];
  return fail("IDENTITY_MISMATCH", `bundle: expected a signature by ${expected}, found ${found}`);
}

function signedBytes({ content }: ParsedBundle, artifact: Bytes | null): Bytes {
  if (content.kind === "dsse") {
    return preAuthenticationEncoding(content.payloadType, content.payload);
  }
  return artifact ?? fail("DIGEST_ONLY", "bundle: its signature needs the artifact's bytes");
}

function expectedBody({ content }: ParsedBundle, verifier: Bytes, signed: Bytes): ExpectedBody {
  const payload =
    content.kind === "dsse" ? { bytes: content.payload, type: content.payloadType } : null;
  return { signature: content.signature, verifier, signed, payload };
}

async function compareBody(entry: ClaimedLogEntry, expected: ExpectedBody): Promise<void> {
  await othersFirst;
  await checkLogBody(parseLogBody(entry), expected, entry.path);
}

async function checkContent(
  key: Promise<CryptoVerifier>,
  signature: Bytes,
  signed: Bytes,
): Promise<void> {
  await checkSignature(await key, signature, signed, "SIGNATURE_INVALID", "signature");
}

/**
 * Judges the times that logs and authorities vouch for: there must be one, each log's key must
 * have been in use, and the signer's whole chain must have been valid, at every one of them.
 *
 * @returns the times, earliest first
 */
function requireTimes(
  vouched: readonly (number | null)[],
  entries: readonly SelectedEntry[],
  leaf: IssuedLeaf | null,
): readonly [number, ...number[]] {
  const [first, ...rest] = vouched.filter((time) => time !== null).toSorted((a, b) => a - b);
  if (first === undefined) {
    fail("TIME_MISSING", "bundle: expected a signed time, found none");
  }
  for (const time of [first, ...rest]) {
    for (const { log } of entries) {
      if (isWithin(time, log.validity)) continue;
      fail("LOG_EXPIRED", `log ${log.url}: its key was not in use at ${isoTime(time)}`);
    }
    if (leaf === null) continue;
    const { certificate, authority } = leaf;
    requireValidAt(time, certificate, authority, "CERTIFICATE_EXPIRED", "signing certificate");
  }
  return [first, ...rest];
}

function parseManagedKey(pem: string): ParsedPublicKey {
  const { label, bytes } = parsePem(pem, "public key");
  if (label !== "PUBLIC KEY") {
    fail("PEM_INVALID", `public key: expected a PEM block PUBLIC KEY, found ${quote(label)}`);
  }
  return parsePublicKey(bytes, "public key");
}

/** Both parts compared as they are: no patterns, no case folding. */
function requireIdentity({ certificate }: VerifiedBundle, identity: Identity): void {
  if (identity.kind === "key" || certificate === null) return;
  const { subject, issuer } = certificate;
  if (subject.value === identity.subject && issuer === identity.issuer) return;
  fail(
    "IDENTITY_MISMATCH",
    `signing certificate: expected ${quote(identity.subject)} by ${quote(identity.issuer)}, ` +
      `found ${quote(subject.value)} by ${quote(issuer)}`,
  );
}
