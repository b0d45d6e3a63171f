/** The nouns of pubpin. Each arrow of the flow in ARCHITECTURE.md goes from one to the next. */

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
