import {
  type Completed,
  type CompletedCommand,
  flagsOf,
  LOCK_GLOBS,
  valuedFlags,
} from "./model.ts";

/** A script for zsh: a file `_pubpin` in a folder of `$fpath`, or to be sourced after `compinit`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const values = [...valuedFlags(commands)];
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => at(path));
  return `#compdef pubpin
# Completes pubpin in zsh: pubpin completion zsh > a folder of $fpath/_pubpin
_pubpin_locks() {
  if [[ $words[CURRENT] == *requirements/* ]]; then
    _files -g '*.txt'
  else
    _files -g '(${LOCK_GLOBS.join("|")})'
  fi
}

_pubpin() {
  local cur=$words[CURRENT] prev=$words[CURRENT-1] at= skip= word
  local -i count=0 i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      (--) _files; return ;;
      (${values.map(([flag]) => flag).join("|")}) skip=1 ;;
      (-*) ;;
      (*)
        case "$at $word" in
          (${paths.map(quoted).join("|")}) at="$at $word" ;;
          (*) count+=1 ;;
        esac
        ;;
    esac
  done
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P '*='
  fi
  case $prev in
${values.map(([flag, value]) => `    (${flag}) ${action(value)}; return ;;`).join("\n")}
  esac
  case $at in
${commands.map(branch).join("\n")}
  esac
}

if [[ $funcstack[1] == _pubpin ]]; then _pubpin "$@"; else compdef _pubpin pubpin; fi
`;
}

function branch(command: CompletedCommand): string {
  const flags = flagsOf(command).map(({ flag, description }) => described(flag, description));
  const words = command.commands.map(({ name, description }) => described(name, description));
  const operands = [
    ...command.operands.map((operand, index) => `(${index}) ${action(operand)} ;;`),
    ...(command.rest === null ? [] : [`(*) ${action(command.rest)} ;;`]),
  ];
  const other =
    words.length > 0
      ? `found=(${words.join(" ")}); _describe command found`
      : `case $count in ${operands.join(" ")} esac`;
  return `    (${quoted(at(command.path))})
      if [[ $cur == -* ]]; then
        found=(${flags.join(" ")})
        _describe -o option found
      else
        ${operands.length === 0 && words.length === 0 ? ":" : other}
      fi
      ;;`;
}

function action(value: Completed): string {
  switch (value.kind) {
    case "choices":
      return `compadd -- ${value.choices.join(" ")}`;
    case "files":
      return "_files";
    case "locks":
      return "_pubpin_locks";
    case "nothing":
      return "return 1";
  }
}

/** How the script writes a command: each word with a space before it. */
function at(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join("");
}

function described(word: string, description: string): string {
  return quoted(`${word.replaceAll(":", String.raw`\:`)}:${description}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
