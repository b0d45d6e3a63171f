/** What is installed in a Python environment, and what is known of it. */

/** Where an interpreter takes packages from, and puts them. */
export interface PythonEnvironment {
  /** The interpreter, absolute. */
  readonly python: string;
  /** The folder of the environment: of a virtual one, that with `pyvenv.cfg`. */
  readonly prefix: string;
  readonly isVirtual: boolean;
  /** Where installers put modules (purelib, platlib), absolute and without symbolic links. */
  readonly sitePackages: readonly string[];
}

/** A line of RECORD. */
export interface RecordEntry {
  /** From the folder of the site-packages, with `/`, as RECORD writes it. */
  readonly path: string;
  /** SHA-256 in lower-case hexadecimal; null where RECORD gives none. */
  readonly sha256: string | null;
  readonly size: number | null;
}

/** A distribution as it lies in site-packages. */
export interface InstalledDistribution {
  /** Normalised (PEP 503). */
  readonly name: string;
  /** As METADATA says; null where it says none. */
  readonly version: string | null;
  /** The site-packages folder that it lies in. */
  readonly site: string;
  /** The path of its `.dist-info`, `.egg-info` or `.egg-link`. */
  readonly folder: string;
  /** Null where there is none that can be read; then `flaw` says why. */
  readonly record: {
    /** SHA-256 of its bytes, in hexadecimal. */
    readonly sha256: string;
    readonly entries: readonly RecordEntry[];
    /** Differs as soon as the file was written anew. */
    readonly identity: string;
  } | null;
  readonly flaw: string | null;
}

/** What was found of a distribution that may not stay as it is. */
export type InstalledCode =
  /** It is installed and not expected. */
  | "STRANGER"
  /** Another version, or other files, than expected. */
  | "OTHER_VERSION"
  /** It is not what its RECORD says, or has none. */
  | "TAMPERED"
  /** Nothing says that it was verified before it was installed. */
  | "NOT_RECORDED";

/** A finding about an installed distribution. */
export interface InstalledFinding {
  readonly name: string;
  readonly code: InstalledCode;
  /** What was expected and what was found, in a sentence. */
  readonly message: string;
}

/** A distribution that may be installed: what was verified. */
export interface ExpectedInstall {
  /** Normalised (PEP 503). */
  readonly name: string;
  /** Null where it has none beforehand, as a project of one's own. */
  readonly version: string | null;
  /** SHA-256 of each of its files that may be what is installed, in hexadecimal. */
  readonly sha256: readonly string[];
  /**
   * What it was judged by, where that is more than its files: an installed one counts only while this
   * is the same. Null where the files say it all.
   */
  readonly basis: string | null;
}
