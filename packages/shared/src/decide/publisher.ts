import type { Candidate, Notice, VerifiedPublisher } from "../model.ts";
import { acceptedPublishers, findUnsigned } from "../pins/lookup.ts";
import type { PinnedPublisher, Pins } from "../pins/model.ts";
import {
  type ComparedPublisher,
  comparePublishers,
  publishingPublishers,
  type PublisherRelation,
} from "./compare.ts";
import type { DecideOptions, Ruling } from "./ruling.ts";

/** The rows about who published (11 to 18). One of them always applies. */
export function decideByPublisher(
  { name }: Candidate,
  evidence: readonly VerifiedPublisher[] | "none",
  pins: Pins,
  options: DecideOptions,
): Ruling {
  const [found, ...further] = evidence === "none" ? [] : publishingPublishers(evidence);
  const [pin, ...also] = acceptedPublishers(pins, name);
  if (found === undefined) {
    return pin === undefined ? judgeUnsigned(name, pins, options) : missing([pin, ...also]);
  }
  if (pin === undefined) return unpinned([found, ...further]);
  const accepted = [pin, ...also] as const;
  const compared = comparePublishers([found, ...further], accepted, options.strict);
  return judgeCompared(compared, accepted, evidence === "none" ? [] : evidence);
}

/** Rows 11 to 15. */
function judgeCompared(
  compared: ComparedPublisher,
  accepted: readonly PinnedPublisher[],
  all: readonly VerifiedPublisher[],
): Ruling {
  const { relation, expected, found } = compared;
  const passes = relation === "PUBLISHER_MATCH" || relation === "REPOSITORY_RENAMED";
  return {
    code: relation,
    verdict: passes ? "pass" : "fail",
    message: passes
      ? `published by ${describe(found)}`
      : `expected ${describe(expected)}, found ${describe(found)}`,
    expected: accepted,
    found: all,
    notices: passes ? noticesOf(compared, relation, all) : [],
  };
}

function noticesOf(
  { found, expected, workflowChanged }: ComparedPublisher,
  relation: PublisherRelation,
  all: readonly VerifiedPublisher[],
): readonly Notice[] {
  const notices: Notice[] = [];
  if (relation === "REPOSITORY_RENAMED") {
    notices.push({
      code: "REPOSITORY_RENAMED",
      message: `pinned as ${expected.url}, now ${found.url}: the same repository of the same owner`,
    });
  }
  if (workflowChanged) {
    notices.push({
      code: "WORKFLOW_CHANGED",
      message: `pinned with ${expected.workflow ?? "none"}, built by ${found.workflow ?? "none"}`,
    });
  }
  const others = new Set(all.map(({ url }) => url).filter((url) => url !== found.url));
  for (const url of others) {
    notices.push({ code: "FURTHER_PUBLISHER", message: `also attested by ${url}` });
  }
  return notices;
}

/** Row 16. */
function unpinned(found: readonly [VerifiedPublisher, ...VerifiedPublisher[]]): Ruling {
  return {
    code: "PUBLISHER_UNPINNED",
    verdict: "fail",
    message: `published by ${describe(found[0])}, and no publisher is pinned`,
    found,
  };
}

/** Row 17. */
function missing(accepted: readonly [PinnedPublisher, ...PinnedPublisher[]]): Ruling {
  return {
    code: "ATTESTATION_MISSING",
    verdict: "fail",
    message: `expected ${describe(accepted[0])}, found no attestation`,
    expected: accepted,
  };
}

/** Row 18. In a lock most files are unsigned today; the guard asks for a person's decision. */
function judgeUnsigned(name: string, pins: Pins, { strict, mode }: DecideOptions): Ruling {
  const allowed = findUnsigned(pins, name)?.entry.state === "allowed";
  const passes = allowed || (mode === "lock" && !strict);
  return {
    code: "UNSIGNED",
    verdict: passes ? "pass" : "fail",
    message: allowed ? "not attested, and allowed so" : "not attested",
  };
}

function describe({
  url,
  repositoryId,
  ownerId,
  workflow,
}: Pick<VerifiedPublisher, "url" | "repositoryId" | "ownerId" | "workflow">): string {
  const parts = [
    repositoryId === null ? [] : [`repository ${repositoryId}`],
    ownerId === null ? [] : [`owner ${ownerId}`],
    workflow === null ? [] : [workflow],
  ].flat();
  return parts.length === 0 ? url : `${url} (${parts.join(", ")})`;
}
