/** What became of a file or package, in the few words that pictures and counts have room for. */
import type { DecisionCode } from "../errors.ts";
import type { Decision } from "../model.ts";

/** Every outcome, from the one that matters most to the one that matters least. */
export const OUTCOMES = [
  "failed",
  "unverifiable",
  "unpinned",
  "unattested",
  "matched",
  "accepted",
] as const;

/** One of {@link OUTCOMES}. `unpinned` (attested, no publisher pinned yet) is a failure too. */
export type Outcome = (typeof OUTCOMES)[number];

/** The words for each outcome. */
export const OUTCOME_WORDS: Readonly<
  Record<Outcome, { readonly short: string; readonly long: string }>
> = {
  failed: { short: "Failed", long: "is not what is pinned or required" },
  unverifiable: { short: "Not verified", long: "could not be verified: nothing is known" },
  unpinned: { short: "Not pinned", long: "attested, and no publisher is pinned yet" },
  unattested: { short: "Not attested", long: "nobody signed it, and nobody is pinned" },
  matched: { short: "Publisher matches", long: "signed by the pinned publisher" },
  accepted: { short: "Accepted", long: "accepted by its bytes or its source" },
};

const OUTCOME_OF_PASS: Readonly<Partial<Record<DecisionCode, Outcome>>> = {
  PUBLISHER_MATCH: "matched",
  REPOSITORY_RENAMED: "matched",
  FILE_PINNED: "accepted",
  SOURCE_PINNED: "accepted",
};

/** The outcome of one decision. */
export function outcomeOf({ verdict, code }: Pick<Decision, "verdict" | "code">): Outcome {
  if (verdict === "unverifiable") return "unverifiable";
  if (verdict === "fail") return code === "PUBLISHER_UNPINNED" ? "unpinned" : "failed";
  return OUTCOME_OF_PASS[code] ?? "unattested";
}

/** The outcome of several decisions together: the one that matters most. */
export function worstOutcome(decisions: readonly Decision[]): Outcome {
  const outcomes = new Set(decisions.map(outcomeOf));
  return OUTCOMES.find((outcome) => outcomes.has(outcome)) ?? "accepted";
}
