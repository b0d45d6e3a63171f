/** Whom and what an attestation must not be taken to be by and about. */
import type { ErrorCode } from "@pubpin/shared";
import {
  drop,
  emailIdentity,
  type Identity,
  type JsonObject,
  OID,
  type Publisher,
  put,
  subjectAlternativeName,
} from "@pubpin/test-kit";
import { replaceExtension, withClaims } from "./extensions.ts";
import { FILE, type ProvenanceAttempt, PUBLISHER } from "./instance.ts";
import { ofProvenance, type Refusal } from "./refusal.ts";

function ofStatement(
  code: ErrorCode,
  claim: string,
  statement: (usual: JsonObject) => JsonObject,
): Refusal {
  return ofProvenance(code, claim, { change: { statement } });
}

function about(
  code: ErrorCode,
  claim: string,
  name: string,
  asked: string = FILE.filename,
): Refusal {
  const valid: ProvenanceAttempt = {
    file: { ...FILE, filename: asked },
    attested: { ...FILE, filename: asked },
  };
  return ofProvenance(code, claim, { attested: { ...FILE, filename: name } }, valid);
}

const MISMATCH = "SUBJECT_MISMATCH";

/** What a statement is about. */
export const STATEMENT_REFUSALS: readonly Refusal[] = [
  ofStatement(
    "STATEMENT_INVALID",
    "a statement of another type",
    put("_type", "https://in-toto.io/Statement/v0.1"),
  ),
  ofStatement("STATEMENT_INVALID", "a statement without a type", drop("_type")),
  ofStatement("STATEMENT_INVALID", "a statement without subjects", put("subject", [])),
  ofStatement(
    "STATEMENT_INVALID",
    "a statement about the same file twice",
    put("subject", (all: readonly unknown[]) => [...all, ...all]),
  ),
  ofStatement(
    "STATEMENT_INVALID",
    "a statement about a further file",
    put("subject.1", { name: "other-1.0.tar.gz", digest: { sha256: "00".repeat(32) } }),
  ),
  ofStatement(
    "STATEMENT_INVALID",
    "a statement about a file without a name",
    put("subject.0.name", ""),
  ),
  ofStatement(
    "STATEMENT_INVALID",
    "a statement about a file that lacks its name",
    drop("subject.0.name"),
  ),
  ofStatement(
    "STATEMENT_INVALID",
    "a statement about a file without digests",
    drop("subject.0.digest"),
  ),
  ofStatement(
    "ARTIFACT_MISMATCH",
    "a statement about other bytes",
    put("subject.0.digest.sha256", "00".repeat(32)),
  ),
  ofStatement(
    "ARTIFACT_MISMATCH",
    "a statement with a digest in capital letters",
    put("subject.0.digest.sha256", FILE.sha256.toUpperCase()),
  ),
  ofStatement(
    "ARTIFACT_MISMATCH",
    "a statement without the digest that counts",
    put("subject.0.digest", { sha512: FILE.sha256.repeat(2) }),
  ),
  about(MISMATCH, "a wheel's statement about another project", "exemple-1.0-py3-none-any.whl"),
  about(MISMATCH, "a wheel's statement about another version", "example-1.0.1-py3-none-any.whl"),
  about(MISMATCH, "a wheel's statement about another tag", "example-1.0-py2-none-any.whl"),
  about(
    MISMATCH,
    "a wheel's statement about fewer tags",
    "example-1.0-py3-none-any.whl",
    "example-1.0-py2.py3-none-any.whl",
  ),
  about(MISMATCH, "a wheel's statement about a build", "example-1.0-1-py3-none-any.whl"),
  about(MISMATCH, "a wheel's statement about an sdist", "example-1.0.tar.gz"),
  about(
    MISMATCH,
    "an sdist's statement about another version",
    "example-1.0.post1.tar.gz",
    "example-1.0.tar.gz",
  ),
  about(MISMATCH, "a wheel's statement about no distribution", "example.txt"),
  about(MISMATCH, "a wheel's statement about a path", "dist/example-1.0-py3-none-any.whl"),
  ofStatement(
    "PREDICATE_UNKNOWN",
    "an unknown predicate alone",
    put("predicateType", "https://example.org/p/v1"),
  ),
  ofStatement(
    "PREDICATE_UNKNOWN",
    "a predicate with a slash after it",
    put("predicateType", (type: string) => `${type}/`),
  ),
  ofStatement(
    "PREDICATE_UNKNOWN",
    "a predicate in other letters",
    put("predicateType", (type: string) => type.toUpperCase()),
  ),
  ofStatement("PREDICATE_UNKNOWN", "an empty predicate", put("predicateType", "")),
];

