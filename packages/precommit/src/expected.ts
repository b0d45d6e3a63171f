/** What a check is going to read, as far as names tell: it is asked of Git in one go. */
import { lockFormat } from "@pubpin/shared";
import { mayMatter } from "./paths.ts";
import type { DiffEntry } from "./raw-diff.ts";
import type { Tree } from "./repository.ts";
import { CONFIGURATION_PATHS, DEFAULT_FILE, type Flags } from "./settings.ts";
import { isFile } from "./state.ts";

/** Names of the objects of locks, provenance files and configurations that changed. */
export function expectedOfDiff(diff: readonly DiffEntry[], flags: Flags): readonly string[] {
  return diff.flatMap(({ path, before, after }) => {
    const isExpected = mayMatter(path) && (lockFormat(path) !== null || saysSomething(path, flags));
    return isExpected ? [before, after].filter(isFile).map(({ oid }) => oid) : [];
  });
}

/** Names of the objects of provenance files and configurations in a tree. */
export function expectedOfTree(tree: Tree, flags: Flags): readonly string[] {
  return [...tree].flatMap(([path, entry]) =>
    saysSomething(path, flags) && isFile(entry) ? [entry.oid] : [],
  );
}

function saysSomething(path: string, { file = DEFAULT_FILE }: Flags): boolean {
  return path.endsWith(file) || Object.values<string>(CONFIGURATION_PATHS).includes(path);
}
