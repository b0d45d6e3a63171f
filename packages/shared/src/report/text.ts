import type { Report } from "../model.ts";
import { findingsOf, noticesOf } from "./findings.ts";
import { plural, showPath, showTrustRoot } from "./show.ts";
import { exitCodeOf, type Summary, summarize } from "./summary.ts";
import { findingSections, noticeSections, passedLines } from "./text-findings.ts";
import { joinLines, labelled, type Line, type Painter, type TextContext } from "./text-lines.ts";

/** How to write a report for people at a terminal. */
export interface TextOptions {
  /** Without one there is nothing in the text but printable characters and line feeds. */
  readonly paint?: Painter;
  /** Every file, those that passed included. */
  readonly verbose?: boolean;
  /** Columns that prose is broken at; 88 where it is left out. Commands and URLs stay whole. */
  readonly columns?: number;
}

const PLAIN: Painter = (_style, text) => text;
const COLUMNS = 88;
/**
 * Reports for a terminal: first what is blocked, then what could not be verified, then notices, and
 * at the end, where it is seen, what passed, which trust root was used, and the result.
 */
export function textReport(reports: readonly Report[], options: TextOptions = {}): string {
  const context: TextContext = {
    paint: options.paint ?? PLAIN,
    verbose: options.verbose ?? false,
    columns: options.columns ?? COLUMNS,
  };
  return joinLines([
    ...findingSections(findingsOf(reports, "fail"), context),
    ...findingSections(findingsOf(reports, "unverifiable"), context),
    ...noticeSections(noticesOf(reports), context),
    ...(context.verbose ? passedLines(reports, context) : []),
    ...closing(reports, context.paint),
  ]);
}

function closing(reports: readonly Report[], paint: Painter): readonly Line[] {
  const summary = summarize(reports);
  const { pass, fail, unverifiable } = summary.verdicts;
  return [
    ...labelled("checked", reports.map(checkedLine), paint),
    ...(pass > 0 ? labelled("passed", [passedCounts(summary)], paint) : []),
    ...(fail > 0 ? labelled("blocked", [paint("fail", plural(fail, "file"))], paint) : []),
    ...(unverifiable > 0
      ? labelled("unknown", [paint("warn", plural(unverifiable, "file"))], paint)
      : []),
    ...labelled("trust root", [...new Set(reports.map(showTrustRoot))], paint),
    ...labelled("result", [resultLine(reports, summary, paint)], paint),
  ];
}

function checkedLine(report: Report): Line {
  const { packages, files } = summarize([report]);
  const strict = report.strict ? ", strict" : "";
  return `${showPath(report.subject)}: ${plural(packages, "package")}, ${plural(files, "file")}${strict}`;
}

/** What passed, and why. "Matches" is all that is known: what is in the files nobody checked. */
function passedCounts({ fileOutcomes: { matched, unattested, accepted } }: Summary): Line {
  return [
    matched > 0 ? `${matched} signed by the pinned publisher` : "",
    accepted > 0 ? `${accepted} accepted by bytes or source` : "",
    unattested > 0 ? `${unattested} not attested` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** The last line: what the exit code says, in words. */
function resultLine(
  reports: readonly Report[],
  { packages, packageOutcomes, fileOutcomes }: Summary,
  paint: Painter,
): Line {
  const { failed, unpinned, unverifiable } = packageOutcomes;
  const unknown = `${plural(unverifiable, "package")} could not be verified`;
  switch (exitCodeOf(reports)) {
    case 0:
      if (packages === 0) return paint("ok", "nothing to check");
      return paint(
        "ok",
        fileOutcomes.matched === 0
          ? "nothing is blocked"
          : "nothing is blocked: every pinned publisher matches",
      );
    case 1:
      return (
        paint("fail", `blocked: ${plural(failed + unpinned, "package")}`) +
        (unverifiable === 0 ? "" : paint("warn", `, and ${unknown}`))
      );
    case 3:
      return paint("warn", `${unknown}: nothing is known of ${unverifiable === 1 ? "it" : "them"}`);
  }
}
