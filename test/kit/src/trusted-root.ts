/** trusted_root.json, version 0.1 (sigstore_trustroot.proto). */
import type { Authorities, TransparencyLog } from "./authorities.ts";
import { type Bytes, base64 } from "./bytes.ts";
import type { CtLog } from "./ct.ts";
import type { Json, JsonObject } from "./json.ts";

const START = "2020-01-01T00:00:00Z";

function log(party: TransparencyLog | CtLog, url: string): JsonObject {
  return {
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: base64(party.signer.spki),
      keyDetails: party.signer.keyDetails,
      validFor: { start: START },
    },
    logId: { keyId: base64(party.logId) },
  };
}

function authority(chain: readonly Bytes[], commonName: string, uri: string, domain: string): Json {
  return {
    subject: { organization: domain, commonName },
    uri,
    certChain: { certificates: chain.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor: { start: START },
  };
}

/** The trust root that names these parties, each valid from 2020 on and without end. */
export function trustedRootOf(authorities: Authorities, domain: string): JsonObject {
  const { ca, tsa, rekor1, rekor2 } = authorities;
  const stamp = `https://timestamp.${domain}/api/v1/timestamp`;
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(rekor1, `https://${rekor1.host}`), log(rekor2, `https://${rekor2.host}`)],
    certificateAuthorities: [authority(ca.chain, "sigstore", `https://fulcio.${domain}`, domain)],
    ctlogs: [log(authorities.ctLog, authorities.ctLog.url)],
    timestampAuthorities: [authority(tsa.chain, "sigstore-tsa-selfsigned", stamp, domain)],
  };
}
