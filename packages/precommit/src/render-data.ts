/** A report for programs: JSON, SARIF and annotations of GitHub. */
import {
  asciiJson,
  cutAnnotations,
  docsPath,
  githubCommand,
  type Place,
  SARIF_SCHEMA_URL,
  sarifFingerprint,
  sarifPlace,
  type SarifRule,
  sarifRule,
  sarifText,
  showMessage,
} from "@pubpin/shared";
import {
  type ChangeReport,
  exitCodeOf,
  type Finding,
  type HookReport,
  type Level,
  type LockReport,
} from "./finding.ts";
import { PRECOMMIT_VERSION } from "./version.ts";
import { wordsFor } from "./words.ts";

/** The name and version of the format. Fields may be added; whatever else changes, changes it. */
const JSON_SCHEMA = "pubpin-hook/1";

/** A finding with the commit that it is of. */
interface Placed {
  readonly commit: string | null;
  readonly finding: Finding;
  /** Of those in the same commit that are about the same, which one it is, from 1. */
  readonly ordinal: number;
}

const COMMIT_LENGTH = 12;
const GITHUB_LEVELS = { error: "error", warning: "warning", note: "notice" } as const;
const LEVELS: readonly Level[] = ["error", "warning", "note"];

/** The report as JSON: every key is always there, and what is not known is null. */
export function hookJson(report: HookReport): string {
  return asciiJson({
    schema: JSON_SCHEMA,
    exitCode: exitCodeOf(report),
    commits: report.commits,
    changes: report.changes.map((change) => ({
      commit: change.commit,
      locks: change.locks.map(lockJson),
      findings: change.findings.map((each) => findingJson(each, change.commit)),
    })),
  });
}

function lockJson(lock: LockReport): object {
  const { path, provenance, outcome, packages, directivesChanged } = lock;
  const count = (kind: string): number =>
    packages?.filter(({ kinds }) => kinds.some((each) => each === kind)).length ?? 0;
  return {
    path,
    provenance,
    state: outcome,
    directivesChanged,
    counts: {
      added: count("added"),
      removed: count("removed"),
      updated: count("updated"),
      files: count("files"),
      source: count("source"),
    },
    packages,
  };
}

function findingJson(each: Finding, commit: string | null): object {
  const { code, level, path, line, package: name, weakening, message, repair } = each;
  const { remedy } = wordsFor(code);
  return {
    code,
    level,
    path,
    line,
    commit,
    package: name,
    weakening,
    message,
    remedy,
    repair,
    docs: docsPath(code),
  };
}

/**
 * A SARIF 2.1.0 log (OASIS). A result is a finding; its rule is its code, and its fingerprint is made
 * of what it is about, so that it survives a move to another line, and a rebase of the commit.
 */
export function hookSarif(report: HookReport): string {
  const placed = placedFindings(report);
  const rules = rulesOf(placed);
  return asciiJson({
    $schema: SARIF_SCHEMA_URL,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pubpin-precommit",
            version: PRECOMMIT_VERSION,
            semanticVersion: PRECOMMIT_VERSION,
            rules,
          },
        },
        invocations: [{ executionSuccessful: true, exitCode: exitCodeOf(report) }],
        columnKind: "utf16CodeUnits",
        results: placed.map((each) => resultOf(each, rules)),
      },
    ],
  });
}

function rulesOf(placed: readonly Placed[]): readonly SarifRule[] {
  const codes = new Map(placed.map(({ finding: { code, level } }) => [code, level]));
  return [...codes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, level]) => sarifRule(code, wordsFor(code), level));
}

function resultOf(each: Placed, rules: readonly SarifRule[]): object {
  const { code, level } = each.finding;
  return {
    ruleId: code,
    ruleIndex: rules.findIndex(({ id }) => id === code),
    kind: "fail",
    level,
    message: { text: sarifText(textOf(each)) },
    locations: [{ physicalLocation: sarifPlace(placeOf(each.finding)) }],
    partialFingerprints: {
      "pubpinHook/v1": sarifFingerprint([
        ...subjectOf(each.finding),
        ...(each.ordinal === 1 ? [] : [String(each.ordinal)]),
      ]),
    },
  };
}

/** What a finding is about, whatever the commit and line. */
function subjectOf({ path, code, package: name, weakening }: Finding): readonly string[] {
  return [path, code, name ?? "", weakening ?? ""];
}

/** Annotations of GitHub Actions, one for each finding, as many as GitHub shows. */
export function hookGithub(report: HookReport): string {
  const placed = placedFindings(report);
  return LEVELS.flatMap((level) => {
    const github = GITHUB_LEVELS[level];
    const commands = placed
      .filter((each) => each.finding.level === level)
      .map((each) => {
        const { code, weakening } = each.finding;
        const title = weakening === null ? code : `${code}: ${weakening}`;
        return githubCommand(github, placeOf(each.finding), title, textOf(each));
      });
    return cutAnnotations(github, commands);
  }).join("");
}

function textOf({ commit, finding: { code, message, repair, level } }: Placed): string {
  const { title, remedy } = wordsFor(code);
  return [
    commit === null ? "" : `Commit ${commit.slice(0, COMMIT_LENGTH)}.`,
    `${title}: ${showMessage(message)}.`,
    level === "error" ? (repair === null ? remedy : `To repair it: \`${repair}\`.`) : "",
    `See ${docsPath(code)}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function placeOf({ path, line }: Finding): Place {
  return { path, line };
}

function placedFindings({ changes }: HookReport): readonly Placed[] {
  return changes.flatMap(({ commit, findings }: ChangeReport) => {
    const counts = new Map<string, number>();
    return findings.map((finding) => {
      const key = JSON.stringify(subjectOf(finding));
      const ordinal = (counts.get(key) ?? 0) + 1;
      counts.set(key, ordinal);
      return { commit, finding, ordinal };
    });
  });
}