const gitLab: Publisher = { kind: "GitLab", repository: "group/sub/example" };
const google: Publisher = { kind: "Google", email: "robot@project.iam.gserviceaccount.com" };
const circle: Publisher = {
  kind: "CircleCI",
  projectId: "11111111-2222-3333-4444-555555555555",
  pipelineDefinitionId: "66666666-7777-8888-9999-000000000000",
  vcsOrigin: "github.com/octo/example",
  vcsRef: "refs/heads/main",
};

/** A publisher of each kind. */
export const PUBLISHERS: readonly [Publisher, ...Publisher[]] = [PUBLISHER, gitLab, google, circle];

/** A certificate in which one claim of a publisher is another; the index says the usual. */
function certified(
  claim: string,
  publisher: Publisher,
  claims: Parameters<typeof withClaims>[1],
): Refusal {
  return ofProvenance(
    "PUBLISHER_CLAIM_MISMATCH",
    claim,
    { signer: withClaims(publisher, claims) },
    { publisher },
  );
}

/** An index that says something else of the publisher than the certificate. */
function said(
  claim: string,
  publisher: Publisher,
  change: (usual: JsonObject) => JsonObject,
  code: ErrorCode = "PUBLISHER_CLAIM_MISMATCH",
): Refusal {
  return ofProvenance(code, claim, { document: change }, { publisher });
}

const by = "attestation_bundles.0.publisher";
const url = "https://github.com/octo/example";
const workflows = `${url}/.github/workflows`;

/** What a certificate says of its publisher. */
export const CERTIFIED_REFUSALS: readonly Refusal[] = [
  certified("a GitHub certificate without a repository", PUBLISHER, { 12: undefined }),
  certified("a GitHub certificate of another repository", PUBLISHER, {
    12: "https://github.com/octo/other",
  }),
  certified("a GitHub certificate of a repository elsewhere", PUBLISHER, {
    12: "https://example.org/octo/example",
  }),
  certified("a GitHub certificate of a host that begins like GitHub's", PUBLISHER, {
    12: "https://github.com.example.org/octo/example",
  }),
  certified("a GitHub certificate with a query in its repository", PUBLISHER, { 12: `${url}?x` }),
  certified("a GitHub certificate of an account", PUBLISHER, { 12: "https://github.com/octo" }),
  certified("a GitHub certificate without a workflow", PUBLISHER, { 18: undefined }),
  certified("a GitHub certificate with another workflow", PUBLISHER, {
    18: `${workflows}/other.yml@refs/tags/v1.0`,
  }),
  certified("a GitHub certificate with a workflow of another repository", PUBLISHER, {
    18: "https://github.com/octo/other/.github/workflows/release.yml@refs/tags/v1.0",
  }),
  certified("a GitHub certificate with a workflow of a repository with as long a name", PUBLISHER, {
    18: "https://github.com/octo/exemplo/.github/workflows/release.yml@refs/tags/v1.0",
  }),
  ...[
    "octo/example?x",
    "octo/example#x",
    "octo/example/",
    "octo",
    "octo//example",
    "octo/ex ample",
  ].map((repository) =>
    ofProvenance(
      "PUBLISHER_CLAIM_MISMATCH",
      `a GitHub certificate of ${JSON.stringify(repository)}, of which the index says the same`,
      {
        signer: withClaims(PUBLISHER, {
          12: `https://github.com/${repository}`,
          18: `https://github.com/${repository}/.github/workflows/release.yml@refs/tags/v1.0`,
        }),
        document: put(`${by}.repository`, repository),
      },
    ),
  ),
  certified("a GitHub certificate with a workflow in another folder", PUBLISHER, {
    18: `${url}/release.yml@refs/tags/v1.0`,
  }),
  certified("a GitHub certificate with a workflow at another ref", PUBLISHER, {
    18: `${workflows}/release.yml@refs/tags/v2.0`,
  }),
  certified("a GitHub certificate with a workflow without a ref", PUBLISHER, {
    18: `${workflows}/release.yml`,
  }),
  certified("a GitHub certificate with a workflow without a name", PUBLISHER, {
    18: `${workflows}/@refs/tags/v1.0`,
  }),
  certified("a GitHub certificate whose ref hides a part of the workflow", PUBLISHER, {
    14: "v1.0",
    18: `${workflows}/release.yml@evil@v1.0`,
  }),
  certified("a GitHub certificate whose ref and commit are empty", PUBLISHER, {
    13: "",
    14: "",
    18: `${workflows}/release.yml@`,
  }),
  certified("a GitHub certificate with a repository id that is no number", PUBLISHER, {
    15: "octo",
  }),
  certified("a GitHub certificate with a repository id with a zero before it", PUBLISHER, {
    15: "01",
  }),
  certified("a GitHub certificate with an owner id that is no number", PUBLISHER, { 17: "0x1" }),
  certified("a GitLab certificate of another repository", gitLab, {
    12: "https://gitlab.com/group/example",
  }),
  certified("a GitLab certificate with a workflow of another repository", gitLab, {
    18: "https://gitlab.com/group/example//.gitlab-ci.yml@refs/tags/v1.0",
  }),
  certified("a CircleCI certificate without a pipeline", circle, { 9: undefined }),
  certified("a CircleCI certificate of another pipeline", circle, {
    9: "https://circleci.com/api/v2/projects/1/pipeline-definitions/2",
  }),
  certified("a CircleCI certificate with a path after its pipeline", circle, {
    9: "https://circleci.com/api/v2/projects/1/pipeline-definitions/2/x",
  }),
  certified("a CircleCI certificate of another origin", circle, { 12: "github.com/octo/other" }),
  certified("a CircleCI certificate without the origin that the index names", circle, {
    12: undefined,
  }),
  certified("a CircleCI certificate of another ref", circle, { 14: "refs/heads/other" }),
  ofProvenance(
    "PUBLISHER_CLAIM_MISMATCH",
    "a Google certificate of another account",
    {
      signer: emailIdentity("other@example.org", "https://accounts.google.com"),
    },
    { publisher: google },
  ),
  ofProvenance(
    "PUBLISHER_CLAIM_MISMATCH",
    "a Google certificate for a URI",
    {
      change: {
        leaf: replaceExtension(OID.subjectAlternativeName, () =>
          subjectAlternativeName({
            kind: "uri",
            value: google.kind === "Google" ? google.email : "",
          }),
        ),
      },
    },
    { publisher: google },
  ),
  certified("a Google certificate without the issuer in its first form", google, { 1: undefined }),
  ofProvenance("PUBLISHER_KIND_UNKNOWN", "a certificate of an issuer of no known kind", {
    signer: withClaims(PUBLISHER, { 1: "https://issuer.example", 8: "https://issuer.example" }),
  }),
  ofProvenance("PUBLISHER_KIND_UNKNOWN", "a certificate of an issuer with a slash after it", {
    signer: withSlash(withClaims(PUBLISHER, {})),
  }),
];

