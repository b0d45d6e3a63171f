/** A command line of uv, as it is understood. */
import { resolve } from "node:path";
import { fail } from "@pubpin/shared";
import type { Invocation } from "../../invocation.ts";
import { isOn } from "../../node/environment.ts";
import type { Session } from "../../session.ts";
import { readVariables } from "../environment.ts";
import { readOptions } from "../options.ts";
import type { ReadOptions } from "../types.ts";
import { GLOBAL, OPTIONS, UV_COMMANDS, type UvCommandName } from "./option-tables.ts";
import { UV_VARIABLES } from "./variables.ts";
import type { Environment } from "../../node/environment.ts";

/** What uv is asked for. */
export interface UvCall {
  readonly session: Session;
  readonly invocation: Invocation;
  readonly command: UvCommandName;
  readonly options: ReadOptions;
  /** Where uv runs: `--directory` is in it. */
  readonly cwd: string;
  /** For uv: without the variables that are taken. */
  readonly env: Environment;
  /** The variables that are taken. */
  readonly variables: Environment;
  /** The folder that `--project` or UV_PROJECT names, absolute; null where none does. */
  readonly projectFolder: string | null;
  /** Whether new publishers are pinned without a question. */
  readonly tofu: boolean;
}

/** Options that take a value or none and say the same again where they stand before the command. */
const WORDS_WITH_TWO: ReadonlySet<string> = new Set(["pip", "tool"]);
/** Commands after whose first operand the rest is another program's. */
const RUNNERS: ReadonlySet<UvCommandName> = new Set(["run", "tool run"]);

/**
 * Reads what comes after `pubpin uv`.
 *
 * @returns null where help is asked for, which uv gives itself
 * @throws USAGE_INVALID for a command, option or variable that is unknown or refused
 */
export function readUvCall(
  session: Session,
  invocation: Invocation,
  args: readonly string[],
): UvCall | null {
  const before = readOptions({ command: "uv", specs: GLOBAL, stopsAtOperand: true }, args);
  if (before.taken.has("--help")) return null;
  const [first = "", second = ""] = before.operands;
  const words = WORDS_WITH_TWO.has(first) ? [first, second] : [first];
  if (second === "--help" || second === "-h") return null;
  const command = UV_COMMANDS.find((name) => name === words.join(" "));
  if (command === undefined) {
    fail(
      "USAGE_INVALID",
      `pubpin uv ${words.join(" ").trim()}: expected one of ${UV_COMMANDS.join(", ")}, which are ` +
        "guarded; nothing was run. Where it installs nothing, call uv itself",
    );
  }
  const rest = before.operands.slice(words.length);
  const rules = {
    command: `uv ${command}`,
    specs: OPTIONS[command],
    stopsAtOperand: RUNNERS.has(command),
  };
  const options = joined(before, readOptions(rules, rest));
  if (options.taken.has("--help")) return null;
  const { env, taken: variables } = readVariables(UV_VARIABLES, session.world.env);
  const cwd = resolve(
    session.world.cwd,
    last(options, "--directory") ?? variables["UV_WORKING_DIR"] ?? ".",
  );
  const project = last(options, "--project") ?? variables["UV_PROJECT"];
  return {
    session,
    invocation,
    command,
    options,
    cwd,
    env,
    variables,
    projectFolder: project === undefined ? null : resolve(cwd, project),
    tofu: options.taken.has("--tofu"),
  };
}

/** The value of an option that is taken: the last one, as uv has it. */
export function last({ taken }: ReadOptions, name: string): string | undefined {
  return taken.get(name)?.at(-1);
}

/** All values of options that are taken, in the order of the names. */
export function valuesOf({ taken }: ReadOptions, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => taken.get(name) ?? []);
}

/** Whether a switch is on, by its option or by its variable. */
export function isAsked(call: UvCall, option: string, variable?: string): boolean {
  if (call.options.taken.has(option)) return true;
  return variable !== undefined && isOn(call.variables[variable]);
}

function joined(before: ReadOptions, after: ReadOptions): ReadOptions {
  const taken = new Map(before.taken);
  for (const [name, values] of after.taken) {
    taken.set(name, [...(taken.get(name) ?? []), ...values]);
  }
  return { passed: [...before.passed, ...after.passed], taken, operands: after.operands };
}
