/** Sets the hook up in repositories of the real Git, in this process. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import {
  createGitFolder,
  type FileContent,
  type GitFolder,
  type GitRepository,
} from "@pubpin/test-kit/node";
import type { Runner } from "pubpin-precommit";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import {
  hookInstall,
  type HookInstallOptions,
  hookUninstall,
} from "../../../../packages/cli/src/commands/hook.ts";
import type { PromptAnswer } from "../../../../packages/cli/src/node/prompt.ts";
import type { World } from "../../../../packages/cli/src/session.ts";

/** How set-up ended, and what it said. */
export interface SetUp {
  readonly exitCode: number;
  /** The changes that it showed. */
  readonly shown: string;
  readonly notes: readonly string[];
  readonly questions: readonly string[];
}

/** What is asked for beside a runner. */
export interface SetUpOptions extends Partial<Omit<HookInstallOptions, "runner">> {
  /** What a person answers; by default `--yes` is given. */
  readonly answer?: PromptAnswer;
  /** From the top of the work tree. */
  readonly cwd?: string;
  readonly env?: World["env"];
}

/** What the tests of a file share. */
export interface SetUpSetting {
  /** A repository with these files in its work tree, and none committed. */
  readonly repositoryWith: (files: Readonly<Record<string, FileContent>>) => Promise<GitRepository>;
  readonly install: (
    repository: GitRepository,
    runner?: Runner,
    options?: SetUpOptions,
  ) => Promise<SetUp>;
  readonly uninstall: (repository: GitRepository, answer?: PromptAnswer) => Promise<SetUp>;
}

/** Folders that Git writes to as it likes. */
const NOT_COMPARED = /^\.git\/(?!hooks|config)|^\.git\/hooks\/.*\.sample$/;

/** Sets up in folders of the test file's own, which no setting of the machine reaches. */
export function setUpSetting(): SetUpSetting {
  let git: GitFolder;
  beforeAll(() => {
    git = createGitFolder();
  });
  afterAll(() => {
    git.remove();
  });
  beforeEach(() => {
    vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
    vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  return {
    repositoryWith: async (files) => {
      const repository = await git.newRepository();
      repository.write(files);
      return repository;
    },
    install: (repository, runner, { answer, cwd = ".", env = {}, ...options } = {}) =>
      inWorld({ cwd: join(repository.folder, cwd), env, answer: answer ?? "nobody" }, (world) =>
        hookInstall(world, {
          yes: answer === undefined,
          prePush: false,
          workflow: false,
          mergeDriver: false,
          repository: undefined,
          revision: undefined,
          strict: false,
          ...options,
          runner,
        }),
      ),
    uninstall: (repository, answer) =>
      inWorld({ cwd: repository.folder, env: {}, answer: answer ?? "nobody" }, (world) =>
        hookUninstall(world, { yes: answer === undefined }),
      ),
  };
}

/** Every file with its bytes and permissions, as far as set-up could touch it. */
export function snapshot({ folder }: GitRepository): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry): readonly [string, string][] => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile() || NOT_COMPARED.test(name)) return [];
    return [[name, `${statSync(path).mode.toString(8)} ${readFileSync(path, "base64")}`]];
  });
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Place extends Pick<World, "cwd" | "env"> {
  readonly answer: PromptAnswer;
}

async function inWorld(
  { answer, cwd, env }: Place,
  run: (world: World) => Promise<number>,
): Promise<SetUp> {
  let shown = "";
  const notes: string[] = [];
  const questions: string[] = [];
  const exitCode = await run({
    cwd,
    env,
    out: (text) => void (shown += text),
    note: (line) => void notes.push(line),
    write: (text) => void notes.push(text),
    signal: new AbortController().signal,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
    isTerminal: false,
  });
  return { exitCode, shown, notes, questions };
}
