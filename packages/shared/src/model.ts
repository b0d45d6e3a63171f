/** The nouns of pubpin. Each arrow of the flow in ARCHITECTURE.md goes from one to the next. */
import type { DecisionCode, ErrorCode } from "./errors.ts";

/** Bytes that WebCrypto takes: never a view of shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What was signed: its bytes, or the lower-case hexadecimal SHA-256 of its bytes. */
export type Artifact = { readonly bytes: Uint8Array } | { readonly sha256: string };

/**
 * Who must have signed. Either a Fulcio certificate with exactly this subject alternative name
 * (URI or e-mail) and exactly this OIDC issuer, or a public key known beforehand (SPKI, in PEM).
 * Nothing is a pattern, and nothing is optional.
 */
export type Identity =
  | { readonly kind: "certificate"; readonly subject: string; readonly issuer: string }
  | { readonly kind: "key"; readonly publicKeyPem: string };

/** What Fulcio certified about a signer, read from a certificate whose chain was verified. */
export interface VerifiedCertificate {
  /** The subject alternative name. */
  readonly subject: { readonly kind: "uri" | "email"; readonly value: string };
  /** The OIDC issuer (extension .8, or .1 in certificates that lack it). */
  readonly issuer: string;
  /** Fulcio's other extensions, by the last arc of their OID (1.3.6.1.4.1.57264.1.N). */
  readonly claims: ReadonlyMap<number, string>;
}

/** Where and when a signature was recorded. */
export interface VerifiedLogEntry {
  readonly logUrl: string;
  readonly logIndex: bigint;
}

/** A signature that holds: over this artifact, by this signer, recorded in these logs. */
export interface VerifiedBundle {
  /** The signer's certificate, or null where a managed key signed. */
  readonly certificate: VerifiedCertificate | null;
  /** The in-toto statement's bytes, or null for a signature over the artifact itself. */
  readonly payload: Bytes | null;
  readonly logEntries: readonly [VerifiedLogEntry, ...VerifiedLogEntry[]];
  /** Every time that a log or authority vouches for, in milliseconds since 1970, earliest first. */
  readonly times: readonly [number, ...number[]];
}

/** The kinds of publisher that PyPI knows. */
export type PublisherKind = "GitHub" | "GitLab" | "Google" | "CircleCI";

/**
 * Who published a file: taken from the certificate and the log, never from what an index says.
 * Fields that a kind of publisher does not have are null.
 */
export interface VerifiedPublisher {
  readonly kind: PublisherKind;
  /** Repository URL, `mailto:` address, or CircleCI pipeline definition URL. */
  readonly url: string;
  /** The workflow file: for GitHub its name in `.github/workflows`, for GitLab its path. */
  readonly workflow: string | null;
  /** Git ref that was built, such as `refs/tags/v1.0`. */
  readonly ref: string | null;
  /** Git commit that was built, in hexadecimal. */
  readonly commit: string | null;
  /** Immutable numeric identifier of the repository at its forge. */
  readonly repositoryId: string | null;
  /** Immutable numeric identifier of the repository's owner at its forge. */
  readonly ownerId: string | null;
  /** The OIDC issuer that vouched for the workflow's or account's identity. */
  readonly issuer: string;
  readonly predicateType: string;
  /** When the signature was made, at the earliest that a log or authority vouches for. */
  readonly time: Date;
  readonly logIndex: bigint;
}

