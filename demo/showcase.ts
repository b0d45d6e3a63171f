/** What the page's index has: good packages, and every attack as a package of its own. */
import type { Release } from "./world.ts";

/** A package with what the page says about it, and whether its true publisher is pinned. */
export interface Shown extends Release {
  readonly about: string;
  readonly isPinned: boolean;
}

/** In the order of the page. */
export const SHOWCASE: readonly Shown[] = [
  shown("lantern", "Signed, and so are the two that it needs.", { requires: ["wick", "glass"] }),
  shown("wick", "Signed. lantern needs it."),
  shown("glass", "Signed. lantern needs it."),
  shown("publisher-swapped", "Signed, but from somebody else's repository.", {
    attack: "other-publisher",
  }),
  shown("attestation-dropped", "The index serves it without its signature.", {
    attack: "no-attestation",
  }),
  shown("wheel-tampered", "Changed after its publisher had signed it.", { attack: "other-bytes" }),
  shown("one-bad-part", "Signed, but it needs publisher-swapped.", {
    requires: ["wick", "publisher-swapped"],
  }),
  shown("newcomer", "Signed, but nobody has pinned by whom.", { isPinned: false }),
];

function shown(
  name: string,
  about: string,
  more: Partial<Pick<Shown, "requires" | "attack" | "isPinned">> = {},
): Shown {
  return { name, version: "1.0", about, isPinned: true, ...more };
}
