import type { Report } from "../model.ts";
import { acceptHint, adviceFor, docsPath, fileHint, remedyFor } from "./advice.ts";
import { type Finding, findingsOf, noticesOf, type Release } from "./findings.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { OUTCOME_WORDS, OUTCOMES, worstOutcome } from "./outcome.ts";
import { expectedLines, isPlainUrl, type PublisherShare, publisherShares } from "./publishers.ts";
import { plural, showMessage, showPackage, showPath, showPlace, showTrustRoot } from "./show.ts";
import { exitCodeOf, type Summary, summarize } from "./summary.ts";

/** Rows of one table, far below the 1 MiB that GitHub takes of one step. */
const MAX_ROWS = 200;
/** Packages that are named of one publisher. */
const MAX_NAMES = 20;
const RESULT = {
  0: "Nothing is blocked",
  1: "Blocked",
  3: "Could not be verified",
} as const;

/** A summary in Markdown, for GITHUB_STEP_SUMMARY: the result, what did not pass, who publishes. */
export function githubSummary(reports: readonly Report[]): string {
  const summary = summarize(reports);
  const findings = [...findingsOf(reports, "fail"), ...findingsOf(reports, "unverifiable")];
  const parts = [
    `## pubpin: ${RESULT[exitCodeOf(reports)]}`,
    reports.map(subjectLine).join("\n"),
    outcomeTable(summary),
    findingTable(findings),
    adviceList(findings),
    noticeTable(reports),
    publisherTable(publisherShares(reports)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function subjectLine(report: Report): string {
  const { subject, decisions, strict } = report;
  const files = plural(decisions.length, "file");
  const root = `trust root: ${showTrustRoot(report)}`;
  return `- ${text(showPath(subject))}: ${files}${strict ? ", strict" : ""}; ${root}`;
}

function outcomeTable({ packages, packageOutcomes, fileOutcomes }: Summary): string {
  if (packages === 0) return "Nothing to check.";
  const rows = OUTCOMES.filter((outcome) => fileOutcomes[outcome] > 0).map((outcome) => [
    `**${OUTCOME_WORDS[outcome].short}**: ${OUTCOME_WORDS[outcome].long}`,
    String(packageOutcomes[outcome]),
    String(fileOutcomes[outcome]),
  ]);
  return table(["", "Packages", "Files"], rows);
}

function findingTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const rows = findings.map((finding) => {
    const accept = acceptHint(finding);
    const [documented] = adviceFor(finding).documented;
    return [
      `**${text(showPackage(finding))}**<br>${finding.place === null ? "" : text(showPlace(finding.place))}`,
      `${text(finding.code)} (${docsPath(documented)})<br>${text(adviceFor(finding).title)}`,
      `${text(showMessage(finding.message))}<br>${text(fileHint(finding) ?? "")}`,
      accept === null ? "" : `<code>${text(accept.command)}</code>${accept.more}`,
    ];
  });
  const header = ["Package", "Why", "What", "To accept it"];
  return `### Not passed\n\n${table(header, rows)}`;
}

function adviceList(findings: readonly Finding[]): string {
  const kinds = Map.groupBy(findings, ({ code, cause }) => `${code} ${cause ?? ""}`);
  return [...kinds.values()]
    .flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      // These words are the product's own Markdown, and names in them are plain words of a shell.
      const { meaning, remedy } = adviceFor(first);
      const advice = others.length === 0 ? remedyFor(first) : remedy;
      return [`- \`${first.code}\`: ${meaning} ${advice}`];
    })
    .join("\n");
}

function noticeTable(reports: readonly Report[]): string {
  const notices = noticesOf(reports);
  if (notices.length === 0) return "";
  const rows = notices.map((finding) => [
    text(showPackage(finding)),
    text(NOTICE_WORDS[finding.notice.code].title),
    text(showMessage(finding.notice.message)),
  ]);
  return `### Notices\n\n${table(["Package", "What", "More"], rows)}`;
}

function publisherTable(shares: readonly PublisherShare[]): string {
  if (shares.length === 0) return "";
  const rows = shares.map(({ publisher, releases, files }) => {
    const { url, details } = expectedLines(publisher);
    const link = isPlainUrl(url) ? `[${text(url)}](${url})` : text(url);
    const outcome = worstOutcome(releases.flatMap(({ decisions }) => decisions));
    return [
      `${link}<br>${text(details)}`,
      packageNames(releases),
      String(files),
      OUTCOME_WORDS[outcome].short,
    ];
  });
  const list = table(["Publisher", "Packages", "Files", ""], rows);
  return `<details><summary>${plural(shares.length, "publisher")}</summary>\n\n${list}\n\n</details>`;
}

function packageNames(releases: readonly Release[]): string {
  const names = releases.slice(0, MAX_NAMES).map((release) => text(showPackage(release)));
  const rest = releases.length - names.length;
  return [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join("<br>");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rest = rows.length - MAX_ROWS;
  return [
    row(header),
    row(header.map(() => "---")),
    ...rows.slice(0, MAX_ROWS).map(row),
    ...(rest > 0
      ? [row(header.map((_cell, index) => (index === 0 ? `and ${rest} more` : "")))]
      : []),
  ].join("\n");
}

/**
 * Text that means nothing in Markdown and HTML: CommonMark takes a character reference for the
 * character and never for the markup that it could be. A colon before a space and a hyphen inside a
 * line are none.
 */
function text(plain: string): string {
  return plain.replace(
    /(?!: )[^A-Za-z0-9 .,;'()/\u0080-\u{10ffff}-]|(?<=www)\./gu,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
