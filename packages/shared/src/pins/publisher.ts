import { FORGE } from "../addresses.ts";
import type { PublisherKind, VerifiedPublisher } from "../model.ts";
import type { PinnedPublisher } from "./model.ts";
import { decodeToken, encodeToken, isPlainSegment, quoteToken, refuse } from "./token.ts";

/** The part of a publisher that names it. */
export type PublisherUrl = Pick<PinnedPublisher, "kind" | "url">;

interface Grammar {
  readonly kind: PublisherKind;
  /** What every URL of this kind begins with. */
  readonly prefix: string;
  readonly rest: RegExp;
  /** What a workflow's name may be; null for publishers that are pinned without a fragment. */
  readonly workflow: RegExp | null;
}

/** The kinds of publisher, told apart by the beginning of the URL. */
const GRAMMARS: readonly Grammar[] = [
  {
    kind: "GitHub",
    prefix: FORGE.GitHub,
    rest: /^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+(?<!\.git)$/,
    workflow: /^[^/]+$/,
  },
  {
    kind: "GitLab",
    prefix: FORGE.GitLab,
    rest: /^(?:(?!\.{1,2}\/)[A-Za-z0-9_.][A-Za-z0-9_.-]*\/)+(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]*(?<!\.git)$/,
    workflow: /^[^/]+(?:\/[^/]+)*$/,
  },
  {
    kind: "Google",
    prefix: "mailto:",
    rest: /^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
    workflow: null,
  },
  {
    kind: "CircleCI",
    prefix: FORGE.CircleCI,
    rest: /^[A-Za-z0-9_-]+\/pipeline-definitions\/[A-Za-z0-9_-]+$/,
    workflow: null,
  },
];
/** What stands between the parts of a fragment. */
const SEPARATORS = "&=";
const FRAGMENT =
  /^(?:repository-id=(?<repository>[1-9][0-9]{0,19})&owner-id=(?<owner>[1-9][0-9]{0,19})(?:&(?=.)|$))?(?:workflow=(?<workflow>[^&=]+))?$/;

/**
 * Reads the second token of a pin: the publisher's URL and, for GitHub and GitLab, perhaps
 * `#repository-id=N&owner-id=N&workflow=NAME` (both identifiers or none, in this order).
 *
 * @throws PINS_INVALID
 */
export function readPinnedPublisher(token: string, where: string): PinnedPublisher {
  const [url = "", ...fragments] = token.split("#");
  const grammar = GRAMMARS.find(
    ({ prefix, rest }) => url.startsWith(prefix) && rest.test(url.slice(prefix.length)),
  );
  if (grammar === undefined) {
    return refuse(
      where,
      `expected ${FORGE.GitHub}OWNER/REPOSITORY, ${FORGE.GitLab}GROUP/PROJECT, mailto:ADDRESS ` +
        `or ${FORGE.CircleCI}ID/pipeline-definitions/ID, found ${quoteToken(token)}`,
    );
  }
  const bare = { kind: grammar.kind, url, repositoryId: null, ownerId: null, workflow: null };
  if (fragments.length === 0) return bare;
  if (grammar.workflow === null) {
    return refuse(
      where,
      `expected a ${grammar.kind} publisher without "#", found ${quoteToken(token)}`,
    );
  }
  const { repository, owner, workflow } = FRAGMENT.exec(fragments.join("#"))?.groups ?? {};
  if (repository === undefined && workflow === undefined) {
    return refuse(
      where,
      `expected "#repository-id=NUMBER&owner-id=NUMBER&workflow=NAME" after the URL, both ` +
        `identifiers or none of them, in this order, found ${quoteToken(token)}`,
    );
  }
  return {
    ...bare,
    repositoryId: repository ?? null,
    ownerId: owner ?? null,
    workflow: workflow === undefined ? null : readWorkflow(workflow, grammar.workflow, where),
  };
}

/** The token that `readPinnedPublisher` reads as this publisher. */
export function writePinnedPublisher(publisher: PinnedPublisher): string {
  const { url, repositoryId, ownerId, workflow } = publisher;
  const fragment = [
    repositoryId === null ? [] : [`repository-id=${repositoryId}`],
    ownerId === null ? [] : [`owner-id=${ownerId}`],
    workflow === null ? [] : [`workflow=${encodeToken(workflow, SEPARATORS)}`],
  ].flat();
  return fragment.length === 0 ? url : `${url}#${fragment.join("&")}`;
}

/**
 * What to pin of a publisher that was verified: its URL, both identifiers or none, its workflow.
 */
export function pinnedPublisher(verified: VerifiedPublisher): PinnedPublisher {
  const { kind, url, repositoryId, ownerId, workflow } = verified;
  const identified = repositoryId !== null && ownerId !== null;
  return {
    kind,
    url,
    repositoryId: identified ? repositoryId : null,
    ownerId: identified ? ownerId : null,
    workflow,
  };
}

/** Whether two publishers are of one kind and have the same URL (see `comparableUrl`). */
export function samePublisherUrl(a: PublisherUrl, b: PublisherUrl): boolean {
  return a.kind === b.kind && comparableUrl(a) === comparableUrl(b);
}

/** A publisher's URL as it is compared: GitHub's without regard to case, all others exactly. */
export function comparableUrl({ kind, url }: PublisherUrl): string {
  return kind === "GitHub" ? url.toLowerCase() : url;
}

/** Whether two publishers are one repository or account: by URL and by both identifiers. */
export function sameRepository(a: RepositoryOf, b: RepositoryOf): boolean {
  return samePublisherUrl(a, b) && a.repositoryId === b.repositoryId && a.ownerId === b.ownerId;
}

type RepositoryOf = Pick<PinnedPublisher, "kind" | "url" | "repositoryId" | "ownerId">;

function readWorkflow(token: string, grammar: RegExp, where: string): string {
  const name = decodeToken(token, where, SEPARATORS);
  if (!grammar.test(name) || !name.split("/").every(isPlainSegment)) {
    refuse(where, `expected the name of a workflow, found ${quoteToken(token)}`);
  }
  return name;
}
