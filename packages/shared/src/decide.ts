import { decideByFile } from "./decide/file.ts";
import { decideByError } from "./decide/error.ts";
import { decideBySource } from "./decide/source.ts";
import { decideByPublisher } from "./decide/publisher.ts";
import { type DecideOptions, decided, type Ruling } from "./decide/ruling.ts";
import type { PubpinError } from "./errors.ts";
import type { Candidate, Decision, VerifiedPublisher } from "./model.ts";
import type { Pins } from "./pins/model.ts";

/** What is known of a candidate's attestations: who published it, that nobody did, or an error. */
export type Evidence = readonly VerifiedPublisher[] | "none" | PubpinError;

/**
 * Decides about one candidate. The rows of the decision table (ARCHITECTURE.md) are tried in their
 * order, and the first that applies decides; the last one always applies.
 *
 * @param evidence what was found out; an error is never a pass
 */
export function decide(
  candidate: Candidate,
  evidence: Evidence,
  pins: Pins,
  options: DecideOptions,
): Decision {
  const error = evidence instanceof Error ? evidence : null;
  const ruling: Ruling =
    decideByError(error, ["UNVERIFIABLE", "TRUST_ROOT_UNKNOWN_KEY", "PROJECT_QUARANTINED"]) ??
    decideByError(error, ["HASH_UNUSABLE"]) ??
    decideByFile(candidate, pins) ??
    decideBySource(candidate, pins, options) ??
    decideByError(error, ["HASH_NOT_ON_INDEX", "ATTESTATION_INVALID"]) ??
    decideByPublisher(candidate, evidence instanceof Error ? "none" : evidence, pins, options);
  return decided(candidate, ruling, options.notices ?? []);
}
