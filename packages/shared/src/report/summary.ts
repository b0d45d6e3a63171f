import { DECISION_CODES, type DecisionCode } from "../errors.ts";
import type { Decision, NoticeCode, Report, Verdict } from "../model.ts";
import { hasPublished, releasesOf } from "./findings.ts";
import { NOTICE_CODES } from "./notice-words.ts";
import { type Outcome, OUTCOMES, outcomeOf } from "./outcome.ts";

/** Counts of what was decided. Codes that never came up are left out. */
export interface Summary {
  /** Releases: one version of one project in one subject. */
  readonly packages: number;
  /** Decisions: files, and packages that have none. */
  readonly files: number;
  /** Decisions about files of which a publisher was verified, whatever was decided. */
  readonly attested: number;
  /** Decisions, by verdict. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Decisions, by code, in the order of the decision table. */
  readonly codes: ReadonlyMap<DecisionCode, number>;
  /** Decisions with such a notice, by code. */
  readonly notices: ReadonlyMap<NoticeCode, number>;
  /** Decisions, by outcome. */
  readonly fileOutcomes: Readonly<Record<Outcome, number>>;
  /** Releases, by their worst outcome. */
  readonly packageOutcomes: Readonly<Record<Outcome, number>>;
}

/** Counts what several reports say together. */
export function summarize(reports: readonly Report[]): Summary {
  const decisions = reports.flatMap((report) => report.decisions);
  const releases = releasesOf(reports);
  const count = (matches: (decision: Decision) => boolean): number =>
    decisions.filter(matches).length;
  return {
    packages: releases.length,
    files: decisions.length,
    attested: count(({ found }) => found.some(hasPublished)),
    verdicts: {
      pass: count(({ verdict }) => verdict === "pass"),
      fail: count(({ verdict }) => verdict === "fail"),
      unverifiable: count(({ verdict }) => verdict === "unverifiable"),
    },
    codes: tally(
      DECISION_CODES,
      decisions.map(({ code }) => code),
    ),
    notices: tally(
      NOTICE_CODES,
      decisions.flatMap(({ notices }) => [...new Set(notices.map(({ code }) => code))]),
    ),
    fileOutcomes: outcomes(decisions.map(outcomeOf)),
    packageOutcomes: outcomes(releases.map(({ outcome }) => outcome)),
  };
}

/**
 * The exit code that reports ask for: 1 where anything is blocked, else 3 where anything could not
 * be verified, else 0. A refusal is certain, whatever a second attempt would find out.
 */
export function exitCodeOf(reports: readonly Report[]): 0 | 1 | 3 {
  const verdicts = new Set(
    reports.flatMap((report) => report.decisions.map((each) => each.verdict)),
  );
  if (verdicts.has("fail")) return 1;
  return verdicts.has("unverifiable") ? 3 : 0;
}

function tally<Key>(keys: readonly Key[], found: readonly Key[]): ReadonlyMap<Key, number> {
  const counts = Map.groupBy(found, (key) => key);
  return new Map(
    keys.flatMap((key) => {
      const count = counts.get(key)?.length ?? 0;
      return count === 0 ? [] : [[key, count] as const];
    }),
  );
}

function outcomes(found: readonly Outcome[]): Readonly<Record<Outcome, number>> {
  const counts = tally(OUTCOMES, found);
  return Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, counts.get(outcome) ?? 0]),
  ) as Record<Outcome, number>;
}
