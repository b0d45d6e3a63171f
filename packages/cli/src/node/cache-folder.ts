/** Where the cache lies: the conventions of each system for what can be fetched again. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { type Environment, firstSet } from "./environment.ts";

const NAME = "pubpin";

/**
 * The folder of the user's cache: PUBPIN_CACHE_DIR, else the system's place: on Linux
 * XDG_CACHE_HOME or `~/.cache` (XDG Base Directory Specification; a relative path counts for
 * nothing there), on macOS `~/Library/Caches`, on Windows the local application data. Null where
 * there is no home folder.
 */
export function cacheFolder(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  home: () => string = homedir,
): string | null {
  const named = firstSet(env, ["PUBPIN_CACHE_DIR"]);
  if (named !== null) return resolve(named.value);
  if (platform === "win32") {
    const local = firstSet(env, ["LOCALAPPDATA"])?.value ?? below(home, "AppData", "Local");
    return local === null ? null : join(local, NAME, "Cache");
  }
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  if (isAbsolute(xdg)) return join(xdg, NAME);
  return platform === "darwin"
    ? below(home, "Library", "Caches", NAME)
    : below(home, ".cache", NAME);
}

/** A path below the home folder, if there is one: accounts of services have none, or `/`. */
function below(home: () => string, ...parts: readonly string[]): string | null {
  try {
    const folder = home();
    return isAbsolute(folder) && folder !== "/" ? join(folder, ...parts) : null;
  } catch {
    return null;
  }
}
