import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import type { Contender } from "./contender.ts";
import type { Job } from "./jobs.ts";

interface Provenance {
  readonly attestation_bundles: readonly [{ readonly attestations: readonly [Attestation] }];
}

interface Attestation {
  readonly verification_material: {
    readonly certificate: string;
    readonly transparency_entries: readonly unknown[];
  };
  readonly envelope: { readonly statement: string; readonly signature: string };
}

/**
 * sigstore-js, which runs in Node only. It is given the bundle that says what the attestation says,
 * and is neither asked about the publisher nor about the file.
 */
export const sigstoreJs: Contender = {
  atOnce: 1,
  prepare: async ({ trustedRoot, warmUp, jobs }) => {
    const root = TrustedRoot.fromJSON(JSON.parse(trustedRoot));
    const verifier = new Verifier(toTrustMaterial(root), {
      tlogThreshold: 1,
      ctlogThreshold: 1,
      timestampThreshold: 1,
    });
    const runs = [warmUp, ...jobs].map((job) => {
      const bundle = bundleOf(job);
      return async () => {
        verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle))));
      };
    });
    await runs[0]?.();
    return runs.slice(1);
  },
};

function bundleOf({ provenance }: Job): string {
  const { attestation_bundles: bundles } = JSON.parse(provenance) as Provenance;
  const { verification_material: material, envelope } = bundles[0].attestations[0];
  return JSON.stringify({
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
  });
}
