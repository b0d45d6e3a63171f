/** Whether a lock is the one that its provenance file records, and every package of it has a line. */
import {
  acceptCommand,
  acceptedPublishers,
  type Candidate,
  decide,
  type Decision,
  DEFAULT_INDEX_URL,
  type Distribution,
  entriesOf,
  findFile,
  findUnsigned,
  type Lock,
  pendingCandidates,
  type Pins,
  quote,
} from "@pubpin/shared";
import { andAdd, tofuCommand } from "./commands.ts";
import { finding, type Finding, isError } from "./finding.ts";

/** A lock with the pins that govern it. */
export interface GovernedLock {
  /** From the repository's root. */
  readonly path: string;
  readonly pinsPath: string;
  readonly lock: Lock;
  readonly pins: Pins;
}

/** How strictly packages are judged. */
export interface JudgeOptions {
  readonly strict: boolean;
  readonly defaultIndex: string | undefined;
  /**
   * The projects that changed since the lock was last checked; null where all of it is looked at.
   * Hashes and names of files that were looked at then are the same now.
   */
  readonly changed: ReadonlySet<string> | null;
}

/**
 * A finding for every package of which the decision table fails without the index being asked, or
 * that has no line at all. Publishers are not verified here.
 */
export function judgePackages(governed: GovernedLock, options: JudgeOptions): readonly Finding[] {
  const { lock, pins, path } = governed;
  const lines = entriesOf(pins, "file").map(({ entry }) => entry);
  const files = new Set(lines.map(({ sha256 }) => sha256));
  const filenames = new Set(lines.map(({ filename }) => filename));
  const sources = sourcesByName(lock);
  const defaultIndex = options.defaultIndex ?? DEFAULT_INDEX_URL;
  return lock.distributions.flatMap((distribution) => {
    const found = new Map<string, Finding>();
    const candidates = pendingCandidates(distribution, pins, defaultIndex, path);
    const isKnown = options.changed?.has(distribution.name) === false;
    const hasLine = distribution.files.some(
      ({ filename, hashes }) =>
        filenames.has(filename ?? "") || hashes.some(({ value }) => files.has(value)),
    );
    // Without a line for one of its files, what is said of one is said of all.
    for (const { candidate } of isKnown && !hasLine ? candidates.slice(0, 1) : candidates) {
      const decision = decide(candidate, "none", pins, {
        strict: options.strict,
        mode: "lock",
        defaultIndex,
      });
      const isAmbiguous = (sources.get(distribution.name)?.size ?? 0) > 1;
      const result = judge(decision, candidate, governed, { files, isAmbiguous });
      // What only a reviewer should see was shown when it came.
      if (result === null || (isKnown && !isError(result))) continue;
      found.set(result.code, found.get(result.code) ?? result);
    }
    return Array.from(found.values());
  });
}

/** Whether every file of an entry is accepted by its bytes. */
export function isEveryFileRecorded({ files }: Distribution, pins: Pins): boolean {
  const digests = new Set(entriesOf(pins, "file").map(({ entry }) => entry.sha256));
  return (
    files.length > 0 &&
    files.every(({ filename, hashes }) => {
      const isKnown = hashes.length > 0 && hashes.every(({ value }) => digests.has(value));
      return isKnown && (filename === null || findFile(pins, filename) !== null);
    })
  );
}

interface Context {
  /** Digests that a `#file:` line accepts. */
  readonly files: ReadonlySet<string>;
  /** Whether trust on first use writes no source, because the lock has several of the project. */
  readonly isAmbiguous: boolean;
}

/** What a decision that was made without evidence means here. */
function judge(
  decision: Decision,
  candidate: Candidate,
  governed: GovernedLock,
  { files, isAmbiguous }: Context,
): Finding | null {
  const { pins } = governed;
  switch (decision.code) {
    case "FILE_PINNED":
    case "SOURCE_PINNED":
    // Pinned: whether the publisher signed it is for `pubpin verify`.
    case "ATTESTATION_MISSING":
      return null;
    case "UNSIGNED": {
      const { filename, hashes } = candidate;
      const isFile = filename === null && hashes.every(({ value }) => files.has(value));
      if (isFile && hashes.length > 0) return null;
      if (findUnsigned(pins, decision.name) === null) return notRecorded(decision, governed);
      return decision.verdict === "pass" ? null : refused(decision, governed);
    }
    case "NOT_FROM_INDEX":
      if (decision.verdict !== "pass") return refused(decision, governed);
      return isAmbiguous ? severalSources(decision, governed) : notRecorded(decision, governed);
    default:
      return refused(decision, governed);
  }
}

function notRecorded(decision: Decision, { path, pinsPath }: GovernedLock): Finding {
  const { name, version, place } = decision;
  const message = `${named(name, version)}: expected a line in ${pinsPath}, found none`;
  return finding("PACKAGE_NOT_RECORDED", path, message, {
    line: place?.line ?? null,
    package: name,
    repair: tofuCommand(path, pinsPath),
  });
}

/** A line could record one of the sources, so that none can be asked for: a reviewer sees each. */
function severalSources(
  { code, name, version, place, source }: Decision,
  { path }: GovernedLock,
): Finding {
  const found = `one of several sources, which no line can record: ${quote(source ?? "")}`;
  const message = `${named(name, version)}: expected one source, found ${found}`;
  return finding(code, path, message, {
    level: "warning",
    line: place?.line ?? null,
    package: name,
  });
}

function refused(decision: Decision, { path, pinsPath }: GovernedLock): Finding {
  const { code, name, version, filename, place, message } = decision;
  const what = filename === null ? named(name, version) : `${named(name, version)}, ${filename}`;
  return finding(code, path, `${what}: ${message}`, {
    line: place?.line ?? null,
    package: name,
    repair: andAdd(acceptCommand(decision), pinsPath),
  });
}

function sourcesByName(lock: Lock): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const { name, source, member } of lock.distributions) {
    if (member || !("location" in source)) continue;
    sources.set(name, (sources.get(name) ?? new Set()).add(source.location));
  }
  return sources;
}

function named(name: string, version: string | null): string {
  return version === null ? name : `${name} ${version}`;
}

/** Whether somebody is accepted as a project's publisher. */
export function isPinned(pins: Pins, name: string): boolean {
  return acceptedPublishers(pins, name).length > 0;
}
