/** A certificate for 127.0.0.1 and `index.test`, and the authority that issued it. */
import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import {
  algorithms,
  basicConstraints,
  type Bytes,
  element,
  extension,
  keyUsage,
  mintCertificate,
  name,
  OID,
  sequence,
  type Signer,
} from "@pubpin/test-kit";

/** What an HTTPS server needs, and what its clients have to trust. */
export interface LoopbackTls {
  readonly key: string;
  readonly cert: string;
  /** The authority's certificate, in PEM. */
  readonly authority: string;
}

interface Pair {
  readonly signer: Signer;
  readonly pem: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY = name("test", "authority");

/** Mints both, valid from yesterday until tomorrow. */
export async function mintLoopbackTls(): Promise<LoopbackTls> {
  const authority = generate();
  const server = generate();
  const root = await mint(authority, authority, AUTHORITY, 1, [
    basicConstraints(true),
    keyUsage("keyCertSign"),
  ]);
  const names = sequence(
    element(0x87, Uint8Array.of(127, 0, 0, 1)),
    element(0x82, Buffer.from("index.test")),
  );
  const leaf = await mint(server, authority, name("test", "server"), 2, [
    keyUsage("digitalSignature"),
    extension(OID.subjectAlternativeName, names),
  ]);
  return { key: server.pem, cert: pem(leaf), authority: pem(root) };
}

function generate(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer: Signer = {
    kind: "P-256",
    hash: "SHA-256",
    spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    keyDetails: "PKIX_ECDSA_P256_SHA_256",
    sign: async (message) => new Uint8Array(signBytes("sha256", message, privateKey)),
  };
  return { signer, pem: privateKey.export({ type: "pkcs8", format: "pem" }) as string };
}

async function mint(
  subject: Pair,
  issuer: Pair,
  subjectName: Bytes,
  serial: number,
  extensions: Parameters<typeof mintCertificate>[0]["extensions"],
): Promise<Bytes> {
  const fields = {
    version: 2,
    serial: Uint8Array.of(serial),
    ...algorithms(issuer.signer),
    issuer: AUTHORITY,
    subject: subjectName,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    spki: subject.signer.spki,
    extensions,
  };
  return mintCertificate(fields, issuer.signer);
}

function pem(der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`;
}
