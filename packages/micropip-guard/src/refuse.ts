/** A refusal as a JavaScript error. */
import { type Decision, PubpinError } from "@pubpin/shared";
import type { Refusal } from "./words.ts";

/** What callers of JavaScript interfaces get where Python code gets a `ProvenanceError`. */
export type InstallRefused = PubpinError & {
  readonly code: "INSTALL_REFUSED";
  readonly refusal: Refusal;
  /** All decisions of the install, those with nothing against them included. */
  readonly decisions: readonly Decision[];
};

/** The error for a refused install. */
export function installRefused(refusal: Refusal, decisions: readonly Decision[]): InstallRefused {
  const error = new PubpinError("INSTALL_REFUSED", refusal.text);
  return Object.assign(error, { code: "INSTALL_REFUSED" as const, refusal, decisions });
}
