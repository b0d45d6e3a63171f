/** Certificates (RFC 5280): what of their many forms is read, and what is refused. */
import {
  basicConstraints,
  bitString,
  boolean,
  type CertificateFields,
  createSigstore,
  DEFAULT_TIME,
  derAt,
  editDer,
  element,
  extendedKeyUsage,
  extension,
  generalizedTime,
  integer,
  later,
  name,
  NULL,
  octetString,
  oid,
  OID,
  put,
  sequence,
  set,
  subjectAlternativeName,
  utcTime,
  utf8,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { parseCertificate } from "../../../packages/shared/src/x509/certificate.ts";
import { checkAuthority, namesIssuer } from "../../../packages/shared/src/x509/chain.ts";
import { KEY_PURPOSE } from "../../../packages/shared/src/x509/extensions.ts";
import { replaceExtension, withExtension, withoutExtension } from "../support/extensions.ts";
import { ours, PUBLISHER, root, sigstore, theirs, tryBundle } from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

type Fields = (fields: CertificateFields) => CertificateFields;

/** The code with which a bundle is refused whose certificate says something else. */
async function codeOfLeaf(leaf: Fields): Promise<string> {
  return codeOf(() => tryBundle({ change: { leaf } }));
}

async function acceptsLeaf(leaf: Fields): Promise<void> {
  expect((await tryBundle({ change: { leaf } })).certificate).not.toBeNull();
}

function valueOf(id: string, value: Uint8Array): Fields {
  return replaceExtension(id, (usual) => extension(id, new Uint8Array(value), usual.critical));
}

function add(...extensions: CertificateFields["extensions"]): Fields {
  return (fields) => ({ ...fields, extensions: [...fields.extensions, ...extensions] });
}

test("a certificate says what the authority wrote", async () => {
  const { certificate } = await sigstore.issue(PUBLISHER, { lifetime: 1234 });
  const parsed = parseCertificate(certificate, "certificate");
  expect(parsed.validity).toEqual({
    start: Date.parse(DEFAULT_TIME),
    end: later(DEFAULT_TIME, 1234).getTime(),
  });
  expect(parsed.issuer).toEqual(ours.ca.subject);
  expect(parsed.serial).toHaveLength(20);
  expect(parsed.signatureAlgorithm).toBe("1.2.840.10045.4.3.3");
  expect(parsed.tbs).toEqual(derAt(certificate, [0]));
  expect(parsed.publicKey.type).toEqual({ name: "EC", curve: "P-256" });
  expect(parsed.extensions.get(OID.keyUsage)?.critical).toBe(true);
});

describe("a certificate is accepted", () => {
  test.each<readonly [string, Fields]>([
    ["with an unknown extension that is not critical", withExtension("1.2.3.4", utf8("?"))],
    ["that says that it is no authority, the way DER has it", add(basicConstraints(false))],
    [
      "with further purposes beside signing code",
      replaceExtension(OID.extendedKeyUsage, () =>
        extendedKeyUsage([OID.timeStamping, OID.codeSigning]),
      ),
    ],
    [
      "whose purposes are critical",
      replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage([OID.codeSigning], true)),
    ],
    [
      "without key identifiers",
      (fields) =>
        withoutExtension(OID.subjectKeyIdentifier)(
          withoutExtension(OID.authorityKeyIdentifier)(fields),
        ),
    ],
    [
      "with the issuer's name and serial number beside its key identifier",
      valueOf(
        OID.authorityKeyIdentifier,
        sequence(
          element(0x80, ours.ca.keyId),
          element(0xa1, element(0xa4, ours.ca.subject)),
          element(0x82, Uint8Array.of(1)),
        ),
      ),
    ],
    ["with a subject", put("subject", name("example", "subject"))],
    ["with a serial number of one byte", put("serial", Uint8Array.of(1))],
    [
      "with a serial number of 20 bytes and a sign",
      put("serial", new Uint8Array([0, ...new Uint8Array(20).fill(0xff)])),
    ],
    ["of a moment", put("notAfter", later(DEFAULT_TIME, 1))],
  ])("%s", (_, leaf) => acceptsLeaf(leaf));
});

