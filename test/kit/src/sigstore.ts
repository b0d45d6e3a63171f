/** A whole Sigstore of one's own: certificate authority, logs and time stamp authority under one trust root. */
import {
  type Authorities,
  type AuthorityChanges,
  type AuthorityKeys,
  USUAL_KEYS,
  createAuthorities,
} from "./authorities.ts";
import { type Bytes, base64, pem, sha256 } from "./bytes.ts";
import { type Change, changed, watched } from "./change.ts";
import { type JsonObject, jsonBytes } from "./json.ts";
import { type KeyKind, generateSigner } from "./keys.ts";
import { type Leaf, type LeafOptions, issueLeaf } from "./leaf.ts";
import {
  type AttestOptions,
  type Attested,
  type DistributionFile,
  type ProvenanceOptions,
  attest,
  provenance,
} from "./pep740.ts";
import type { Identity, Publisher } from "./publishers.ts";
import { type ManagedKey, type SignOptions, type SignedBundle, signBundle } from "./sign.ts";
import { trustedRootOf } from "./trusted-root.ts";

/** How a virtual Sigstore is made. */
export interface SigstoreOptions {
  /** Domain of all hosts, and organisation in all names. */
  readonly domain?: string | undefined;
  /** Kinds of key that differ from the public instance's. */
  readonly keys?: Partial<AuthorityKeys> | undefined;
  /** Whether there is a CA between root and leaf; by default there is. */
  readonly intermediate?: boolean | undefined;
  readonly change?: AuthorityChanges | undefined;
}

/** A Sigstore of one's own. Two instances never share a key. */
export interface VirtualSigstore {
  readonly domain: string;
  readonly authorities: Authorities;
  /** The trust root as an object; each call makes a new one. */
  trustedRoot(): JsonObject;
  /** trusted_root.json. `change` alters the object before it is serialised. */
  trustedRootJson(change?: Change<JsonObject>): Promise<Bytes>;
  /** A leaf certificate, for any number of signatures. */
  issue(who: Publisher | Identity, options?: LeafOptions): Promise<Leaf>;
  /** A key without a certificate. */
  managedKey(kind?: KeyKind): Promise<ManagedKey>;
  /** A bundle. */
  sign(options: SignOptions): Promise<SignedBundle>;
  /** A PEP 740 attestation of a file. `who` is a publisher, an identity, or a leaf at hand. */
  attest(
    file: DistributionFile,
    who: Publisher | Identity | Leaf,
    options?: AttestOptions,
  ): Promise<Attested>;
  /** A PEP 740 provenance document for a file: one bundle of attestations for each publisher. */
  provenance(
    file: DistributionFile,
    options: ProvenanceOptions,
  ): Promise<{ document: JsonObject; bytes: Bytes }>;
}

/** A new Sigstore with new keys. */
export async function createSigstore(options: SigstoreOptions = {}): Promise<VirtualSigstore> {
  const { domain = "sigstore.example", intermediate = true, change: changes = {} } = options;
  const keys = { ...USUAL_KEYS, ...options.keys };
  const authorities = await createAuthorities({ domain, keys, intermediate, changes });
  const trustedRoot = (): JsonObject => trustedRootOf(authorities, domain);
  const counter = { next: 3 };
  const sign = (request: SignOptions): Promise<SignedBundle> =>
    signBundle(authorities, counter, request);
  return {
    domain,
    authorities,
    trustedRoot,
    trustedRootJson: async (change) => jsonBytes(await changed(change, trustedRoot())),
    issue: (who, leafOptions) => issueWatched(authorities, who, leafOptions),
    managedKey: (kind = "P-256") => createManagedKey(kind),
    sign,
    attest: (file, who, attestOptions) => attest(sign, file, who, attestOptions),
    provenance: (file, provenanceOptions) => provenance(sign, file, provenanceOptions),
  };
}

async function issueWatched(
  authorities: Authorities,
  who: Publisher | Identity,
  options: LeafOptions = {},
): Promise<Leaf> {
  const { changes, assertApplied } = watched(options.change ?? {});
  const leaf = await issueLeaf(authorities, who, { ...options, change: changes });
  assertApplied();
  return leaf;
}

async function createManagedKey(kind: KeyKind): Promise<ManagedKey> {
  const signer = await generateSigner(kind);
  return { signer, hint: base64(await sha256(signer.spki)), pem: pem("PUBLIC KEY", signer.spki) };
}