/** A hash as a lock or an index states it. */
export interface Hash {
  /** Lower case, such as `sha256`. */
  readonly algorithm: string;
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/** Where a candidate comes from. A workspace's own members are no candidates. */
export type Origin =
  | { readonly kind: "index"; readonly url: string }
  /** A repository, URL or path, in the form of a `#source:` line. */
  | { readonly kind: "source"; readonly source: string }
  /** A file at hand, such as a wheel that a site bundles. */
  | { readonly kind: "local" };

/** One file that an installer could take, or an entry without a file, about which to decide. */
export interface Candidate {
  /** Normalised (PEP 503). */
  readonly name: string;
  readonly version: string | null;
  readonly filename: string | null;
  readonly origin: Origin;
  /** Every hash that an installer would accept for it. */
  readonly hashes: readonly Hash[];
  readonly place: Place | null;
  /**
   * Of a wheel at hand: the folders at its top whose names end with `.dist-info`. They say what is
   * installed in the end; absent where nobody has looked into the file.
   */
  readonly metadataFolders?: readonly string[];
  /** The index that is asked before its own, and that has the project but not this file. */
  readonly absentFrom?: string;
}

/** A place in a lock file. Lines begin at 1. */
export interface Place {
  readonly path: string;
  readonly line: number | null;
}

/** What a decision means for an install, and for an exit code: 0, 1 and 3. */
export type Verdict = "pass" | "fail" | "unverifiable";

/** Something that a person should know of a decision and that does not change its verdict. */
export type NoticeCode =
  | "WORKFLOW_CHANGED"
  | "FURTHER_PUBLISHER"
  | "UNKNOWN_PREDICATE"
  | "YANKED"
  | "NOT_FROM_INDEX"
  | "REPOSITORY_RENAMED"
  | "PROJECT_ARCHIVED";

/** A notice with its words: what was expected and what was found. */
export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
}

/** An accepted publisher, as a pin names it. */
export interface ExpectedPublisher {
  readonly kind: PublisherKind;
  readonly url: string;
  readonly repositoryId: string | null;
  readonly ownerId: string | null;
  readonly workflow: string | null;
}

/** What was decided about one file, or about a distribution that has none. */
export interface Decision {
  readonly code: DecisionCode;
  readonly verdict: Verdict;
  /** Project name, normalised (PEP 503). */
  readonly name: string;
  readonly version: string | null;
  readonly filename: string | null;
  readonly sha256: string | null;
  /** Where it comes from, in the form of a `#source:` line, if not from an index. */
  readonly source: string | null;
  /** The index that it comes from, or null. */
  readonly index: string | null;
  /** The lock it stands in and the line there, where there is one. */
  readonly place: Place | null;
  /** What was expected and what was found, in a sentence. */
  readonly message: string;
  readonly expected: readonly ExpectedPublisher[];
  readonly found: readonly VerifiedPublisher[];
  readonly notices: readonly Notice[];
  /** The code of the error that led to this decision, where one did. */
  readonly cause: ErrorCode | null;
}

/** Every decision about a lock or a request, with what it was made from. */
export interface Report {
  readonly subject: string;
  readonly decisions: readonly Decision[];
  /** Which trust root was used: where it came from, and how old it is at least. */
  readonly trustRoot: {
    readonly origin: "embedded" | "refreshed" | "given";
    readonly newestStart: Date;
  };
  readonly strict: boolean;
}

/** The formats of lock files that can be read. */
export type LockFormat =
  | "uv"
  | "pylock"
  | "poetry"
  | "pdm"
  | "pipfile"
  | "requirements"
  | "pyodide"
  | "pixi";

/** Version control systems that installers take sources from. */
export type VcsName = "git" | "hg" | "svn" | "bzr";

/**
 * Where a distribution comes from. A `location` is spelled as in a `#source:` line: `git+https://...`
 * and the like for a repository, a URL, `file:///...` for an absolute path, else a path that is `.`
 * or begins with `./` or `../` and counts from the folder that the lock's own path counts from. URLs
 * have no user name, password and fragment. `part` is what is taken of it if not all:
 * `subdirectory=DIR`, `path=FILE` and `lfs=true`, percent-encoded, in this order by name, `&` between.
 */
