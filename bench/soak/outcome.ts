/** What the endurance runs have in common. */

/** What came of one kind of run. */
export interface SoakOutcome {
  readonly what: string;
  readonly runs: number;
  /** How often something was done to it: killed, no space left, and so on. */
  readonly faults: number;
  /** What was lost or wrong, each in words. */
  readonly losses: readonly string[];
  /** What else was seen. */
  readonly seen: string;
}

/** How much there is to do. */
export interface SoakBounds {
  readonly runs: number;
  /** When to begin nothing new, in milliseconds since 1970. */
  readonly until: number;
}

/** A kind of run. */
export interface SoakPart {
  /** How many there are, if nothing else is said. */
  readonly runs: number;
  readonly soak: (bounds: SoakBounds) => Promise<SoakOutcome | Missing>;
}

/** What this machine does not have, and what would help. */
export interface Missing {
  readonly missing: string;
}

/**
 * Calls `act` with 0, 1 and so on until the time is over or it is done, by default after as many
 * runs as were asked for; gives how often.
 */
export async function repeat(
  { runs, until }: SoakBounds,
  act: (index: number) => Promise<void>,
  isDone: (index: number) => boolean = (index) => index >= runs,
): Promise<number> {
  let index = 0;
  for (; !isDone(index) && Date.now() < until; index++) await act(index);
  return index;
}
