/** A place in which interpreters are started. */
import type { ContenderName } from "./contenders.ts";
import type { Timing } from "./installs.ts";
import type { Distance } from "./world.ts";

/**
 * Whether somebody comes for the first time, or has been here: then the browser has what its cache
 * may keep, and a store has the provenance.
 */
export type Visit = "new" | "returning";

/** What is measured together. */
export interface Situation {
  readonly contender: ContenderName;
  readonly distance: Distance;
  readonly visit: Visit;
}

/** A place in which interpreters are started. */
export interface Environment {
  readonly name: "Node" | "Chromium";
  readonly situations: readonly Situation[];
  /** Versions of the programs that run here, by name. */
  readonly programs: Readonly<Record<string, string>>;
  /** Starts an interpreter in a new process or page and times installs in it. */
  readonly measure: (situation: Situation, later: number) => Promise<Timing>;
  readonly close: () => Promise<void>;
}
