/** The independent verifier that the kit is proven against: sigstore-js, under a minted trust root. */
import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { VerificationError, Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import { type ManagedKey, type SignedBundle, fromUtf8 } from "@pubpin/test-kit";

/** What the independent verifier is told beside the bundle. */
export interface OracleOptions {
  readonly key?: ManagedKey;
  readonly artifact?: Uint8Array;
}

/** Throws sigstore-js's error unless it accepts the bundle under the trust root. */
function judge(
  trustedRoot: Uint8Array,
  signed: Pick<SignedBundle, "bytes">,
  options: OracleOptions = {},
): void {
  const { key, artifact } = options;
  const root = TrustedRoot.fromJSON(JSON.parse(fromUtf8(trustedRoot)));
  const material = toTrustMaterial(root, (hint) => {
    if (key?.hint !== hint) throw new Error(`no key ${hint}`);
    return { publicKey: createPublicKey(key.pem), validFor: () => true };
  });
  const bundle = bundleFromJSON(JSON.parse(fromUtf8(signed.bytes)));
  const entity = toSignedEntity(bundle, artifact === undefined ? undefined : Buffer.from(artifact));
  const thresholds = { tlogThreshold: 1, timestampThreshold: 1 };
  const verifier = new Verifier(material, {
    ...thresholds,
    ctlogThreshold: key === undefined ? 1 : 0,
  });
  verifier.verify(entity);
}

/** `accepted`, or the code of the error that sigstore-js throws. */
export function verdict(...question: Parameters<typeof judge>): string {
  try {
    judge(...question);
    return "accepted";
  } catch (error) {
    return error instanceof VerificationError ? error.code : String(error);
  }
}
