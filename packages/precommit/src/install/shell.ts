/** Hooks that are shell scripts: those that Git runs itself, and those that husky runs. */
import { fail } from "@pubpin/shared";
import { FRAMES, isLeftEmpty, lineEndOf, withBlock, withoutBlocks } from "./block.ts";
import type { SetupFile } from "./repository.ts";

/** The hooks of Git that pubpin can be put into. */
export const HOOK_NAMES = ["pre-commit", "pre-merge-commit", "pre-push"] as const;

/** One of {@link HOOK_NAMES}. */
export type HookName = (typeof HOOK_NAMES)[number];

/** A script that pubpin is put into. */
export interface ShellHook {
  readonly hook: HookName;
  readonly file: SetupFile;
  /** The commands that run pubpin and leave the script where it refuses. */
  readonly command: readonly string[];
  /** Whether whatever runs the script has it end at the first command that fails (`sh -e`). */
  readonly endsAtFailure: boolean;
}

/** The interpreters that understand what is put in. */
const SHELL = /^#!\s*(?:\/usr)?(?:\/local)?\/bin\/(?:env\s+(?:-S\s+)?)?(?:ba|da|z|k|a)?sh\b/;
const NO_COMMAND = /^\s*(?:#|$)/;
const SWITCHED_OFF = /\bset\s+\+/;
const MAY_LEAVE = /\b(?:exec|exit|return)\b/;

/** Git gives the references that are pushed once: who reads them first gives them to the next. */
const GIVE_REFERENCES = ["exec <<PUBPIN_REFERENCES", "$pubpin_references", "PUBPIN_REFERENCES"];
/** What the commands before decided holds. */
const KEEP_STATUS = [
  "pubpin_status=$?",
  'if [ "$pubpin_status" -ne 0 ]; then exit "$pubpin_status"; fi',
];

/**
 * The script with pubpin in it. What somebody else wrote stays as it is, and runs first, so that what
 * it stages is checked as well; but pubpin comes first where those commands might leave the script
 * before its end, and where both read what Git gives. A block that is there is replaced in place.
 *
 * @throws USAGE_INVALID for a program that is no shell script, and for a damaged block
 */
export function withShellHook(shellHook: ShellHook): string {
  const { file, hook } = shellHook;
  const found = withoutBlocks(file.text ?? "", file.name);
  if (file.text === null || isLeftEmpty(found)) {
    const at = FRAMES.shell.length;
    const place = { at, comment: "#", isOwn: true } as const;
    return withBlock(FRAMES.shell, linesFor(shellHook, "alone"), place);
  }
  const { text, blocks } = found;
  requireShell(text, file.name);
  const begin = startOfCommands(text);
  const position = positionIn(text.slice(begin), hook);
  const endsAtFailure = shellHook.endsAtFailure && !SWITCHED_OFF.test(text);
  const lines = linesFor({ ...shellHook, endsAtFailure }, position);
  if (blocks.length === 1 && blocks[0]?.join("\n") === lines.join("\n")) return file.text;
  return withBlock(text, lines, { at: position === "last" ? text.length : begin, comment: "#" });
}

type Position = "alone" | "first" | "last";

function positionIn(commands: string, hook: HookName): Position {
  const lines = commands.split("\n").filter((line) => !NO_COMMAND.test(line));
  if (lines.length === 0) return "alone";
  return hook === "pre-push" || lines.some((line) => MAY_LEAVE.test(line)) ? "first" : "last";
}

function linesFor(
  { hook, command, endsAtFailure }: ShellHook,
  position: Position,
): readonly string[] {
  if (hook === "pre-push" && position === "first") {
    const commands = [...GIVE_REFERENCES, ...command, ...GIVE_REFERENCES];
    return ["pubpin_references=$(cat)", 'if [ -n "$pubpin_references" ]; then', ...commands, "fi"];
  }
  return position === "last" && !endsAtFailure ? [...KEEP_STATUS, ...command] : command;
}

/** After the line that names the interpreter. */
function startOfCommands(text: string): number {
  if (!text.startsWith("#!")) return 0;
  return text.includes("\n") ? text.indexOf("\n") + 1 : text.length;
}

function requireShell(text: string, name: string): void {
  const [first = ""] = text.split("\n", 1);
  if (lineEndOf(text) === "\r\n") {
    fail("USAGE_INVALID", `${name}: expected lines that end as a shell reads them, found CRLF`);
  }
  if (!first.startsWith("#!") || SHELL.test(first)) return;
  fail(
    "USAGE_INVALID",
    `${name}: expected a shell script, found "${first}": have it run pubpin-precommit and fail ` +
      "where that fails",
  );
}
