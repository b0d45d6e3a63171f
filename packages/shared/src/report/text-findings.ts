/** The parts of a text report: findings, notices, and what passed. */
import type { DecisionCode } from "../errors.ts";
import type { Decision, Report } from "../model.ts";
import {
  acceptCommands,
  acceptHint,
  adviceFor,
  docsPath,
  fileHint,
  noticeRemedy,
  remedyFor,
} from "./advice.ts";
import { type Finding, type NoticeFinding, type Release, releasesOf } from "./findings.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { expectedLines, foundLines, type PublisherLines } from "./publishers.ts";
import { plural, show, showMessage, showPackage, showPath, showPlace } from "./show.ts";
import {
  besideLabel,
  indent,
  labelled,
  type Line,
  type Painter,
  type TextContext,
  wrap,
} from "./text-lines.ts";

/** Findings of one kind from which on each gets two lines instead of a block. */
const MAX_BLOCKS = 6;
/** Lines of findings and notices that differ in nothing but the package. */
const MAX_ALIKE = 20;
/** Kinds whose findings have one remedy together, so that a long list may be cut short. */
const ALIKE: ReadonlySet<DecisionCode> = new Set([
  "UNVERIFIABLE",
  "TRUST_ROOT_UNKNOWN_KEY",
  "PUBLISHER_UNPINNED",
  "UNSIGNED",
]);
const STYLE = { pass: "ok", fail: "fail", unverifiable: "warn" } as const;
const HEADING = { pass: "passed", fail: "blocked", unverifiable: "not verified" } as const;

/** A section for each code and cause: what it means, who it is about, what to do. */
export function findingSections(
  findings: readonly Finding[],
  context: TextContext,
): readonly Line[] {
  const sections = Map.groupBy(findings, ({ code, cause }) => `${code} ${cause ?? ""}`);
  return [...sections.values()].flatMap((section) => findingSection(section, context));
}

/** A section for each kind of notice. */
export function noticeSections(
  notices: readonly NoticeFinding[],
  context: TextContext,
): readonly Line[] {
  const sections = Map.groupBy(notices, ({ notice }) => notice.code);
  return [...sections.values()].flatMap((section) => noticeSection(section, context));
}

/** Every file that passed, by package. */
export function passedLines(reports: readonly Report[], { paint }: TextContext): readonly Line[] {
  const lines = releasesOf(reports).flatMap((release) => passedRelease(release, paint));
  return lines.length === 0 ? [] : [paint("ok", "passed"), ...indent(2, lines), ""];
}

function passedRelease(release: Release, paint: Painter): readonly Line[] {
  const passed = release.decisions.filter(({ verdict }) => verdict === "pass");
  if (passed.length === 0) return [];
  return [
    `${paint("bold", showPackage(release))}  ${paint("dim", showPath(release.subject))}`,
    ...indent(2, passed.map(passedLine)),
  ];
}

function noticeSection(notices: readonly NoticeFinding[], context: TextContext): readonly Line[] {
  const { paint } = context;
  const [first] = notices;
  if (first === undefined) return [];
  const { code } = first.notice;
  return [
    `${paint("warn", "notice")}  ${code}  ${paint("bold", NOTICE_WORDS[code].title)}`,
    ...indent(2, cut(notices.map(noticeLine), context)),
    ...indent(2, remedyLines(notices, context)),
    "",
  ];
}

/** For one package with its name, for several as the words have it. */
function remedyLines(
  [first, ...others]: readonly NoticeFinding[],
  { paint, columns }: TextContext,
): readonly Line[] {
  const remedy = first === undefined ? null : noticeRemedy(first);
  if (first === undefined || remedy === null) return [];
  const words = others.length === 0 ? remedy : NOTICE_WORDS[first.notice.code].remedy;
  return labelled("what to do", wrap(words, besideLabel(columns - 2)), paint);
}

