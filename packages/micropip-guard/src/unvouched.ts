/** Decisions about what has no file on an index to decide about. */
import type { Decision, DecisionCode, Notice, Verdict } from "@pubpin/shared";

/** What such a decision says; everything else in it is null or empty. */
export interface Unvouched {
  readonly code: DecisionCode;
  readonly verdict: Verdict;
  readonly name: string;
  readonly version?: string | null;
  readonly filename?: string | null;
  readonly sha256?: string | null;
  readonly message: string;
  readonly notices?: readonly Notice[];
}

/** The whole decision. */
export function decisionOf(said: Unvouched): Decision {
  return {
    version: null,
    filename: null,
    sha256: null,
    source: null,
    index: null,
    place: null,
    expected: [],
    found: [],
    notices: [],
    cause: null,
    ...said,
  };
}
