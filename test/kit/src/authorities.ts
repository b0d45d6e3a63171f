/** The parties that a trust root names: their keys, names and certificates. */
import {
  type CertificateChanges,
  type CertificateFields,
  OID,
  algorithms,
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  mintCertificate,
  subjectKeyIdentifier,
} from "./certificate.ts";
import { type Bytes, concat, sha256, utf8 } from "./bytes.ts";
import { type CtLog, ctLog } from "./ct.ts";
import { name } from "./der.ts";
import { contentOf, derAt } from "./der-edit.ts";
import { type KeyKind, type Signer, generateSigner } from "./keys.ts";

/** Issues leaf certificates. */
export interface CertificateAuthority {
  readonly signer: Signer;
  /** The Name that its certificates have as issuer. */
  readonly subject: Bytes;
  /** Its subject key identifier. */
  readonly keyId: Bytes;
  /** The certificate that issues leaves first, the root last. */
  readonly chain: readonly Bytes[];
}

/** A transparency log. */
export interface TransparencyLog {
  readonly signer: Signer;
  /** Host name: the signer's name in checkpoints, and the start of version 1's origin. */
  readonly host: string;
  /** Identifies the tree in the origin of version 1's checkpoints. */
  readonly treeId: string;
  readonly logId: Bytes;
}

/** Signs time stamps. */
export interface TimestampAuthority {
  readonly signer: Signer;
  /** Name of whoever issued the signing certificate. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  /** The signing certificate first, the root last. */
  readonly chain: readonly Bytes[];
}

/** Every party that takes part in signing. Any one can be replaced by another instance's. */
export interface Authorities {
  readonly ca: CertificateAuthority;
  readonly ctLog: CtLog;
  readonly rekor1: TransparencyLog;
  readonly rekor2: TransparencyLog;
  readonly tsa: TimestampAuthority;
}

/** Kinds of key, by party. */
export interface AuthorityKeys {
  readonly root: KeyKind;
  readonly intermediate: KeyKind;
  readonly ctLog: KeyKind;
  readonly rekor1: KeyKind;
  readonly rekor2: KeyKind;
  readonly tsaRoot: KeyKind;
  readonly tsa: KeyKind;
}

/** What can be changed when the parties' certificates are made. */
export interface AuthorityChanges {
  readonly root?: CertificateChanges | undefined;
  readonly intermediate?: CertificateChanges | undefined;
  readonly tsaRoot?: CertificateChanges | undefined;
  readonly tsa?: CertificateChanges | undefined;
}

/** Which parties are made. */
export interface AuthorityPlan {
  readonly domain: string;
  readonly keys: AuthorityKeys;
  /** Whether leaves are issued by an intermediate CA, or by the root. */
  readonly intermediate: boolean;
  readonly changes: AuthorityChanges;
}

/** The kinds of key that the public instance has. */
export const USUAL_KEYS: AuthorityKeys = {
  root: "P-384",
  intermediate: "P-384",
  ctLog: "P-256",
  rekor1: "P-256",
  rekor2: "Ed25519",
  tsaRoot: "P-384",
  tsa: "P-384",
};

/** The same party, but signing with another key than the one it is known by. */
export function withKey<T extends { readonly signer: Signer }>(party: T, signer: Signer): T {
  return { ...party, signer };
}

const FROM = new Date("2020-01-01T00:00:00Z");
const UNTIL = new Date("2040-01-01T00:00:00Z");

