/** Has `pubpin tofu` repair what it can, and stages what it wrote. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail, isAutomated, showPath } from "@pubpin/shared";
import { type Finding, type HookReport, isError, type LockReport } from "./finding.ts";
import { runGit } from "./git.ts";
import type { World } from "./hook.ts";
import { ask } from "./repository.ts";

/** Findings that trust on first use repairs, if nothing is wrong with what it finds. */
const REPAIRABLE: ReadonlySet<string> = new Set([
  "LOCK_NOT_RECORDED",
  "LOCK_DIGEST_MISMATCH",
  "PACKAGE_NOT_RECORDED",
]);
/** The index that Git makes for `commit FILE`: what is staged there is not staged afterwards. */
const INDEX_OF_PART = /next-index-\d+\.lock$/;
const PUBPIN = "pubpin";
const STDERR = 2;

/**
 * Runs `pubpin tofu` for every lock that is refused, and stages the provenance files. The work tree is
 * what it reads, so nothing is done where that differs from what is staged.
 *
 * @returns `fixed` where the index has changed
 * @throws USAGE_INVALID under CI, where nothing is trusted unasked
 */
export async function fixStaged(report: HookReport, world: World): Promise<"fixed" | "left"> {
  if (isAutomated(world.env)) fail("USAGE_INVALID", "--fix: expected a person, found CI");
  const [change] = report.changes;
  const open = change?.findings.filter(isError) ?? [];
  const locks = change?.locks.filter(({ outcome }) => outcome === "refused") ?? [];
  const reason = whyNot(open, world);
  if (reason !== null) return left(world, reason);
  const top = ask(["rev-parse", "--show-toplevel"], "a work tree").toString("utf8").trimEnd();
  const changed = unstagedPaths(top);
  const unstaged = locks.flatMap(pathsOf).filter((path) => changed.has(path));
  if (unstaged.length > 0) {
    const paths = [...new Set(unstaged)].map(showPath).join(", ");
    return left(world, `${paths}: the work tree has changes that are not staged`);
  }
  for (const [pinsPath, group] of byProvenance(locks)) {
    const problem = runTofu(top, pinsPath, group);
    if (problem !== null) return left(world, problem);
    const answer = runGit(["add", "--", `:(top,literal)${pinsPath}`]);
    if (answer.exitCode !== 0) return left(world, `${showPath(pinsPath)}: ${answer.error}`);
  }
  return "fixed";
}

/** Why nothing can be done, or null. */
function whyNot(findings: readonly Finding[], { env }: World): string | null {
  const other = findings.find(({ code }) => !REPAIRABLE.has(code));
  if (other !== undefined) return `${other.code} is for a person to settle`;
  if (INDEX_OF_PART.test(env["GIT_INDEX_FILE"] ?? "")) {
    return "`git commit FILE` takes no more files than were named: name .provenance.txt too";
  }
  return null;
}

/** Paths whose content in the work tree is not what is staged. */
function unstagedPaths(top: string): ReadonlySet<string> {
  const output = ask(["diff", "--name-only", "-z", "--no-ext-diff"], "the work tree's changes", {
    folder: top,
  });
  return new Set(output.toString("utf8").split("\0"));
}

function pathsOf({ path, provenance }: LockReport): readonly string[] {
  return provenance === null ? [path] : [path, provenance];
}

function byProvenance(locks: readonly LockReport[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const { path, provenance } of locks) {
    if (provenance !== null) groups.set(provenance, [...(groups.get(provenance) ?? []), path]);
  }
  return groups;
}

/** The installed command, or that of the repository; its report goes to stderr. */
function runTofu(top: string, pinsPath: string, locks: readonly string[]): string | null {
  const own = join(top, "node_modules", ".bin", PUBPIN);
  const command = existsSync(own) ? own : PUBPIN;
  const paths = [pinsPath, ...locks].map((path) => join(top, path));
  const [file = "", ...named] = paths;
  const parameters = ["--file", file, "tofu", ...named];
  const { status, error } = spawnSync(command, parameters, {
    cwd: top,
    stdio: ["ignore", STDERR, STDERR],
    windowsHide: true,
  });
  if (status === 0) return null;
  if (error === undefined) return `${PUBPIN} tofu ended with ${status ?? "a signal"}`;
  return `expected the command ${PUBPIN} on the PATH or in node_modules, found: ${error.message}`;
}

function left({ err }: World, reason: string): "left" {
  err(`pubpin: not fixed: ${reason}\n`);
  return "left";
}
