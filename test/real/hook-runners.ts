/** Repositories that use the real runners of hooks, each with pubpin set up by its own command. */
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { GitFolder, GitRepository, ProgramEnd } from "@pubpin/test-kit/node";
import { packHook } from "../../scripts/pack-hook.ts";
import { pubpin } from "../cli/command/support/command.ts";
import { pythonTools, run } from "./python.ts";

/** A runner, and what its users do besides `pubpin hook install`. */
export interface RealRunner {
  readonly name: string;
  /** The project on the Python index that brings it; null for those of this workspace. */
  readonly project: readonly [name: string, version: string] | null;
  /** What a repository has that uses it. */
  readonly files: Readonly<Record<string, string>>;
  /** The programs of this workspace that its node_modules has; null where it has none. */
  readonly modules: readonly string[] | null;
  readonly activate: readonly (readonly string[])[];
  /** Where pre-commit and prek install the hook from: its packed root in Git, or nowhere. */
  readonly fromGit: boolean;
}

const YAML = "repos:\n- repo: meta\n  hooks:\n  - id: identity\n";
const HOOKS = ["pre-commit", "pre-merge-commit", "pre-push"];
const TYPES = HOOKS.flatMap((hook) => ["--hook-type", hook]);

/** Every runner that pubpin can be put into. */
export const RUNNERS: readonly RealRunner[] = [
  {
    name: "git",
    project: null,
    files: { "package.json": "{}" },
    modules: [],
    activate: [],
    fromGit: false,
  },
  {
    name: "husky",
    project: null,
    files: { "package.json": '{"devDependencies":{"husky":"9.1.7"}}' },
    modules: ["husky"],
    activate: [["husky"]],
    fromGit: false,
  },
  {
    name: "lint-staged",
    project: null,
    files: {
      "package.json": '{"devDependencies":{"husky":"9.1.7","lint-staged":"17.6.1"}}',
      "lint-staged.config.mjs": 'export default {\n  "*.md": "git --version",\n};\n',
      ".husky/pre-commit": "lint-staged\n",
    },
    modules: ["husky", "lint-staged"],
    activate: [["husky"]],
    fromGit: false,
  },
  {
    name: "pre-commit",
    project: ["pre-commit", "4.7.0"],
    files: { ".pre-commit-config.yaml": YAML },
    modules: null,
    activate: [["pre-commit", "install", ...TYPES]],
    fromGit: true,
  },
  {
    name: "prek",
    project: ["prek", "0.5.11"],
    files: { "prek.toml": '[[repos]]\nrepo = "meta"\nhooks = [{ id = "identity" }]\n' },
    modules: null,
    activate: [["prek", "install", ...TYPES]],
    fromGit: true,
  },
  {
    name: "lefthook",
    project: ["lefthook", "2.2.2"],
    files: {
      "lefthook.yml": "pre-commit:\n  commands:\n    version:\n      run: git --version\n",
    },
    modules: [],
    activate: [["lefthook", "install"]],
    fromGit: false,
  },
];

/** The packed root of the hook, as a repository of Git. */
export interface PackedHook {
  readonly folder: string;
  readonly revision: string;
}

/** A repository in which a runner runs the hook. */
export interface ReadyRepository {
  readonly repository: GitRepository;
  /** What the runner finds its programs by. */
  readonly env: NodeJS.ProcessEnv;
}

const MODULES = join(import.meta.dirname, "../../node_modules");

/** Packs the hook, and makes it a repository that it can be installed from. */
export async function packedHook(git: GitFolder): Promise<PackedHook> {
  const repository = await git.newRepository();
  await packHook(join(repository.folder, "hook"));
  await repository.must("init", "--quiet", "--initial-branch=main", "hook");
  const folder = join(repository.folder, "hook");
  return { folder, revision: await repository.at(folder).commitUnchecked() };
}

/**
 * A fresh repository that uses a runner, with the hook set up and the runner activated in it; or what
 * is missing on this machine, and what helps.
 *
 * @throws where setting up fails
 */
export async function readyRepository(
  git: GitFolder,
  packed: PackedHook,
  runner: RealRunner,
): Promise<ReadyRepository | { readonly missing: string }> {
  const tools = runner.project === null ? null : await pythonTools(...runner.project);
  if (tools !== null && "missing" in tools) return tools;
  const repository = await git.newRepository();
  const env = {
    PATH: [
      join(repository.folder, "node_modules/.bin"),
      await nodeTools(git),
      ...(tools === null ? [] : [tools.programs]),
      process.env["PATH"] ?? "",
    ].join(delimiter),
    // Programs in a user's home are not taken for the system's by pre-commit.
    HOME: homeOf(git),
    PRE_COMMIT_HOME: join(git.folder, "pre-commit"),
    PREK_HOME: join(git.folder, "prek"),
    npm_config_cache: join(git.folder, "npm"),
  };
  await repository.commitUnchecked({ ...runner.files, ".gitignore": "node_modules\n.cache\n" });
  if (runner.modules !== null) installModules(repository, runner.modules, packed);
  const source = ["--repository", `file://${packed.folder}`, "--revision", packed.revision];
  const named = runner.name === "lint-staged" ? [runner.name] : [];
  const parameters = ["--yes", "--pre-push", ...(runner.fromGit ? source : [])];
  succeeded(await pubpin(repository.folder, ["hook", "install", ...named, ...parameters], env));
  for (const [program = "", ...rest] of runner.activate) {
    succeeded(await repository.run(program, rest, { env }));
  }
  await repository.commitUnchecked();
  return { repository, env };
}

/** @throws what a program said, where it failed */
export function succeeded({ exitCode, stdout, stderr }: ProgramEnd): void {
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}\n${stdout}${stderr}`);
}

function homeOf({ folder }: GitFolder): string {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  return home;
}

/** Node under each of its names, with npm beside it: runners take the one that they find first. */
async function nodeTools({ folder }: GitFolder): Promise<string> {
  const programs = join(folder, "programs");
  const npm = (await run("which", ["npm"])).stdout.trim();
  link(process.execPath, join(programs, "node"));
  link(process.execPath, join(programs, "nodejs"));
  link(realpathSync(npm), join(programs, "npm"));
  return programs;
}

/** Puts into node_modules what npm would have installed. */
function installModules(
  { folder }: GitRepository,
  names: readonly string[],
  packed: PackedHook,
): void {
  const modules = join(folder, "node_modules");
  const sources = names.map((name) => [name, join(MODULES, name)] as const);
  for (const [name, source] of [...sources, ["pubpin-precommit", packed.folder] as const]) {
    const { bin } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
      readonly bin: string | Readonly<Record<string, string>>;
    };
    const program = typeof bin === "string" ? bin : (bin[name] ?? "");
    link(source, join(modules, name));
    link(join("..", name, program), join(modules, ".bin", name));
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
