import { expect, test } from "vitest";
import {
  bitString,
  boolean,
  canonicalJson,
  certificateTime,
  contentOf,
  derAt,
  ecdsaSignature,
  ecdsaToFixedWidth,
  editDer,
  fromBase64,
  fromHex,
  generalizedTime,
  generateSigner,
  hex,
  indefiniteLength,
  integer,
  malleate,
  membersOf,
  nonMinimalLength,
  octetString,
  oid,
  orderOf,
  paddedInteger,
  pem,
  sequence,
  setOf,
  signatureAlgorithm,
  trailing,
  unsignedInteger,
  utf8,
  withTag,
} from "@pubpin/test-kit";
import { isSignedBy } from "./checks.ts";

test.each([
  ["INTEGER 0", integer(0), "020100"],
  ["INTEGER 127", integer(127), "02017f"],
  ["INTEGER 128", integer(128), "02020080"],
  ["INTEGER -1", integer(-1), "0201ff"],
  ["INTEGER -128", integer(-128), "020180"],
  ["INTEGER 2^64", integer(1n << 64n), "0209010000000000000000"],
  ["an unsigned INTEGER", unsignedInteger(fromHex("0000ff")), "020200ff"],
  ["an OID", oid("1.3.6.1.4.1.57264.1.8"), "060a2b0601040183bf300108"],
  ["an OID of arc 2", oid("2.5.29.17"), "0603551d11"],
  ["BOOLEAN", boolean(true), "0101ff"],
  ["BIT STRING", bitString(Uint8Array.of(0x80), 7), "03020780"],
  ["a sorted SET OF", setOf(integer(2), integer(1)), "3106020101020102"],
  [
    "UTCTime",
    certificateTime(new Date("2049-12-31T23:59:59Z")),
    `170d${hex(utf8("491231235959Z"))}`,
  ],
  [
    "GeneralizedTime",
    certificateTime(new Date("2050-01-01T00:00:00Z")),
    `180f${hex(utf8("20500101000000Z"))}`,
  ],
  [
    "a fraction of a second",
    generalizedTime(new Date("2026-01-02T03:04:05.120Z")),
    `1812${hex(utf8("20260102030405.12Z"))}`,
  ],
])("%s is written as X.690 says", (_, bytes, expected) => {
  expect(hex(bytes)).toBe(expected);
});

test.each([127, 128, 255, 256, 65_535, 65_536])(
  "%i octets of content have a length in the shortest form",
  (length) => {
    const der = octetString(new Uint8Array(length));
    expect(contentOf(der).length).toBe(length);
    const header = der.length - length;
    expect(header).toBe(length < 128 ? 2 : length < 256 ? 3 : length < 65_536 ? 4 : 5);
  },
);

test("DER is edited at any depth, through strings too, and grows and shrinks around the edit", () => {
  const der = sequence(integer(1), octetString(sequence(integer(2), bitString(integer(3)))));
  const edited = editDer(der, [1, 0, 1, 0], () => integer(1n << 1600n));
  expect(hex(derAt(edited, [1, 0, 0]))).toBe("020102");
  expect(contentOf(derAt(edited, [1, 0, 1, 0])).length).toBe(201);
  expect(hex(editDer(edited, [1, 0, 1, 0], () => integer(3)))).toBe(hex(der));
  expect(membersOf(editDer(der, [0], () => new Uint8Array())).length).toBe(1);
});

test.each([
  ["a length in more octets than needed", nonMinimalLength(integer(1)), "02810101"],
  [
    "a long length in more octets than needed",
    nonMinimalLength(octetString(new Uint8Array(128))).slice(0, 4),
    "04820080",
  ],
  ["an indefinite length", indefiniteLength(sequence(integer(1))), "30800201010000"],
  ["a padded INTEGER", paddedInteger(integer(1)), "02020001"],
  ["trailing bytes", trailing(integer(1)), "02010100"],
  ["another tag", withTag(sequence(), 0xa0), "a000"],
])("%s can be had on purpose", (_, bytes, expected) => {
  expect(hex(bytes)).toBe(expected);
});

test.each(["P-256", "P-384", "P-521"] as const)(
  "both forms of a %s signature verify",
  async (curve) => {
    const signer = await generateSigner(curve);
    const message = utf8("message");
    const signature = await signer.sign(message);
    const other = malleate(signature, curve);
    expect(hex(other)).not.toBe(hex(signature));
    expect(hex(malleate(other, curve))).toBe(hex(signature));
    expect(await isSignedBy(signer, message, signature, signer.hash)).toBe(true);
    expect(await isSignedBy(signer, message, other, signer.hash)).toBe(true);
    expect(await isSignedBy(signer, utf8("other"), signature, signer.hash)).toBe(false);
    expect(ecdsaToFixedWidth(signature, curve).length).toBe(
      { "P-256": 64, "P-384": 96, "P-521": 132 }[curve],
    );
  },
);

test("ECDSA signatures of any two numbers can be written", () => {
  expect(hex(ecdsaSignature(0n, 1n))).toBe("3006020100020101");
  expect(contentOf(derAt(ecdsaSignature(1n, orderOf("P-256")), [1])).length).toBe(33);
});

test("every kind of key signs under the algorithm it names", async () => {
  const message = utf8("message");
  for (const kind of ["P-256", "Ed25519", "RSA-2048"] as const) {
    const signer = await generateSigner(kind);
    expect(await isSignedBy(signer, message, await signer.sign(message))).toBe(true);
    const wider = await signer.sign(message, "SHA-512");
    expect(await isSignedBy(signer, message, wider, "SHA-512")).toBe(true);
  }
  expect(hex(signatureAlgorithm("P-384", "SHA-384"))).toBe("300a06082a8648ce3d040303");
  expect(hex(signatureAlgorithm("RSA-2048", "SHA-256"))).toBe("300d06092a864886f70d01010b0500");
  expect(hex(signatureAlgorithm("Ed25519", "SHA-512"))).toBe("300506032b6570");
});

test("canonical JSON sorts members and keeps arrays", () => {
  expect(canonicalJson({ b: [2, 1], a: { d: null, c: "é\n" } })).toBe(
    '{"a":{"c":"é\\n","d":null},"b":[2,1]}',
  );
});

test("PEM has lines of 64 characters", () => {
  const lines = pem("CERTIFICATE", new Uint8Array(100)).split("\n");
  expect(lines[1]?.length).toBe(64);
  expect(fromBase64(lines.slice(1, -2).join("")).length).toBe(100);
});
