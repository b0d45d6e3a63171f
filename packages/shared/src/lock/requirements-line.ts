/** The lines of a requirements file as pip reads them (pip documentation, "Requirements File Format"). */
import { quote } from "../bytes/quote.ts";
import { MAX_URL_LENGTH } from "../limits.ts";
import { invalid, unsupported } from "./refuse.ts";
import { lineAt, type LockText } from "./text.ts";
import { quoteUrl } from "./url.ts";

/** An option with its value, in its long form. */
export interface LineOption {
  readonly option: string;
  /** Null for options that have none. */
  readonly value: string | null;
}

/** A line after continuations were joined and comments removed. */
export interface RequirementLine {
  /** The requirement, empty on a line of options. */
  readonly requirement: string;
  readonly options: readonly LineOption[];
  /** Where it begins, from 1. */
  readonly line: number;
  readonly where: string;
}

/** Options by every spelling, with the long form; abbreviations, which pip takes, are refused. */
const WITH_VALUE: ReadonlyMap<string, string> = new Map([
  ["-i", "--index-url"],
  ["--index-url", "--index-url"],
  ["--pypi-url", "--index-url"],
  ["--extra-index-url", "--extra-index-url"],
  ["-f", "--find-links"],
  ["--find-links", "--find-links"],
  ["-r", "--requirement"],
  ["--requirement", "--requirement"],
  ["-c", "--constraint"],
  ["--constraint", "--constraint"],
  ["-e", "--editable"],
  ["--editable", "--editable"],
  ["--no-binary", "--no-binary"],
  ["--only-binary", "--only-binary"],
  ["--trusted-host", "--trusted-host"],
  ["--use-feature", "--use-feature"],
  ["--hash", "--hash"],
]);
const WITHOUT_VALUE: ReadonlySet<string> = new Set([
  "--no-index",
  "--pre",
  "--prefer-binary",
  "--require-hashes",
]);
/** Characters that end a line for Python (`str.splitlines`) though not for others, and the like. */
const ODD_CONTROL = /(?![\t\n\r])\p{Cc}|[\u2028\u2029]/u;
const PLAIN = /^[\t -~]*$/;
/** pip decodes the file as a comment in the first two lines says (PEP 263). */
const CODING = /coding[:=]\s*(?<coding>[-\w.]+)/;
const UTF8 = /^(?:utf-?8|(?:us-)?ascii)$/i;
/** What a shell would treat specially, as pip does within options. */
const QUOTING = /["'\\]/;
const VARIABLE = /\$\{[A-Z0-9_]+\}/;

/**
 * The lines of a requirements file that say something.
 *
 * @throws LOCK_UNSUPPORTED for an option that is not known, for quotes, and for variables of the
 *   environment outside of a user name or password
 * @throws LOCK_INVALID when an option has no value
 */
export function requirementLines({ path, text }: LockText): readonly RequirementLine[] {
  requireOneReading(path, text);
  return logicalLines(text).flatMap(({ content, line }) => {
    const plain = withoutComment(content);
    const where = `${path}, line ${line}`;
    if (!PLAIN.test(plain)) invalid(where, `expected printable ASCII, found ${quoteUrl(plain)}`);
    return plain.trim() === "" ? [] : [splitLine(plain.trim(), line, where)];
  });
}

/** Refuses what makes programs see other lines than are seen here. */
function requireOneReading(path: string, text: string): void {
  const odd = ODD_CONTROL.exec(text);
  if (odd !== null) {
    const where = `${path}, line ${lineAt(text, odd.index)}`;
    invalid(where, `expected no control character, found ${quote(odd[0])}`);
  }
  for (const [index, line] of text.split(/\r\n|\n|\r/, 2).entries()) {
    const comment = line.startsWith("#") ? line : "";
    const coding = CODING.exec(comment)?.groups?.["coding"] ?? "utf-8";
    if (!UTF8.test(coding)) {
      unsupported(
        `${path}, line ${index + 1}`,
        `expected UTF-8, found the coding ${quote(coding)}`,
      );
    }
  }
}

interface LogicalLine {
  readonly content: string;
  readonly line: number;
}

/** A backslash joins a line to the next; a comment line ends what was joined. */
function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let pending: string[] = [];
  let start = 1;
  const finish = (last: string): void => {
    lines.push({ content: [...pending, last].join(""), line: start });
    pending = [];
  };
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const isComment = raw.trimStart().startsWith("#");
    if (pending.length === 0) start = index + 1;
    if (isComment) finish(` ${raw}`);
    else if (raw.endsWith("\\")) pending.push(raw.slice(0, -1));
    else finish(raw);
  }
  if (pending.length > 0) finish("");
  return lines;
}

/** A comment begins with `#` at the start or after white space. */
function withoutComment(content: string): string {
  for (let at = content.indexOf("#"); at !== -1; at = content.indexOf("#", at + 1)) {
    if (at === 0 || /[ \t]/.test(content.charAt(at - 1))) return content.slice(0, at);
  }
  return content;
}

function splitLine(content: string, line: number, where: string): RequirementLine {
  const tokens = content.split(/[ \t]+/);
  const first = tokens.findIndex((token) => token.startsWith("-"));
  const end = first === -1 ? tokens.length : first;
  const requirement = tokens.slice(0, end).join(" ");
  if (requirement.length > MAX_URL_LENGTH) {
    invalid(where, `expected a requirement of at most ${MAX_URL_LENGTH} characters`);
  }
  return { requirement, options: readOptions(tokens.slice(end), where), line, where };
}

function readOptions(tokens: readonly string[], where: string): readonly LineOption[] {
  const options: LineOption[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? "";
    if (QUOTING.test(token)) {
      unsupported(where, `expected an option without quotes, found ${quoteUrl(token)}`);
    }
    const { name, attached } = takeApart(token);
    if (WITHOUT_VALUE.has(name) && attached === null) {
      options.push({ option: name, value: null });
      continue;
    }
    const option =
      WITH_VALUE.get(name) ?? unsupported(where, `the option ${quote(name)} is not known`);
    const value = attached ?? tokens[++index] ?? "";
    if (value.length > MAX_URL_LENGTH) {
      invalid(where, `expected a value of at most ${MAX_URL_LENGTH} characters of ${option}`);
    }
    if (value === "") invalid(where, `expected a value of ${option}, found none`);
    if (QUOTING.test(value)) {
      unsupported(where, `expected a value of ${option} without quotes, found ${quoteUrl(value)}`);
    }
    options.push({ option, value });
  }
  return options;
}

/** `--name=value`, or `-nvalue`. */
function takeApart(token: string): { readonly name: string; readonly attached: string | null } {
  const equals = token.indexOf("=");
  if (token.startsWith("--")) {
    return equals === -1
      ? { name: token, attached: null }
      : { name: token.slice(0, equals), attached: token.slice(equals + 1) };
  }
  return { name: token.slice(0, 2), attached: token.length > 2 ? token.slice(2) : null };
}

/** Refuses text that pip would fill in from the environment. */
export function requireNoVariable(text: string, where: string): void {
  if (VARIABLE.test(text)) {
    unsupported(where, "expected no variable of the environment, found one; write it out");
  }
}
