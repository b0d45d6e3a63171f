/**
 * A second opinion on what is about to be pinned: sigstore-js, which shares no code with pubpin's
 * own verifier, must come to the same result.
 */
import { createHash } from "node:crypto";
import {
  type DistributionFile,
  inspectProvenance,
  parseTrustedRoot,
  PubpinError,
  type TrustedRoot,
  type VerifiedProvenance,
  type VerifiedPublisher,
  verifyBundle,
} from "@pubpin/shared";
import {
  askSecondVerifier,
  type AttestationSigner,
  bundleJsonOf,
  isRefusal,
  loadSecondVerifier,
  type LooseAttestation,
  looseAttestations,
  predicateTypeOf,
} from "./second-verifier.ts";

/** What pubpin's own verifier says of a provenance object. */
export type OwnOpinion =
  | { readonly verdict: "accepted"; readonly publishers: readonly VerifiedPublisher[] }
  | { readonly verdict: "refused"; readonly error: PubpinError };

/** What sigstore-js says of it. That it failed is no opinion, and agrees with nothing. */
export type OtherOpinion =
  | { readonly verdict: "accepted"; readonly signers: readonly AttestationSigner[] }
  | { readonly verdict: "refused"; readonly error: Error }
  | { readonly verdict: "failed"; readonly error: Error };

/** What two verifiers say of one provenance object. */
export interface SecondOpinion {
  readonly filename: string;
  readonly own: OwnOpinion;
  readonly other: OtherOpinion;
  /** In what they disagree; null where they agree on acceptance, issuer and identity. */
  readonly disagreement: string | null;
}

/**
 * Asks both verifiers about every attestation of a provenance object (PEP 740) for a file. That
 * they agree does not mean that they accept: see {@link requireAgreement}.
 *
 * @param trustedRootJson the trust root for both
 * @throws TRUST_ROOT_INVALID LIMIT_EXCEEDED where there is no trust root to ask with
 */
export async function secondOpinion(
  provenance: Uint8Array,
  file: DistributionFile,
  trustedRootJson: Uint8Array,
): Promise<SecondOpinion> {
  const verifiers = await loadVerifiers(trustedRootJson);
  const inspected = await inspect(provenance, file, verifiers.root);
  const own = inspected instanceof PubpinError ? refused(inspected) : accepted(inspected);
  const passedOver = inspected instanceof PubpinError ? [] : inspected.unknownPredicates;
  const other = askOther(provenance, file, verifiers, passedOver);
  const disagreement = await compare(own, other, { provenance, file, passedOver, ...verifiers });
  return { filename: file.filename, own, other, disagreement };
}

/**
 * Requires that both verifiers accept, and agree on who signed.
 *
 * @returns who published the file, one for each attestation of a known predicate type
 * @throws SECOND_OPINION_DISAGREES, and where both refuse the code of pubpin's own verifier
 */
export function requireAgreement({
  filename,
  own,
  disagreement,
}: SecondOpinion): readonly VerifiedPublisher[] {
  if (disagreement !== null) {
    throw new PubpinError(
      "SECOND_OPINION_DISAGREES",
      `${filename}: expected two verifiers that share no code to agree, but ${disagreement}. ` +
        "Nothing was accepted. One of the two has a defect: please report this, together with " +
        "the file's provenance, as SECURITY.md describes",
    );
  }
  if (own.verdict === "accepted") return own.publishers;
  throw own.error;
}

interface Verifiers {
  readonly root: TrustedRoot;
  /** sigstore-js, or why it did not take the trust root. */
  readonly other: ReturnType<typeof loadSecondVerifier> | Error;
}

/** The verifiers of the trust root that was used last, by its digest. */
let latest: { readonly digest: string; readonly verifiers: Promise<Verifiers> } | undefined;

async function loadVerifiers(trustedRootJson: Uint8Array): Promise<Verifiers> {
  const digest = createHash("sha256").update(trustedRootJson).digest("hex");
  if (latest?.digest !== digest) {
    latest = { digest, verifiers: startVerifiers(Uint8Array.from(trustedRootJson)) };
  }
  return latest.verifiers;
}