/** A serial number that depends on a label alone: 20 octets, positive. */
export async function serialOf(label: string): Promise<Bytes> {
  const serial = (await sha256(utf8(label))).slice(0, 20);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

interface Issuer {
  readonly signer: Signer;
  readonly subject: Bytes;
  readonly keyId: Bytes;
}

interface Draft {
  readonly subject: Bytes;
  readonly spki: Bytes;
  readonly label: string;
  readonly extensions: CertificateFields["extensions"];
}

async function draftFields(draft: Draft, issuer: Issuer): Promise<CertificateFields> {
  return {
    version: 2,
    serial: await serialOf(draft.label),
    ...algorithms(issuer.signer),
    issuer: issuer.subject,
    subject: draft.subject,
    notBefore: FROM,
    notAfter: UNTIL,
    spki: draft.spki,
    extensions: draft.extensions,
  };
}

async function mintRoot(
  signer: Signer,
  subject: Bytes,
  label: string,
  changes?: CertificateChanges,
): Promise<{ issuer: Issuer; certificate: Bytes }> {
  const keyId = await keyIdentifier(signer.spki);
  const issuer = { signer, subject, keyId };
  const extensions = [
    keyUsage("keyCertSign", "cRLSign"),
    basicConstraints(true),
    subjectKeyIdentifier(keyId),
    authorityKeyIdentifier(keyId),
  ];
  const fields = await draftFields({ subject, spki: signer.spki, label, extensions }, issuer);
  return { issuer, certificate: await mintCertificate(fields, signer, changes) };
}

async function createCa(plan: AuthorityPlan): Promise<CertificateAuthority> {
  const { domain, keys, changes } = plan;
  const rootKey = await generateSigner(keys.root);
  const root = await mintRoot(rootKey, name(domain, "sigstore"), `${domain} root`, changes.root);
  if (!plan.intermediate) return { ...root.issuer, chain: [root.certificate] };
  const signer = await generateSigner(keys.intermediate);
  const keyId = await keyIdentifier(signer.spki);
  const subject = name(domain, "sigstore-intermediate");
  const extensions = [
    keyUsage("keyCertSign", "cRLSign"),
    extendedKeyUsage([OID.codeSigning]),
    basicConstraints(true, 0),
    subjectKeyIdentifier(keyId),
    authorityKeyIdentifier(root.issuer.keyId),
  ];
  const draft = { subject, spki: signer.spki, label: `${domain} intermediate`, extensions };
  const fields = await draftFields(draft, root.issuer);
  const certificate = await mintCertificate(fields, rootKey, changes.intermediate);
  return { signer, subject, keyId, chain: [certificate, root.certificate] };
}

async function createTsa({ domain, keys, changes }: AuthorityPlan): Promise<TimestampAuthority> {
  const [rootKey, signer] = await Promise.all([
    generateSigner(keys.tsaRoot),
    generateSigner(keys.tsa),
  ]);
  const rootName = name(domain, "sigstore-tsa-selfsigned");
  const root = await mintRoot(rootKey, rootName, `${domain} TSA root`, changes.tsaRoot);
  const subject = name(domain, "sigstore-tsa");
  const extensions = [
    keyUsage("digitalSignature"),
    subjectKeyIdentifier(await keyIdentifier(signer.spki)),
    authorityKeyIdentifier(root.issuer.keyId),
    extendedKeyUsage([OID.timeStamping], true),
  ];
  const draft = { subject, spki: signer.spki, label: `${domain} TSA`, extensions };
  const fields = await draftFields(draft, root.issuer);
  const certificate = await mintCertificate(fields, rootKey, changes.tsa);
  return { signer, issuer: rootName, subject, chain: [certificate, root.certificate] };
}

/** Key id of a signed note (C2SP signed-note): SHA-256 over name, key type and key; its first 4 bytes are the hint. */
export async function noteKeyId(host: string, signer: Signer, type: number = 1): Promise<Bytes> {
  if (signer.kind !== "Ed25519") return await sha256(signer.spki);
  const bits = contentOf(derAt(signer.spki, [1])).slice(1);
  return await sha256(concat(utf8(`${host}\n`), Uint8Array.of(type), bits));
}

/** New parties with new keys, all under one domain. */
export async function createAuthorities(plan: AuthorityPlan): Promise<Authorities> {
  const { domain, keys } = plan;
  const [ca, tsa, ctKey, rekor1Key, rekor2Key] = await Promise.all([
    createCa(plan),
    createTsa(plan),
    generateSigner(keys.ctLog),
    generateSigner(keys.rekor1),
    generateSigner(keys.rekor2),
  ]);
  const host1 = `rekor.${domain}`;
  const host2 = `log2026-1.rekor.${domain}`;
  return {
    ca,
    tsa,
    ctLog: await ctLog(ctKey, `https://ctfe.${domain}/2022`),
    rekor1: {
      signer: rekor1Key,
      host: host1,
      treeId: "1193050959916656506",
      logId: await sha256(rekor1Key.spki),
    },
    rekor2: {
      signer: rekor2Key,
      host: host2,
      treeId: "",
      logId: await noteKeyId(host2, rekor2Key),
    },
  };
}
