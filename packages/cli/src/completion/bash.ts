import {
  type Completed,
  type CompletedCommand,
  flagsOf,
  LOCK_GLOBS,
  valuedFlags,
} from "./model.ts";

/** A script for bash 3.2 or newer. It needs nothing but bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const values = [...valuedFlags(commands)];
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => at(path));
  return `# Completes pubpin in bash: eval "$(pubpin completion bash)"
_pubpin_files() {
  compopt -o filenames 2>/dev/null
  local entry
  while IFS= read -r entry; do COMPREPLY+=("$entry"); done < <(compgen -f -- "$1")
}

_pubpin_locks() {
  compopt -o filenames 2>/dev/null
  local entry
  while IFS= read -r entry; do
    if [[ -d $entry ]]; then COMPREPLY+=("$entry"); continue; fi
    case /$entry in
      ${LOCK_GLOBS.map(pattern).join("|")}) COMPREPLY+=("$entry") ;;
    esac
  done < <(compgen -f -- "$1")
}

_pubpin_words() {
  COMPREPLY=($(compgen -W "$2" -- "$1"))
}

_pubpin() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local at= count=0 skip= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == "=" ]]; then skip=1; continue; fi
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      --) _pubpin_files "$cur"; return ;;
      ${values.map(([flag]) => flag).join("|")}) skip=1 ;;
      -*) ;;
      *)
        case "$at $word" in
          ${paths.map(quoted).join("|")}) at="$at $word" ;;
          *) count=$((count + 1)) ;;
        esac
        ;;
    esac
  done
  if [[ $cur == "=" ]]; then cur=; elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  case $prev in
${values.map(([flag, value]) => `    ${flag}) ${action(value)}; return ;;`).join("\n")}
  esac
  case $at in
${commands.map(branch).join("\n")}
  esac
}
complete -F _pubpin pubpin
`;
}

function branch(command: CompletedCommand): string {
  const flags = flagsOf(command).map(({ flag }) => flag);
  const words = command.commands.map(({ name }) => name);
  const operands = [
    ...command.operands.map((operand, index) => `${index}) ${action(operand)} ;;`),
    ...(command.rest === null ? [] : [`*) ${action(command.rest)} ;;`]),
  ];
  const other =
    words.length > 0
      ? `_pubpin_words "$cur" ${quoted(words.join(" "))}`
      : `case $count in ${operands.join(" ")} esac`;
  return `    ${quoted(at(command.path))})
      if [[ $cur == -* ]]; then _pubpin_words "$cur" ${quoted(flags.join(" "))}; else
        ${operands.length === 0 && words.length === 0 ? ":" : other}
      fi
      ;;`;
}

function action(value: Completed): string {
  switch (value.kind) {
    case "choices":
      return `_pubpin_words "$cur" ${quoted(value.choices.join(" "))}`;
    case "files":
      return '_pubpin_files "$cur"';
    case "locks":
      return '_pubpin_locks "$cur"';
    case "nothing":
      return ":";
  }
}

/** How the script writes a command: each word with a space before it. */
function at(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join("");
}

function pattern(glob: string): string {
  return glob.startsWith("*") ? glob : `*/${glob}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
