/**
 * Identities that Fulcio certifies, and PyPI's kinds of publisher among them.
 * The claims follow Fulcio's OID directory: .1 to .6 are raw strings, .8 and above DER UTF8Strings.
 */
import {
  type Extension,
  type GeneralName,
  OID,
  extension,
  subjectAlternativeName,
} from "./certificate.ts";
import { utf8 } from "./bytes.ts";
import { utf8String } from "./der.ts";
import type { JsonObject } from "./json.ts";

/** Fulcio's claims, by the last arc of their OID (1.3.6.1.4.1.57264.1.N), in the order of the certificate. */
export type Claims = Readonly<Record<number, string>>;

/** Who a certificate is for. */
export interface Identity {
  readonly subject: GeneralName;
  readonly claims: Claims;
}

/** What GitHub and GitLab publishers have in common. All but the repository has a default. */
interface ForgePublisher {
  /** `owner/name`; on GitLab the owner may be a group path. */
  readonly repository: string;
  readonly environment?: string | null;
  readonly repositoryId?: string;
  readonly ownerId?: string;
  readonly ref?: string;
  readonly commit?: string;
  /** The event that started the build, such as `push`. */
  readonly trigger?: string;
  readonly visibility?: string;
  /** Repository, path and ref of a reusable workflow that ran instead of the repository's own. */
  readonly signerUri?: string;
}

/** A GitHub Actions workflow, by its file name. */
export interface GitHubPublisher extends ForgePublisher {
  readonly kind: "GitHub";
  readonly workflow?: string;
}

/** A GitLab CI pipeline, by the path of its definition. */
export interface GitLabPublisher extends ForgePublisher {
  readonly kind: "GitLab";
  readonly workflow?: string;
}

/** A Google account or service account. */
export interface GooglePublisher {
  readonly kind: "Google";
  readonly email: string;
}

/** A CircleCI pipeline definition. */
export interface CircleCIPublisher {
  readonly kind: "CircleCI";
  readonly projectId: string;
  readonly pipelineDefinitionId: string;
  /** Such as `github.com/owner/name`, without a scheme. */
  readonly vcsOrigin?: string;
  readonly vcsRef?: string;
}

/** A publisher of a kind that PyPI knows. */
export type Publisher = GitHubPublisher | GitLabPublisher | GooglePublisher | CircleCIPublisher;

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

function forge(
  publisher: ForgePublisher,
): Required<Omit<ForgePublisher, "signerUri" | "environment">> {
  return {
    repositoryId: "1001",
    ownerId: "2002",
    ref: "refs/tags/v1.0",
    commit: COMMIT,
    trigger: "push",
    visibility: "public",
    ...publisher,
  };
}

function owner(repository: string): string {
  return repository.slice(0, repository.lastIndexOf("/"));
}

function gitHub(publisher: GitHubPublisher): Identity {
  const { repository, repositoryId, ownerId, ref, commit, trigger, visibility } = forge(publisher);
  const issuer = "https://token.actions.githubusercontent.com";
  const url = `https://github.com/${repository}`;
  const workflow = `${url}/.github/workflows/${publisher.workflow ?? "release.yml"}@${ref}`;
  const signer = publisher.signerUri ?? workflow;
  return {
    subject: { kind: "uri", value: signer },
    claims: {
      1: issuer,
      2: trigger,
      3: commit,
      4: "release",
      5: repository,
      6: ref,
      8: issuer,
      9: signer,
      10: commit,
      11: "github-hosted",
      12: url,
      13: commit,
      14: ref,
      15: repositoryId,
      16: `https://github.com/${owner(repository)}`,
      17: ownerId,
      18: workflow,
      19: commit,
      20: trigger,
      21: `${url}/actions/runs/9000000001/attempts/1`,
      22: visibility,
    },
  };
}

