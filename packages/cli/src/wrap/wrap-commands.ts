/** `pubpin uv`, `pubpin uvx` and `pubpin pip` on the command line: what follows them is the tool's. */
import type { Command } from "commander";
import type { Start } from "../command-line.ts";
import type { Invocation } from "../invocation.ts";
import type { Session } from "../session.ts";

const SHAPE = {
  leading: 0,
  takesPip: false,
  readsSettings: false,
  canPin: false,
  formats: ["text"],
  isQuiet: true,
} as const;

/** The commands whose arguments are a tool's. */
const WRAPPERS: ReadonlySet<string> = new Set(["uv", "uvx", "pip"]);

/** The command line in two parts. */
export interface SplitArguments {
  /** pubpin's own, with the wrapper's name. */
  readonly own: readonly string[];
  /** What comes after the wrapper's name; empty where there is none. */
  readonly tool: readonly string[];
}

/** Takes the tool's part off a command line, before pubpin's own options are looked for in it. */
export function splitAtTool(args: readonly string[], program: Command): SplitArguments {
  const valued = new Set(
    program.options
      .filter(({ flags }) => flags.includes("<"))
      .flatMap(({ short, long }) => [short ?? [], long ?? []].flat()),
  );
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (valued.has(arg)) at++;
    else if (!arg.startsWith("-")) {
      const isHelp = args[at + 1] === "--help" || args[at + 1] === "-h";
      const end = WRAPPERS.has(arg) && !isHelp ? at + 1 : args.length;
      return { own: args.slice(0, end), tool: args.slice(end) };
    }
  }
  return { own: args, tool: [] };
}

/**
 * Adds the wrappers.
 *
 * @param tool gives what comes after the wrapper's name
 */
export function addWrapCommands(
  program: Command,
  start: Start,
  tool: () => readonly string[],
): void {
  const add = (name: string, summary: string, run: () => Promise<WrapRun>): void => {
    program
      .command(name)
      .summary(summary)
      .action((_options: unknown, command: Command) =>
        start(command, SHAPE, async (session, invocation) =>
          (await run())(session, invocation, tool()),
        ),
      );
  };
  // Each is loaded only where it is asked for.
  add("uv", "run uv so that only what was verified reaches the machine", async () => {
    return (await import("./uv/dispatch.ts")).uvCommand;
  });
  add("uvx", "run a tool of an index, as `uv tool run`", async () => {
    const { uvCommand } = await import("./uv/dispatch.ts");
    return (session, invocation, args) => uvCommand(session, invocation, ["tool", "run", ...args]);
  });
  add("pip", "run pip so that only what was verified reaches the machine", async () => {
    return (await import("./pip/dispatch.ts")).pipCommand;
  });
}

/** Runs a wrapped tool with what comes after its name; resolves to the exit code. */
type WrapRun = (
  session: Session,
  invocation: Invocation,
  args: readonly string[],
) => Promise<number>;
