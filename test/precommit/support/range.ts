/** Commits with names, and what a check of their range says. */
import type { FileContent, GitRepository } from "@pubpin/test-kit/node";
import { type HookSetting, refusals } from "./setting.ts";

/** What is said of a lock whose digest is not the recorded one. */
export const MISMATCH = "LOCK_DIGEST_MISMATCH .provenance.txt";
/** The commit that is none. */
export const ZERO: string = "0".repeat(40);

/** Exit code and refusals of a range. */
export async function range(
  { hook }: HookSetting,
  repository: GitRepository,
  ...parameters: readonly string[]
): Promise<readonly [number | null, ...string[]]> {
  const { exitCode, stdout } = await hook(repository, parameters);
  return [exitCode, ...refusals(stdout)];
}

/** The finding's code, with the subject of the commit that has it, of every refusal. */
export async function refusedCommits(
  { hook }: HookSetting,
  repository: GitRepository,
  ...parameters: readonly string[]
): Promise<readonly string[]> {
  const { stdout } = await hook(repository, [...parameters, "--format", "json"]);
  const report = JSON.parse(stdout) as {
    readonly changes: readonly {
      readonly commit: string;
      readonly findings: readonly { readonly code: string; readonly level: string }[];
    }[];
  };
  const found = report.changes.flatMap(({ commit, findings }) =>
    findings.filter(({ level }) => level === "error").map(({ code }) => ({ commit, code })),
  );
  const said: string[] = [];
  for (const { commit, code } of found) {
    said.push(`${code} ${await repository.must("log", "-1", "--format=%s", commit)}`);
  }
  return said;
}

/** Commits past the hook, under this subject; gives the commit's name. */
export async function named(
  repository: GitRepository,
  subject: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<string> {
  await repository.stage(files);
  await repository.must("commit", "--no-verify", "--allow-empty", "-q", "-m", subject);
  return repository.must("rev-parse", "HEAD");
}
