import { SARIF_SCHEMA_URL } from "../addresses.ts";
import { encodeToken } from "../pins/token.ts";
import type { DecisionCode } from "../errors.ts";
import type { NoticeCode, Place, Report } from "../model.ts";
import { acceptHint, adviceFor, docsPath, fileHint, noticeRemedy, remedyFor } from "./advice.ts";
import { type Finding, findingsOf, type NoticeFinding, noticesOf } from "./findings.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { type SarifRule, sarifRules } from "./sarif-rules.ts";
import { asciiJson, show, showMessage, showPackage } from "./show.ts";
import { exitCodeOf, summarize } from "./summary.ts";

/** What a SARIF log says beyond the reports. */
export interface SarifOptions {
  /** The version of the program that writes it. */
  readonly version: string;
  /** Turns a path of a report into one relative to the repository's root; else they are the same. */
  readonly repositoryPath?: (path: string) => string;
}

/** A `location` (SARIF 2.1.0, section 3.28). */
export interface SarifLocation {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region?: { readonly startLine: number };
  };
  readonly logicalLocations: readonly [
    { readonly name: string; readonly fullyQualifiedName: string; readonly kind: string },
  ];
}

interface SarifResult {
  readonly ruleId: DecisionCode | NoticeCode;
  readonly ruleIndex: number;
  readonly kind: "fail";
  readonly level: "error" | "note";
  readonly message: { readonly text: string };
  readonly locations: readonly [SarifLocation];
  readonly partialFingerprints: { readonly "pubpinRelease/v1": string };
}

/** What findings and notices have in common. */
type Subject = Pick<Finding, "subject" | "name" | "version" | "place">;

/** Everything but what RFC 3986 calls unreserved, and the slash. */
const RESERVED = "!\"$&'()*+,:;<=>?@[\\]^`{|}";

/**
 * A SARIF 2.1.0 log (OASIS) with one run for all reports, in ASCII. A result is a finding that does
 * not pass, or a notice, about one release at its line of the lock. What passes is left out: code
 * scanning takes every result for a problem, whatever its kind. The rule of a result is its code.
 * Its fingerprint is made of lock, code, name and version, so that it survives a move to another
 * line; it has a key of its own, because uploaders compute `primaryLocationLineHash` themselves.
 */
export function sarifReport(reports: readonly Report[], options: SarifOptions): string {
  const rules = sarifRules();
  const { verdicts } = summarize(reports);
  const exitCode = exitCodeOf(reports);
  return asciiJson({
    $schema: SARIF_SCHEMA_URL,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pubpin",
            version: options.version,
            semanticVersion: options.version,
            rules,
          },
        },
        invocations: [{ executionSuccessful: verdicts.unverifiable === 0, exitCode }],
        columnKind: "utf16CodeUnits",
        results: resultsOf(reports, rules, options),
        properties: {
          verdicts,
          subjects: reports.map(({ subject, strict, trustRoot: { origin, newestStart } }) => ({
            subject,
            strict,
            trustRoot: { origin, newestStart: newestStart.toISOString() },
          })),
        },
      },
    ],
  });
}

function resultsOf(
  reports: readonly Report[],
  rules: readonly SarifRule[],
  { repositoryPath = (path) => path }: SarifOptions,
): readonly SarifResult[] {
  const result = (
    code: DecisionCode | NoticeCode,
    level: SarifResult["level"],
    about: Subject,
    text: string,
  ): SarifResult => ({
    ruleId: code,
    ruleIndex: rules.findIndex(({ id }) => id === code),
    kind: "fail",
    level,
    message: { text: sarifText(text) },
    locations: [locationOf(about, repositoryPath)],
    partialFingerprints: { "pubpinRelease/v1": fingerprint(code, about) },
  });
  const findings = [...findingsOf(reports, "fail"), ...findingsOf(reports, "unverifiable")];
  return [
    ...findings.map((finding) => result(finding.code, "error", finding, findingText(finding))),
    ...noticesOf(reports).map((finding) =>
      result(finding.notice.code, "note", finding, noticeText(finding)),
    ),
  ];
}

/** In plain text: what was expected and found, and how to accept it. */
function findingText(finding: Finding): string {
  const accept = acceptHint(finding);
  const files = fileHint(finding);
  const { title, documented } = adviceFor(finding);
  return [
    `${showPackage(finding)}: ${title}: ${showMessage(finding.message)}.`,
    files === null ? "" : `File: ${files}.`,
    remedyFor(finding),
    accept === null ? "" : `To accept it: \`${accept.command}\`${accept.more}.`,
    `See ${docsPath(documented[0])}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function noticeText(finding: NoticeFinding): string {
  const { notice } = finding;
  const { title } = NOTICE_WORDS[notice.code];
  const remedy = noticeRemedy(finding);
  const text = `${showPackage(finding)}: ${title}: ${showMessage(notice.message)}.`;
  return remedy === null ? text : `${text} ${remedy}`;
}

/**
 * Text for a message of a SARIF log (SARIF 2.1.0, sections 3.11.5 and 3.11.6): nothing in it is a
 * placeholder or a link.
 */
export function sarifText(text: string): string {
  return text.replaceAll("](", "] (").replace(/\{(\d+)\}/g, "{{$1}}");
}

function locationOf(about: Subject, repositoryPath: (path: string) => string): SarifLocation {
  const { name, version, place } = about;
  const logical = {
    name: showPackage(about),
    fullyQualifiedName: `pypi/${show(name)}${version === null ? "" : `@${show(version)}`}`,
    kind: "package",
  };
  if (place === null) return { logicalLocations: [logical] };
  return { physicalLocation: sarifPlace(place, repositoryPath), logicalLocations: [logical] };
}

/** A place in a file of the repository, as a location of a SARIF log. */
export function sarifPlace(
  { path, line }: Place,
  repositoryPath: (path: string) => string = (same) => same,
): NonNullable<SarifLocation["physicalLocation"]> {
  const uri = encodeToken(repositoryPath(path), RESERVED);
  const artifactLocation = { uri, uriBaseId: "%SRCROOT%" };
  return line === null ? { artifactLocation } : { artifactLocation, region: { startLine: line } };
}

function fingerprint(code: string, { subject, name, version, place }: Subject): string {
  return sarifFingerprint([place?.path ?? subject, name, version ?? "", code]);
}

/** A fingerprint of several parts, encoded so that no two lists of parts have the same. */
export function sarifFingerprint(parts: readonly string[]): string {
  return parts.map((part) => encodeToken(part, `${RESERVED}/`)).join("/");
}
