/** Decisions put together by what they are about, so that a release of 15 files is said once. */
import { PUBLISH_PREDICATE } from "../addresses.ts";
import { DECISION_CODES, type DecisionCode, type ErrorCode } from "../errors.ts";
import type {
  Decision,
  ExpectedPublisher,
  Notice,
  Place,
  Report,
  VerifiedPublisher,
  Verdict,
} from "../model.ts";
import { sameRepository } from "../pins/publisher.ts";
import { NOTICE_CODES } from "./notice-words.ts";
import { type Outcome, worstOutcome } from "./outcome.ts";

/** One version of one project in one subject, with everything that was decided about it. */
export interface Release {
  readonly subject: string;
  readonly name: string;
  readonly version: string | null;
  /** The worst of its files'. */
  readonly outcome: Outcome;
  readonly decisions: readonly [Decision, ...Decision[]];
}

/** Files of one release about which the same was decided, for the same reason. */
export interface Finding {
  readonly subject: string;
  readonly verdict: Verdict;
  readonly code: DecisionCode;
  /** The error that led to it, where that says more than the code. */
  readonly cause: ErrorCode | null;
  readonly name: string;
  readonly version: string | null;
  readonly place: Place | null;
  readonly expected: readonly ExpectedPublisher[];
  /** Each once, those that published first. */
  readonly found: readonly VerifiedPublisher[];
  /** The first one's message; those of the others may name other files. */
  readonly message: string;
  /** Whether trust on first use has several publishers of the project to choose from. */
  readonly undecided: boolean;
  readonly decisions: readonly [Decision, ...Decision[]];
}

/** A notice about one release, with the files that it is about. */
export interface NoticeFinding {
  readonly subject: string;
  readonly notice: Notice;
  readonly name: string;
  readonly version: string | null;
  readonly place: Place | null;
  readonly decisions: readonly [Decision, ...Decision[]];
}

/** Every release of the reports, in their order. */
export function releasesOf(reports: readonly Report[]): readonly Release[] {
  return reports.flatMap(({ subject, decisions }) =>
    groups(decisions, releaseKey).map((all) => ({
      subject,
      name: all[0].name,
      version: all[0].version,
      outcome: worstOutcome(all),
      decisions: all,
    })),
  );
}

/** Every finding with this verdict: by the order of the decision table, then by the reports'. */
export function findingsOf(reports: readonly Report[], verdict: Verdict): readonly Finding[] {
  const undecided = undecidedNames(reports);
  return reports
    .flatMap(({ subject, decisions }) => {
      const meant = decisions.filter((decision) => decision.verdict === verdict);
      return groups(meant, findingKey).map((group) => findingOf(subject, group, undecided));
    })
    .toSorted(
      (a, b) =>
        DECISION_CODES.indexOf(a.code) - DECISION_CODES.indexOf(b.code) ||
        compare(a.cause ?? "", b.cause ?? ""),
    );
}

/**
 * The projects of which several publishers were seen while none is pinned, in all of the reports:
 * trust on first use pins for all locks at once, and chooses nobody.
 */
export function undecidedNames(reports: readonly Report[]): ReadonlySet<string> {
  const unpinned = reports
    .flatMap((report) => report.decisions)
    .filter(({ code }) => code === "PUBLISHER_UNPINNED")
    .flatMap(({ name, found }) =>
      found.filter(hasPublished).map((publisher) => ({ name, publisher })),
    );
  const several = groups(unpinned, ({ name }) => name).filter(([first, ...others]) =>
    others.some(({ publisher }) => !sameRepository(publisher, first.publisher)),
  );
  return new Set(several.map(([{ name }]) => name));
}

/** Every notice, by kind. What a decision that does not pass says itself is no notice. */
export function noticesOf(reports: readonly Report[]): readonly NoticeFinding[] {
  return reports
    .flatMap(({ subject, decisions }) => {
      const all = decisions.flatMap((decision) =>
        decision.notices
          .filter(({ code }) => decision.verdict === "pass" || code !== decision.code)
          .map((notice) => ({ decision, notice })),
      );
      return groups(all, ({ decision, notice }) => noticeKey(decision, notice)).map(
        ([{ decision, notice }, ...rest]): NoticeFinding => ({
          subject,
          notice,
          name: decision.name,
          version: decision.version,
          place: decision.place,
          decisions: [decision, ...rest.map((each) => each.decision)],
        }),
      );
    })
    .toSorted((a, b) => NOTICE_CODES.indexOf(a.notice.code) - NOTICE_CODES.indexOf(b.notice.code));
}

/** Whether a publisher published the file, or attested something else about it. */
export function hasPublished({ predicateType }: VerifiedPublisher): boolean {
  return predicateType === PUBLISH_PREDICATE;
}

function findingOf(
  subject: string,
  decisions: readonly [Decision, ...Decision[]],
  undecided: ReadonlySet<string>,
): Finding {
  const [first] = decisions;
  return {
    subject,
    verdict: first.verdict,
    code: first.code,
    cause: telling(first),
    name: first.name,
    version: first.version,
    place: first.place,
    expected: first.expected,
    found: distinct(first.found),
    message: first.message,
    undecided: undecided.has(first.name),
    decisions,
  };
}

/** Publishers of several attestations each once, those that published first. */
function distinct(found: readonly VerifiedPublisher[]): readonly VerifiedPublisher[] {
  const sorted = found.toSorted((a, b) => Number(hasPublished(b)) - Number(hasPublished(a)));
  return groups(sorted, identity).map(([first]) => first);
}

function releaseKey({ name, version }: Decision): string {
  return JSON.stringify([name, version]);
}

function findingKey(decision: Decision): string {
  const { code, expected, found, place, source, index } = decision;
  const publishers = found.map(identity).toSorted();
  return JSON.stringify([
    releaseKey(decision),
    place?.path ?? null,
    source,
    index,
    code,
    telling(decision),
    expected,
    publishers,
  ]);
}

/** Messages of yanked files name the file: they are one notice all the same. */
function noticeKey(decision: Decision, { code, message }: Notice): string {
  const path = decision.place?.path ?? null;
  return JSON.stringify([releaseKey(decision), path, code, code === "YANKED" ? "" : message]);
}

function telling({ code, cause }: Decision): ErrorCode | null {
  return cause === code ? null : cause;
}

function identity(publisher: VerifiedPublisher): string {
  const { kind, url, repositoryId, ownerId, workflow } = publisher;
  return JSON.stringify([kind, url, repositoryId, ownerId, workflow]);
}

function groups<T>(items: readonly T[], key: (item: T) => string): readonly [T, ...T[]][] {
  return [...Map.groupBy(items, key).values()] as [T, ...T[]][];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
