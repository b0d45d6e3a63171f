/** What the hook says, beyond the words that shared has for every code. */
import { DECISION_WORDS, type DecisionCode, ERROR_WORDS, type Words } from "@pubpin/shared";
import type { FindingCode, Standing } from "./finding.ts";

/** What is known of a package's publisher, for each way in which it stands. */
export const STANDINGS: Readonly<Record<Standing, string>> = {
  new: "new publisher",
  unchanged: "same publisher",
  changed: "another publisher",
  unsigned: "not signed",
  file: "accepted by its bytes",
  source: "from a recorded source",
  own: "of the project itself",
  removed: "",
  missing: "no line",
};

/** The words for a code. */
export function wordsFor(code: FindingCode): Words {
  return isDecision(code) ? DECISION_WORDS[code] : ERROR_WORDS[code];
}

function isDecision(code: FindingCode): code is DecisionCode {
  return Object.hasOwn(DECISION_WORDS, code);
}
