import { dirname } from "node:path";
import { type Command, CommanderError } from "commander";
import { isRetryable, type PubpinError, VERIFIER_CODES } from "@pubpin/shared";
import { createCommandLine, type Start } from "./command-line.ts";
import { type Flags, type Invocation, invocationOf, type Terminal } from "./invocation.ts";
import { redact } from "./node/redact.ts";
import { withSession } from "./session.ts";
import { splitAtTool } from "./wrap/wrap-commands.ts";

/** Exit codes: 0 fine, 1 blocked, 2 usage or configuration, 3 could not be verified. */
const BLOCKED = 1;
const USAGE = 2;

/**
 * Runs the command line.
 *
 * @param args without the interpreter and the program
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const start: Start = async (command, shape, run) => {
    const flags = command.optsWithGlobals<Flags>();
    const name = command.name();
    const invocation = invocationOf(name, shape, flags, command.args, args, terminal);
    code = await withSession(terminal, invocation.options, (session) => run(session, invocation));
    const more = needed(invocation);
    if (code === BLOCKED && more !== "") {
      terminal.note(`where a command that accepts something is named above, add: ${more}`);
    }
  };
  let tool: readonly string[] = [];
  const program = createCommandLine(terminal, start, () => tool);
  const split = splitAtTool(args, program);
  ({ tool } = split);
  try {
    await program.parseAsync([...withHelpOption(program, split.own)], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
}

/** `help tofu` as `tofu --help`: so that a mistyped name is told, and commands of commands are found. */
function withHelpOption(program: Command, args: readonly string[]): readonly string[] {
  const [first, ...path] = args;
  if (first !== "help" || path.length === 0 || path.some((word) => word.startsWith("-"))) {
    return args;
  }
  let command = program;
  for (const name of path) {
    const found = command.commands.find((each) => each.name() === name);
    command = found ?? command.error(`error: unknown command '${name}'`);
  }
  return [...path, "--help"];
}

/** What another command needs to be about the same locks and pins; empty where it is nothing. */
function needed({ locks, pinsFile, pipParameters }: Invocation): string {
  const elsewhere = locks.some((path) => dirname(path) !== ".");
  return [
    ...(elsewhere ? locks : []),
    ...(pinsFile === undefined ? [] : ["--file", pinsFile]),
    ...(pipParameters === null ? [] : ["--", ...pipParameters.map(redact)]),
  ].join(" ");
}

/** The exit code of an error: 3 where nothing is known, 1 for a refusal, 2 for usage and files. */
export function exitCodeOfError({ code }: PubpinError): number {
  if (isRetryable(code) || UNKNOWN.has(code)) return 3;
  return REFUSALS.has(code) && !UNUSABLE.has(code) ? 1 : USAGE;
}

/** Codes that leave everything open, though no index is to blame. */
const UNKNOWN: ReadonlySet<string> = new Set(["TRUST_ROOT_UNKNOWN_KEY", "PIP_FAILED"]);
const REFUSALS: ReadonlySet<string> = new Set([
  ...VERIFIER_CODES,
  "PINS_CONFLICT",
  "INSTALLED_REFUSED",
  "SOURCE_REFUSED",
]);
/** Codes of the verifier that, where they end a run, say that a given file cannot be used. */
const UNUSABLE: ReadonlySet<string> = new Set(["LIMIT_EXCEEDED", "TRUST_ROOT_INVALID"]);