function withSlash({ subject, claims }: Identity): Identity {
  return { subject, claims: { ...claims, 1: `${claims[1]}/`, 8: `${claims[8]}/` } };
}

/** What an index says of a publisher. */
export const SAID_REFUSALS: readonly Refusal[] = [
  said("an index with another kind of publisher", PUBLISHER, put(`${by}.kind`, "GitLab")),
  said("an index with another repository", PUBLISHER, put(`${by}.repository`, "octo/other")),
  said(
    "an index with the repository in other letters",
    PUBLISHER,
    put(`${by}.repository`, "Octo/example"),
  ),
  said("an index without a repository", PUBLISHER, drop(`${by}.repository`)),
  said("an index with null as its repository", PUBLISHER, put(`${by}.repository`, null)),
  said(
    "an index with a list as its repository",
    PUBLISHER,
    put(`${by}.repository`, ["octo/example"]),
  ),
  said(
    "an index with an object as its repository",
    PUBLISHER,
    put(`${by}.repository`, { toString: 1 }),
  ),
  said("an index with another workflow", PUBLISHER, put(`${by}.workflow`, "other.yml")),
  said("an index without a workflow", PUBLISHER, drop(`${by}.workflow`)),
  said("an index with another GitLab repository", gitLab, put(`${by}.repository`, "group/example")),
  said("an index with another GitLab workflow", gitLab, put(`${by}.workflow_filepath`, "ci.yml")),
  said("an index with another e-mail address", google, put(`${by}.email`, "other@example.org")),
  said("an index with another CircleCI project", circle, put(`${by}.project_id`, "1")),
  said("an index with another CircleCI pipeline", circle, put(`${by}.pipeline_definition_id`, "1")),
  said(
    "an index with another CircleCI origin",
    circle,
    put(`${by}.vcs_origin`, "github.com/octo/other"),
  ),
  said("an index with another CircleCI ref", circle, put(`${by}.vcs_ref`, "refs/heads/other")),
  said(
    "an index with an unknown kind of publisher",
    PUBLISHER,
    put(`${by}.kind`, "Forgejo"),
    "PUBLISHER_KIND_UNKNOWN",
  ),
  said(
    "an index with a property of every object as its kind",
    PUBLISHER,
    put(`${by}.kind`, "constructor"),
    "PUBLISHER_KIND_UNKNOWN",
  ),
];

/** All of them. */
export const ALL_ATTESTATION_REFUSALS: readonly Refusal[] = [
  ...STATEMENT_REFUSALS,
  ...CERTIFIED_REFUSALS,
  ...SAID_REFUSALS,
];
