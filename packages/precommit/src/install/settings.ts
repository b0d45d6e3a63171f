/** The repository's own Git configuration, where the merge driver is. */
import { fail } from "@pubpin/shared";
import { runGit } from "../git.ts";
import type { SettingChange } from "./io.ts";
import { askGit } from "./repository.ts";

/** Says which files a merge driver is for. */
export const ATTRIBUTES_FILE = ".gitattributes";
/** What Git's configuration says of pubpin's. */
export const DRIVER_KEYS = ["merge.pubpin.name", "merge.pubpin.driver"] as const;

/** The change of a key to a new value, or none where it has that value. */
export function settingChange(
  root: string,
  key: string,
  after: string | null,
): readonly SettingChange[] {
  const before = askGit(root, "config", "--local", "--get", key);
  return before === after ? [] : [{ key, before, after }];
}

/**
 * Sets a key in the repository's own configuration, or takes it out.
 *
 * @param root the top of the work tree
 * @throws FILE_UNWRITABLE
 */
export function writeSetting(root: string, { key, after }: SettingChange): void {
  const change = after === null ? ["--unset-all", key] : ["--replace-all", key, after];
  const { exitCode, error } = runGit(["config", "--local", ...change], { folder: root });
  if (exitCode === 0) return;
  fail("FILE_UNWRITABLE", `${key}: expected that Git writes its configuration, found: ${error}`);
}
