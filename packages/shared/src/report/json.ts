import type { DecisionCode, ErrorCode } from "../errors.ts";
import type {
  Decision,
  ExpectedPublisher,
  Notice,
  Place,
  PublisherKind,
  Report,
  VerifiedPublisher,
  Verdict,
} from "../model.ts";
import { acceptCommand } from "./acceptance.ts";
import { docsPath } from "./advice.ts";
import { undecidedNames } from "./findings.ts";
import { asciiJson } from "./show.ts";
import { exitCodeOf, summarize } from "./summary.ts";

/** The name and version of the format. Fields may be added; whatever else changes, changes it. */
export const JSON_REPORT_SCHEMA = "pubpin-report/1";

/** What `jsonReport` writes. Every key is always there; what is not known is null. */
export interface JsonReport {
  readonly schema: typeof JSON_REPORT_SCHEMA;
  /** 0 fine, 1 blocked, 3 could not be verified. */
  readonly exitCode: 0 | 1 | 3;
  readonly summary: JsonSummary;
  /** One for each lock or request, in the order in which they were checked. */
  readonly reports: readonly JsonSubject[];
}

/** Counts over all reports; codes that never came up are left out. */
export interface JsonSummary {
  /** One version of one project in one lock each. */
  readonly packages: number;
  /** Decisions: files, and packages without files. */
  readonly files: number;
  /** Files of which a publisher was verified, whatever was decided. */
  readonly attested: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly codes: Readonly<Partial<Record<DecisionCode, number>>>;
  readonly notices: Readonly<Partial<Record<Notice["code"], number>>>;
}

/** What was decided about one lock or request. */
export interface JsonSubject {
  readonly subject: string;
  readonly strict: boolean;
  /** `newestStart` is when the newest entry of the trust root came into use (ISO 8601, UTC). */
  readonly trustRoot: { readonly origin: string; readonly newestStart: string };
  /** In the order of the check: by name, version and file. */
  readonly decisions: readonly JsonDecision[];
}

/** What was decided about one file. */
export interface JsonDecision {
  readonly code: DecisionCode;
  readonly verdict: Verdict;
  readonly name: string;
  readonly version: string | null;
  readonly filename: string | null;
  readonly sha256: string | null;
  /** Where it comes from, in the form of a `#source:` line, if not from an index. */
  readonly source: string | null;
  /** The index that it comes from. */
  readonly index: string | null;
  readonly place: Place | null;
  readonly message: string;
  readonly expected: readonly ExpectedPublisher[];
  readonly found: readonly JsonPublisher[];
  readonly notices: readonly Notice[];
  readonly cause: ErrorCode | null;
  /** The command with which a person accepts it; null where it passes or nothing accepts it. */
  readonly accept: string | null;
  /** Where the code is explained. */
  readonly docs: string;
}

/** A verified publisher. */
export interface JsonPublisher {
  readonly kind: PublisherKind;
  readonly url: string;
  readonly workflow: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  readonly repositoryId: string | null;
  readonly ownerId: string | null;
  readonly issuer: string;
  readonly predicateType: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** In decimal; as text, because it may be larger than 2^53. */
  readonly logIndex: string;
}

/**
 * Reports as JSON for programs: versioned, keys in the order of {@link JsonReport}, ASCII, one line
 * feed at the end. Text is exact, whatever it holds.
 */
export function jsonReport(reports: readonly Report[]): string {
  const { packages, files, attested, verdicts, codes, notices } = summarize(reports);
  const report: JsonReport = {
    schema: JSON_REPORT_SCHEMA,
    exitCode: exitCodeOf(reports),
    summary: {
      packages,
      files,
      attested,
      verdicts,
      codes: Object.fromEntries(codes),
      notices: Object.fromEntries(notices),
    },
    reports: jsonSubjects(reports),
  };
  return asciiJson(report);
}

/** The part of {@link JsonReport} that says what was decided. */
export function jsonSubjects(reports: readonly Report[]): readonly JsonSubject[] {
  const undecided = undecidedNames(reports);
  return reports.map((report) => subjectOf(report, undecided));
}

function subjectOf(
  { subject, strict, trustRoot, decisions }: Report,
  undecided: ReadonlySet<string>,
): JsonSubject {
  const { origin, newestStart } = trustRoot;
  return {
    subject,
    strict,
    trustRoot: { origin, newestStart: newestStart.toISOString() },
    decisions: decisions.map((decision) => decisionOf(decision, undecided.has(decision.name))),
  };
}

function decisionOf(decision: Decision, undecided: boolean): JsonDecision {
  const { place } = decision;
  return {
    code: decision.code,
    verdict: decision.verdict,
    name: decision.name,
    version: decision.version,
    filename: decision.filename,
    sha256: decision.sha256,
    source: decision.source,
    index: decision.index,
    place: place === null ? null : { path: place.path, line: place.line },
    message: decision.message,
    expected: decision.expected.map(expectedOf),
    found: decision.found.map(jsonPublisher),
    notices: decision.notices.map(({ code, message }) => ({ code, message })),
    cause: decision.cause,
    accept: decision.verdict === "fail" ? acceptCommand(decision, undecided) : null,
    docs: docsPath(decision.code),
  };
}

function expectedOf(publisher: ExpectedPublisher): ExpectedPublisher {
  const { kind, url, repositoryId, ownerId, workflow } = publisher;
  return { kind, url, repositoryId, ownerId, workflow };
}

/** A verified publisher as JSON. */
export function jsonPublisher(publisher: VerifiedPublisher): JsonPublisher {
  return {
    kind: publisher.kind,
    url: publisher.url,
    workflow: publisher.workflow,
    ref: publisher.ref,
    commit: publisher.commit,
    repositoryId: publisher.repositoryId,
    ownerId: publisher.ownerId,
    issuer: publisher.issuer,
    predicateType: publisher.predicateType,
    time: publisher.time.toISOString(),
    logIndex: String(publisher.logIndex),
  };
}
