/** Valid objects to mutate: what they are, what they prove, and how they are verified. */
import {
  embeddedTrustedRoot,
  type Identity,
  inspectProvenance,
  parseTrustedRoot,
  type TrustedRoot,
  verifyBundle,
} from "@pubpin/shared";
import {
  createSigstore,
  createWitness,
  fromUtf8,
  hex,
  identityOf,
  type ManagedKey,
  type ProvenanceBundle,
  type Publisher,
  put,
  sha256,
  type SignOptions,
  statementOf,
  utf8,
  type VirtualSigstore,
} from "@pubpin/test-kit";
import { TRUSTED_ROOT_JSON } from "../../packages/shared/src/generated/trusted-root.ts";
import { realObjects } from "../real/objects.ts";

/** A distribution file that a provenance object is about. */
export interface SpecimenFile {
  readonly filename: string;
  readonly sha256: string;
}

/** A valid object. */
export interface Specimen {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The trust root that it is valid under, as a file. */
  readonly rootJson: Uint8Array<ArrayBuffer>;
  /** What else a verifier is told. */
  readonly subject:
    | { readonly kind: "provenance"; readonly file: SpecimenFile }
    | {
        readonly kind: "bundle";
        readonly artifact: Uint8Array<ArrayBuffer>;
        readonly key: ManagedKey | null;
      };
  /** Verifies an object in this one's place, and gives what it proves as parts. */
  readonly verify: (bytes: Uint8Array) => Promise<Proof>;
}

/** What an object proves, cut into parts of which each can stand alone, and what was passed over. */
export interface Proof {
  readonly parts: readonly unknown[];
  readonly unknownPredicates: readonly string[];
}

async function prove(bytes: Uint8Array, file: SpecimenFile, root: TrustedRoot): Promise<Proof> {
  const { publishers, unknownPredicates } = await inspectProvenance(bytes, file, root);
  return { parts: publishers, unknownPredicates };
}

/** The real provenance objects of Sigstore's production instance. */
export async function realSpecimens(): Promise<readonly Specimen[]> {
  const root = await embeddedTrustedRoot();
  const objects = (await realObjects()).filter((object) => object.root === "production");
  return objects.map((object) => {
    const file = { filename: object.distribution, sha256: object.sha256 };
    return {
      name: object.file,
      bytes: object.bytes,
      rootJson: utf8(TRUSTED_ROOT_JSON),
      subject: { kind: "provenance", file },
      verify: async (bytes) => prove(bytes, file, root),
    };
  });
}

const FILE: SpecimenFile = { filename: "example-1.0-py3-none-any.whl", sha256: "ab".repeat(32) };
const GITHUB: Publisher = { kind: "GitHub", repository: "octo/example", environment: "release" };
const GITLAB: Publisher = { kind: "GitLab", repository: "group/sub/example" };
const GOOGLE: Publisher = { kind: "Google", email: "id@project.iam.gserviceaccount.com" };
const CIRCLECI: Publisher = {
  kind: "CircleCI",
  projectId: "11111111-2222-4333-8444-555555555555",
  pipelineDefinitionId: "66666666-7777-4888-9999-aaaaaaaaaaaa",
  vcsOrigin: "github.com/octo/example",
  vcsRef: "refs/tags/v1.0",
};

/** Minted objects: every kind of publisher, both logs, every kind of entry, timestamps, cosigners. */
export async function mintedSpecimens(): Promise<readonly Specimen[]> {
  const sigstore = await createSigstore();
  const rootJson = await sigstore.trustedRootJson();
  const root = await parseTrustedRoot(rootJson);
  const mint: Mint = { sigstore, rootJson, root };
  const witnesses = await Promise.all([createWitness("witness.example/1"), createWitness("w2")]);
  const key = await sigstore.managedKey();
  const message = utf8("an artifact\n");
  const digest = hex(await sha256(message));
  const statement = statementOf([{ name: "a.txt", sha256: digest }]);
  return Promise.all([
    mintProvenance(mint, "GitHub", [{ publisher: GITHUB }]),
    mintProvenance(mint, "GitLab, intoto, cosigned checkpoint", [
      { publisher: GITLAB, attestations: [{ entry: "intoto", witnesses }] },
    ]),
    mintProvenance(mint, "Google, indented", [{ publisher: GOOGLE }], (bytes) =>
      utf8(JSON.stringify(JSON.parse(fromUtf8(bytes)), null, "\t")),
    ),
    mintProvenance(mint, "CircleCI", [{ publisher: CIRCLECI }]),
    mintProvenance(mint, "two publishers, three attestations", [
      { publisher: GITHUB, attestations: [{}, { predicate: "slsa" }] },
      { publisher: GITLAB },
    ]),
    mintBundle(mint, "envelope in both logs", message, {
      statement,
      timestamps: [{}],
      furtherEntries: [{ log: "rekor2" }],
      change: { bundle: put("dsseEnvelope.signatures.0.keyid", "a key") },
    }),
    mintBundle(mint, "envelope in Rekor 2, cosigned, certificate in the timestamp", message, {
      statement,
      log: "rekor2",
      witnesses,
      timestamps: [{ embedCertificate: true }],
    }),
    mintBundle(mint, "message in Rekor 1", message, { message, log: "rekor1" }),
    mintBundle(mint, "message in Rekor 2, two timestamps", message, {
      message,
      log: "rekor2",
      timestamps: [{}, { genTime: "2026-01-02T03:06:00Z" }],
    }),
    mintBundle(mint, "message, managed key", message, { message, key }),
  ]);
}

interface Mint {
  readonly sigstore: VirtualSigstore;
  readonly rootJson: Uint8Array<ArrayBuffer>;
  readonly root: TrustedRoot;
}

async function mintProvenance(
  { sigstore, rootJson, root }: Mint,
  name: string,
  bundles: readonly ProvenanceBundle[],
  spell: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
): Promise<Specimen> {
  const { bytes } = await sigstore.provenance(FILE, { bundles, change: { bytes: spell } });
  return {
    name: `minted: ${name}`,
    bytes,
    rootJson,
    subject: { kind: "provenance", file: FILE },
    verify: async (changed) => prove(changed, FILE, root),
  };
}

async function mintBundle(
  { sigstore, rootJson, root }: Mint,
  name: string,
  artifact: Uint8Array<ArrayBuffer>,
  options: SignOptions,
): Promise<Specimen> {
  const key = options.key ?? null;
  const { bytes } = await sigstore.sign({ identity: GITHUB, ...options });
  const identity = key === null ? certificateIdentity() : keyIdentity(key);
  return {
    name: `minted: ${name}`,
    bytes,
    rootJson,
    subject: { kind: "bundle", artifact, key },
    verify: async (changed) => {
      const verified = await verifyBundle(changed, { bytes: artifact }, identity, root);
      const { certificate, payload, logEntries, times } = verified;
      const signed = { certificate, payload: payload === null ? null : fromUtf8(payload) };
      return { parts: [signed, ...logEntries, ...times], unknownPredicates: [] };
    },
  };
}

function certificateIdentity(): Identity {
  const { subject, claims } = identityOf(GITHUB);
  return { kind: "certificate", subject: subject.value, issuer: claims[8] ?? "" };
}

function keyIdentity({ pem }: ManagedKey): Identity {
  return { kind: "key", publicKeyPem: pem };
}
