import {
  type Completed,
  type CompletedCommand,
  type CompletedOption,
  LOCK_GLOBS,
  valuedFlags,
} from "./model.ts";

/** A script for fish 3 or newer. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const values = [...valuedFlags(commands).keys()];
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => path.join(" "));
  return `# Completes pubpin in fish: pubpin completion fish | source
function __pubpin_state
    set -l tokens (commandline -opc)
    set -l at
    set -l count 0
    set -l skip 0
    for word in $tokens[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case --
                echo pip
                return
            case ${values.map(quoted).join(" ")}
                set skip 1
            case '-*'
            case '*'
                if contains -- (string join ' ' $at $word) ${paths.map(quoted).join(" ")}
                    set -a at $word
                else
                    set count (math $count + 1)
                end
        end
    end
    string join ' ' $at $count
end

function __pubpin_locks
    set -l token (commandline -ct)
    for entry in $token*
        if test -d $entry
            echo $entry/
            continue
        end
        switch /$entry
            case ${LOCK_GLOBS.map(pattern).map(quoted).join(" ")}
                echo $entry
        end
    end
end

complete -c pubpin -f
complete -c pubpin -n 'string match -q pip -- (__pubpin_state)' -F
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf(command: CompletedCommand): readonly string[] {
  const { path, commands, options, operands, rest } = command;
  return [
    ...commands.map(
      ({ name, description }) =>
        `complete -c pubpin -n ${on(path, "0")} -a ${name} -d ${quoted(description)}`,
    ),
    ...options.map((option) => optionLine(path, option)),
    ...operands.flatMap((operand, index) => operandLine(path, String(index), operand)),
    ...(rest === null
      ? []
      : operandLine(
          path,
          String.raw`(?:${operands.map((_each, index) => `(?!${index}$)`).join("")}\d+)`,
          rest,
        )),
  ];
}

function optionLine(path: readonly string[], option: CompletedOption): string {
  const { short, long, description, value } = option;
  const names = [...(short === null ? [] : ["-s", short.slice(1)]), "-l", long.slice(2)].join(" ");
  const completed = value === null ? "" : ` -r ${argument(value)}`;
  return `complete -c pubpin -n ${on(path, String.raw`\d+`)} ${names} -d ${quoted(description)}${completed}`;
}

function operandLine(
  path: readonly string[],
  count: string,
  operand: Completed,
): readonly string[] {
  if (operand.kind === "nothing") return [];
  return [`complete -c pubpin -n ${on(path, count)} ${argument(operand)}`];
}

function argument(value: Completed): string {
  switch (value.kind) {
    case "choices":
      return `-a ${quoted(value.choices.join(" "))}`;
    case "files":
      return "-F";
    case "locks":
      return "-a '(__pubpin_locks)'";
    case "nothing":
      return "-f";
  }
}

/** The condition that a command was typed, with so many operands (a regular expression). */
function on(path: readonly string[], count: string): string {
  const state = [...path, count].join(" ");
  return quoted(`string match -qr '^${state}$' -- (__pubpin_state)`);
}

function pattern(glob: string): string {
  return glob.startsWith("*") ? glob : `*/${glob}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