describe("a certificate is refused", () => {
  test.each<readonly [string, string, Fields]>([
    ["with a serial number of zero", "DER_INVALID", put("serial", Uint8Array.of(0))],
    ["with a negative serial number", "DER_INVALID", put("serial", Uint8Array.of(0x80))],
    ["with an empty serial number", "DER_INVALID", put("serial", new Uint8Array())],
    [
      "that spells out that it is no authority",
      "DER_INVALID",
      withExtension(OID.basicConstraints, sequence(boolean(false))),
    ],
    [
      "with bytes after its constraints",
      "DER_INVALID",
      withExtension(OID.basicConstraints, sequence(NULL)),
    ],
    [
      "with key usage of no bits",
      "DER_INVALID",
      valueOf(OID.keyUsage, bitString(new Uint8Array())),
    ],
    [
      "with key usage with zeros at its end",
      "DER_INVALID",
      valueOf(OID.keyUsage, bitString(Uint8Array.of(0x80, 0))),
    ],
    [
      "with key usage followed by a byte",
      "DER_INVALID",
      valueOf(OID.keyUsage, new Uint8Array([...bitString(Uint8Array.of(0x80), 7), 0])),
    ],
    [
      "with purposes in a list of lists",
      "DER_INVALID",
      valueOf(OID.extendedKeyUsage, sequence(sequence(oid(OID.codeSigning)))),
    ],
    [
      "with any purpose at all",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage(["2.5.29.37.0"])),
    ],
    [
      "with no purposes",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.extendedKeyUsage, () => extendedKeyUsage([])),
    ],
    [
      "with an empty subject alternative name",
      "DER_INVALID",
      replaceExtension(OID.subjectAlternativeName, () => subjectAlternativeName()),
    ],
    [
      "with a subject of no characters",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.subjectAlternativeName, () =>
        subjectAlternativeName({ kind: "uri", value: "" }),
      ),
    ],
    [
      "with a subject with a space",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.subjectAlternativeName, () =>
        subjectAlternativeName({ kind: "uri", value: "https://a b" }),
      ),
    ],
    [
      "with a subject with a zero byte",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.subjectAlternativeName, () =>
        subjectAlternativeName({
          kind: "email",
          value: "admin@example.org\u0000.attacker.example",
        }),
      ),
    ],
    [
      "with a subject of 4,096 characters",
      "CERTIFICATE_INVALID",
      replaceExtension(OID.subjectAlternativeName, () =>
        subjectAlternativeName({ kind: "uri", value: `https://${"a".repeat(4088)}` }),
      ),
    ],
    [
      "with a key identifier that is no octet string",
      "DER_INVALID",
      valueOf(OID.authorityKeyIdentifier, octetString(ours.ca.keyId)),
    ],
    ["with a name that is no list of sets", "DER_INVALID", put("subject", sequence(sequence()))],
    ["with a name with an empty set", "DER_INVALID", put("subject", sequence(set()))],
    [
      "with a name with half an attribute",
      "DER_INVALID",
      put("subject", sequence(set(sequence(oid("2.5.4.3"))))),
    ],
    [
      "with a claim followed by a byte",
      "DER_INVALID",
      valueOf(`${OID.fulcio}.15`, new Uint8Array([...element(0x0c, utf8("1001")), 0])),
    ],
    [
      "with a critical extension of the log's",
      "CERTIFICATE_INVALID",
      withExtension("1.3.6.1.4.1.11129.2.4.3", NULL, true),
    ],
  ])("%s", async (_, code, leaf) => {
    expect(await codeOfLeaf(leaf)).toBe(code);
  });

  test.each<readonly [string, string, Uint8Array]>([
    [
      "with a year before 2050 in four digits",
      "CERTIFICATE_INVALID",
      generalizedTime(later(DEFAULT_TIME, 600)),
    ],
    ["with parts of a second", "DER_INVALID", generalizedTime(new Date("2050-01-01T00:00:00.5Z"))],
    ["with a fraction of nothing", "DER_INVALID", element(0x17, utf8("260102031405.0001Z"))],
    ["with a time without seconds", "DER_INVALID", element(0x17, utf8("2601020314Z"))],
    ["with a time in a time zone", "DER_INVALID", element(0x17, utf8("260102031405+0000"))],
    ["with a day that does not exist", "DER_INVALID", element(0x17, utf8("260230031405Z"))],
    ["with text as its end", "DER_INVALID", element(0x0c, utf8("260102031405Z"))],
    [
      "with two ends",
      "DER_INVALID",
      new Uint8Array([...utcTime(later(DEFAULT_TIME, 600)), ...utcTime(later(DEFAULT_TIME, 600))]),
    ],
  ])("%s", async (_, code, end) => {
    const leafTbs = (tbs: Uint8Array): Uint8Array<ArrayBuffer> => editDer(tbs, [4, 1], () => end);
    expect(await codeOf(() => tryBundle({ change: { leafTbs } }))).toBe(code);
  });

  test.each<readonly [string, string, (tbs: Uint8Array) => Uint8Array<ArrayBuffer>]>([
    [
      "with unique identifiers",
      "CERTIFICATE_INVALID",
      (tbs) =>
        editDer(tbs, [6], (spki) => new Uint8Array([...spki, ...element(0x81, Uint8Array.of(0))])),
    ],
    [
      "without extensions",
      "CERTIFICATE_INVALID",
      (tbs) => editDer(tbs, [7], () => new Uint8Array()),
    ],
    [
      "with two lists of extensions",
      "DER_INVALID",
      (tbs) => editDer(tbs, [7], (list) => new Uint8Array([...list, ...list])),
    ],
    [
      "with an extension that spells out that it is not critical",
      "DER_INVALID",
      (tbs) => editDer(tbs, [7, 0, 1, 0], (id) => new Uint8Array([...id, ...boolean(false)])),
    ],
    [
      "with an extension without content",
      "DER_INVALID",
      (tbs) => editDer(tbs, [7, 0, 1, 1], () => new Uint8Array()),
    ],
    [
      "with a version in its older place",
      "CERTIFICATE_INVALID",
      (tbs) => editDer(tbs, [0], () => integer(2)),
    ],
  ])("%s", async (_, code, leafTbs) => {
    expect(await codeOf(() => tryBundle({ change: { leafTbs } }))).toBe(code);
  });
});

