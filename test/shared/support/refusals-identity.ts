/** Whom a signature must not be taken to be by. */
import type { ErrorCode } from "@pubpin/shared";
import {
  base64,
  bitString,
  editDer,
  flipBit,
  generateSigner,
  nonMinimalLength,
  oid,
  pem,
  put,
  trailing,
  utf8,
} from "@pubpin/test-kit";
import { GITHUB, IDENTITY, MESSAGE, PUBLISHER, sigstore } from "./instance.ts";
import { ofBundle, type Refusal } from "./refusal.ts";

const key = await sigstore.managedKey();
const otherKey = await sigstore.managedKey();
const managed = { message: MESSAGE, key } as const;
function expecting(code: ErrorCode, claim: string, expected: Partial<typeof IDENTITY>): Refusal {
  return ofBundle(code, claim, { expected: { ...IDENTITY, ...expected } });
}

function withPem(code: ErrorCode, claim: string, publicKeyPem: string): Refusal {
  return ofBundle(code, claim, { expected: { kind: "key", publicKeyPem } }, managed);
}

const rsa = await generateSigner("RSA-2048");

/** Who signed. */
export const IDENTITY_REFUSALS: readonly Refusal[] = [
  expecting("IDENTITY_MISMATCH", "another subject", {
    subject: IDENTITY.subject.replace("octo", "otto"),
  }),
  expecting("IDENTITY_MISMATCH", "another issuer", { issuer: "https://gitlab.com" }),
  expecting("IDENTITY_MISMATCH", "a subject that begins with the expected one", {
    subject: IDENTITY.subject.slice(0, -1),
  }),
  expecting("IDENTITY_MISMATCH", "a subject that ends with the expected one", {
    subject: IDENTITY.subject.slice(1),
  }),
  expecting("IDENTITY_MISMATCH", "a subject that matches the expected one as a pattern", {
    subject: IDENTITY.subject.replace("github.com", "github.c.m"),
  }),
  expecting("IDENTITY_MISMATCH", "any subject, where the expected one is empty", { subject: "" }),
  expecting("IDENTITY_MISMATCH", "any issuer, where the expected one is empty", { issuer: "" }),
  expecting("IDENTITY_MISMATCH", "a subject in other letters", {
    subject: IDENTITY.subject.toUpperCase(),
  }),
  expecting("IDENTITY_MISMATCH", "an issuer with a slash after it", { issuer: `${GITHUB}/` }),
  ofBundle("IDENTITY_MISMATCH", "a certificate where a key is expected", {
    expected: { kind: "key", publicKeyPem: key.pem },
  }),
  ofBundle(
    "IDENTITY_MISMATCH",
    "a key where a certificate is expected",
    { expected: IDENTITY },
    managed,
  ),
  ofBundle("IDENTITY_MISMATCH", "another workflow of the same repository", {
    identity: { ...PUBLISHER, kind: "GitHub", repository: "octo/example", workflow: "other.yml" },
  }),
  ofBundle(
    "LOG_ENTRY_MISMATCH",
    "another key than the expected one",
    {
      expected: { kind: "key", publicKeyPem: otherKey.pem },
    },
    managed,
  ),
  ofBundle(
    "SIGNATURE_INVALID",
    "another key than the expected one, where the log recorded that",
    {
      expected: { kind: "key", publicKeyPem: otherKey.pem },
      change: { body: put("spec.signature.publicKey.content", base64(utf8(otherKey.pem))) },
    },
    managed,
  ),
  withPem(
    "PEM_INVALID",
    "a key that is said to be a certificate",
    pem("CERTIFICATE", key.signer.spki),
  ),
  withPem("PEM_INVALID", "a key with text before it", `key:\n${key.pem}`),
  withPem("PEM_INVALID", "two keys", `${key.pem}${key.pem}`),
  withPem("PEM_INVALID", "a key without its end", key.pem.replace("END", "BEGIN")),
  withPem(
    "BASE64_INVALID",
    "a key in base64 with a character too few",
    key.pem.replace(/.(?=\n-----END)/, ""),
  ),
  withPem("DER_INVALID", "a key followed by a byte", pem("PUBLIC KEY", trailing(key.signer.spki))),
  withPem(
    "DER_INVALID",
    "a key with a long length",
    pem("PUBLIC KEY", editDer(key.signer.spki, [0], nonMinimalLength)),
  ),
  withPem(
    "DER_INVALID",
    "a key with unused bits",
    pem(
      "PUBLIC KEY",
      editDer(key.signer.spki, [1], (bits) => bits.with(2, 1)),
    ),
  ),
  withPem(
    "KEY_UNSUPPORTED",
    "a key on another curve",
    pem(
      "PUBLIC KEY",
      editDer(key.signer.spki, [0, 1], () => oid("1.3.132.0.10")),
    ),
  ),
  withPem(
    "KEY_UNSUPPORTED",
    "a key of another kind",
    pem(
      "PUBLIC KEY",
      editDer(key.signer.spki, [0, 0], () => oid("1.2.840.10040.4.1")),
    ),
  ),
  withPem(
    "KEY_UNSUPPORTED",
    "a point that is not on the curve",
    pem("PUBLIC KEY", flipBit(key.signer.spki)),
  ),
  withPem(
    "KEY_UNSUPPORTED",
    "a point at infinity",
    pem(
      "PUBLIC KEY",
      editDer(key.signer.spki, [1], () => bitString(Uint8Array.of(0))),
    ),
  ),
  withPem(
    "KEY_UNSUPPORTED",
    "an RSA key of 1024 bits",
    pem(
      "PUBLIC KEY",
      editDer(rsa.spki, [1, 0, 0], (n) => new Uint8Array([2, 0x81, 0x81, ...n.slice(4, 133)])),
    ),
  ),
];
