/** The configuration of lint-staged (its README, "Configuration" and "Task functions"). */
import { FRAMES, isLeftEmpty, withBlock, withoutBlocks } from "./block.ts";
import type { SetupFile } from "./repository.ts";

/** The files that lint-staged reads its configuration from, in its order. */
export const LINT_STAGED_FILES: readonly string[] = [
  "package.json",
  "package.yaml",
  "package.yml",
  ".lintstagedrc",
  ".lintstagedrc.json",
  ".lintstagedrc.yaml",
  ".lintstagedrc.yml",
  ...[".lintstagedrc", "lint-staged.config"].flatMap((name) =>
    ["mjs", "mts", "js", "ts", "cjs", "cts"].map((ending) => `${name}.${ending}`),
  ),
];
/** The file that is made where there is none. */
export const NEW_LINT_STAGED_FILE = "lint-staged.config.mjs";

/** Every file, in every folder: a pattern that is not in the way of others. */
const EVERY_FILE = "**/*";
/** A function, so that no names of files are appended. */
const TASK: readonly string[] = [`"${EVERY_FILE}": () => "pubpin-precommit",`];
const CONFIGURATION =
  /^(?:export default|module\.exports\s*=)\s*(?:defineConfig\(\s*)?(?<rest>.*)$/m;
const NAME = /^(?<name>\w+)\s*;?\s*$/;

/** Whether a configuration is a program, which alone can have a task that is a function. */
export function isProgram(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name);
}

/** The configuration with the task; null where no place is found for it. */
export function withTask(file: SetupFile): string | null {
  const found = withoutBlocks(file.text ?? "", file.name);
  const isOwn = file.text === null || isLeftEmpty(found);
  const text = isOwn ? FRAMES.lintStaged : found.text;
  const at = startOfTasks(text);
  const isTaken = text.includes(`"${EVERY_FILE}"`) || text.includes(`'${EVERY_FILE}'`);
  if (at === null || isTaken) return null;
  return withBlock(text, TASK, { at, comment: "//", indent: "  ", isOwn });
}

/** After the line with the brace that begins what the file exports. */
function startOfTasks(text: string): number | null {
  const exported = CONFIGURATION.exec(text);
  const rest = exported?.groups?.["rest"]?.trimEnd() ?? "";
  if (exported !== null && rest === "{") return lineAfter(text, exported.index);
  const name = NAME.exec(rest)?.groups?.["name"];
  if (name === undefined) return null;
  const declared = new RegExp(`^(?:const|let|var) ${name}\\b[^={}]*=\\s*\\{\\s*$`, "m").exec(text);
  return declared === null ? null : lineAfter(text, declared.index);
}

function lineAfter(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 ? text.length : feed + 1;
}
