/** Which of the publishers that were found is meant. */
import {
  type Decision,
  fail,
  PUBLISH_PREDICATE,
  samePublisherUrl,
  type VerifiedPublisher,
} from "@pubpin/shared";

/**
 * The decisions, each with the one publisher that is to be pinned. Where a person names one, files
 * that only others published are left out.
 *
 * @throws USAGE_INVALID where there are several and none is named, or another one is
 */
export function chosen(
  decisions: readonly Decision[],
  named: string | undefined,
): readonly Decision[] {
  const narrowed = decisions.map((decision) => {
    const found = published(decision);
    return { decision, found, chosen: found.filter((each) => isNamed(each, named)) };
  });
  const attested = narrowed.filter(({ found }) => found.length > 0);
  const matching = attested.filter((each) => each.chosen.length > 0);
  if (attested.length > 0 && matching.length === 0) {
    const [first] = attested;
    return refuseChoice(
      first?.decision.name ?? "",
      attested.flatMap(({ found }) => found),
    );
  }
  return narrowed
    .filter((each) => each.found.length === 0 || each.chosen.length > 0)
    .map(({ decision, found, chosen: only }) => withOnly(decision, only, found));
}

function withOnly(
  decision: Decision,
  only: readonly VerifiedPublisher[],
  found: readonly VerifiedPublisher[],
): Decision {
  const isOne = new Set(only.map(({ url }) => url)).size <= 1;
  return isOne
    ? { ...decision, found: only }
    : refuseChoice(decision.filename ?? decision.name, found);
}

/** Those who published a file; others only attest something else about it. */
export function published({ found }: Decision): readonly VerifiedPublisher[] {
  return found.filter(({ predicateType }) => predicateType === PUBLISH_PREDICATE);
}

/** Whether a publisher is the one that a person named, where they named one. */
export function isNamed({ kind, url }: VerifiedPublisher, named: string | undefined): boolean {
  return (
    named === undefined || samePublisherUrl({ kind, url }, { kind, url: named.replace(/\/$/, "") })
  );
}

/** Refuses to choose: USAGE_INVALID, with all that there is to choose from. */
export function refuseChoice(what: string, found: readonly VerifiedPublisher[]): never {
  const urls = [...new Set(found.map(({ url }) => url))].join(", ");
  return fail("USAGE_INVALID", `${what}: attested by ${urls}: name one of them with --publisher`);
}
