/** sigstore-js's verdict on a Sigstore bundle, with what pubpin's verifier is told beside it. */
import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, type TrustMaterial, Verifier } from "@sigstore/verify";
import { fromUtf8, type ManagedKey } from "@pubpin/test-kit";

/** Asks sigstore-js about a bundle; throws unless it accepts. */
export type BundleJudge = (bundle: Uint8Array, artifact: Uint8Array) => void;

/** Makes sigstore-js ready for a trust root, and for a key where no certificate signs. */
export function bundleJudge(rootJson: Uint8Array, key: ManagedKey | null): BundleJudge {
  const verifier = new Verifier(trustMaterial(rootJson, key), {
    ctlogThreshold: key === null ? 1 : 0,
    tlogThreshold: 1,
    timestampThreshold: 1,
  });
  return (bundle, artifact) => {
    const parsed = bundleFromJSON(JSON.parse(fromUtf8(bundle)));
    if ((parsed.verificationMaterial.content.$case === "publicKey") !== (key !== null)) {
      throw new Error("signed by a key where a certificate is expected, or the other way round");
    }
    verifier.verify(toSignedEntity(parsed, Buffer.from(artifact)));
  };
}

/** The key is the one that the caller knows, whatever hint a bundle gives. */
function trustMaterial(rootJson: Uint8Array, key: ManagedKey | null): TrustMaterial {
  const root = TrustedRoot.fromJSON(JSON.parse(fromUtf8(rootJson)));
  return toTrustMaterial(root, () => {
    if (key === null) throw new Error("there is no key");
    return { publicKey: createPublicKey(key.pem), validFor: () => true };
  });
}
