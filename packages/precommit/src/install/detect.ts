/** Finds out what runs a repository's hooks. */
import { posix } from "node:path";
import { fail } from "@pubpin/shared";
import { LEFTHOOK_FILES } from "./lefthook.ts";
import { LINT_STAGED_FILES } from "./lint-staged.ts";
import { firstSetupFile, readSetupFile, type SetupRepository } from "./repository.ts";
import { isMapping, meaning } from "./structured.ts";

/** What can run the hook. `git` is Git itself. */
export const RUNNERS = ["husky", "lint-staged", "pre-commit", "prek", "lefthook", "git"] as const;

/** One of {@link RUNNERS}. */
export type Runner = (typeof RUNNERS)[number];

/** A runner that a repository uses, and how that shows. */
export interface FoundRunner {
  readonly runner: Runner;
  readonly because: string;
}

/** The configuration that pre-commit and prek share. */
const PRE_COMMIT_FILE = ".pre-commit-config.yaml";
/** Those that only prek reads, in its order. */
const PREK_FIRST_FILE = "prek.toml";
const PREK_LAST_FILE = ".pre-commit-config.yml";
/** All of them. */
export const PRE_COMMIT_FILES: readonly string[] = [
  PREK_FIRST_FILE,
  PRE_COMMIT_FILE,
  PREK_LAST_FILE,
];
/** How it shows that lint-staged is configured where no function can be. */
export const CONFIGURED_IN_PACKAGE = "package.json configures it";
const HUSKY_FOLDER = ".husky";

/** The folder that husky keeps a repository's hooks in: it may have another name than the usual. */
export function huskyFolder({ hooksPath }: SetupRepository): string {
  const set = hooksPath?.replaceAll("\\", "/").replace(/\/$/, "") ?? "";
  return set.endsWith("/_") ? posix.dirname(set) : HUSKY_FOLDER;
}

/** The runners that a repository uses; lint-staged is one that another one runs. */
export async function findRunners(repository: SetupRepository): Promise<readonly FoundRunner[]> {
  const found: FoundRunner[] = [];
  const tools = await nodeTools(repository);
  const add = (runner: Runner, because: string | null): void => {
    if (because !== null) found.push({ runner, because });
  };
  add("husky", await huskySign(repository, tools));
  add("lint-staged", await lintStagedSign(repository, tools));
  add("pre-commit", await preCommitSign(repository));
  add("prek", await prekSign(repository));
  add("lefthook", (await firstSetupFile(repository, LEFTHOOK_FILES))?.name ?? null);
  return found;
}

/**
 * The runner to use: the one that was named, else the only one there is, else Git itself. Where
 * another runner runs lint-staged, that other one sees more.
 *
 * @throws USAGE_INVALID where there are several
 */
export function chooseRunner(found: readonly FoundRunner[], named: Runner | null): Runner {
  if (named !== null) return named;
  const main = found.filter(({ runner }) => runner !== "lint-staged");
  if (main.length > 1) {
    const list = main.map(({ runner, because }) => `${runner} (${because})`).join(", ");
    fail(
      "USAGE_INVALID",
      `expected one runner of hooks, found ${list}: name one, ` +
        `such as \`pubpin hook install ${main[0]?.runner ?? ""}\``,
    );
  }
  return main[0]?.runner ?? found[0]?.runner ?? "git";
}

/** The configuration of pre-commit or prek that counts, there already or not. */
export async function preCommitFileOf(
  repository: SetupRepository,
  runner: "pre-commit" | "prek",
): Promise<string> {
  if (runner === "pre-commit") return PRE_COMMIT_FILE;
  return (await firstSetupFile(repository, PRE_COMMIT_FILES))?.name ?? PRE_COMMIT_FILE;
}

/** What package.json requires, and whether it configures lint-staged. */
interface NodeTools {
  readonly required: ReadonlySet<string>;
  readonly configuresLintStaged: boolean;
}

async function nodeTools(repository: SetupRepository): Promise<NodeTools> {
  const { text, name } = await readSetupFile(repository, "package.json");
  if (text === null) return { required: new Set(), configuresLintStaged: false };
  const manifest = meaning(text, name);
  const required = ["dependencies", "devDependencies"].flatMap((key) => {
    const table = manifest[key];
    return isMapping(table) ? Object.keys(table) : [];
  });
  return { required: new Set(required), configuresLintStaged: "lint-staged" in manifest };
}

async function huskySign(
  repository: SetupRepository,
  { required }: NodeTools,
): Promise<string | null> {
  const folder = huskyFolder(repository);
  if (repository.hooksPath?.endsWith(`${folder}/_`) === true) {
    return `core.hooksPath is ${repository.hooksPath}`;
  }
  const hook = await readSetupFile(repository, `${folder}/pre-commit`);
  if (hook.text !== null) return hook.name;
  return required.has("husky") ? "package.json requires it" : null;
}

async function lintStagedSign(
  repository: SetupRepository,
  { required, configuresLintStaged }: NodeTools,
): Promise<string | null> {
  if (configuresLintStaged) return CONFIGURED_IN_PACKAGE;
  const names = LINT_STAGED_FILES.filter((name) => !name.startsWith("package."));
  const file = await firstSetupFile(repository, names);
  if (file !== null) return file.name;
  return required.has("lint-staged") ? "package.json requires it" : null;
}

async function preCommitSign(repository: SetupRepository): Promise<string | null> {
  if ((await readSetupFile(repository, PREK_FIRST_FILE)).text !== null) return null;
  if ((await readSetupFile(repository, PRE_COMMIT_FILE)).text === null) return null;
  return (await isPreksHook(repository)) === "prek" ? null : PRE_COMMIT_FILE;
}

async function prekSign(repository: SetupRepository): Promise<string | null> {
  const own = await firstSetupFile(repository, [PREK_FIRST_FILE]);
  if (own !== null) return own.name;
  const shared = await firstSetupFile(repository, [PRE_COMMIT_FILE, PREK_LAST_FILE]);
  if (shared === null) return null;
  if (shared.name === PREK_LAST_FILE) return shared.name;
  return (await isPreksHook(repository)) === "prek" ? `${shared.name}, installed by prek` : null;
}

/** Both tools read one file: the hook that is installed says which of them is used. */
async function isPreksHook(repository: SetupRepository): Promise<"prek" | "other"> {
  const hook = await readSetupFile(repository, posix.join(repository.hooksFolder, "pre-commit"));
  return hook.text?.includes("File generated by prek") === true ? "prek" : "other";
}
