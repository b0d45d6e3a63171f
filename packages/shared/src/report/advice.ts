/** What a finding means, what to do about it and where to read on, in the words of its code. */
import type { DecisionCode, ErrorCode } from "../errors.ts";
import type { NoticeCode } from "../model.ts";
import { acceptCommand, fillIn } from "./acceptance.ts";
import { DECISION_WORDS } from "./decision-words.ts";
import type { Finding, NoticeFinding } from "./findings.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { plural, show } from "./show.ts";
import { ERROR_WORDS } from "./words.ts";

/** Any code that docs/errors.md has a heading for. */
export type DocumentedCode = DecisionCode | ErrorCode | NoticeCode;

/** How the remedies begin of which there are none. */
const NOTHING_TO_DO = "Nothing to do";

/** The advice about findings of one code and cause. */
export interface Advice {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
  /** The codes to read about in the documentation, the closest to what happened first. */
  readonly documented: readonly [DocumentedCode, ...DocumentedCode[]];
}

/** The advice for a code, or for the error that led to it, which is closer to what happened. */
export function adviceFor({ code, cause }: Pick<Finding, "code" | "cause">): Advice {
  const words = DECISION_WORDS[code];
  // A file on another index is on one: what says that an index lacks it would mislead.
  if (cause === null || code === "INDEX_CHANGED") return { ...words, documented: [code] };
  const { title, meaning, remedy } = ERROR_WORDS[cause];
  return {
    title: `${words.title}: ${title.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}`,
    meaning: `${words.meaning} ${meaning}`,
    remedy: code === "UNVERIFIABLE" ? remedy : words.remedy,
    documented: [cause, code],
  };
}

/** The remedy with the names of one finding filled in. */
export function remedyFor(finding: Finding): string {
  return fillIn(adviceFor(finding).remedy, finding.decisions[0]);
}

/** What to do about a notice, with the names of its finding; null where there is nothing to do. */
export function noticeRemedy({ notice, decisions }: NoticeFinding): string | null {
  const { remedy } = NOTICE_WORDS[notice.code];
  return remedy.startsWith(NOTHING_TO_DO) ? null : fillIn(remedy, decisions[0]);
}

/** The commands that accept a finding, one for each that is needed; none where nothing accepts it. */
export function acceptCommands({ decisions, undecided }: Finding): readonly string[] {
  const commands = decisions.flatMap((decision) => acceptCommand(decision, undecided) ?? []);
  return [...new Set(commands)];
}

/** The first command that accepts a finding and how many more it takes; null where there is none. */
export function acceptHint(finding: Finding): AcceptHint | null {
  const [command, ...others] = finding.verdict === "fail" ? acceptCommands(finding) : [];
  return command === undefined
    ? null
    : {
        command,
        more: others.length === 0 ? "" : ` and so for ${plural(others.length, "more file")}`,
      };
}

/** A command, and words to go after it: empty, or ` and so for 14 more files`. */
export interface AcceptHint {
  readonly command: string;
  readonly more: string;
}

/** The finding's files in a few words: `a.whl`, `a.whl and 14 more files`, or null. */
export function fileHint({ decisions }: Finding): string | null {
  const [first, ...others] = decisions.flatMap(({ filename }) => filename ?? []);
  if (first === undefined) return null;
  return `${show(first)}${others.length === 0 ? "" : ` and ${plural(others.length, "more file")}`}`;
}

/** The heading of a code in the documentation: `docs/errors.md#publisher_changed`. */
export function docsPath(code: DocumentedCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
