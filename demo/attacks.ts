/** The three attacks: releases that must be refused, and the codes with which they are. */
import type { Release } from "./world.ts";

/** The package that the walk is about. */
export const NAME = "example";

/** An attack as a release of the package. */
export interface AttackingRelease extends Release {
  readonly title: string;
  /** With which decision it is refused. */
  readonly code: string;
}

/** In the order in which the walk shows them. */
export const ATTACKS: readonly AttackingRelease[] = [
  {
    name: NAME,
    version: "1.2",
    attack: "other-publisher",
    title: "The publisher is swapped: version 1.2 is signed, but from another repository.",
    code: "PUBLISHER_CHANGED",
  },
  {
    name: NAME,
    version: "1.3",
    attack: "no-attestation",
    title: "The attestation is dropped: version 1.3 comes without a signature.",
    code: "ATTESTATION_MISSING",
  },
  {
    name: NAME,
    version: "1.4",
    attack: "other-bytes",
    title: "The wheel is tampered with: version 1.4 has a line more than what was signed.",
    code: "ATTESTATION_INVALID",
  },
];
