import { PUBLISH_PREDICATE } from "../addresses.ts";
import type { VerifiedPublisher } from "../model.ts";
import type { PinnedPublisher } from "../pins/model.ts";
import { samePublisherUrl } from "../pins/publisher.ts";

/** How a verified publisher stands to the accepted ones, from the best to the worst. */
const RELATIONS = [
  "PUBLISHER_MATCH",
  "REPOSITORY_RENAMED",
  "REPOSITORY_TRANSFERRED",
  "REPOSITORY_REPLACED",
  "PUBLISHER_CHANGED",
] as const;

/** One of the outcomes of comparing publishers (rows 11 to 15 of the decision table). */
export type PublisherRelation = (typeof RELATIONS)[number];

/** The best relation that was found, and between whom. */
export interface ComparedPublisher {
  readonly relation: PublisherRelation;
  readonly found: VerifiedPublisher;
  readonly expected: PinnedPublisher;
  readonly workflowChanged: boolean;
}

/** Those publishers that published: others (such as a builder's SLSA provenance) only inform. */
export function publishingPublishers(
  publishers: readonly VerifiedPublisher[],
): readonly VerifiedPublisher[] {
  return publishers.filter(({ predicateType }) => predicateType === PUBLISH_PREDICATE);
}

/**
 * Compares verified publishers with the accepted ones, and gives the best pair: one publish
 * attestation of one accepted publisher is enough.
 *
 * @param strict whether another workflow of the same repository is another publisher
 */
export function comparePublishers(
  found: readonly [VerifiedPublisher, ...VerifiedPublisher[]],
  accepted: readonly [PinnedPublisher, ...PinnedPublisher[]],
  strict: boolean,
): ComparedPublisher {
  const pairs = found.flatMap((verified) =>
    accepted.map((pinned): ComparedPublisher => {
      const workflowChanged = pinned.workflow !== null && pinned.workflow !== verified.workflow;
      const relation = relate(verified, pinned);
      const passes = relation === "PUBLISHER_MATCH" || relation === "REPOSITORY_RENAMED";
      return {
        relation: passes && workflowChanged && strict ? "PUBLISHER_CHANGED" : relation,
        found: verified,
        expected: pinned,
        workflowChanged: passes && workflowChanged,
      };
    }),
  );
  return pairs.reduce((best, pair) => (rank(pair) < rank(best) ? pair : best));
}

/** A pair with the pinned workflow comes before one with another. */
function rank({ relation, workflowChanged }: ComparedPublisher): number {
  return RELATIONS.indexOf(relation) * 2 + Number(workflowChanged);
}

/**
 * Compares one with one. A pin without identifiers goes by its URL; a pin with identifiers never
 * matches a certificate without them.
 */
function relate(found: VerifiedPublisher, pinned: PinnedPublisher): PublisherRelation {
  if (found.kind !== pinned.kind) return "PUBLISHER_CHANGED";
  const sameUrl = samePublisherUrl(found, pinned);
  if (pinned.repositoryId === null) return sameUrl ? "PUBLISHER_MATCH" : "PUBLISHER_CHANGED";
  if (found.repositoryId === null) return "PUBLISHER_CHANGED";
  if (found.repositoryId !== pinned.repositoryId) {
    return sameUrl ? "REPOSITORY_REPLACED" : "PUBLISHER_CHANGED";
  }
  if (found.ownerId !== pinned.ownerId) return "REPOSITORY_TRANSFERRED";
  return found.url === pinned.url ? "PUBLISHER_MATCH" : "REPOSITORY_RENAMED";
}
