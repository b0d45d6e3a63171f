/** How `--help` looks: short descriptions in the lists, then examples and exit codes. */
import type { Command, HelpConfiguration } from "commander";
import { EXIT_CODES, HELP } from "./help-texts.ts";

/** Columns of the examples' commands. */
const EXAMPLE_COLUMNS = 44;

/** For the program, before it has commands: they take it over. */
export const HELP_STYLE: HelpConfiguration = {
  subcommandTerm: (command) => command.name(),
  optionDescription: ({ description, argChoices }) => withChoices(description, argChoices),
  argumentDescription: ({ description, argChoices }) => withChoices(description, argChoices),
};

/** Gives the program and each of its commands its help. */
export function addHelp(program: Command, columns: number): void {
  describe(program, program, "", columns);
}

function describe(command: Command, program: Command, path: string, columns: number): void {
  const { description = command.summary(), usage, examples = [], exitCodes } = HELP[path] ?? {};
  command.description(description);
  if (usage !== undefined) command.usage(usage);
  if (path !== "") command.helpOption("-h, --help", "print this");
  if (command.commands.length > 0) command.helpCommand("help [command]", "print a command's help");
  command.showHelpAfterError(`(pubpin ${path === "" ? "" : `${path} `}--help says more)`);
  const wrap = (text: string): string => command.createHelp().boxWrap(text, columns);
  const everywhere = `Options of every command (pubpin --help): ${flagsOf(program)}`;
  const parts = [
    ...(path === "" ? [] : [wrap(everywhere)]),
    ...(examples.length === 0 ? [] : [`Examples:\n${examples.map(exampleLines).join("\n")}`]),
    wrap(`Exit codes: ${exitCodes ?? EXIT_CODES}`),
  ];
  command.addHelpText("after", `\n${parts.join("\n\n")}`);
  for (const each of command.commands) {
    describe(each, program, path === "" ? each.name() : `${path} ${each.name()}`, columns);
  }
}

function exampleLines([command, what]: readonly [string, string]): string {
  if (what === "") return `  ${command}`;
  if (command.length <= EXAMPLE_COLUMNS) return `  ${command.padEnd(EXAMPLE_COLUMNS)} ${what}`;
  return `  ${command}\n  ${" ".repeat(EXAMPLE_COLUMNS)} ${what}`;
}

function flagsOf(program: Command): string {
  const flags = program.options.filter(({ long }) => long !== "--version");
  return flags.map(({ short, long, flags: all }) => short ?? long ?? all).join(" ");
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? description : `${description}: ${choices.join(", ")}`;
}
