/**
 * Minted twins of the suite's cases that are refused for another reason than their own: valid but
 * for the one thing that the case is named after.
 */
import { type Identity, parseTrustedRoot, verifyBundle } from "@pubpin/shared";
import {
  base64,
  createSigstore,
  flipBit,
  hex,
  later,
  DEFAULT_TIME,
  pem,
  put,
  sha256,
  type SignOptions,
  statementOf,
  utf8,
} from "@pubpin/test-kit";
import { expect, test } from "vitest";

const sigstore = await createSigstore();
const root = await parseTrustedRoot(await sigstore.trustedRootJson());
const stranger = await createSigstore({ domain: "stranger.example" });
const message = utf8("an artifact\n");
const subject = "https://github.com/octo/example/.github/workflows/release.yml@refs/tags/v1.0";
const issuer = "https://token.actions.githubusercontent.com";
const publisher = { kind: "GitHub", repository: "octo/example" } as const;
const identity: Identity = { kind: "certificate", subject, issuer };
const statement = statementOf([{ name: "a.txt", sha256: hex(await sha256(message)) }]);
const leaf = await sigstore.issue(publisher);

/** A signature that is well-formed and holds, for something else. */
const { signed: foreign } = await sigstore.sign({ message: utf8("something else"), leaf });
if (foreign.kind !== "message") throw new Error("expected a signed message");
const { signature: foreignSignature } = foreign;
const foreignEncoded = base64(foreignSignature);
const foreignPem = base64(utf8(pem("CERTIFICATE", (await sigstore.issue(publisher)).certificate)));

async function verify(options: SignOptions): Promise<unknown> {
  const { bytes } = await sigstore.sign({ leaf, ...options });
  return verifyBundle(bytes, { bytes: message }, identity, root);
}

interface Twin {
  readonly of: string;
  readonly valid: SignOptions;
  /** The one thing that is wrong. */
  readonly wrong: SignOptions;
  readonly code: string;
  readonly says: string;
}

const ANOTHER = "the log recorded another";
const rekor2 = { log: "rekor2" } as const;
const envelope = { statement, log: "rekor1" } as const;
const envelope2 = { statement, ...rekor2 } as const;
const artifact = { message, log: "rekor1" } as const;

const TWINS: readonly Twin[] = [
  {
    of: "dsse-invalid-sig",
    valid: envelope,
    wrong: { change: { signature: flipBit } },
    code: "SIGNATURE_INVALID",
    says: "signature",
  },
  {
    of: "rekor2-dsse-invalid-sig",
    valid: envelope2,
    wrong: { change: { signature: flipBit } },
    code: "SIGNATURE_INVALID",
    says: "signature",
  },
  {
    of: "dsse-mismatch-envelope",
    valid: envelope,
    wrong: { change: { body: put("spec.payloadHash.value", "0".repeat(64)) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} digest`,
  },
  {
    of: "rekor2-dsse-mismatch-envelope",
    valid: envelope2,
    wrong: {
      change: { body: put("spec.dsseV002.payloadHash.digest", base64(new Uint8Array(32))) },
    },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} digest`,
  },
  {
    of: "dsse-mismatch-sig",
    valid: envelope,
    wrong: { change: { body: put("spec.signatures.0.signature", foreignEncoded) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} signature`,
  },
  {
    of: "rekor2-dsse-mismatch-sig",
    valid: envelope2,
    wrong: { change: { body: put("spec.dsseV002.signatures.0.content", foreignEncoded) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} signature`,
  },
  {
    of: "intoto-log-entry-mismatch",
    valid: { ...envelope, entry: "intoto" },
    wrong: {
      change: { body: put("spec.content.envelope.signatures.0.sig", base64(utf8(foreignEncoded))) },
    },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} signature`,
  },
  {
    of: "invalid-inclusion-proof",
    valid: artifact,
    wrong: { change: { proof: put("hashes.0", new Uint8Array(32)) } },
    code: "INCLUSION_PROOF_INVALID",
    says: "does not lead to the signed root",
  },
  {
    of: "rekor2-timestamp-untrusted-tsa-with-embedded-cert",
    valid: { message, ...rekor2, timestamps: [{ embedCertificate: true }] },
    wrong: { using: { tsa: stranger.authorities.tsa } },
    code: "TRUST_ROOT_UNKNOWN_KEY",
    says: "does not know its timestamp authority",
  },
  {
    of: "rekor2-timestamp-untrusted-tsa-without-embedded-cert",
    valid: { message, ...rekor2 },
    wrong: { using: { tsa: stranger.authorities.tsa } },
    code: "TRUST_ROOT_UNKNOWN_KEY",
    says: "does not know its timestamp authority",
  },
  {
    of: "rekor2-timestamp-with-incorrect-time",
    valid: { message, ...rekor2 },
    wrong: { timestamps: [{ genTime: later(DEFAULT_TIME, 601) }] },
    code: "CERTIFICATE_EXPIRED",
    says: "signed at 2026-01-02T03:14:06",
  },
  {
    of: "wrong-hashedrekord-artifact",
    valid: artifact,
    wrong: { change: { body: put("spec.data.hash.value", "0".repeat(64)) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} digest`,
  },
  {
    of: "wrong-hashedrekord-cert-and-sig, the certificate alone",
    valid: artifact,
    wrong: { change: { body: put("spec.signature.publicKey.content", foreignPem) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} certificate`,
  },
  {
    of: "wrong-hashedrekord-entry, the signature alone",
    valid: artifact,
    wrong: { change: { body: put("spec.signature.content", foreignEncoded) } },
    code: "LOG_ENTRY_MISMATCH",
    says: `${ANOTHER} signature`,
  },
];

test.each(TWINS)("the twin of $of is refused with $code", async ({ valid, wrong, code, says }) => {
  await expect(verify(valid)).resolves.toMatchObject({ certificate: { issuer } });
  const refusal = { code, message: expect.stringContaining(says) as string };
  await expect(verify({ ...valid, ...wrong })).rejects.toMatchObject(refusal);
});

test("the twin of managed-key-wrong-key, with a well-formed key, is refused", async () => {
  const [own, other] = [await sigstore.managedKey(), await sigstore.managedKey()];
  const { bytes } = await sigstore.sign({ message, key: own });
  const check = (publicKeyPem: string): Promise<unknown> =>
    verifyBundle(bytes, { bytes: message }, { kind: "key", publicKeyPem }, root);
  await expect(check(own.pem)).resolves.toMatchObject({ certificate: null });
  await expect(check(other.pem)).rejects.toMatchObject({
    code: "LOG_ENTRY_MISMATCH",
    message: expect.stringContaining(`${ANOTHER} certificate or key`) as string,
  });
});

test("the wrong key is refused even where the log recorded it", async () => {
  const [own, other] = [await sigstore.managedKey(), await sigstore.managedKey()];
  const recorded = put("spec.signature.publicKey.content", base64(utf8(other.pem)));
  const { bytes } = await sigstore.sign({ message, key: own, change: { body: recorded } });
  const key: Identity = { kind: "key", publicKeyPem: other.pem };
  await expect(verifyBundle(bytes, { bytes: message }, key, root)).rejects.toMatchObject({
    code: "SIGNATURE_INVALID",
  });
});
