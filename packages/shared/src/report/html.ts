import { encodeBase64 } from "../bytes/base64.ts";
import { sha256 } from "../bytes/sha256.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import type { Report } from "../model.ts";
import { findingsOf, noticesOf } from "./findings.ts";
import { coverageSection } from "./html-coverage.ts";
import { findingsSection, noticesSection } from "./html-findings.ts";
import { type Markup, markup, verbatim } from "./html-markup.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { packagesSection, publishersSection } from "./html-tables.ts";
import { plural, showPath, showTrustRoot } from "./show.ts";
import { exitCodeOf, type Summary, summarize } from "./summary.ts";

const STATE = { 0: "ok", 1: "bad", 3: "unknown" } as const;

/**
 * A page that holds everything it needs: one style sheet, one script, no request to anywhere. Its
 * policy allows these two by their digests and nothing else, and without the script the page is
 * whole, but for searching and sorting.
 */
export function htmlReport(reports: readonly Report[]): string {
  const summary = summarize(reports);
  const findings = [...findingsOf(reports, "fail"), ...findingsOf(reports, "unverifiable")];
  const title = reports.map(({ subject }) => showPath(subject)).join(", ");
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>pubpin: ${title}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body class="${STATE[exitCodeOf(reports)]}">
${header(reports, summary)}
<main>
${coverageSection(summary)}${findingsSection(findings)}${noticesSection(noticesOf(reports))}${packagesSection(reports)}${publishersSection(reports)}</main>
${footer(reports)}
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`.markup;
}

/** Content Security Policy Level 3, section 2.3.1: sources by digest. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${source(STYLE)}`,
    `script-src ${source(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function source(text: string): string {
  return `'sha256-${encodeBase64(sha256(encodeUtf8(text)))}'`;
}

function header(reports: readonly Report[], summary: Summary): Markup {
  return markup`<header>
<p class="brand">pubpin</p>
<h1>${headline(exitCodeOf(reports), summary)}</h1>
<ul class="subjects">
${reports.map(subjectItem)}</ul>
</header>`;
}

function headline(exitCode: 0 | 1 | 3, { packages, packageOutcomes }: Summary): string {
  const { failed, unpinned, unverifiable } = packageOutcomes;
  const unknown = `${plural(unverifiable, "package")} could not be verified`;
  if (exitCode === 3) return unknown;
  if (exitCode === 0) return packages === 0 ? "Nothing to check" : "Nothing is blocked";
  const blocked = `${plural(failed + unpinned, "package")} blocked`;
  return unverifiable === 0 ? blocked : `${blocked}, ${unknown}`;
}

function subjectItem(report: Report): Markup {
  const { packages, files } = summarize([report]);
  const strict = report.strict ? ", strict" : "";
  return markup`<li><b>${showPath(report.subject)}</b> ${plural(packages, "package")}, ${plural(files, "file")}${strict}</li>
`;
}

function footer(reports: readonly Report[]): Markup {
  const roots = new Set(reports.map(showTrustRoot));
  return markup`<footer>
<p><b>What a match means:</b> the pinned publisher signed these bytes (PEP 740, Sigstore). What is in them nobody checked.</p>
<p><b>Trust root:</b> ${[...roots].join("; ")}.</p>
</footer>`;
}
