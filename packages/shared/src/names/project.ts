import { quote } from "../bytes/quote.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";

/** PEP 508, section "Names". */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * The normalised form of a project's name (PEP 503): lower case, each run of `.`, `_` and `-` one
 * dash. Two names denote one project exactly if their normalised forms are equal.
 *
 * @throws NAME_INVALID when it is no name by PEP 508 (ASCII letters, digits, `.`, `_`, `-`, with a
 *   letter or digit at both ends)
 * @throws LIMIT_EXCEEDED
 */
export function normalizeName(name: string): string {
  requireAtMost(MAX_NAME_LENGTH, name.length, "characters", () => `project name ${quote(name)}`);
  if (!NAME.test(name)) {
    fail("NAME_INVALID", `expected a project name (PEP 508), found ${quote(name)}`);
  }
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
