/** Every address that the product knows. None of them is contacted by this package by itself. */

/** Predicate type of PyPI's publish attestation (PEP 740; PyPI documentation, "Attestations"). */
export const PUBLISH_PREDICATE: string = "https://docs.pypi.org/attestations/publish/v1";
/** Predicate type of SLSA build provenance (SLSA v1.0, "Provenance"). */
export const SLSA_PREDICATE: string = "https://slsa.dev/provenance/v1";
/** Type of in-toto statements (in-toto attestation framework, "Statement" v1). */
export const STATEMENT_TYPE: string = "https://in-toto.io/Statement/v1";

/** OIDC issuers of the kinds of publisher (PyPI documentation, "Trusted Publishers"). */
export const ISSUER = {
  GitHub: "https://token.actions.githubusercontent.com",
  GitLab: "https://gitlab.com",
  Google: "https://accounts.google.com",
  CircleCI: "https://oidc.circleci.com",
} as const;

/** Where the repositories of a forge are. */
export const FORGE = {
  GitHub: "https://github.com/",
  GitLab: "https://gitlab.com/",
  CircleCI: "https://circleci.com/api/v2/projects/",
} as const;

/** The index that installers use where none is named: PyPI's Simple API (PEP 503, PEP 691). */
export const DEFAULT_INDEX_URL: string = "https://pypi.org/simple";

/** The JSON schema of SARIF 2.1.0 with its errata (OASIS). */
export const SARIF_SCHEMA_URL: string =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
