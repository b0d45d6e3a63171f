/** What each runner of hooks needs. */
import { posix } from "node:path";
import { fail } from "@pubpin/shared";
import { withoutBlocks } from "./block.ts";
import {
  chooseRunner,
  CONFIGURED_IN_PACKAGE,
  type FoundRunner,
  huskyFolder,
  preCommitFileOf,
  type Runner,
} from "./detect.ts";
import type { FileChange } from "./io.ts";
import {
  LEFTHOOK_FILES,
  lefthookAdvice,
  lefthookFrame,
  lefthookToml,
  lefthookYaml,
} from "./lefthook.ts";
import { isProgram, LINT_STAGED_FILES, NEW_LINT_STAGED_FILE, withTask } from "./lint-staged.ts";
import {
  type HookSource,
  preCommitEntry,
  preCommitFrame,
  tomlEdit,
  yamlEdit,
} from "./pre-commit-config.ts";
import { argumentsOf, type HookProgram, lookUpCommand, PROGRAM } from "./programs.ts";
import {
  changeOf,
  firstSetupFile,
  readSetupFile,
  type SetupFile,
  type SetupRepository,
} from "./repository.ts";
import { type HookName, withShellHook } from "./shell.ts";
import { withStructuredEdit } from "./structured.ts";

/** What is put where for one runner, and what a person has to do besides. */
export interface RunnerPlan {
  readonly files: readonly FileChange[];
  readonly notes: readonly string[];
}

/** What the hook is set up with. */
export interface RunnerSetting {
  readonly repository: SetupRepository;
  readonly found: readonly FoundRunner[];
  readonly program: HookProgram;
  /** The repository of Git that pre-commit and prek install the hook from; null for the program. */
  readonly source: { readonly url: string; readonly revision: string } | null;
  readonly hooks: readonly HookName[];
}

const PLANS: Readonly<Record<Runner, (setting: RunnerSetting) => Promise<RunnerPlan>>> = {
  git: planGit,
  husky: planHusky,
  "lint-staged": planLintStaged,
  "pre-commit": (setting) => planPreCommit(setting, "pre-commit"),
  prek: (setting) => planPreCommit(setting, "prek"),
  lefthook: planLefthook,
};

/** @throws USAGE_INVALID for files that nothing can be put into */
export function planRunner(runner: Runner, setting: RunnerSetting): Promise<RunnerPlan> {
  return PLANS[runner](setting);
}

async function planGit(setting: RunnerSetting): Promise<RunnerPlan> {
  const { repository, hooks, program } = setting;
  const { hooksFolder, hooksPathOfMachine, hooksPath } = repository;
  if (hooksPathOfMachine !== null) {
    fail(
      "USAGE_INVALID",
      `core.hooksPath is ${hooksPathOfMachine} for all of your repositories, and a hook there would ` +
        "run in each: set one for this repository (`git config core.hooksPath .githooks`)",
    );
  }
  if (hooksPath !== null && hooksPath.endsWith("/_")) {
    fail("USAGE_INVALID", `core.hooksPath is ${hooksPath}, which husky writes: name husky instead`);
  }
  const files = hooks.map((hook) => planScript(repository, hooksFolder, hook, program));
  return { files: (await Promise.all(files)).flat(), notes: [] };
}

/** A script that Git runs by itself, and only if it is executable. */
async function planScript(
  repository: SetupRepository,
  folder: string,
  hook: HookName,
  program: HookProgram,
): Promise<readonly FileChange[]> {
  const file = await readSetupFile(repository, posix.join(folder, hook));
  if (file.text !== null && !repository.io.isExecutable(file.path)) {
    fail(
      "USAGE_INVALID",
      `${file.name}: expected a hook that is executable, found one that Git passes over: make it ` +
        "executable, or delete it",
    );
  }
  const command = lookUpCommand(hook, program);
  const after = withShellHook({ hook, file, command, endsAtFailure: false });
  return changeOf(file, after, true);
}

async function planHusky({ repository, hooks, program }: RunnerSetting): Promise<RunnerPlan> {
  const folder = huskyFolder(repository);
  const files = await Promise.all(
    hooks.map(async (hook) => {
      const file = await readSetupFile(repository, `${folder}/${hook}`);
      const words = program.package === "" ? PROGRAM : program.words;
      const command = [`${words}${argumentsOf(hook)}`];
      return changeOf(file, withShellHook({ hook, file, command, endsAtFailure: true }));
    }),
  );
  const isActive = repository.hooksPath?.endsWith(`${folder}/_`) === true;
  const note = `husky is not active in this clone: run \`npx husky${folder === ".husky" ? "" : ` ${folder}`}\``;
  return { files: files.flat(), notes: isActive ? [] : [note] };
}

