import type { DecisionCode, ErrorCode } from "../errors.ts";
import type {
  Candidate,
  Decision,
  ExpectedPublisher,
  Notice,
  VerifiedPublisher,
  Verdict,
} from "../model.ts";

/** How strictly to decide. */
export interface DecideOptions {
  /** Unsigned candidates, unknown sources and changed workflows fail. */
  readonly strict: boolean;
  /** Where the candidate is about to be used: the guard blocks what a lock may hold. */
  readonly mode: "lock" | "guard";
  /** The index that packages come from where `.provenance.txt` names none, without a last slash. */
  readonly defaultIndex: string;
  /** What the caller has noticed of the candidate. */
  readonly notices?: readonly Notice[];
}

/** The row that applies, before it is put together with the candidate. */
export interface Ruling {
  readonly code: DecisionCode;
  readonly verdict: Verdict;
  readonly message: string;
  readonly expected?: readonly ExpectedPublisher[];
  readonly found?: readonly VerifiedPublisher[];
  readonly notices?: readonly Notice[];
  readonly cause?: ErrorCode;
}

/** The decision that a ruling makes about a candidate. */
export function decided(
  candidate: Candidate,
  ruling: Ruling,
  notices: readonly Notice[],
): Decision {
  const { name, version, filename, place, hashes, origin } = candidate;
  return {
    code: ruling.code,
    verdict: ruling.verdict,
    name,
    version,
    filename,
    sha256: hashes.find(({ algorithm }) => algorithm === "sha256")?.value ?? null,
    source: origin.kind === "source" ? origin.source : null,
    index: origin.kind === "index" ? origin.url : null,
    place,
    message: ruling.message,
    expected: ruling.expected ?? [],
    found: ruling.found ?? [],
    notices: [...notices, ...(ruling.notices ?? [])],
    cause: ruling.cause ?? null,
  };
}
