/** What installing would change. */
import { join } from "node:path";
import { fail } from "@pubpin/shared";
import { CONFIGURATION_PATHS, readSettings, type Settings } from "../settings.ts";
import { withBlock, withoutBlocks } from "./block.ts";
import { chooseRunner, findRunners, type Runner } from "./detect.ts";
import type { FileChange, SettingChange, SetupIo, SetupPlan } from "./io.ts";
import { findProgram, type HookProgram, installCommand, PROGRAM } from "./programs.ts";
import {
  askGit,
  changeOf,
  openRepository,
  readSetupFile,
  type SetupRepository,
} from "./repository.ts";
import { planRunner } from "./runners.ts";
import { ATTRIBUTES_FILE, DRIVER_KEYS, settingChange } from "./settings.ts";
import type { HookName } from "./shell.ts";
import { WORKFLOW_FILE, type WorkflowOptions, workflowText } from "./workflow.ts";

/** What is to be installed. */
export interface InstallOptions {
  /** Null where set-up finds out by itself. */
  readonly runner: Runner | null;
  readonly prePush: boolean;
  /** The workflow of GitHub Actions, with the version of pubpin that it installs. */
  readonly workflow: { readonly version: string } | null;
  /** Whether the workflow is strict though the repository's own configuration is not. */
  readonly strict: boolean;
  readonly mergeDriver: boolean;
  /** What pre-commit and prek install the hook from; null for the program that is there. */
  readonly source: { readonly url: string; readonly revision: string } | null;
}

const DRIVER_NAME = "pubpin: joins the lines, and computes the digests of locks again";

/**
 * What `hook install` would change. Nothing is changed where everything is there already.
 *
 * @throws USAGE_INVALID outside of a repository, where several runners are used and none is named,
 *   and for files that nothing can be put into
 */
export async function planInstall(io: SetupIo, options: InstallOptions): Promise<SetupPlan> {
  const repository = openRepository(io);
  const found = await findRunners(repository);
  const runner = chooseRunner(found, options.runner);
  if (options.source !== null && runner !== "pre-commit" && runner !== "prek") {
    fail("USAGE_INVALID", `--repository is for pre-commit and prek, and the runner is ${runner}`);
  }
  const program = await findProgram(repository);
  const hooks: readonly HookName[] = [
    "pre-commit",
    "pre-merge-commit",
    ...(options.prePush ? (["pre-push"] as const) : []),
  ];
  const setting = { repository, found, program, hooks, source: options.source };
  const { files, notes } = await planRunner(runner, setting);
  const own = await ownSettings(repository, options);
  return {
    runner,
    because: found.find((each) => each.runner === runner)?.because ?? null,
    root: repository.root,
    files: [
      ...files,
      ...(options.workflow === null
        ? []
        : await planWorkflow(repository, { ...options.workflow, isStrict: own.strict })),
      ...(options.mergeDriver ? await planAttributes(repository, own.file) : []),
    ],
    settings: options.mergeDriver ? planDriver(repository, program) : [],
    notes: [...notes, ...beginningNotes(repository, own), ...programNotes(program, options)],
  };
}

/** What the repository's configuration says, in the work tree. */
async function ownSettings(
  repository: SetupRepository,
  { strict }: InstallOptions,
): Promise<Settings> {
  const read = (name: string): Promise<Uint8Array | null> =>
    repository.io.readFile(join(repository.root, name));
  const files = {
    packageJson: await read(CONFIGURATION_PATHS.packageJson),
    pyproject: await read(CONFIGURATION_PATHS.pyproject),
  };
  return readSettings(files, { locks: [], file: undefined, binding: undefined, strict });
}

async function planWorkflow(
  repository: SetupRepository,
  options: WorkflowOptions,
): Promise<readonly FileChange[]> {
  const file = await readSetupFile(repository, WORKFLOW_FILE);
  if (file.text !== null && withoutBlocks(file.text, file.name).blocks.length === 0) {
    fail(
      "USAGE_INVALID",
      `${file.name}: expected no such file, found one that pubpin did not write`,
    );
  }
  return changeOf(file, workflowText(options));
}

async function planAttributes(
  repository: SetupRepository,
  pinsName: string,
): Promise<readonly FileChange[]> {
  const line = `${/[\s"#!]/.test(pinsName) ? JSON.stringify(pinsName) : pinsName} merge=pubpin`;
  const file = await readSetupFile(repository, ATTRIBUTES_FILE);
  const isOwn = file.text === null;
  const text = file.text ?? "";
  if (text.split(/\r?\n/).includes(line)) return [];
  const place = { at: text.length, comment: "#", isOwn } as const;
  return changeOf(file, withBlock(text, [line], place));
}

/** The merge driver (gitattributes(5), "Defining a custom merge driver"). */
function planDriver({ root }: SetupRepository, { words }: HookProgram): readonly SettingChange[] {
  const wanted = [DRIVER_NAME, `${words} merge-driver %O %A %B %P`];
  return DRIVER_KEYS.flatMap((key, index) => settingChange(root, key, wanted[index] ?? null));
}

/** The hook has nothing to hold locks against where nobody has recorded any. */
function beginningNotes({ root }: SetupRepository, { file }: Settings): readonly string[] {
  const kinds = ["--cached", "--others", "--exclude-standard"];
  const found = askGit(root, "ls-files", ...kinds, "--", `:(glob)**/${file}`);
  return found === "" ? [`there is no ${file} yet: \`pubpin tofu\` begins one`] : [];
}

function programNotes(program: HookProgram, { source }: InstallOptions): readonly string[] {
  if (program.isInstalled || source !== null) return [];
  return [`${PROGRAM} is not there yet: \`${installCommand(program)}\``];
}
