/** The command line as the program itself has it. */
import { createCommandLine } from "../../../../packages/cli/src/command-line.ts";
import type { Terminal } from "../../../../packages/cli/src/invocation.ts";

type Command = ReturnType<typeof createCommandLine>;

/** The program, which does nothing. */
export function commandLine(out: (text: string) => void = () => undefined): Command {
  const terminal: Terminal = {
    cwd: ".",
    env: {},
    out,
    note: () => undefined,
    write: () => undefined,
    signal: new AbortController().signal,
    ask: async () => "nobody",
    isTerminal: false,
    stdoutIsTerminal: false,
    columns: 88,
  };
  return createCommandLine(terminal, async () => undefined);
}

/** Every command as it is typed, without `pubpin`: `verify`, `file`, `file verify`. */
export function commandPaths(command: Command = commandLine(), path = ""): readonly string[] {
  return command.commands.flatMap((each) => {
    const own = `${path}${each.name()}`;
    return [own, ...commandPaths(each, `${own} `)];
  });
}
