import { decodeHex } from "../bytes/hex.ts";
import { quote } from "../bytes/quote.ts";
import { fail, PubpinError } from "../errors.ts";
import type { VerifiedPublisher } from "../model.ts";
import { parseFilename } from "../names/filename.ts";
import { type ParsedStatement, parseStatement } from "../sigstore/dsse.ts";
import { inOrder, othersFirst } from "../sigstore/in-order.ts";
import type { TrustedRoot } from "../sigstore/trusted-root.ts";
import { verifySignature } from "../sigstore/verify.ts";
import { type ParsedAttestation, parseProvenance } from "./provenance.ts";
import { readPublisher, requireSameClaims } from "./publisher.ts";
import { isKnownPredicate, requireStatementAbout } from "./statement.ts";

/** A distribution file: its name and the lower-case hexadecimal SHA-256 of its bytes. */
export interface DistributionFile {
  readonly filename: string;
  readonly sha256: string;
}

/** What a provenance object proves. */
export interface VerifiedProvenance {
  /** One for each attestation of a known predicate type, in the document's order. */
  readonly publishers: readonly VerifiedPublisher[];
  /** Predicate types that are not known: signed and logged by somebody, and proof of nothing. */
  readonly unknownPredicates: readonly string[];
}

/**
 * Verifies a provenance object (PEP 740) for a file, and says who published it. Every attestation
 * must verify, and there must be one of a known predicate type.
 *
 * @param provenance the JSON that an index serves
 * @throws the code of the first attestation that fails; PROVENANCE_EMPTY where there is none;
 *   PREDICATE_UNKNOWN where none is of a known type
 */
export async function verifyProvenance(
  provenance: Uint8Array,
  file: DistributionFile,
  root: TrustedRoot,
): Promise<readonly VerifiedPublisher[]> {
  return (await inspectProvenance(provenance, file, root)).publishers;
}

/** Like {@link verifyProvenance}, with the predicate types that were passed over. */
export async function inspectProvenance(
  provenance: Uint8Array,
  { filename, sha256 }: DistributionFile,
  root: TrustedRoot,
): Promise<VerifiedProvenance> {
  parseFilename(filename);
  decodeHex(sha256, 32, "SHA-256 of the file");
  const attestations = parseProvenance(provenance).map((attestation) => {
    try {
      return { attestation, statement: parseStatement(attestation.statement) };
    } catch (cause) {
      return refuse(attestation.path, cause);
    }
  });
  const unknownPredicates = attestations
    .map(({ statement }) => statement.predicateType)
    .filter((predicateType) => !isKnownPredicate(predicateType));
  if (unknownPredicates.length === attestations.length) {
    fail(
      "PREDICATE_UNKNOWN",
      `provenance: expected a known predicate type, ` +
        `found ${unknownPredicates.map(quote).join(", ")}`,
    );
  }
  await othersFirst;
  const publishers = await inOrder(
    attestations.map(({ attestation, statement }) =>
      verifyAttestation(attestation, statement, { filename, sha256 }, root),
    ),
  );
  return { publishers: publishers.filter((each) => each !== null), unknownPredicates };
}

/** Whatever its type, an attestation must be signed and logged; one of an unknown type is no more. */
async function verifyAttestation(
  { path, bundle, publisher: claimed }: ParsedAttestation,
  statement: ParsedStatement,
  file: DistributionFile,
  root: TrustedRoot,
): Promise<VerifiedPublisher | null> {
  try {
    const { certificate, logEntries, times } = await verifySignature(bundle, null, null, root);
    if (!isKnownPredicate(statement.predicateType)) return null;
    requireStatementAbout(statement, file);
    if (certificate === null) return fail("PROVENANCE_INVALID", "expected a signing certificate");
    const { expectedClaims, ...publisher } = readPublisher(certificate);
    requireSameClaims(publisher.kind, expectedClaims, claimed);
    return {
      ...publisher,
      issuer: certificate.issuer,
      predicateType: statement.predicateType,
      time: new Date(times[0]),
      logIndex: logEntries[0].logIndex,
    };
  } catch (cause) {
    return refuse(path, cause);
  }
}

/** Throws what one attestation failed with; its message says which of several it was. */
function refuse(path: string, cause: unknown): never {
  if (!(cause instanceof PubpinError) || cause.message.startsWith(path)) throw cause;
  return fail(cause.code, `${path}: ${cause.message}`, cause);
}
