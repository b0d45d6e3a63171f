/** Git repositories for tests, without the settings of whoever runs them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./folder.ts";

/** A repository in a folder of its own. */
export interface TestRepository {
  readonly folder: string;
  readonly git: (...parameters: readonly string[]) => string;
  /** Writes files and commits them all; gives the commit's name. */
  readonly commit: (files: Readonly<Record<string, string>>) => string;
}

const SETTINGS = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.org",
};

/** Starts a repository without commits. */
export function startRepository(): TestRepository {
  const folder = temporaryFolder();
  const git = (...parameters: readonly string[]): string =>
    execFileSync("git", parameters, {
      cwd: folder,
      env: { ...process.env, ...SETTINGS },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  return {
    folder,
    git,
    commit: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message=change");
      return git("rev-parse", "HEAD");
    },
  };
}
