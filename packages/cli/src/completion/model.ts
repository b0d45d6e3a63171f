/** What can be completed, taken from the command line itself. */
import type { Argument, Command, Option } from "commander";

/** What can be put in the place of an option's value or an operand. */
export type Completed =
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "files" }
  | { readonly kind: "locks" }
  /** Something that only the person knows: a name, an address. */
  | { readonly kind: "nothing" };

/** An option. */
export interface CompletedOption {
  /** `-q`, or null. */
  readonly short: string | null;
  /** `--quiet`. */
  readonly long: string;
  readonly description: string;
  /** Null where it takes no value. */
  readonly value: Completed | null;
}

/** The program, or one of its commands. */
export interface CompletedCommand {
  /** The words that lead to it: none for the program itself. */
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** Its own, and those of every command. */
  readonly options: readonly CompletedOption[];
  readonly operands: readonly Completed[];
  /** What every further operand is, where there may be any number. */
  readonly rest: Completed | null;
}

/**
 * Names of lock files, as shells match them. Requirements files have any name with that word in it,
 * or lie in a folder of that name.
 */
export const LOCK_GLOBS: readonly string[] = [
  "uv.lock",
  "*.py.lock",
  "pylock.toml",
  "pylock.*.toml",
  "poetry.lock",
  "pdm.lock",
  "Pipfile.lock",
  "pixi.lock",
  "pyodide-lock*.json",
  "*requirements*.txt",
];

const FILES = /^(?:file|path|distribution)$/;

/** The program and all of its commands, the program first. */
export function completionModel(program: Command): readonly CompletedCommand[] {
  return commandsOf(program, program, []);
}

function commandsOf(
  command: Command,
  program: Command,
  path: readonly string[],
): readonly CompletedCommand[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).map(optionOf);
  const everywhere = program.options.filter(({ long }) => long !== "--version").map(optionOf);
  const own = new Set(options.map(({ long }) => long));
  const { registeredArguments } = command;
  const variadic = registeredArguments.find((each) => each.variadic);
  return [
    {
      path,
      commands: command.commands.map((each) => ({
        name: each.name(),
        description: each.summary(),
      })),
      options: [...options, ...everywhere.filter(({ long }) => !own.has(long))],
      operands: registeredArguments.filter((each) => !each.variadic).map(operandOf),
      rest: variadic === undefined ? null : operandOf(variadic),
    },
    ...command.commands.flatMap((each) => commandsOf(each, program, [...path, each.name()])),
  ];
}

function optionOf({ short, long, flags, description, argChoices }: Option): CompletedOption {
  const metavar = /[<[](?<name>[^>\]]+)[>\]]/.exec(flags)?.groups?.["name"];
  return {
    short: short ?? null,
    long: long ?? flags,
    description,
    value: metavar === undefined ? null : completedBy(metavar, argChoices),
  };
}

function operandOf(argument: Argument): Completed {
  return completedBy(argument.name(), argument.argChoices);
}

function completedBy(name: string, choices: readonly string[] | undefined): Completed {
  if (choices !== undefined) return { kind: "choices", choices };
  if (name === "locks") return { kind: "locks" };
  return FILES.test(name) ? { kind: "files" } : { kind: "nothing" };
}

/** The flags that take a value, with what completes it. A flag means the same in every command. */
export function valuedFlags(commands: readonly CompletedCommand[]): ReadonlyMap<string, Completed> {
  const flags = commands
    .flatMap(({ options }) => options)
    .flatMap(({ short, long, value }) =>
      value === null ? [] : [short ?? [], long].flat().map((flag) => [flag, value] as const),
    );
  return new Map(flags);
}

/** All flags of a command with their descriptions. */
export function flagsOf({
  options,
}: CompletedCommand): readonly { readonly flag: string; readonly description: string }[] {
  return options.flatMap(({ short, long, description }) =>
    [short ?? [], long].flat().map((flag) => ({ flag, description })),
  );
}