export type DistributionSource =
  | {
      readonly kind: "index";
      /**
       * The index that the lock names, without a slash at the end, or the location of a folder of
       * files; null where the lock leaves the choice to the installer's configuration.
       */
      readonly url: string | null;
      /** Further indexes that an installer may take the same file from, in the lock's order. */
      readonly alternatives: readonly string[];
    }
  | {
      readonly kind: "vcs";
      readonly vcs: VcsName;
      readonly location: string;
      /** The full commit (for Git in lower-case hexadecimal), or null where the lock has none. */
      readonly commit: string | null;
      /** The branch, tag or short commit that was asked for, where the lock says it. */
      readonly reference: string | null;
      readonly part: string | null;
    }
  | {
      /** An archive at a URL, an archive on disk, a folder; `virtual` is never installed itself. */
      readonly kind: "url" | "path" | "directory" | "editable" | "virtual";
      readonly location: string;
      readonly part: string | null;
    }
  /** The Pyodide distribution that the lock belongs to. */
  | { readonly kind: "pyodide" };

/** A file that an installer may take for an entry of a lock. */
export interface LockedFile {
  /** Its name, decoded, or null where the lock has only hashes. */
  readonly filename: string | null;
  /** Its URL (http or https) as the lock gives it, without user name, password and fragment. */
  readonly url: string | null;
  /** Its place on disk, spelled as a source's `location`, where the lock gives one. */
  readonly path: string | null;
  /** Every hash of it, the algorithms in order; none where the lock has none. */
  readonly hashes: readonly Hash[];
  /** Bytes, where the lock says it. */
  readonly size: number | null;
}

/** An entry of a lock: one version of one project, from one source. */
export interface Distribution {
  /**
   * Normalised (PEP 503). Where the lock gives a folder no name, the folder's; then the project
   * itself, in `.`, is called `.`.
   */
  readonly name: string;
  /** As the lock writes it; null where it has none, as it may for what is not from an index. */
  readonly version: string | null;
  readonly source: DistributionSource;
  /** At least one for what comes from an index or from Pyodide. */
  readonly files: readonly LockedFile[];
  /** Whether it is the lock's own project, or a member of its workspace. */
  readonly member: boolean;
  /** The line of the lock where the entry begins, from 1, where it is known. */
  readonly line: number | null;
}

/** Something in a lock, other than its entries, that has a say in what is installed. */
export interface InstallDirective {
  /** As an option of pip's requirements files, in its long form: `--index-url`, `--requirement`. */
  readonly option: string;
  readonly value: string | null;
  readonly line: number | null;
}

/** What a lock file says about what is to be installed. */
export interface Lock {
  /** With `/`, relative to the folder of the `.provenance.txt` that governs it. */
  readonly path: string;
  readonly format: LockFormat;
  /** No two have the same name, version and source. In the order of the file. */
  readonly distributions: readonly Distribution[];
  /** In the order of the file. */
  readonly directives: readonly InstallDirective[];
  /**
   * URLs of indexes that the lock writes with a user name or password, as it writes them. They are
   * for requests alone: no message and no file may hold them.
   */
  readonly logins: readonly string[];
}

/**
 * In what a project changed between two locks. `updated`: other versions. `files`: other files or
 * hashes at a version that both have. `source`: another index, repository, commit, URL or path.
 */
export type LockChangeKind = "added" | "removed" | "updated" | "files" | "source";

/** A project whose entries differ between two locks. */
export interface LockChange {
  readonly name: string;
  /** At least one; `added` and `removed` stand alone. */
  readonly kinds: readonly LockChangeKind[];
  readonly before: readonly Distribution[];
  readonly after: readonly Distribution[];
  /** Files, by their name and hashes, that stand only in the later or only in the earlier lock. */
  readonly filesAdded: readonly LockedFile[];
  readonly filesRemoved: readonly LockedFile[];
}

/** What changed between two locks. It is empty exactly if their digests are equal. */
export interface LockDiff {
  /** By name. */
  readonly changes: readonly LockChange[];
  /** The directives before and after, where they differ; else null. */
  readonly directives: {
    readonly before: readonly InstallDirective[];
    readonly after: readonly InstallDirective[];
  } | null;
}
