/** What uninstalling would change: everything that installing put anywhere. */
import { posix } from "node:path";
import { fail } from "@pubpin/shared";
import { isLeftEmpty, withoutBlocks } from "./block.ts";
import { huskyFolder, PRE_COMMIT_FILES } from "./detect.ts";
import type { FileChange, SetupIo, SetupPlan } from "./io.ts";
import { LEFTHOOK_FILES } from "./lefthook.ts";
import { isProgram, LINT_STAGED_FILES } from "./lint-staged.ts";
import { changeOf, openRepository, readSetupFile, type SetupRepository } from "./repository.ts";
import { ATTRIBUTES_FILE, DRIVER_KEYS, settingChange } from "./settings.ts";
import { HOOK_NAMES } from "./shell.ts";
import { isMapping, meaning } from "./structured.ts";
import { WORKFLOW_FILE } from "./workflow.ts";

/**
 * What `hook uninstall` would change: each file is as it was before, byte for byte, and what was made
 * for the hook alone goes.
 *
 * @throws USAGE_INVALID outside of a repository, and where a block cannot be taken out
 */
export async function planUninstall(io: SetupIo): Promise<SetupPlan> {
  const repository = openRepository(io);
  const { root, hooksFolder } = repository;
  const scripts = [hooksFolder, huskyFolder(repository)].flatMap((folder) =>
    HOOK_NAMES.map((hook) => posix.join(folder, hook)),
  );
  const configurations = [...PRE_COMMIT_FILES, ...LEFTHOOK_FILES];
  const others = [...LINT_STAGED_FILES.filter(isProgram), WORKFLOW_FILE, ATTRIBUTES_FILE];
  const files = [
    ...(await Promise.all([...scripts, ...others].map((name) => takeOut(repository, name, "any")))),
    ...(await Promise.all(
      configurations.map((name) => takeOut(repository, name, "configuration")),
    )),
  ];
  return {
    runner: null,
    because: null,
    root,
    files: files.flat(),
    settings: DRIVER_KEYS.flatMap((key) => settingChange(root, key, null)),
    notes: [],
  };
}

async function takeOut(
  repository: SetupRepository,
  name: string,
  kind: "any" | "configuration",
): Promise<readonly FileChange[]> {
  const file = await readSetupFile(repository, name);
  if (file.text === null) return [];
  const found = withoutBlocks(file.text, file.name);
  if (found.blocks.length === 0) return [];
  if (isLeftEmpty(found)) return changeOf(file, null);
  if (kind === "configuration") requireSameMeaning(file.name, file.text, found.text);
  return changeOf(file, found.text);
}

/** What others put below a key of the block would mean something else without it. */
function requireSameMeaning(name: string, now: string, rest: string): void {
  const known = new Set(leaves(meaning(now, name)));
  if (leaves(meaning(rest, name)).every((leaf) => known.has(leaf))) return;
  fail(
    "USAGE_INVALID",
    `${name}: expected that the rest means the same without pubpin's block, found lines that belong ` +
      "to a key in it: take it out by hand",
  );
}

/** Every value with the keys that lead to it. */
function leaves(value: unknown, way = ""): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => leaves(each, `${way}[]`));
  if (!isMapping(value)) return [`${way}=${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, `${way}.${key}`));
}
