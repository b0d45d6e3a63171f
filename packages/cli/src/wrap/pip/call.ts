/** A command line of pip, with its configuration, as it is understood. */
import { dirname } from "node:path";
import { fail, type Pins } from "@pubpin/shared";
import { findStrays } from "../../installed/integrity.ts";
import { scanInstalled } from "../../installed/scan.ts";
import type { PythonEnvironment } from "../../installed/types.ts";
import type { Invocation } from "../../invocation.ts";
import { findPins } from "../../node/pins-location.ts";
import { governingPins, readPins } from "../../project.ts";
import type { Session } from "../../session.ts";
import type { Upstream } from "../../guarding-index/types.ts";
import { readOptions } from "../options.ts";
import { specs } from "../specs.ts";
import type { OptionSpec, ReadOptions } from "../types.ts";
import { parseSettings, settingsAsArguments } from "./configuration.ts";
import { listConfiguration, pipEnvironment, requirePip } from "./interpreter.ts";
import { OPTIONS, PIP_COMMANDS, type PipCommandName } from "./option-tables.ts";
import {
  type FileContents,
  type FileRules,
  merged,
  readRequirementFiles,
} from "./requirement-files.ts";
import { isBelow, readEditable, readSource, type Source } from "./sources.ts";

/** What pip is asked for. */
export interface PipCall {
  readonly session: Session;
  readonly invocation: Invocation;
  readonly command: PipCommandName;
  readonly options: ReadOptions;
  readonly environment: PythonEnvironment;
  readonly pinsPath: string;
  readonly pins: Pins;
  readonly upstreams: readonly Upstream[];
  /** Requirements and constraints, for files of ours. */
  readonly contents: FileContents;
  readonly buildConstraints: readonly string[];
  /** Requirements of the command line, judged. */
  readonly operands: readonly Source[];
  readonly editables: readonly Source[];
  /** Whether new publishers are pinned without a question. */
  readonly tofu: boolean;
}

/** Options that may stand before the command too. */
const BEFORE: readonly OptionSpec[] = [
  ...specs("take", "--help|-h --python= --isolated --version|-V --proxy= --cert="),
  ...specs("pass", "--verbose|-v --quiet|-q --no-color --debug --no-input --require-virtualenv"),
];

/**
 * Reads what comes after `pubpin pip`, and what pip's configuration and variables add to it.
 *
 * @returns null where help is asked for, which pip gives itself
 * @throws USAGE_INVALID SOURCE_REFUSED for what is not understood, or accepted by nobody
 * @throws INSTALLED_REFUSED where the environment would run code that no distribution brought
 * @throws ENVIRONMENT_UNUSABLE PIP_UNUSABLE and the codes of pins and files
 */
export async function readPipCall(
  session: Session,
  invocation: Invocation,
  args: readonly string[],
): Promise<PipCall | null> {
  const { world } = session;
  const before = readOptions({ command: "pip", specs: BEFORE, stopsAtOperand: true }, args);
  const [word = "", ...rest] = before.operands;
  const isHelp = before.taken.has("--help") || before.taken.has("--version");
  if (isHelp) return null;
  const command = PIP_COMMANDS.find((name) => name === word);
  if (command === undefined) {
    fail(
      "USAGE_INVALID",
      `pubpin pip ${word}: expected one of ${PIP_COMMANDS.join(", ")}, which are guarded; nothing was ` +
        "run. Where it installs nothing, call pip itself",
    );
  }
  const rules = { command: `pip ${command}`, specs: OPTIONS[command], stopsAtOperand: false };
  const early = joined(before, readOptions(rules, rest));
  if (early.taken.has("--help")) return null;
  const environment = await pipEnvironment(early.taken.get("--python")?.at(-1), world);
  requireQuietStart(environment);
  await requirePip(environment, command, world);
  const listed = await listConfiguration(environment, early.taken.has("--isolated"), world);
  const configured = readOptions(rules, settingsAsArguments(command, parseSettings(listed)));
  const options = joined(configured, early);
  return understood(session, invocation, { command, options, environment });
}

async function understood(
  session: Session,
  invocation: Invocation,
  base: Pick<PipCall, "command" | "options" | "environment">,
): Promise<PipCall> {
  const { cwd, env } = session.world;
  const { options } = base;
  const pinsPath = await governingPins(cwd, cwd, invocation.pinsFile);
  const pins = await readPins(pinsPath);
  const { repository } = await findPins(cwd);
  const rules: FileRules = {
    cwd,
    own: repository ?? ownFolder(pinsPath, cwd),
    pins,
    pinsPath,
    env,
  };
  const valuesOf = (name: string): readonly string[] => options.taken.get(name) ?? [];
  const contents = merged(
    await readRequirementFiles(valuesOf("--requirement"), false, rules),
    await readRequirementFiles(valuesOf("--constraint"), true, rules),
  );
  const builds = await readRequirementFiles(valuesOf("--build-constraint"), true, rules);
  const indexUrl = contents.indexUrl ?? valuesOf("--index-url").at(-1) ?? mainIndex(session);
  // The main one last: a name that is new belongs to the further index that has it, and whoever
  // takes the same name on the public index gets nothing by it.
  const urls = [...valuesOf("--extra-index-url"), ...contents.extraIndexUrls, indexUrl];
  return {
    session,
    invocation,
    ...base,
    pinsPath,
    pins,
    upstreams: [...new Set(urls.map(requireAddress))].map((url) => ({ url, name: null })),
    contents,
    buildConstraints: builds.constraints,
    operands: options.operands.map((each) => readSource(each, "pubpin pip", rules)),
    editables: valuesOf("--editable").map((each) => readEditable(each, "--editable", rules)),
    tofu: options.taken.has("--tofu"),
  };
}

/** Outside of a repository: where the pins are, if the current folder is below, else that folder. */
function ownFolder(pinsPath: string, cwd: string): string {
  const folder = dirname(pinsPath);
  return isBelow(cwd, folder) ? folder : cwd;
}

function mainIndex({ options, defaultIndex }: Session): string {
  return options.index ?? defaultIndex;
}

function requireAddress(url: string): string {
  if (/^https?:\/\//i.test(url)) return url.replace(/\/+$/, "");
  return fail("USAGE_INVALID", `--index-url: expected an address (http or https), found ${url}`);
}

/** Before anything of the environment runs: what runs by itself must belong to a distribution. */
function requireQuietStart(environment: PythonEnvironment): void {
  const stray = findStrays(environment, scanInstalled(environment)).find(
    ({ owners }) => owners.length === 0,
  );
  if (stray === undefined) return;
  fail(
    "INSTALLED_REFUSED",
    `${stray.path}: it runs whenever Python starts, and no installed distribution brought it: ` +
      "nothing of the environment was run. Delete it, or make the environment anew",
  );
}

function joined(before: ReadOptions, after: ReadOptions): ReadOptions {
  const taken = new Map(before.taken);
  for (const [name, values] of after.taken) {
    taken.set(name, [...(taken.get(name) ?? []), ...values]);
  }
  return { passed: [...before.passed, ...after.passed], taken, operands: after.operands };
}
