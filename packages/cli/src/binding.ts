/** What a repository's configuration says of the digests of its locks. */
import { join } from "node:path";
import { type Binding, CONFIGURATION_PATHS, readSettings } from "pubpin-precommit";
import { MAX_PROJECT_FILE_BYTES } from "./node/limits.ts";
import { findPins } from "./node/pins-location.ts";
import { readFileIfAny } from "./node/read-file.ts";

/**
 * Whether the locks of the repository that a folder is in are recorded by what they install or by
 * their bytes, as its configuration says it to the hook.
 *
 * @throws USAGE_INVALID for a configuration that cannot be used
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function bindingOf(folder: string): Promise<Binding> {
  const { repository } = await findPins(folder);
  if (repository === null) return "digest";
  const read = (name: string): Promise<Uint8Array | null> => {
    const path = join(repository, name);
    return readFileIfAny(path, MAX_PROJECT_FILE_BYTES, path);
  };
  const [packageJson, pyproject] = await Promise.all([
    read(CONFIGURATION_PATHS.packageJson),
    read(CONFIGURATION_PATHS.pyproject),
  ]);
  const flags = { locks: [], file: undefined, binding: undefined, strict: false };
  return (await readSettings({ packageJson, pyproject }, flags)).binding;
}
