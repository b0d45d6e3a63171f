import type { Place, Report } from "../model.ts";
import { acceptHint, adviceFor, docsPath, fileHint, noticeRemedy } from "./advice.ts";
import { type Finding, findingsOf, type NoticeFinding, noticesOf } from "./findings.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { plural, showMessage, showPackage } from "./show.ts";

/** How to point at files in annotations. */
export interface GithubOptions {
  /** Turns a path of a report into one relative to the repository's root; else they are the same. */
  readonly repositoryPath?: (path: string) => string;
}

/** Annotations of one level that GitHub shows of one step; it drops the rest without a word. */
const MAX_ANNOTATIONS = 10;

/**
 * Workflow commands of GitHub Actions, one on each line: an error for each release that does not
 * pass, a notice for each notice. Where there are more than GitHub shows, the last one says so.
 */
export function githubAnnotations(reports: readonly Report[], options: GithubOptions = {}): string {
  const { repositoryPath = (path: string) => path } = options;
  const findings = [...findingsOf(reports, "fail"), ...findingsOf(reports, "unverifiable")];
  const errors = findings.map((finding) =>
    githubCommand(
      "error",
      finding.place,
      findingTitle(finding),
      findingText(finding),
      repositoryPath,
    ),
  );
  const notices = noticesOf(reports).map((finding) =>
    githubCommand(
      "notice",
      finding.place,
      noticeTitle(finding),
      noticeText(finding),
      repositoryPath,
    ),
  );
  return [...cutAnnotations("error", errors), ...cutAnnotations("notice", notices)].join("");
}

/** As many commands of one level as GitHub shows; the last one says how many more there are. */
export function cutAnnotations(
  level: "error" | "warning" | "notice",
  commands: readonly string[],
): readonly string[] {
  if (commands.length <= MAX_ANNOTATIONS) return commands;
  const shown = commands.slice(0, MAX_ANNOTATIONS - 1);
  const rest = plural(commands.length - shown.length, `more ${level}`);
  const text = "GitHub shows no more annotations of one step. The job's summary has them all.";
  return [...shown, githubCommand(level, null, `pubpin: ${rest}`, text)];
}

function findingTitle(finding: Finding): string {
  return `${finding.code}: ${showPackage(finding)}`;
}

function findingText(finding: Finding): string {
  const { title, meaning, documented } = adviceFor(finding);
  const accept = acceptHint(finding);
  return [
    `${title}. ${meaning}`,
    showMessage(finding.message),
    fileHint(finding) ?? "",
    accept === null ? "" : `To accept it: ${accept.command}${accept.more}`,
    docsPath(documented[0]),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function noticeTitle(finding: NoticeFinding): string {
  return `${NOTICE_WORDS[finding.notice.code].title}: ${showPackage(finding)}`;
}

function noticeText(finding: NoticeFinding): string {
  const message = showMessage(finding.notice.message);
  const remedy = noticeRemedy(finding);
  return remedy === null ? message : `${message}\n${remedy}`;
}

/**
 * A workflow command of GitHub Actions that annotates a place, or nothing where it is null.
 *
 * @param repositoryPath turns the place's path into one relative to the repository's root
 */
export function githubCommand(
  level: "error" | "warning" | "notice",
  place: Place | null,
  title: string,
  text: string,
  repositoryPath: (path: string) => string = (path) => path,
): string {
  const properties = [
    ...(place === null ? [] : [`file=${property(visible(repositoryPath(place.path)))}`]),
    ...(place === null || place.line === null ? [] : [`line=${place.line}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(",")}::${data(text)}\n`;
}

/** What follows the second pair of colons: line feeds and percent signs are encoded. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/**
 * A path, whole and as it is, for GitHub finds the file by it. Escaped is what no property can carry,
 * and what a terminal would obey.
 */
function visible(path: string): string {
  return path.replace(
    /(?![\r\n])[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The value of a property: colons and commas too. */
function property(value: string): string {
  return data(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
