/** The real PEP 740 objects of the data folder, with what another tool found in them. */
import { readData } from "../support/data.ts";

/** What the manifest says of one object: decoded from the certificate by another tool. */
export interface RealObject {
  /** The object's file, and what it is an attestation of. */
  readonly file: string;
  readonly distribution: string;
  readonly sha256: string;
  readonly root: "production" | "staging";
  readonly kind: string | null;
  readonly publisher?: string;
  readonly "repository-id": string | null;
  readonly "owner-id": string | null;
  /** The certificate's extension .18: URL of the workflow at the ref that it was taken from. */
  readonly workflow: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Every real object, in the manifest's order. */
export async function realObjects(): Promise<readonly RealObject[]> {
  const manifest = parse(await readData("manifest.json")) as {
    readonly objects: readonly Omit<RealObject, "bytes">[];
  };
  return Promise.all(
    manifest.objects.map(async (object) =>
      Object.assign(object, { bytes: await readData(`pep740/${object.file}`) }),
    ),
  );
}

/** The staging instance's trust root, which is none of the product's. */
export async function stagingTrustedRootJson(): Promise<Uint8Array<ArrayBuffer>> {
  return readData("sigstore-conformance/rekor2-happy-path/trusted_root.json");
}

/** A provenance object around a single attestation, as an index would serve it. */
export function provenanceAround(
  attestation: Uint8Array,
  publisher: Readonly<Record<string, unknown>>,
): Uint8Array<ArrayBuffer> {
  const bundle = { publisher, attestations: [parse(attestation)] };
  return new TextEncoder().encode(JSON.stringify({ version: 1, attestation_bundles: [bundle] }));
}

/** The Sigstore bundle that says what a single attestation says (PEP 740, "Attestation objects"). */
export function bundleOf(attestation: Uint8Array): Uint8Array<ArrayBuffer> {
  const { verification_material: material, envelope } = parse(attestation) as Attestation;
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      certificate: { rawBytes: material.certificate },
      tlogEntries: material.transparency_entries,
    },
    dsseEnvelope: {
      payload: envelope.statement,
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig: envelope.signature }],
    },
  };
  return new TextEncoder().encode(JSON.stringify(bundle));
}

interface Attestation {
  readonly verification_material: {
    readonly certificate: string;
    readonly transparency_entries: readonly unknown[];
  };
  readonly envelope: { readonly statement: string; readonly signature: string };
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
