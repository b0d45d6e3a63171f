/** The nouns of the guard. */
import type { Decision, Fetch, IndexStore, Report } from "@pubpin/shared";

/** Bytes that are no view of shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What a guard does about a package whose publisher is not accepted. `pinned` refuses it. `tofu`
 * does, too, but pins the publisher of a package that has no pin yet. `report` lets everything
 * pass and only says what it would have refused.
 */
export type GuardMode = "pinned" | "tofu" | "report";

/**
 * Keeps bytes by key between pages: provenance, which is verified again each time, and the pins of
 * trust on first use. Never a verdict.
 */
export interface GuardStore extends IndexStore {
  /** Puts what `change` makes of the bytes under a key in their place, with no other change between. */
  update(key: string, change: (bytes: Bytes | null) => Bytes): Promise<void>;
}

/** How to guard. */
export interface GuardOptions {
  /** The text of a `.provenance.txt`, or where it is. */
  readonly pins: string | URL;
  /** By default `pinned`. */
  readonly mode?: GuardMode | undefined;
  /** Changed workflows and sources without a line fail, too. By default false. */
  readonly strict?: boolean | undefined;
  /** The index of packages for which `.provenance.txt` names none; by default PyPI's Simple API. */
  readonly index?: string | undefined;
  /** An index that is asked for provenance too, for people behind a mirror that leaves it out. */
  readonly provenanceIndex?: string | undefined;
  /** Sigstore's trust root, or where it is; by default the embedded one. */
  readonly trustedRoot?: Uint8Array | URL | undefined;
  /** By default nothing is kept between pages, and trust on first use lasts as long as the page. */
  readonly store?: GuardStore | undefined;
  /**
   * What to do about what can be imported already and came past the guard: refuse to start (the
   * default), or say so in the report.
   */
  readonly installed?: "refuse" | "report" | undefined;
  /** Hears of every decision when it is made. What it throws is ignored. */
  readonly onDecision?: ((event: GuardEvent) => void) | undefined;
  /** By default `globalThis.fetch`. */
  readonly fetch?: Fetch | undefined;
}

/** The way by which something came to the guard. */
export type GuardRoute = "micropip" | "loadPackage" | "archive" | "check" | "present";

/**
 * What became of it. `held`: there was nothing against it, but something else of the same install
 * was refused. `reported`: it would have been refused, but the guard only reports.
 */
export type GuardOutcome = "accepted" | "reported" | "refused" | "held";

/** A decision with what the guard made of it. */
export interface GuardEvent {
  readonly decision: Decision;
  readonly outcome: GuardOutcome;
  readonly route: GuardRoute;
}

/** What a guard has decided so far. */
export interface GuardReport {
  readonly mode: GuardMode;
  readonly strict: boolean;
  readonly trustRoot: Report["trustRoot"];
  /** In the order in which they were made. */
  readonly events: readonly GuardEvent[];
  /** For terminals. */
  readonly text: string;
  /** A table for notebooks, with its style; everything from outside is escaped. */
  readonly html: string;
}

/** A guard in its place. */
export interface Guard {
  report(): GuardReport;
  /** The `.provenance.txt` as it is now: as it was given, and what trust on first use added. */
  pins(): string;
  /**
   * Judges an archive before somebody else unpacks it (`unpackArchive` and the like cannot wait for
   * a judgement). Where it is accepted, exactly these bytes may be unpacked from now on.
   *
   * @param filename what the file is called; a wheel's name has to be its own
   * @throws INSTALL_REFUSED
   */
  check(bytes: Uint8Array, filename: string): Promise<Decision>;
}
