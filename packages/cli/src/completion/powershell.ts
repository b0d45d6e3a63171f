import {
  type Completed,
  type CompletedCommand,
  flagsOf,
  LOCK_GLOBS,
  valuedFlags,
} from "./model.ts";

/** A script for PowerShell 5.1 or newer. */
export function powershellCompletion(commands: readonly CompletedCommand[]): string {
  const values = [...valuedFlags(commands)];
  return `# Completes pubpin in PowerShell: pubpin completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName pubpin -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $values = @{
${values.map(([flag, value]) => `    ${quoted(flag)} = ${list(value)}`).join("\n")}
  }
  $commands = @{
${commands.map(entry).join("\n")}
  }
  $locks = @(${LOCK_GLOBS.map(quoted).join(", ")})
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  $at = ''
  $count = 0
  $kind = $null
  foreach ($word in $words) {
    if ($kind) { $kind = $null; continue }
    if ($word -eq '--') { return }
    if ($values.ContainsKey($word)) { $kind = $values[$word]; continue }
    if ($word.StartsWith('-')) { continue }
    $next = ($at + ' ' + $word).Trim()
    if ($commands.ContainsKey($next)) { $at = $next } else { $count++ }
  }
  $command = $commands[$at]
  $found = @()
  if (-not $kind -and $wordToComplete.StartsWith('-')) { $found = $command.Options }
  elseif (-not $kind -and $command.Words.Count -gt 0) { $found = $command.Words }
  else {
    if (-not $kind) {
      if ($count -lt $command.Operands.Count) { $kind = $command.Operands[$count] }
      else { $kind = $command.Rest }
    }
    if ($kind -is [array]) { $found = @($kind | ForEach-Object { , @($_, $_) }) }
    elseif ($kind -eq 'files' -or $kind -eq 'locks') {
      $parent = $wordToComplete -replace '[^/\\\\]*$', ''
      $found = @(Get-ChildItem -Path ($wordToComplete + '*') -ErrorAction SilentlyContinue |
        Where-Object {
          $name = $_.Name
          $kind -eq 'files' -or $_.PSIsContainer -or ($locks | Where-Object { $name -like $_ }) -or
            ($_.Directory.Name -eq 'requirements' -and $name -like '*.txt')
        } | ForEach-Object { , @(($parent + $_.Name), $_.Name) })
    }
  }
  $found | Where-Object { $_ -and $_[0] -like ($wordToComplete + '*') } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`;
}

function entry(command: CompletedCommand): string {
  const { path, commands, operands, rest } = command;
  const words = commands.map(({ name, description }) => pair(name, description));
  const flags = flagsOf(command).map(({ flag, description }) => pair(flag, description));
  return `    ${quoted(path.join(" "))} = @{
      Words = ${array(words)}
      Options = ${array(flags)}
      Operands = ${array(operands.map(list))}
      Rest = ${rest === null ? "'nothing'" : list(rest)}
    }`;
}

function list(value: Completed): string {
  if (value.kind !== "choices") return quoted(value.kind);
  return `@(${value.choices.map(quoted).join(", ")})`;
}

/** An array of arrays: one that has a single element needs a comma to stay one. */
function array(elements: readonly string[]): string {
  return `@(${elements.length === 1 ? "," : ""}${elements.join(", ")})`;
}

function pair(word: string, description: string): string {
  return `@(${quoted(word)}, ${quoted(description)})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
