/** Public keys (SubjectPublicKeyInfo): the same in every engine, because the reader decides first. */
import {
  type Bytes,
  bitString,
  concat,
  contentOf,
  derAt,
  editDer,
  generateSigner,
  integer,
  type KeyKind,
  nonMinimalLength,
  NULL,
  oid,
  paddedInteger,
  pem,
  sequence,
  trailing,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { parsePem } from "../../../packages/shared/src/x509/pem.ts";
import { defaultScheme, parsePublicKey } from "../../../packages/shared/src/x509/public-key.ts";
import { checkSignature, loadVerifier } from "../../../packages/shared/src/x509/signature.ts";
import { codeOf } from "../support/refusal.ts";

const [p256, ed25519, rsa] = await Promise.all([
  generateSigner("P-256"),
  generateSigner("Ed25519"),
  generateSigner("RSA-2048"),
]);

const KINDS: readonly (readonly [KeyKind, object])[] = [
  ["P-256", { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }],
  ["P-384", { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }],
  ["P-521", { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }],
  ["Ed25519", { name: "Ed25519" }],
  ["RSA-2048", { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }],
];

test.each(KINDS)(
  "a key of kind %s is read, and signs by the scheme of its kind",
  async (kind, scheme) => {
    const signer = await generateSigner(kind);
    const key = parsePublicKey(signer.spki, "key");
    expect(defaultScheme(key.type)).toEqual(scheme);
    const verifier = await loadVerifier(key, defaultScheme(key.type), "key");
    const message = Uint8Array.of(1, 2, 3);
    const signature = await signer.sign(message);
    const check = (bytes: Bytes, signed: Bytes): Promise<void> =>
      checkSignature(verifier, bytes, signed, "SIGNATURE_INVALID", "signature");
    await check(signature, message);
    expect(await codeOf(() => check(signature, Uint8Array.of(1, 2)))).toBe("SIGNATURE_INVALID");
    for (const length of [0, 1, signature.length - 1, signature.length + 1, 1000]) {
      const other = new Uint8Array(length).fill(1);
      expect(await codeOf(() => check(other, message))).toBe("SIGNATURE_INVALID");
    }
  },
);

/** What engines are known to let pass, or to differ about. */
const LAX: readonly (readonly [what: string, code: string, spki: Uint8Array])[] = [
  ["a byte after the key", "DER_INVALID", trailing(p256.spki)],
  ["a byte after the point", "DER_INVALID", editDer(p256.spki, [1], trailing)],
  ["a long length", "DER_INVALID", nonMinimalLength(p256.spki)],
  ["a long length inside", "DER_INVALID", editDer(p256.spki, [0], nonMinimalLength)],
  [
    "a compressed point",
    "KEY_UNSUPPORTED",
    withPoint((point) => concat(Uint8Array.of(2 + ((point[64] ?? 0) & 1)), point.slice(1, 33))),
  ],
  [
    "a hybrid point",
    "KEY_UNSUPPORTED",
    withPoint((point) => point.with(0, 6 + ((point[64] ?? 0) & 1))),
  ],
  ["a point at infinity", "KEY_UNSUPPORTED", withPoint(() => Uint8Array.of(0))],
  ["an empty point", "KEY_UNSUPPORTED", withPoint(() => new Uint8Array())],
  [
    "a point of another curve's width",
    "KEY_UNSUPPORTED",
    withPoint((point) => concat(point, point.slice(1, 33))),
  ],
  ["a curve without a name", "DER_INVALID", editDer(p256.spki, [0, 1], () => NULL)],
  [
    "a curve that is spelt out",
    "DER_INVALID",
    editDer(p256.spki, [0, 1], () => sequence(integer(1))),
  ],
  ["a curve and more", "DER_INVALID", editDer(p256.spki, [0, 1], (name) => concat(name, NULL))],
  ["the curve secp256k1", "KEY_UNSUPPORTED", editDer(p256.spki, [0, 1], () => oid("1.3.132.0.10"))],
  ["unused bits", "DER_INVALID", editDer(p256.spki, [1], (bits) => bits.with(2, 1))],
  [
    "an algorithm of key agreement",
    "KEY_UNSUPPORTED",
    editDer(ed25519.spki, [0, 0], () => oid("1.3.101.110")),
  ],
  [
    "parameters of Ed25519",
    "DER_INVALID",
    editDer(ed25519.spki, [0, 0], (name) => concat(name, NULL)),
  ],
  [
    "an Ed25519 key of 31 bytes",
    "KEY_UNSUPPORTED",
    editDer(ed25519.spki, [1], (bits) => bitString(contentOf(bits).slice(2))),
  ],
  [
    "an RSA key without parameters",
    "DER_INVALID",
    editDer(rsa.spki, [0, 1], () => new Uint8Array()),
  ],
  [
    "an RSA key for PSS alone",
    "KEY_UNSUPPORTED",
    editDer(rsa.spki, [0, 0], () => oid("1.2.840.113549.1.1.10")),
  ],
  ["an RSA key with a padded modulus", "DER_INVALID", editDer(rsa.spki, [1, 0, 0], paddedInteger)],
  [
    "an RSA key with a negative modulus",
    "DER_INVALID",
    editDer(rsa.spki, [1, 0, 0], (n) => integer(n.slice(5))),
  ],
  [
    "an RSA key of 1024 bits",
    "KEY_UNSUPPORTED",
    editDer(rsa.spki, [1, 0, 0], (n) => integer(n.slice(4, 4 + 129))),
  ],
  [
    "an RSA key of 2040 bits",
    "KEY_UNSUPPORTED",
    editDer(rsa.spki, [1, 0, 0], () => integer(new Uint8Array(255).fill(0x7f))),
  ],
  [
    "an RSA key of 8200 bits",
    "KEY_UNSUPPORTED",
    editDer(rsa.spki, [1, 0, 0], () => integer(new Uint8Array(1025).fill(0x7f))),
  ],
  ["an RSA exponent of 1", "KEY_UNSUPPORTED", editDer(rsa.spki, [1, 0, 1], () => integer(1))],
  ["an even RSA exponent", "KEY_UNSUPPORTED", editDer(rsa.spki, [1, 0, 1], () => integer(65536))],
  [
    "an RSA exponent of 33 bits",
    "KEY_UNSUPPORTED",
    editDer(rsa.spki, [1, 0, 1], () => integer(2n ** 32n + 1n)),
  ],
  [
    "an RSA key with a third number",
    "DER_INVALID",
    editDer(rsa.spki, [1, 0, 1], (e) => concat(e, e)),
  ],
];

function withPoint(change: (point: Bytes) => Uint8Array): Bytes {
  return editDer(p256.spki, [1], (bits) => bitString(change(contentOf(bits).slice(1))));
}

test.each(LAX)(
  "a key with %s is refused with %s, before an engine sees it",
  async (_, code, spki) => {
    expect(await codeOf(() => parsePublicKey(new Uint8Array(spki), "key"))).toBe(code);
  },
);

test.each([
  ["that is not on the curve", withPoint((point) => point.with(64, (point[64] ?? 0) ^ 1))],
  ["of zeros", withPoint((point) => concat(Uint8Array.of(4), new Uint8Array(point.length - 1)))],
])("a key with a point %s is refused by the engine", async (_, spki) => {
  const key = parsePublicKey(spki, "key");
  const load = (): Promise<unknown> => loadVerifier(key, defaultScheme(key.type), "key");
  expect(await codeOf(load)).toBe("KEY_UNSUPPORTED");
});

test("an RSA exponent of 3 is read", () => {
  const spki = editDer(rsa.spki, [1, 0, 1], () => integer(3));
  expect(parsePublicKey(spki, "key").type).toEqual({ name: "RSA" });
});

test("a signature that is malformed is one that does not hold, with its own code", async () => {
  const key = parsePublicKey(p256.spki, "key");
  const verifier = await loadVerifier(key, defaultScheme(key.type), "key");
  const signature = await p256.sign(Uint8Array.of(1));
  const swapped = editDer(signature, [0], () => derAt(signature, [1]));
  for (const code of ["SIGNATURE_INVALID", "SCT_INVALID", "TIMESTAMP_INVALID"] as const) {
    for (const bytes of [swapped, trailing(signature), new Uint8Array(), Uint8Array.of(0x30, 0)]) {
      const check = checkSignature(verifier, new Uint8Array(bytes), Uint8Array.of(1), code, "x");
      await expect(check).rejects.toMatchObject({ code });
    }
  }
});

describe("PEM", () => {
  const text = pem("PUBLIC KEY", p256.spki);

  test.each([
    ["as usual", text],
    ["without a last line feed", text.slice(0, -1)],
    ["with carriage returns", text.replaceAll("\n", "\r\n")],
    ["in one line", text.replaceAll(/\n(?!-)/g, "").replace("-----BEGIN PUBLIC KEY-----", "$&\n")],
  ])("is read %s", (_, each) => {
    expect(parsePem(each, "text")).toEqual({ label: "PUBLIC KEY", bytes: p256.spki });
  });

  test.each([
    ["nothing", ""],
    ["a line feed before it", `\n${text}`],
    ["a second line feed after it", `${text}\n`],
    ["text before it", `subject=x\n${text}`],
    ["text after it", `${text}x`],
    ["a second block", `${text}${text}`],
    ["another label at its end", text.replace("END PUBLIC KEY", "END CERTIFICATE")],
    ["an empty line", text.replace("\n", "\n\n")],
    ["a header", text.replace("\n", "\nProc-Type: 4\n")],
    ["a space at a line's end", text.replace("\n", " \n")],
    ["no content", "-----BEGIN X-----\n-----END X-----\n"],
    ["a label in small letters", text.replaceAll("PUBLIC KEY", "public key")],
  ])("is refused with %s", async (_, each) => {
    expect(await codeOf(() => parsePem(each, "text"))).toBe("PEM_INVALID");
  });

  test("holds base64 in its one form", async () => {
    const short = "-----BEGIN X-----\nAA=A\n-----END X-----\n";
    expect(await codeOf(() => parsePem(short, "text"))).toBe("BASE64_INVALID");
  });
});
