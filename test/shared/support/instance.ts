/** One virtual Sigstore for all tests of a file, and the verifier under its trust root. */
import {
  type Artifact,
  type DistributionFile,
  type Identity,
  inspectProvenance,
  parseTrustedRoot,
  type TrustedRoot,
  type VerifiedBundle,
  type VerifiedProvenance,
  verifyBundle,
} from "@pubpin/shared";
import {
  type AttestOptions,
  type Bytes,
  createSigstore,
  hex,
  type Identity as Certified,
  type JsonObject,
  type Leaf,
  type Publisher,
  sha256,
  type SignOptions,
  statementOf,
  utf8,
  type VirtualSigstore,
} from "@pubpin/test-kit";

/** The Sigstore whose trust root is used. */
export const sigstore = await createSigstore();
/** Another one, of which that trust root knows nothing. */
export const stranger = await createSigstore({ domain: "stranger.example" });
/** The parties of both. */
export const ours = sigstore.authorities;
export const theirs = stranger.authorities;
/** The trust root of the first. */
export const root = await parseTrustedRoot(await sigstore.trustedRootJson());

/** What is signed where a test does not care, and by whom. */
export const MESSAGE = utf8("an artifact\n");
export const MESSAGE_SHA256 = hex(await sha256(MESSAGE));
export const STATEMENT = statementOf([{ name: "artifact.txt", sha256: MESSAGE_SHA256 }]);
export const FILE: DistributionFile = {
  filename: "example-1.0-py3-none-any.whl",
  sha256: MESSAGE_SHA256,
};
export const PUBLISHER: Publisher = { kind: "GitHub", repository: "octo/example" };
export const GITHUB = "https://token.actions.githubusercontent.com";
export const IDENTITY: Identity & { kind: "certificate" } = {
  kind: "certificate",
  subject: "https://github.com/octo/example/.github/workflows/release.yml@refs/tags/v1.0",
  issuer: GITHUB,
};

/** The statement that an attestation of FILE has. */
export const FILE_STATEMENT = statementOf([{ name: FILE.filename, sha256: FILE.sha256 }]);

/** A change of the trust root before it is parsed. */
type RootChange = (usual: JsonObject) => JsonObject;

interface Under {
  /** The instance that mints, and whose trust root is used; by default the file's own. */
  readonly instance?: () => Promise<VirtualSigstore>;
  readonly trust?: RootChange;
}

/** A bundle to be minted and verified. By default GitHub signs a statement about MESSAGE. */
export interface BundleAttempt extends SignOptions, Under {
  readonly artifact?: Artifact;
  /** By default the one of PUBLISHER, or of the managed key that signs. */
  readonly expected?: Identity;
}

/** A provenance document to be minted and verified, with one attestation of FILE. */
export interface ProvenanceAttempt extends AttestOptions, Under {
  /** What is asked about. */
  readonly file?: DistributionFile;
  /** What the statement is about. */
  readonly attested?: DistributionFile;
  readonly publisher?: Publisher;
  /** Who signs; by default the publisher. */
  readonly signer?: Publisher | Certified | Leaf;
  readonly document?: (usual: JsonObject) => JsonObject;
  readonly bytes?: (usual: Bytes) => Bytes;
}

/** The trust root of an instance, changed. */
async function rootOf(
  instance: VirtualSigstore = sigstore,
  change?: RootChange,
): Promise<TrustedRoot> {
  if (instance === sigstore && change === undefined) return root;
  return parseTrustedRoot(await instance.trustedRootJson(change));
}

/** Mints a bundle, and verifies it. */
export async function tryBundle(attempt: BundleAttempt = {}): Promise<VerifiedBundle> {
  const { instance, trust, artifact = { bytes: MESSAGE }, expected, ...sign } = attempt;
  const under = await (instance?.() ?? sigstore);
  const hasContent = "message" in sign || "payload" in sign || "statement" in sign;
  const { bytes } = await under.sign({ ...(hasContent ? {} : { statement: STATEMENT }), ...sign });
  const key: Identity | null =
    sign.key === undefined ? null : { kind: "key", publicKeyPem: sign.key.pem };
  return verifyBundle(bytes, artifact, expected ?? key ?? IDENTITY, await rootOf(under, trust));
}

/** Mints a provenance document, and verifies it. */
export async function tryProvenance(attempt: ProvenanceAttempt = {}): Promise<VerifiedProvenance> {
  const { instance, trust, file = FILE, attested = FILE, publisher = PUBLISHER } = attempt;
  const { signer, document, bytes: changeBytes, ...rest } = attempt;
  const under = await (instance?.() ?? sigstore);
  const { instance: _i, trust: _t, file: _f, attested: _a, publisher: _p, ...options } = rest;
  const { bytes } = await under.provenance(attested, {
    bundles: [{ publisher, signer, attestations: [options] }],
    change: { document, bytes: changeBytes },
  });
  return inspectProvenance(bytes, file, await rootOf(under, trust));
}