function findingSection(findings: readonly Finding[], context: TextContext): readonly Line[] {
  const { paint, columns, verbose } = context;
  const [first] = findings;
  if (first === undefined) return [];
  const { title, meaning, remedy, documented } = adviceFor(first);
  const advice = findings.length === 1 ? remedyFor(first) : remedy;
  return [
    `${paint(STYLE[first.verdict], HEADING[first.verdict])}  ${first.code}  ${paint("bold", title)}`,
    ...indent(2, wrap(meaning, columns - 2)),
    "",
    ...indent(
      2,
      findings.length > MAX_BLOCKS && !verbose
        ? shortFindings(findings, context)
        : findings.flatMap((finding) => [...block(finding, context), ""]),
    ),
    ...indent(2, labelled("what to do", wrap(advice, besideLabel(columns - 2)), paint)),
    ...indent(2, labelled("read on", documented.map(docsPath), paint)),
    "",
  ];
}

/** Everything about one finding. */
function block(finding: Finding, context: TextContext): readonly Line[] {
  const { paint, columns } = context;
  const row = (label: string, lines: readonly Line[]): readonly Line[] =>
    labelled(label, lines, paint);
  return [
    heading(finding, context),
    ...indent(2, [
      ...row(finding.decisions.length === 1 ? "file" : "files", fileLines(finding, context)),
      ...reasonRows(finding, besideLabel(columns - 4), row),
      ...row("accept", acceptLines(finding, context)),
    ]),
  ];
}

/** Expected and found publishers; what is not about publishers has its say in its message. */
function reasonRows(
  { expected, found, message }: Finding,
  columns: number,
  row: (label: string, lines: readonly Line[]) => readonly Line[],
): readonly Line[] {
  if (expected.length === 0 && found.length === 0) {
    return row("message", wrap(showMessage(message), columns));
  }
  const inLines = ({ url, details }: PublisherLines): readonly Line[] =>
    details === "" ? [url] : [url, ...wrap(details, columns)];
  const wanted = expected.map(expectedLines).flatMap(inLines);
  const seen = found.map(foundLines).flatMap(inLines);
  return [
    ...row("expected", wanted.length === 0 ? ["nobody is pinned"] : wanted),
    ...row("found", seen.length === 0 ? ["no attestation"] : seen),
  ];
}

function heading(finding: Finding, { paint }: TextContext): Line {
  const place = finding.place === null ? showPath(finding.subject) : showPlace(finding.place);
  return `${paint("bold", showPackage(finding))}  ${paint("dim", place)}`;
}

function fileLines(finding: Finding, { verbose }: TextContext): readonly Line[] {
  if (verbose) return finding.decisions.flatMap(({ filename }) => filename ?? []).map(show);
  return [fileHint(finding) ?? []].flat();
}

/** One command is the exact one; of several of a kind the first shows how. */
function acceptLines(finding: Finding, { verbose }: TextContext): readonly Line[] {
  if (finding.verdict !== "fail") return [];
  const hint = acceptHint(finding);
  if (hint === null) return ["no command accepts this"];
  if (verbose) return acceptCommands(finding);
  return [hint.command, hint.more.trimStart()].filter((line) => line !== "");
}

/** Many findings of one kind, in one or two lines each. */
function shortFindings(findings: readonly Finding[], context: TextContext): readonly Line[] {
  const [first] = findings;
  if (first !== undefined && ALIKE.has(first.code)) {
    return [...cut(findings.map(shortLine), context), ""];
  }
  const lines = findings.flatMap((finding) => [
    heading(finding, context),
    ...indent(2, [showMessage(finding.message), ...acceptLines(finding, context)]),
  ]);
  return [...lines, ""];
}

function shortLine(finding: Finding): Line {
  return `${showPackage(finding)}: ${showMessage(finding.message)}`;
}

/** At most so many lines, one for each package, and how many more there are. */
function cut(lines: readonly Line[], { verbose }: TextContext): readonly Line[] {
  if (verbose || lines.length <= MAX_ALIKE) return lines;
  const rest = plural(lines.length - MAX_ALIKE, "more package");
  return [...lines.slice(0, MAX_ALIKE), `and ${rest}; --verbose lists them`];
}

function noticeLine(finding: NoticeFinding): Line {
  const { notice, decisions } = finding;
  const more = decisions.length === 1 ? "" : ` (${plural(decisions.length, "file")})`;
  return `${showPackage(finding)}: ${showMessage(notice.message)}${more}`;
}

function passedLine({ filename, code, message }: Decision): Line {
  return `${show(filename ?? "(no file)")}  ${code}  ${showMessage(message)}`;
}
