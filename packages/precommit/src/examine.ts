/** What becomes of one path at which there is a lock, or was one. */
import { lockFormat, PubpinError } from "@pubpin/shared";
import type { Blobs } from "./blobs.ts";
import { tofuCommand } from "./commands.ts";
import { finding, type Finding, isError, type LockReport } from "./finding.ts";
import { type GovernedLock, judgePackages } from "./judge.ts";
import type { LockReader, ReadLock } from "./locks.ts";
import { stillNeeded } from "./needed.ts";
import { packageChanges } from "./packages.ts";
import { folderOf, mayMatter } from "./paths.ts";
import type { TreeEntry } from "./raw-diff.ts";
import { type Difference, readDifference } from "./former.ts";
import { judgeRecord, type LockState } from "./record.ts";
import {
  holdsLock,
  isChecked,
  isRecorded,
  sameEntry,
  type Subject,
  type Transition,
  wasChecked,
} from "./scope.ts";
import type { Settings } from "./settings.ts";
import { isFile, pathWithin } from "./state.ts";
import { readable } from "./weakening.ts";

/** What examining needs. */
export interface Examination {
  readonly transition: Transition;
  readonly blobs: Blobs;
  readonly locks: LockReader;
  readonly defaultIndex: string | undefined;
}

/** What was found of one path. */
export interface Examined {
  readonly subject: Subject;
  /** Whether it was a lock that was checked, before. */
  readonly wasChecked: boolean;
  /** Null where there is nothing to report of it as a lock. */
  readonly report: LockReport | null;
  readonly findings: readonly Finding[];
  /** The lock, where it could be read. */
  readonly lock: ReadLock | null;
}

type Part = Pick<Examined, "report" | "findings"> & Partial<Pick<Examined, "lock">>;

const NOTHING: Part = { report: null, findings: [] };

/** Examines one path. @throws HISTORY_INCOMPLETE */
export async function examine(subject: Subject, examination: Examination): Promise<Examined> {
  const { transition, blobs } = examination;
  const before = wasChecked(subject, transition, blobs);
  const part = await examineAs(subject, before, examination);
  return { lock: null, ...part, subject, wasChecked: before };
}

async function examineAs(
  subject: Subject,
  before: boolean,
  examination: Examination,
): Promise<Part> {
  const { transition, blobs } = examination;
  const { path, after, governedAfter } = subject;
  if (after === null) return gone(subject, before, transition);
  if (!isFile(after)) return notAFile(subject, before, transition);
  if (governedAfter === null) return ungoverned(subject, before, examination);
  const isOutOfSight =
    !isRecorded(transition.after, governedAfter, path) && !transition.after.settings.selects(path);
  if (before && isOutOfSight) {
    return lost(subject, "neither a line nor a pattern of the configuration has it now");
  }
  if (before && !holdsLock(path, after, blobs) && heldLock(subject, blobs)) {
    return lost(subject, "it has no hashes any more");
  }
  if (!isChecked(subject, transition, blobs)) return NOTHING;
  return judge({ ...subject, after, governedAfter }, before, examination);
}

/** A lock that was deleted on purpose has no line any more. */
function gone(subject: Subject, before: boolean, { after }: Transition): Part {
  const { path, governedAfter } = subject;
  if (governedAfter !== null && isRecorded(after, governedAfter, path)) {
    if (!mayMatter(path)) return noLock(subject);
    return lost(subject, `${governedAfter} has a line for it, and there is no such file`);
  }
  return before ? { report: reportOf(subject, "removed"), findings: [] } : NOTHING;
}

/** What no reader could read is not looked for: whether there is such a file does not matter. */
function noLock(subject: Subject): Part {
  const message = `${subject.path}: expected the name of a lock file in the line of a lock`;
  return {
    report: reportOf(subject, "refused"),
    findings: [finding("LOCK_UNKNOWN_NAME", subject.path, message)],
  };
}

function notAFile(subject: Subject, before: boolean, { after, isWhole }: Transition): Part {
  const { path, governedAfter } = subject;
  if (governedAfter === null && !before) return NOTHING;
  const isNew = !isWhole && !sameEntry(subject.before, subject.after);
  const isNamed = lockFormat(path) !== "requirements" && after.settings.selects(path);
  const isLine = governedAfter !== null && isRecorded(after, governedAfter, path);
  if (!before && !isLine && !(isNew && isNamed)) return NOTHING;
  const message = `${path}: expected a file, found a symbolic link or submodule`;
  return {
    report: reportOf(subject, "refused"),
    findings: [finding("PATH_NOT_A_FILE", path, message)],
  };
}

function ungoverned(subject: Subject, before: boolean, { blobs }: Examination): Part {
  const { path, after, governedBefore } = subject;
  if (before) return lost(subject, `${governedBefore ?? ""} is gone, and nothing else governs it`);
  const isLock = after !== null && holdsLock(path, after, blobs);
  if (!isLock || sameEntry(subject.before, after)) return NOTHING;
  return { report: reportOf(subject, "ungoverned"), findings: [] };
}

function heldLock({ path, before }: Subject, blobs: Blobs): boolean {
  return isFile(before) && holdsLock(path, before, blobs);
}