describe("a chain", () => {
  const forever = { start: 0, end: Infinity };
  const check = (chain: readonly Uint8Array<ArrayBuffer>[]): ReturnType<typeof checkAuthority> =>
    checkAuthority(chain, KEY_PURPOSE.codeSigning, forever, "authority");

  test("may end in a root or in an intermediate that is taken as it is", async () => {
    expect((await check(ours.ca.chain)).certificates).toHaveLength(2);
    expect((await check(ours.ca.chain.slice(0, 1))).certificates).toHaveLength(1);
    expect((await check(ours.ca.chain.slice(1))).certificates).toHaveLength(1);
  });

  test("is refused where a link is missing, foreign, or one too many", async () => {
    const [intermediate, own] = ours.ca.chain;
    const [, foreign] = theirs.ca.chain;
    if (intermediate === undefined || own === undefined || foreign === undefined) throw new Error();
    expect(await codeOf(() => check([]))).toBe("CERTIFICATE_INVALID");
    expect(await codeOf(() => check([intermediate, foreign]))).toBe("CERTIFICATE_CHAIN_INVALID");
    expect(await codeOf(() => check(Array.from({ length: 9 }, () => own)))).toBe("LIMIT_EXCEEDED");
  });

  test("may end after 2049, in the form that such times have", async () => {
    const notAfter = new Date("2055-01-01T00:00:00Z");
    const instance = await createSigstore({
      change: { root: { fields: put("notAfter", notAfter) } },
    });
    const { certificates } = await check(instance.authorities.ca.chain);
    expect(certificates[1]?.validity.end).toBe(notAfter.getTime());
    expect((await tryBundle({ instance: async () => instance })).times).toHaveLength(1);
  });

  test("is found by name, and by key identifiers where both have one", async () => {
    const parse = (der: Uint8Array<ArrayBuffer>): ReturnType<typeof parseCertificate> =>
      parseCertificate(der, "certificate");
    const [issuer] = root.authorities;
    if (issuer === undefined) throw new Error();
    const leafOf = async (leaf?: Fields): Promise<ReturnType<typeof parse>> =>
      parse((await sigstore.issue(PUBLISHER, { change: { leaf } })).certificate);
    const names = async (leaf?: Fields): Promise<boolean> =>
      namesIssuer(await leafOf(leaf), issuer.issuer, "certificate");
    expect(await names()).toBe(true);
    expect(await names(withoutExtension(OID.authorityKeyIdentifier))).toBe(true);
    expect(await names(put("issuer", name("another", "authority")))).toBe(false);
    const other = sequence(element(0x80, new Uint8Array(20)));
    expect(await names(valueOf(OID.authorityKeyIdentifier, other))).toBe(false);
  });

  test("remembers no key for an algorithm that it does not have", async () => {
    const [authority] = root.authorities;
    await tryBundle();
    const before = authority?.keys.size;
    for (const arc of [1, 2, 3]) {
      const algorithm = sequence(oid(`1.2.3.${arc}`));
      const leaf: Fields = (fields) => ({
        ...fields,
        innerAlgorithm: algorithm,
        outerAlgorithm: algorithm,
      });
      expect(await codeOfLeaf(leaf)).toBe("KEY_UNSUPPORTED");
    }
    expect(authority?.keys.size).toBe(before);
  });
});