function gitLab(publisher: GitLabPublisher): Identity {
  const { repository, repositoryId, ownerId, ref, commit, trigger, visibility } = forge(publisher);
  const issuer = "https://gitlab.com";
  const url = `https://gitlab.com/${repository}`;
  const workflow = `${url}//${publisher.workflow ?? ".gitlab-ci.yml"}@${ref}`;
  const signer = publisher.signerUri ?? workflow;
  return {
    subject: { kind: "uri", value: signer },
    claims: {
      1: issuer,
      8: issuer,
      9: signer,
      10: commit,
      11: "gitlab-hosted",
      12: url,
      13: commit,
      14: ref,
      15: repositoryId,
      16: `https://gitlab.com/${owner(repository)}`,
      17: ownerId,
      18: workflow,
      19: commit,
      20: trigger,
      21: `${url}/-/jobs/9000000001`,
      22: visibility,
    },
  };
}

function circleCI(publisher: CircleCIPublisher): Identity {
  const { projectId, pipelineDefinitionId, vcsOrigin, vcsRef } = publisher;
  const issuer = "https://oidc.circleci.com";
  const signer = `https://circleci.com/api/v2/projects/${projectId}/pipeline-definitions/${pipelineDefinitionId}`;
  return {
    subject: { kind: "uri", value: signer },
    claims: {
      1: issuer,
      8: issuer,
      9: signer,
      ...(vcsOrigin === undefined ? {} : { 12: vcsOrigin }),
      ...(vcsRef === undefined ? {} : { 14: vcsRef }),
      18: "https://circleci.com/api/v2/pipeline/3d0e1b9f-53c9-4a0b-8f0c-1f7f4a4e6d10/config",
      21: "https://app.circleci.com/workflow/6a1c8f0e-2b7d-4c53-9d7e-0a5b3c2d1e4f/job/b7f2d9c4-8e61-4f3a-a5d0-9c8b7e6f5a43",
    },
  };
}

/** An account known by its e-mail address, vouched for by an OIDC issuer. */
export function emailIdentity(email: string, issuer: string): Identity {
  return { subject: { kind: "email", value: email }, claims: { 1: issuer, 8: issuer } };
}

/** What Fulcio would certify about a publisher. */
export function identityOf(publisher: Publisher): Identity {
  switch (publisher.kind) {
    case "GitHub":
      return gitHub(publisher);
    case "GitLab":
      return gitLab(publisher);
    case "Google":
      return emailIdentity(publisher.email, "https://accounts.google.com");
    case "CircleCI":
      return circleCI(publisher);
  }
}

/** The `publisher` object of a provenance document, as PyPI serves it. */
export function publisherJson(publisher: Publisher): JsonObject {
  const { kind } = publisher;
  switch (kind) {
    case "GitHub": {
      const { repository, workflow = "release.yml", environment = null } = publisher;
      return { kind, repository, workflow, environment };
    }
    case "GitLab": {
      const { repository, workflow = ".gitlab-ci.yml", environment = null } = publisher;
      return { kind, repository, workflow_filepath: workflow, environment };
    }
    case "Google":
      return { kind, email: publisher.email };
    case "CircleCI":
      return {
        kind,
        project_id: publisher.projectId,
        pipeline_definition_id: publisher.pipelineDefinitionId,
        vcs_origin: publisher.vcsOrigin ?? null,
        vcs_ref: publisher.vcsRef ?? null,
      };
  }
}

/** Whether this is a publisher and not yet an identity. */
export function isPublisher(value: Publisher | Identity): value is Publisher {
  return "kind" in value;
}

/** One of Fulcio's claims as an extension: raw up to .6, a UTF8String from .8 on. */
export function claimExtension(arc: number, value: string): Extension {
  return extension(`${OID.fulcio}.${arc}`, arc < 8 ? utf8(value) : utf8String(value));
}

/** The extensions that carry an identity: subject alternative name, then claims. */
export function identityExtensions(identity: Identity): Extension[] {
  const claims = Object.entries(identity.claims).map(([arc, value]) =>
    claimExtension(Number(arc), value),
  );
  return [subjectAlternativeName(identity.subject), ...claims];
}