function lost(subject: Subject, reason: string): Part {
  const message = `${subject.path}: expected that it stays in sight: ${reason}`;
  return {
    report: reportOf(subject, "refused"),
    findings: [finding("LOCK_LOST", subject.path, message)],
  };
}

type Governed = Subject & { readonly after: TreeEntry; readonly governedAfter: string };

async function judge(subject: Governed, wasSeen: boolean, examination: Examination): Promise<Part> {
  const { transition, locks, blobs, defaultIndex } = examination;
  const { path, after, governedAfter, governedBefore } = subject;
  const pins = readable(transition.after, governedAfter);
  if (pins === null) return { report: reportOf(subject, "refused"), findings: [] };
  const read = await locks.read(after.oid, path, governedAfter);
  if (read instanceof PubpinError) return unreadable(subject, read);
  const pinsBefore = readable(transition.before, governedBefore);
  const governed = { path, pinsPath: governedAfter, lock: read.lock, pins };
  const strictness = strictest(subject, transition);
  const difference = await differenceOf(subject, read, examination);
  const changes = difference === null ? null : packageChanges(difference, pinsBefore, pins);
  const isKnown = wasSeen && !transition.isWhole && changes !== null;
  const changed = isKnown ? new Set(changes.packages.map(({ name }) => name)) : null;
  const findings = [
    ...(await judgeRecord({
      ...governed,
      key: pathWithin(governedAfter, path),
      binding: strictness.binding,
      after: { digest: read.digest, bytes: blobs.bytes(after.oid, path) },
      before: stateBefore(subject, examination),
      pinsBefore: readable(transition.before, governedAfter),
    })),
    ...judgeIncludes(governed, transition),
    ...judgePackages(governed, { strict: strictness.strict, defaultIndex, changed }),
    ...(pinsBefore === null ? [] : stillNeeded(governed, pinsBefore)),
  ];
  return {
    lock: read,
    findings,
    report: {
      ...reportOf(subject, findings.some(isError) ? "refused" : "accepted"),
      ...changes,
    },
  };
}

/**
 * The lock before and now, as the file that governs it now sees them; null where the former one cannot
 * be read.
 */
async function differenceOf(
  { path, before, after, governedAfter }: Governed,
  { lock }: ReadLock,
  { locks, blobs }: Examination,
): Promise<Difference | null> {
  if (!isFile(before)) {
    return { before: { ...lock, distributions: [], directives: [], logins: [] }, after: lock };
  }
  if (before.oid === after.oid) return { before: lock, after: lock };
  if (blobs.isReadable(before.oid)) {
    const [old, now] = [blobs.bytes(before.oid, path), blobs.bytes(after.oid, path)];
    const difference = await readDifference(old, now, pathWithin(governedAfter, path), lock);
    if (difference !== null) return difference;
  }
  const former = await locks.read(before.oid, path, governedAfter);
  return former instanceof PubpinError ? null : { before: former.lock, after: lock };
}

/** What the lines of the lock spoke of before. It is read where it is asked for. */
function stateBefore(
  { path, before, governedAfter }: Governed,
  { locks, blobs }: Examination,
): LockState | null {
  if (!isFile(before) || !blobs.isReadable(before.oid)) return null;
  const { oid } = before;
  return {
    digest: async () => {
      const former = await locks.read(oid, path, governedAfter);
      return former instanceof PubpinError ? null : former.digest();
    },
    bytes: blobs.bytes(oid, path),
  };
}

/** What is stricter of before and now: a configuration cannot relax in the commit that needs it. */
function strictest(
  { governedBefore }: Subject,
  { before, after }: Transition,
): Pick<Settings, "binding" | "strict"> {
  const states = governedBefore === null ? [after] : [before, after];
  return {
    binding: states.some(({ settings }) => settings.binding === "bytes") ? "bytes" : "digest",
    strict: states.some(({ settings }) => settings.strict),
  };
}

/** What a lock includes is a lock too: it has to have a line in the same file. */
function judgeIncludes(
  { path, pinsPath, lock }: GovernedLock,
  { after }: Transition,
): readonly Finding[] {
  return lock.directives.flatMap(({ option, value, line }) => {
    if ((option !== "--requirement" && option !== "--constraint") || value === null) return [];
    const included = folderOf(pinsPath) + value.replace(/^\.\//, "");
    if (isRecorded(after, pinsPath, included)) return [];
    const message = `${path}: expected that what it includes is recorded too, found no line for ${value}`;
    const repair = tofuCommand(included, pinsPath);
    return [finding("LOCK_NOT_RECORDED", path, message, { line, repair })];
  });
}

function unreadable(subject: Subject, error: PubpinError): Part {
  return {
    report: reportOf(subject, "refused"),
    findings: [errorFinding(subject.path, error)],
  };
}

function reportOf(subject: Subject, outcome: LockReport["outcome"]): LockReport {
  return {
    path: subject.path,
    provenance: subject.governedAfter,
    outcome,
    changed: !sameEntry(subject.before, subject.after),
    packages: null,
    directivesChanged: false,
  };
}

/** What a file that cannot be read, or is no file, is refused with; the message names the line. */
export function errorFinding(path: string, { code, message }: PubpinError): Finding {
  const [, line] = /, line (\d+)/.exec(message) ?? [];
  return finding(code, path, message, { line: line === undefined ? null : Number(line) });
}
