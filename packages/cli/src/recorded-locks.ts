/** The locks that a repository has under review. */
import { dirname, resolve } from "node:path";
import { fail, MAX_PINS_BYTES, parsePins } from "@pubpin/shared";
import { runGit } from "pubpin-precommit";
import { repositorySettings } from "./binding.ts";
import { readWholeFile } from "./node/read-file.ts";

/**
 * Every lock that a `.provenance.txt` of the repository records, whatever its folder. Git lists the
 * files: those that it tracks count, wherever the command is run.
 *
 * @param pinsFile the only file that counts, where it was named
 * @returns absolute paths; at least one
 * @throws USAGE_INVALID where there is no repository, or nothing is recorded in it
 * @throws FILE_UNREADABLE PINS_INVALID LIMIT_EXCEEDED
 */
export async function recordedLocks(
  cwd: string,
  pinsFile: string | undefined,
): Promise<readonly string[]> {
  const { file } = await repositorySettings(cwd);
  const files = pinsFile === undefined ? trackedFiles(cwd, file) : [resolve(cwd, pinsFile)];
  const locks = await Promise.all(
    files.map(async (path) => {
      const pins = parsePins(await readWholeFile(path, MAX_PINS_BYTES, path), path);
      return [...pins.byKey.values()].flatMap(({ entry }) =>
        entry.kind === "lock" || entry.kind === "lock-bytes"
          ? [resolve(dirname(path), entry.path)]
          : [],
      );
    }),
  );
  const found = [...new Set(locks.flat())];
  if (found.length > 0) return found;
  const expected = `expected a ${file} that records a lock`;
  return fail("USAGE_INVALID", `${cwd}: ${expected}, found none: \`pubpin tofu\` writes it`);
}

function trackedFiles(cwd: string, name: string): readonly string[] {
  const root = askGit(cwd, ["rev-parse", "--show-toplevel"]).replace(/\r?\n$/, "");
  const list = askGit(root, ["ls-files", "-z"]).split("\0");
  const isNamed = (path: string): boolean => path.slice(path.lastIndexOf("/") + 1) === name;
  return list.filter(isNamed).map((path) => resolve(root, path));
}

function askGit(folder: string, parameters: readonly string[]): string {
  const { exitCode, output, error } = runGit(parameters, { folder });
  if (exitCode === 0) return output.toString("utf8");
  return fail("USAGE_INVALID", `${folder}: expected a repository of Git, found: ${error}`);
}
