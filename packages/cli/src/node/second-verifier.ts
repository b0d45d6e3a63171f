/**
 * sigstore-js, asked about PEP 740 attestations. It shares no code with pubpin's own verifier; what
 * it leaves open is closed here: it takes a subject as an unanchored pattern, an issuer as optional,
 * and never compares the artifact of an envelope.
 */
import { type Bundle, bundleFromJSON, ValidationError } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import {
  PolicyError,
  type SignedEntity,
  toSignedEntity,
  toTrustMaterial,
  VerificationError,
  Verifier,
} from "@sigstore/verify";

/** Who signed an attestation, as a certificate states it. */
export interface AttestationSigner {
  /** The subject alternative name: a URI or an e-mail address. */
  readonly subject: string;
  /** The OIDC issuer. */
  readonly issuer: string;
}

/** An attestation as a document holds it, in JSON that somebody else parsed. */
export type LooseAttestation = unknown;

/** Fulcio's OIDC issuer: as a DER UTF8String, and in the older form as it is (`oid-info.md`). */
const ISSUER_OID = "1.3.6.1.4.1.57264.1.8";
const ISSUER_OID_RAW = "1.3.6.1.4.1.57264.1.1";

const THRESHOLDS = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 };

/**
 * Makes sigstore-js ready for a trust root.
 *
 * @throws whatever sigstore-js throws for a trust root that it does not take
 */
export function loadSecondVerifier(trustedRootJson: Uint8Array): Verifier {
  return new Verifier(toTrustMaterial(TrustedRoot.fromJSON(parse(trustedRootJson))), THRESHOLDS);
}

/**
 * The attestations of a provenance object (PEP 740), in its order, as another JSON parser sees them.
 *
 * @throws TypeError, SyntaxError for what is not JSON in UTF-8 or has no such list
 */
export function looseAttestations(provenance: Uint8Array): readonly LooseAttestation[] {
  const bundles = listAt(parse(provenance), "attestation_bundles");
  return bundles.flatMap((bundle) => listAt(bundle, "attestations"));
}

/**
 * The Sigstore bundle that says what an attestation says.
 *
 * @throws TypeError where a part is missing
 */
export function bundleJsonOf(attestation: LooseAttestation): object {
  const material = memberOf(attestation, "verification_material");
  const envelope = memberOf(attestation, "envelope");
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      certificate: { rawBytes: memberOf(material, "certificate") },
      tlogEntries: memberOf(material, "transparency_entries"),
    },
    dsseEnvelope: {
      payload: memberOf(envelope, "statement"),
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig: memberOf(envelope, "signature") }],
    },
  };
}

/**
 * The predicate type of an attestation's statement; nobody has vouched for it.
 *
 * @throws TypeError, SyntaxError where there is none
 */
export function predicateTypeOf(attestation: LooseAttestation): string {
  const { payload } = envelopeOf(bundleFromJSON(bundleJsonOf(attestation)));
  return textAt(parse(payload), "predicateType");
}

/**
 * Asks sigstore-js whether an attestation holds for a file with this SHA-256, and who signed it.
 *
 * @throws whatever sigstore-js throws, and {@link VerificationError} for another file
 */
export function askSecondVerifier(
  verifier: Verifier,
  attestation: LooseAttestation,
  sha256: string,
): AttestationSigner {
  const bundle = bundleFromJSON(bundleJsonOf(attestation));
  const entity = toSignedEntity(bundle);
  const claimed = claimedSigner(entity);
  const { identity } = verifier.verify(entity, {
    subjectAlternativeName: exactly(claimed.subject),
    extensions: { issuer: claimed.issuer },
  });
  const subject = identity?.subjectAlternativeName;
  const issuer = identity?.extensions?.issuer;
  if (subject !== claimed.subject || issuer !== claimed.issuer) {
    throw refusal("CERTIFICATE_ERROR", "it verified another signer than the certificate names");
  }
  requireArtifact(bundle, sha256);
  return claimed;
}

/** Whether sigstore-js refused, as opposed to having failed. */
export function isRefusal(error: unknown): error is Error {
  return [VerificationError, PolicyError, ValidationError].some((kind) => error instanceof kind);
}

/** The pattern that this text matches, and no other. */
function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}$`);
}

function claimedSigner({ key }: SignedEntity): AttestationSigner {
  if (key.$case !== "certificate") throw refusal("CERTIFICATE_ERROR", "it has no certificate");
  const { certificate } = key;
  const subject = certificate.subjectAltName;
  const coded = certificate.extension(ISSUER_OID)?.valueObj.subs[0];
  const issuer = (coded ?? certificate.extension(ISSUER_OID_RAW))?.value.toString("ascii");
  if (subject === undefined || issuer === undefined) {
    throw refusal("CERTIFICATE_ERROR", "its certificate names no subject or no issuer");
  }
  return { subject, issuer };
}

/** in-toto attestation framework, "Statement": the one subject is the file. */
function requireArtifact(bundle: Bundle, sha256: string): void {
  const [subject, second] = listAt(parse(envelopeOf(bundle).payload), "subject");
  if (second !== undefined) throw refusal("SIGNATURE_ERROR", "it is about several files");
  const found = textAt(memberOf(subject, "digest"), "sha256");
  if (found !== sha256) {
    throw refusal("SIGNATURE_ERROR", `it is about another file, with SHA-256 ${found}`);
  }
}

function refusal(code: VerificationError["code"], message: string): VerificationError {
  return new VerificationError({ code, message });
}

function envelopeOf({ content }: Bundle): { readonly payload: Uint8Array } {
  if (content.$case === "dsseEnvelope") return content.dsseEnvelope;
  throw new TypeError("expected an envelope");
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function parse(json: Uint8Array): unknown {
  return JSON.parse(decoder.decode(json));
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  if (!isObject) throw new TypeError(`expected an object with the member ${name}`);
  return (value as Readonly<Record<string, unknown>>)[name];
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  if (!Array.isArray(list)) throw new TypeError(`expected a list at ${name}`);
  return list;
}

function textAt(value: unknown, name: string): string {
  const text = memberOf(value, name);
  if (typeof text !== "string") throw new TypeError(`expected text at ${name}`);
  return text;
}
