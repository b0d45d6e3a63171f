/** What an index says about a project. None of it is proof of anything but that the index says it. */

/** States of a project (PEP 792). */
export const PROJECT_STATUSES = ["active", "archived", "quarantined", "deprecated"] as const;

/** One of {@link PROJECT_STATUSES}. */
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

/** A distribution file as a project's page lists it. */
export interface IndexFile {
  /** A name with an ending of a wheel or sdist and no path. Whose name it is, is not judged here. */
  readonly filename: string;
  /** http or https, absolute, without credentials and fragment; its path ends in `filename`. */
  readonly url: string;
  /** Lower-case hexadecimal, or null where the page has other hashes or none. */
  readonly sha256: string | null;
  /** All hashes of the page, by the name of the algorithm, in lower-case hexadecimal. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Bytes (PEP 700), or null where the page does not say. */
  readonly size: number | null;
  /** The reason why the file was yanked (PEP 592), perhaps empty; null where it was not. */
  readonly yanked: string | null;
  /** Where the file's provenance is (PEP 740), or null: the index has no attestation of it. */
  readonly provenance: string | null;
  /** When the file was uploaded (PEP 700), in ISO 8601, or null where the page does not say. */
  readonly uploadTime: string | null;
}

/** What a page says of a file beyond what a check needs. */
export interface FileExtras {
  /** The versions of Python that the file is for (PEP 345), as the page writes them, or null. */
  readonly requiresPython: string | null;
  /** SHA-256 of the metadata beside the file (PEP 714) in lower-case hexadecimal, or null. */
  readonly metadataSha256: string | null;
}

/** A project's page of an index. */
export interface IndexProject {
  /** Normalised (PEP 503): the name that was asked for. */
  readonly name: string;
  /** The URL of the index, without credentials and without a slash at the end. */
  readonly index: string;
  readonly status: ProjectStatus;
  /** Why the project has its status, in the index's words, or null. */
  readonly statusReason: string | null;
  /** The project's wheels and sdists by file name. Files of other kinds are left out. */
  readonly files: ReadonlyMap<string, IndexFile>;
  /** What the page says of its files beyond what a check needs; absent where nobody reads that. */
  readonly extras?: ReadonlyMap<string, FileExtras>;
}

/** An answer with status 200. */
export interface Answer {
  /** Where it came from in the end, after redirects. */
  readonly url: string;
  /** The Content-Type header, or null. */
  readonly contentType: string | null;
  readonly body: Uint8Array<ArrayBuffer>;
}