async function startVerifiers(trustedRootJson: Uint8Array): Promise<Verifiers> {
  const root = await parseTrustedRoot(trustedRootJson);
  try {
    return { root, other: loadSecondVerifier(trustedRootJson) };
  } catch (error) {
    return { root, other: asError(error) };
  }
}

async function inspect(
  provenance: Uint8Array,
  file: DistributionFile,
  root: TrustedRoot,
): Promise<VerifiedProvenance | PubpinError> {
  try {
    return await inspectProvenance(provenance, file, root);
  } catch (error) {
    if (error instanceof PubpinError) return error;
    throw error;
  }
}

function refused(error: PubpinError): OwnOpinion {
  return { verdict: "refused", error };
}

function accepted({ publishers }: VerifiedProvenance): OwnOpinion {
  return { verdict: "accepted", publishers };
}

function askOther(
  provenance: Uint8Array,
  file: DistributionFile,
  { other }: Verifiers,
  passedOver: readonly string[],
): OtherOpinion {
  try {
    if (other instanceof Error) throw other;
    const signers = judged(provenance, passedOver).map((attestation) =>
      askSecondVerifier(other, attestation, file.sha256),
    );
    if (signers.length === 0) throw new TypeError("there is no attestation to ask about");
    return { verdict: "accepted", signers };
  } catch (error) {
    return { verdict: isRefusal(error) ? "refused" : "failed", error: asError(error) };
  }
}

/** The attestations that count: those that pubpin's own verifier passed over count for neither. */
function judged(
  provenance: Uint8Array,
  passedOver: readonly string[],
): readonly LooseAttestation[] {
  const attestations = looseAttestations(provenance);
  if (passedOver.length === 0) return attestations;
  return attestations.filter((attestation) => !passedOver.includes(predicateTypeOf(attestation)));
}

interface Compared extends Verifiers {
  readonly provenance: Uint8Array;
  readonly file: DistributionFile;
  readonly passedOver: readonly string[];
}

async function compare(
  own: OwnOpinion,
  other: OtherOpinion,
  compared: Compared,
): Promise<string | null> {
  if (other.verdict === "failed") return `sigstore-js failed (${quoted(other.error.message)})`;
  if (own.verdict === "refused") {
    return other.verdict === "refused"
      ? null
      : `pubpin refuses (${own.error.code}: ${own.error.message}) what sigstore-js accepts`;
  }
  if (other.verdict === "refused") {
    return `pubpin accepts what sigstore-js refuses (${quoted(other.error.message)})`;
  }
  return compareSigners(own.publishers, other.signers, compared);
}

/** pubpin's own verifier must find just the signer of each attestation that sigstore-js found. */
async function compareSigners(
  publishers: readonly VerifiedPublisher[],
  signers: readonly AttestationSigner[],
  { provenance, file, root, passedOver }: Compared,
): Promise<string | null> {
  if (publishers.length !== signers.length) {
    return `pubpin verified ${publishers.length} attestations, sigstore-js ${signers.length}`;
  }
  const attestations = judged(provenance, passedOver);
  for (const [index, { subject, issuer }] of signers.entries()) {
    const own = publishers[index]?.issuer;
    if (own !== issuer) {
      return `pubpin found the issuer ${quoted(String(own))}, sigstore-js ${quoted(issuer)}`;
    }
    const bundle = new TextEncoder().encode(JSON.stringify(bundleJsonOf(attestations[index])));
    const identity = { kind: "certificate", subject, issuer } as const;
    try {
      await verifyBundle(bundle, { sha256: file.sha256 }, identity, root);
    } catch (error) {
      return `pubpin does not find the signer ${quoted(subject)} (${asError(error).message})`;
    }
  }
  return null;
}

/** Text from outside, in quotes and without control characters. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 300));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
