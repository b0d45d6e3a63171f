import { FORGE, ISSUER } from "../addresses.ts";
import { describe } from "../bytes/fields.ts";
import type { JsonObject } from "../bytes/json.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import type { PublisherKind, VerifiedCertificate } from "../model.ts";
import * as CLAIM from "../x509/fulcio-claims.ts";
import type { ClaimedPublisher } from "./provenance.ts";

/** The part of a publisher that its certificate states. */
export interface CertifiedPublisher {
  readonly kind: PublisherKind;
  readonly url: string;
  readonly workflow: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  readonly repositoryId: string | null;
  readonly ownerId: string | null;
  /** What an index must say of this publisher if it says anything of it (PEP 740). */
  readonly expectedClaims: JsonObject;
}

type Claims = VerifiedCertificate["claims"];
type Read = (certificate: VerifiedCertificate) => CertifiedPublisher;

const READERS: Readonly<Record<PublisherKind, Read>> = {
  GitHub: readGitHub,
  GitLab: readGitLab,
  Google: readGoogle,
  CircleCI: readCircleCi,
};

/** What publishers without a repository do not have. */
const NO_REPOSITORY = { workflow: null, repositoryId: null, ownerId: null } as const;

/** Claims of an index that the certificate does not know about, or that may be left out. */
const OPTIONAL_CLAIMS: ReadonlySet<string> = new Set(["vcs_origin", "vcs_ref"]);

/**
 * Reads who published from a verified certificate: the kind by its issuer, everything else by the
 * rules of that kind (PyPI documentation, "Trusted Publishers"; Fulcio, `oid-info.md`).
 *
 * @throws PUBLISHER_KIND_UNKNOWN PUBLISHER_CLAIM_MISMATCH
 */
export function readPublisher(certificate: VerifiedCertificate): CertifiedPublisher {
  const kinds = Object.keys(READERS) as PublisherKind[];
  const kind = kinds.find((name) => ISSUER[name] === certificate.issuer);
  if (kind === undefined) {
    return fail(
      "PUBLISHER_KIND_UNKNOWN",
      `signing certificate: the issuer ${quote(certificate.issuer)} is not known`,
    );
  }
  return READERS[kind](certificate);
}

/**
 * Checks that what an index says of a publisher agrees with the certificate, case and all.
 *
 * @throws PUBLISHER_KIND_UNKNOWN PUBLISHER_CLAIM_MISMATCH
 */
export function requireSameClaims(
  expectedKind: PublisherKind,
  expectedClaims: JsonObject,
  { path, kind, fields }: ClaimedPublisher,
): void {
  if (!Object.hasOwn(READERS, kind)) {
    fail(
      "PUBLISHER_KIND_UNKNOWN",
      `${path}.kind: the kind of publisher ${quote(kind)} is not known`,
    );
  }
  if (kind !== expectedKind) differs(`${path}.kind`, describe(expectedKind), describe(kind));
  for (const [name, expected] of Object.entries(expectedClaims)) {
    const found = fields[name];
    const isLeftOut = found === undefined || found === null;
    if (found === expected || (isLeftOut && OPTIONAL_CLAIMS.has(name))) continue;
    differs(`${path}.${name}`, describe(expected), describe(found));
  }
}

function differs(path: string, expected: string, found: string): never {
  return fail(
    "PUBLISHER_CLAIM_MISMATCH",
    `${path}: the certificate says ${expected}, the index says ${found}`,
  );
}

function readGitHub(certificate: VerifiedCertificate): CertifiedPublisher {
  return readForge(certificate, "GitHub", "/.github/workflows/", "workflow");
}

function readGitLab(certificate: VerifiedCertificate): CertifiedPublisher {
  return readForge(certificate, "GitLab", "//", "workflow_filepath");
}

/**
 * A repository's workflow.
 *
 * @param folder what stands between the repository's URL and the workflow's file
 * @param claim what an index calls the workflow
 */
