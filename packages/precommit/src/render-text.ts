/** A report for people at a terminal. */
import {
  docsPath,
  indent,
  joinLines,
  type Painter,
  plural,
  show,
  showMessage,
  showPath,
  showPlace,
  wrap,
} from "@pubpin/shared";
import { tofuCommand } from "./commands.ts";
import {
  type ChangeReport,
  exitCodeOf,
  type Finding,
  type HookReport,
  isError,
  type Level,
  type LockReport,
  type PackageChange,
} from "./finding.ts";
import { MAX_FINDING_LINES, MAX_PACKAGE_LINES } from "./limits.ts";
import { folderOf } from "./paths.ts";
import { STANDINGS, wordsFor } from "./words.ts";

/** How a report is written. */
export interface TextOptions {
  readonly paint: Painter;
  readonly verbose: boolean;
  /** Columns that prose is broken at. */
  readonly columns: number;
  /** The name that a new provenance file gets. */
  readonly file: string;
}

const LABELS: Readonly<Record<Level, string>> = {
  error: "refused",
  warning: "review",
  note: "note",
};
const STYLES = { error: "fail", warning: "warn", note: "dim" } as const;
const COMMIT_LENGTH = 12;

/** Text for a terminal; empty where there is nothing to say. */
export function hookText(report: HookReport, options: TextOptions): string {
  return joinLines([
    ...report.changes.flatMap((change) => changeLines(change, options)),
    ...closing(report, options),
  ]);
}

function changeLines(change: ChangeReport, options: TextOptions): readonly string[] {
  const { commit, locks, findings } = change;
  const lines = [
    ...locks.flatMap((lock) => lockLines(lock, options)),
    ...findingLines(findings, options),
    ...startLines(change, options),
  ];
  if (commit === null || lines.length === 0) return lines;
  return [options.paint("bold", `commit ${commit.slice(0, COMMIT_LENGTH)}`), ...indent(2, lines)];
}

function lockLines(lock: LockReport, options: TextOptions): readonly string[] {
  const { path, packages, outcome, directivesChanged } = lock;
  const { paint, verbose } = options;
  if (outcome === "ungoverned") return [];
  if (outcome === "removed") return [`${paint("bold", showPath(path))}: removed`];
  if (packages === null) return [];
  if (packages.length === 0 && !directivesChanged) {
    return lock.changed && outcome === "accepted"
      ? [`${paint("bold", showPath(path))}: nothing changed that is installed`]
      : [];
  }
  const isShort = packages.length <= MAX_PACKAGE_LINES || verbose;
  const listed = isShort ? packages : packages.filter(isNotable).slice(0, MAX_PACKAGE_LINES);
  const left = packages.length - listed.length;
  return [
    `${paint("bold", showPath(path))}: ${summaryOf(packages)}`,
    ...indent(2, table(listed, paint)),
    ...(left === 0 ? [] : [`  and ${plural(left, "more package")}; --verbose lists them`]),
    ...(directivesChanged ? ["  what it tells the installer changed"] : []),
  ];
}

/** Those of whose publisher something is to be seen. */
function isNotable({ standing }: PackageChange): boolean {
  return standing === "changed" || standing === "new" || standing === "missing";
}

