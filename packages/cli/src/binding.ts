/** What a repository's configuration says of its provenance files. */
import { join } from "node:path";
import { CONFIGURATION_PATHS, readSettings, type Settings } from "pubpin-precommit";
import { MAX_PROJECT_FILE_BYTES } from "./node/limits.ts";
import { findPins, PINS_NAME } from "./node/pins-location.ts";
import { readFileIfAny } from "./node/read-file.ts";

/**
 * What provenance files are called in the repository that a folder is in, and whether they record
 * locks by what these install or by their bytes: as its configuration says it to the hook.
 *
 * @throws USAGE_INVALID for a configuration that cannot be used
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function repositorySettings(
  folder: string,
): Promise<Pick<Settings, "binding" | "file">> {
  const { repository } = await findPins(folder);
  if (repository === null) return { binding: "digest", file: PINS_NAME };
  const read = (name: string): Promise<Uint8Array | null> => {
    const path = join(repository, name);
    return readFileIfAny(path, MAX_PROJECT_FILE_BYTES, path);
  };
  const [packageJson, pyproject] = await Promise.all([
    read(CONFIGURATION_PATHS.packageJson),
    read(CONFIGURATION_PATHS.pyproject),
  ]);
  const flags = { locks: [], file: undefined, binding: undefined, strict: false };
  return readSettings({ packageJson, pyproject }, flags);
}