function readForge(
  { claims }: VerifiedCertificate,
  kind: "GitHub" | "GitLab",
  folder: string,
  claim: string,
): CertifiedPublisher {
  const url = repositoryUrl(claims, FORGE[kind]);
  const workflow = workflowPath(claims, url + folder);
  const repository = url.slice(FORGE[kind].length);
  return {
    kind,
    url,
    workflow,
    ...sourceOf(claims),
    repositoryId: identifier(claims.get(CLAIM.sourceRepositoryIdentifier)),
    ownerId: identifier(claims.get(CLAIM.sourceRepositoryOwnerIdentifier)),
    expectedClaims: { repository, [claim]: workflow },
  };
}

/** A Google service account; its certificate names the account and no source. */
function readGoogle({ subject, claims }: VerifiedCertificate): CertifiedPublisher {
  if (subject.kind !== "email" || claims.get(CLAIM.issuerRaw) !== ISSUER.Google) {
    return malformed("a Google account", subject.value);
  }
  return {
    kind: "Google",
    url: `mailto:${subject.value}`,
    ...NO_REPOSITORY,
    ref: null,
    commit: null,
    expectedClaims: { email: subject.value },
  };
}

function readCircleCi({ claims }: VerifiedCertificate): CertifiedPublisher {
  const url = claims.get(CLAIM.buildSignerUri) ?? "";
  const path = url.startsWith(FORGE.CircleCI) ? url.slice(FORGE.CircleCI.length) : "";
  const [, project_id, pipeline_definition_id] =
    /^([\w-]+)\/pipeline-definitions\/([\w-]+)$/.exec(path) ?? [];
  if (project_id === undefined || pipeline_definition_id === undefined) {
    return malformed("the URL of a pipeline definition", url);
  }
  const origin = claims.get(CLAIM.sourceRepositoryUri)?.replace(/^https?:\/\//, "");
  const source = sourceOf(claims);
  return {
    kind: "CircleCI",
    url,
    ...NO_REPOSITORY,
    ...source,
    expectedClaims: {
      project_id,
      pipeline_definition_id,
      vcs_origin: origin ?? null,
      vcs_ref: source.ref,
    },
  };
}

function repositoryUrl(claims: Claims, forge: string): string {
  const url = claims.get(CLAIM.sourceRepositoryUri) ?? "";
  const path = url.startsWith(forge) ? url.slice(forge.length) : "";
  const isPath = /^[\w.-]+(?:\/[\w.-]+)+$/.test(path);
  return isPath ? url : malformed(`a repository's URL below ${forge}`, url);
}

/** The workflow file: what stands between its folder and the ref or commit it was taken from. */
function workflowPath(claims: Claims, folder: string): string {
  const uri = claims.get(CLAIM.buildConfigUri) ?? "";
  const ends = [CLAIM.sourceRepositoryDigest, CLAIM.sourceRepositoryRef]
    .map((claim) => claims.get(claim))
    .filter((value) => value !== undefined && value !== "")
    .map((value) => `@${value}`);
  const end = ends.find((suffix) => uri.endsWith(suffix));
  const path = end === undefined ? "" : uri.slice(folder.length, -end.length);
  const isFile = uri.startsWith(folder) && /^[^\s@]+$/.test(path);
  return isFile ? path : malformed(`a file below ${folder}, at its ref or commit`, uri);
}

function sourceOf(claims: Claims): { readonly ref: string | null; readonly commit: string | null } {
  return {
    ref: claims.get(CLAIM.sourceRepositoryRef) ?? null,
    commit: claims.get(CLAIM.sourceRepositoryDigest) ?? null,
  };
}

function identifier(value: string | undefined): string | null {
  if (value === undefined) return null;
  return /^[1-9][0-9]{0,19}$/.test(value) ? value : malformed("a numeric identifier", value);
}

function malformed(expected: string, found: string): never {
  return fail(
    "PUBLISHER_CLAIM_MISMATCH",
    `signing certificate: expected ${expected}, found ${quote(found)}`,
  );
}
