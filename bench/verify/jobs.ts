/** What is verified. Everything is JSON, so that it reaches workers, browsers and Python alike. */

/** A provenance object, and the file that it is for. */
export interface Job {
  readonly filename: string;
  readonly sha256: string;
  readonly provenance: string;
}

/** Jobs under one trust root. */
export interface JobSet {
  readonly trustedRoot: string;
  /** Verified before the clock runs, so that everything is loaded. Its certificate is its own. */
  readonly warmUp: Job;
  readonly jobs: readonly Job[];
}

/**
 * The questions asked. `fresh` and `real`: one attestation at a time, each with another
 * certificate; `release`: the files of one release, which share a certificate; `thousand`: the
 * files of many releases, on all cores.
 */
export type SetName = "fresh" | "real" | "release" | "thousand";

/** `real` is there where the folder of real-world data is. */
export type Workload = Readonly<Record<Exclude<SetName, "real">, JobSet> & { real?: JobSet }>;