/**
 * A task in lint-staged's configuration, and the hook that runs lint-staged: lint-staged ends before
 * its tasks where a commit only deletes files.
 */
async function planLintStaged(setting: RunnerSetting): Promise<RunnerPlan> {
  const others = setting.found.filter(({ runner }) => runner !== "lint-staged");
  const { files, notes } = await planRunner(chooseRunner(others, null), setting);
  const task = await planTask(setting);
  return { files: [...files, ...task], notes: task.length === 0 ? [...notes, TASK_NOTE] : notes };
}

/** The task, where the configuration is a program or there is none yet. */
async function planTask({ repository, found }: RunnerSetting): Promise<readonly FileChange[]> {
  const names = LINT_STAGED_FILES.filter((name) => !name.startsWith("package."));
  const existing = await firstSetupFile(repository, names);
  const isInPackage = found.some(({ because }) => because === CONFIGURED_IN_PACKAGE);
  if (existing === null ? isInPackage : !isProgram(existing.name)) return [];
  const file = existing ?? (await readSetupFile(repository, NEW_LINT_STAGED_FILE));
  const after = withTask(file);
  return after === null ? [] : changeOf(file, after);
}

const TASK_NOTE =
  "lint-staged's own configuration stays as it is: the hook that runs it runs pubpin too, and sees more";

async function planPreCommit(
  setting: RunnerSetting,
  runner: "pre-commit" | "prek",
): Promise<RunnerPlan> {
  const { repository, program, source } = setting;
  const file = await readSetupFile(repository, await preCommitFileOf(repository, runner));
  const hooks = withKeptHooks(setting, file);
  const from: HookSource = source ?? { program: program.words };
  const entry = preCommitEntry(from, hooks);
  const isToml = file.name.endsWith(".toml");
  const after = withStructuredEdit({
    file,
    frame: preCommitFrame(file.name),
    ...(isToml ? tomlEdit(entry) : yamlEdit(entry)),
  });
  const types = await missingHooks(repository, hooks, `generated by ${runner}`);
  const flags = types.map((hook) => ` --hook-type ${hook}`).join("");
  const notes = types.length === 0 ? [] : [`every clone needs \`${runner} install${flags}\``];
  return { files: changeOf(file, after), notes };
}

async function planLefthook(setting: RunnerSetting): Promise<RunnerPlan> {
  const { repository, program } = setting;
  const found = await firstSetupFile(repository, LEFTHOOK_FILES);
  const file = found ?? (await readSetupFile(repository, "lefthook.yml"));
  const hooks = withKeptHooks(setting, file);
  if (/\.jsonc?$/.test(file.name)) {
    fail(
      "USAGE_INVALID",
      `${file.name}: nothing is put into JSON: put this in by hand, in JSON's form, and nothing else ` +
        `is needed:\n${lefthookAdvice(hooks, program.words)}`,
    );
  }
  const isToml = file.name.endsWith(".toml");
  const after = withStructuredEdit({
    file,
    frame: lefthookFrame(file.name, hooks),
    ...(isToml ? lefthookToml(hooks, program.words) : lefthookYaml(hooks, program.words)),
  });
  const missing = await missingHooks(repository, hooks, "lefthook");
  const notes = missing.length === 0 ? [] : ["every clone needs `lefthook install`"];
  return { files: changeOf(file, after), notes };
}

/** What an earlier set-up was asked for stays. */
function withKeptHooks({ hooks }: RunnerSetting, file: SetupFile): readonly HookName[] {
  const { blocks } = withoutBlocks(file.text ?? "", file.name);
  const keepsPush = blocks.flat().some((line) => line.includes("pre-push"));
  return keepsPush && !hooks.includes("pre-push") ? [...hooks, "pre-push"] : hooks;
}

/** The hooks that the runner has not been put into in this clone. */
async function missingHooks(
  repository: SetupRepository,
  hooks: readonly HookName[],
  sign: string,
): Promise<readonly HookName[]> {
  const missing = hooks.map(async (hook) => {
    const { text } = await readSetupFile(repository, posix.join(repository.hooksFolder, hook));
    return text?.includes(sign) === true ? [] : [hook];
  });
  return (await Promise.all(missing)).flat();
}
