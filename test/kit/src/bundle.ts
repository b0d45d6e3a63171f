/** Sigstore bundles, versions 0.1 to 0.3 (sigstore_bundle.proto). */
import { type Bytes, base64 } from "./bytes.ts";
import { type Signed, envelopeJson } from "./content.ts";
import type { Json, JsonObject } from "./json.ts";
import { type VerifierMaterial, protobufName } from "./log-body.ts";

/** Versions of the bundle format. */
export type BundleVersion = "0.1" | "0.2" | "0.3";

/** The parts of a bundle. */
export interface BundleParts {
  readonly version: BundleVersion;
  readonly signed: Signed;
  readonly material: VerifierMaterial;
  /** How a managed key is named. */
  readonly keyHint: string;
  readonly entries: readonly JsonObject[];
  readonly timestamps: readonly Bytes[];
}

/** The media type of a version. */
export function mediaTypeOf(version: BundleVersion): string {
  return version === "0.3"
    ? "application/vnd.dev.sigstore.bundle.v0.3+json"
    : `application/vnd.dev.sigstore.bundle+json;version=${version}`;
}

function keyMaterial(parts: BundleParts): JsonObject {
  const { certificate } = parts.material;
  if (certificate === null) return { publicKey: { hint: parts.keyHint } };
  const encoded = { rawBytes: base64(certificate) };
  return parts.version === "0.3"
    ? { certificate: encoded }
    : { x509CertificateChain: { certificates: [encoded] } };
}

function contentJson(signed: Signed): JsonObject {
  if (signed.kind === "dsse") return { dsseEnvelope: envelopeJson(signed.envelope) };
  return {
    messageSignature: {
      messageDigest: { algorithm: protobufName(signed.hash), digest: base64(signed.digest) },
      signature: base64(signed.signature),
    },
  };
}

/** The bundle of these parts. */
export function bundleJson(parts: BundleParts): JsonObject {
  const stamps: Json[] = parts.timestamps.map((stamp) => ({ signedTimestamp: base64(stamp) }));
  return {
    mediaType: mediaTypeOf(parts.version),
    verificationMaterial: {
      ...keyMaterial(parts),
      tlogEntries: [...parts.entries],
      ...(stamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: stamps } }),
    },
    ...contentJson(parts.signed),
  };
}
