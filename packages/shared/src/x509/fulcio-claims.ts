/** Fulcio's extensions by the last arc of their object identifier (Fulcio, `oid-info.md`). */

/** The OIDC issuer, as text as it is. */
export const issuerRaw = 1;
/** The OIDC issuer. */
export const issuer = 8;
/** The definition of the build. */
export const buildSignerUri = 9;
/** The repository that was built. */
export const sourceRepositoryUri = 12;
/** The commit that was built. */
export const sourceRepositoryDigest = 13;
/** The Git ref that was built. */
export const sourceRepositoryRef = 14;
/** The repository's immutable number. */
export const sourceRepositoryIdentifier = 15;
/** The immutable number of the repository's owner. */
export const sourceRepositoryOwnerIdentifier = 17;
/** The workflow, with its ref or commit. */
export const buildConfigUri = 18;