function summaryOf(packages: readonly PackageChange[]): string {
  const count = (isCounted: (each: PackageChange) => boolean): number =>
    packages.filter(isCounted).length;
  const kinds = [
    [count(({ kinds: [kind] }) => kind === "added"), "added"],
    [count(({ kinds: [kind] }) => kind === "removed"), "removed"],
    [count(({ kinds: [kind] }) => kind === "updated"), "updated"],
    [count(({ kinds: [kind] }) => kind === "source"), "from elsewhere"],
    [count(({ kinds: [kind] }) => kind === "files"), "with other files"],
  ] as const;
  const standings = [
    [count(({ standing }) => standing === "new"), "new publisher"],
    [count(({ standing }) => standing === "changed"), "changed publisher"],
  ] as const;
  const unsigned = count(({ standing }) => standing === "unsigned");
  return [
    kinds.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`])).join(", "),
    ...standings.flatMap(([number, noun]) => (number === 0 ? [] : [plural(number, noun)])),
    ...(unsigned === 0 ? [] : [`${unsigned} not signed`]),
  ].join("; ");
}

function table(packages: readonly PackageChange[], paint: Painter): readonly string[] {
  const rows = packages.map((each) => {
    const { kinds, name, before, after, publishers, standing } = each;
    const versions = [before, after].map((list) => list.map(show).join(", ")).filter(Boolean);
    const what = `${show(name)} ${[...new Set(versions)].join(" -> ")}`.trimEnd();
    const style = standing === "changed" || standing === "missing" ? "warn" : "dim";
    const note = STANDINGS[standing] === "" ? "" : paint(style, `(${STANDINGS[standing]})`);
    return { kind: kinds.join(", "), what, who: publishers.map(show).join(", "), note };
  });
  const widths = [
    Math.max(0, ...rows.map(({ kind }) => kind.length)),
    Math.max(0, ...rows.map(({ what }) => what.length)),
  ] as const;
  return rows.map(({ kind, what, who, note }) =>
    [kind.padEnd(widths[0]), what.padEnd(widths[1]), who, note]
      .filter((part) => part !== "")
      .join("  "),
  );
}

/** Findings of one code and file are one section: the first ones in full, then how many more. */
function findingLines(findings: readonly Finding[], options: TextOptions): readonly string[] {
  const sections = new Map<string, readonly Finding[]>();
  for (const each of findings) {
    const key = JSON.stringify([each.level, each.code, each.path]);
    sections.set(key, [...(sections.get(key) ?? []), each]);
  }
  return [...sections.values()].flatMap((section) => sectionLines(section, options));
}

function sectionLines(section: readonly Finding[], options: TextOptions): readonly string[] {
  const { paint, verbose, columns } = options;
  const [first] = section;
  if (first === undefined) return [];
  const { level, code } = first;
  const { title, remedy } = wordsFor(code);
  const shown = verbose ? section : section.slice(0, MAX_FINDING_LINES);
  const left = section.length - shown.length;
  const repairs = [...new Set(section.flatMap(({ repair }) => repair ?? []))];
  const label = paint(STYLES[level], LABELS[level]);
  const advice =
    level === "error" ? (repairs.length > 0 ? repairs : wrap(remedy, columns - 11)) : [];
  return [
    `${label}  ${code}  ${showPlace(first)}`,
    ...indent(2, [
      paint("bold", title),
      ...shown.flatMap((each) => wrap(findingText(each, section.length > 1), columns - 2)),
      ...(left === 0 ? [] : [`and ${left} more; --verbose lists them`]),
      ...cutRepairs(advice, options).map((line, index) =>
        index === 0 ? `${paint("dim", "repair")}   ${line}` : `         ${line}`,
      ),
      ...(level === "error" ? [`${paint("dim", "read on")}  ${docsPath(code)}`] : []),
    ]),
  ];
}

function cutRepairs(lines: readonly string[], { verbose }: TextOptions): readonly string[] {
  return verbose ? lines : lines.slice(0, MAX_FINDING_LINES);
}

function findingText({ weakening, message, line }: Finding, isOneOfMany: boolean): string {
  const place = isOneOfMany && line !== null ? `line ${line}: ` : "";
  return `${place}${weakening === null ? "" : `${weakening}: `}${showMessage(message)}`;
}

/** A repository that does not use pubpin gets one line, however many locks it has. */
function startLines({ locks, findings }: ChangeReport, { file }: TextOptions): readonly string[] {
  const open = locks.filter(({ outcome }) => outcome === "ungoverned");
  const [first, ...more] = open;
  const isUsed = findings.some(({ code }) => code === "LOCK_NOT_GOVERNED");
  if (first === undefined || isUsed) return [];
  const command = tofuCommand(first.path, folderOf(first.path) + file) ?? "pubpin tofu";
  const others = more.length === 0 ? "" : ` (and ${plural(more.length, "more lock")})`;
  return [`pubpin: ${showPath(first.path)}${others}: no ${file} yet: \`${command}\` begins one`];
}

/** What the exit code says, in words; nothing where there was nothing to say. */
function closing(report: HookReport, { paint }: TextOptions): readonly string[] {
  const { changes, commits, isWhole } = report;
  const refused = changes.filter(({ findings }) => findings.some(isError)).length;
  if (exitCodeOf(report) === 1) {
    const count = changes.flatMap(({ findings }) => findings.filter(isError)).length;
    const where = commits === null ? "" : ` in ${plural(refused, "commit")}`;
    return [paint("fail", `pubpin: refused: ${plural(count, "finding")}${where}`)];
  }
  if (commits !== null) return [`pubpin: ${plural(commits, "commit")} checked, nothing refused`];
  const locks = changes.flatMap(({ locks: each }) => each).filter(isGoverned).length;
  return isWhole && locks > 0 ? [`pubpin: ${plural(locks, "lock")} checked, nothing refused`] : [];
}

function isGoverned({ provenance }: LockReport): boolean {
  return provenance !== null;
}
