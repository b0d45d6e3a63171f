/** The commands that are killed. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createGitFolder, type GitRepository } from "@pubpin/test-kit/node";
import { bundleHook } from "../../scripts/bundle-hook.ts";
import { pythonTools } from "../../test/real/python.ts";
import type { Victim } from "./kill.ts";
import type { Missing } from "./outcome.ts";
import { finish } from "./programs.ts";
import { environmentOf, must, NAMES, type Setting } from "./setting.ts";

/** Makes a command to kill, and takes away what it needed. */
export type VictimMaker = (
  setting: Setting,
) => Promise<{ readonly victim: Victim; readonly close: () => void } | Missing>;

const PINS = ".provenance.txt";
const LOCK = "uv.lock";
const UV = "0.13.8";
const PROJECT = `[project]
name = "app"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["package-0"]
`;
const PINNED = NAMES.slice(0, NAMES.length / 2);

/** `pubpin tofu` in a project half of whose packages are pinned. */
export const tofuVictim: VictimMaker = async (setting) => {
  const { folder, before } = await halfPinned(setting);
  writeFileSync(join(folder, LOCK), setting.lockOf(NAMES));
  return {
    victim: projectVictim(setting, folder, before, ["tofu"]),
    close: () => undefined,
  };
};

/** `pubpin accept` of a package that is pinned to another publisher. */
export const acceptVictim: VictimMaker = async (setting) => {
  const { folder, before } = await halfPinned(setting);
  const other = before.replace(/^(package-0 +)\S+$/m, "$1https://github.com/else/where");
  if (other === before) throw new Error("the pins have no line for package-0");
  return {
    victim: projectVictim(setting, folder, other, ["accept", "package-0"]),
    close: () => undefined,
  };
};

/** `pubpin-precommit --fix` where a changed lock is staged. */
export const fixVictim: VictimMaker = async (setting) => {
  const git = createGitFolder();
  const repository = await git.newRepository();
  const { folder } = repository;
  const env = { ...environmentOf(folder), PATH: `${folder}/.git/bin:${process.env["PATH"] ?? ""}` };
  const hook = join(git.folder, "pubpin-precommit.mjs");
  await bundleHook(hook);
  const command = setting.plainPubpin().map((word) => `'${word}'`);
  repository.write({
    ".git/bin/pubpin": `#!/bin/sh\nexec ${command.join(" ")} "$@"\n`,
    ".gitignore": ".home\n",
    [LOCK]: setting.lockOf(PINNED),
  });
  await repository.run("chmod", ["+x", ".git/bin/pubpin"]);
  await must(setting.plainPubpin("tofu"), folder);
  await repository.commitUnchecked();
  const before = readFileSync(join(folder, PINS), "utf8");
  await repository.stage({ [LOCK]: setting.lockOf(NAMES) });
  const victim: Victim = {
    what: "pubpin-precommit --fix",
    words: [process.execPath, hook, "--fix"],
    options: { cwd: folder, env },
    before: { [join(folder, PINS)]: before },
    reset: async () => {
      rmSync(join(folder, ".git/index.lock"), { force: true });
      await repository.must("add", "--all");
    },
    check: async () => problemsOf(repository, before),
    // What Git says of a lock that its own killed process left, and the hook of what is not staged.
    recover: async () => {
      rmSync(join(folder, ".git/index.lock"), { force: true });
      await repository.must("add", PINS);
    },
  };
  return { victim, close: git.remove };
};

/** `pubpin uv add` with a real uv, which writes files of its own. */
export const uvAddVictim: VictimMaker = async (setting) => {
  const tools = await pythonTools("uv", UV);
  if ("missing" in tools) return tools;
  const folder = setting.newFolder();
  const env = { ...environmentOf(folder), ...uvEnvironment(setting, folder, tools.programs) };
  writeFileSync(join(folder, "pyproject.toml"), PROJECT);
  const options = { cwd: folder, env };
  const { exitCode, output } = await finish(setting.plainPubpin("uv", "sync", "--tofu"), options);
  if (exitCode !== 0) throw new Error(`pubpin uv sync: ${exitCode}\n${output}`);
  const paths = ["pyproject.toml", LOCK, PINS].map((name) => join(folder, name));
  const victim: Victim = {
    what: "pubpin uv add",
    words: setting.plainPubpin("uv", "add", "--tofu", "package-1"),
    options,
    before: Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")])),
    reset: async () => {
      rmSync(join(folder, ".venv"), { recursive: true, force: true });
    },
    check: async () => [],
    recover: async () => undefined,
  };
  return { victim, close: () => undefined };
};

/** uv alone in a folder of its own: beside it lies a Python whose environment is none for projects. */
function uvEnvironment({ index }: Setting, folder: string, programs: string): NodeJS.ProcessEnv {
  const bin = join(folder, ".home/bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(programs, "uv"), join(bin, "uv"));
  return {
    PATH: [bin, process.env["PATH"] ?? ""].join(delimiter),
    UV_CACHE_DIR: join(folder, ".home/uv"),
    UV_PYTHON_DOWNLOADS: "never",
    UV_DEFAULT_INDEX: index.simpleUrl,
  };
}

/** What is staged has to be what was, or what is in the work tree. */
async function problemsOf(repository: GitRepository, before: string): Promise<readonly string[]> {
  const staged = await repository.git("show", `:${PINS}`);
  const worked = readFileSync(join(repository.folder, PINS), "utf8");
  const { exitCode, stdout, stderr } = await repository.git("fsck", "--strict");
  return [
    ...([before, worked].includes(staged.stdout) ? [] : ["what is staged is neither old nor new"]),
    ...(exitCode === 0 ? [] : [`git fsck: ${stdout}${stderr}`]),
  ];
}

/** A project with a lock of half of the packages, all of them pinned. */
async function halfPinned(
  setting: Setting,
): Promise<{ readonly folder: string; readonly before: string }> {
  const folder = setting.newFolder();
  writeFileSync(join(folder, LOCK), setting.lockOf(PINNED));
  await must(setting.pubpin("tofu"), folder);
  return { folder, before: readFileSync(join(folder, PINS), "utf8") };
}

function projectVictim(
  setting: Setting,
  folder: string,
  before: string,
  parameters: readonly string[],
): Victim {
  return {
    what: `pubpin ${parameters.join(" ")}`,
    words: setting.pubpin(...parameters),
    options: { cwd: folder, env: environmentOf(folder) },
    before: { [join(folder, PINS)]: before },
    reset: async () => undefined,
    check: async () => [],
    recover: async () => undefined,
  };
}
