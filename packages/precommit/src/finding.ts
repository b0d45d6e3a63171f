/** What the hook has to say: findings, and what became of each lock. */
import type { DecisionCode, ErrorCode, LockChangeKind, Weakening } from "@pubpin/shared";

/** Errors are refusals; warnings are for the reviewer; notes are for whoever reads on. */
export type Level = "error" | "warning" | "note";

/** The codes of findings. */
export type FindingCode = ErrorCode | DecisionCode;

/** Something to say about a place. */
export interface Finding {
  readonly code: FindingCode;
  readonly level: Level;
  /** From the repository's root, with `/`. */
  readonly path: string;
  /** From 1; null where it is not known, or the line is gone. */
  readonly line: number | null;
  /** The project that it is about, normalised, or null. */
  readonly package: string | null;
  /** In which way a provenance file was weakened, or null. */
  readonly weakening: Weakening | SettingsWeakening | null;
  /** Subject, what was expected, and what was found. */
  readonly message: string;
  /** A command that repairs it, ready for a POSIX shell at the repository's root, or null. */
  readonly repair: string | null;
}

/** In which way a configuration was weakened. */
export type SettingsWeakening = "STRICT_REMOVED" | "BINDING_LOOSENED" | "PATTERNS_NARROWED";

/** What became of a lock that was looked at. */
export type LockOutcome = "accepted" | "refused" | "removed" | "ungoverned";

/** How a package of a lock stands in the provenance file. */
export type Standing =
  /** Its publisher is pinned, and was not before. */
  | "new"
  /** Its publisher is the one that was pinned before. */
  | "unchanged"
  /** Another publisher than before is pinned. */
  | "changed"
  /** It had no attestation, and that is recorded. */
  | "unsigned"
  /** Its files are accepted by their bytes. */
  | "file"
  /** It comes from a repository, URL or path that is recorded. */
  | "source"
  /** It is the lock's own project or a member of its workspace. */
  | "own"
  /** It is not in the lock any more. */
  | "removed"
  /** There is no line for it. */
  | "missing";

/** A package that a change of a lock is about. */
export interface PackageChange {
  readonly name: string;
  readonly kinds: readonly LockChangeKind[];
  /** Versions; a version that the lock does not have is left out. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** URLs of the publishers that are accepted now. */
  readonly publishers: readonly string[];
  readonly standing: Standing;
}

/** A lock, and what is to be said of it. */
export interface LockReport {
  readonly path: string;
  /** The file that governs it now, or null. */
  readonly provenance: string | null;
  readonly outcome: LockOutcome;
  /** Whether the file itself changed, in whatever way. */
  readonly changed: boolean;
  /** What changed in substance; null where that is not known, because one of the two cannot be read. */
  readonly packages: readonly PackageChange[] | null;
  /** Whether what the lock tells the installer changed. */
  readonly directivesChanged: boolean;
}

/** What was found in one commit, or in what is staged. */
export interface ChangeReport {
  /** The commit, or null for what is staged. */
  readonly commit: string | null;
  readonly locks: readonly LockReport[];
  readonly findings: readonly Finding[];
}

/** Everything that a run has to say. */
export interface HookReport {
  readonly changes: readonly ChangeReport[];
  /** How many commits were looked at; null for what is staged. */
  readonly commits: number | null;
  /** Whether every lock was checked as it stands. */
  readonly isWhole: boolean;
}

/** 1 where anything is refused, else 0. */
export function exitCodeOf({ changes }: HookReport): 0 | 1 {
  return changes.some(({ findings }) => findings.some(isError)) ? 1 : 0;
}

/** Whether a finding refuses. */
export function isError({ level }: Finding): boolean {
  return level === "error";
}

/** A finding of which most is as usual. */
export function finding(
  code: FindingCode,
  path: string,
  message: string,
  more: Partial<Finding> = {},
): Finding {
  const usual = {
    level: "error",
    line: null,
    package: null,
    weakening: null,
    repair: null,
  } as const;
  return { ...usual, ...more, code, path, message };
}
