/** What Git tells its pre-push hook. */
import { fail } from "@pubpin/shared";
import { NO_COMMIT } from "./arguments.ts";
import type { Push } from "./range.ts";

const LINE = /^\S+ (?<local>[0-9a-f]{40,64}) \S+ (?<remote>[0-9a-f]{40,64})$/;

/**
 * Reads the lines that Git gives to its pre-push hook, one for each reference (githooks, "pre-push").
 *
 * @throws USAGE_INVALID for anything else: it is never taken for nothing to push
 */
export function readPushes(input: string): readonly Push[] {
  const lines = input.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { local, remote } = LINE.exec(line)?.groups ?? {};
    if (local === undefined || remote === undefined) {
      return fail(
        "USAGE_INVALID",
        `--pre-push: expected on stdin what Git gives to its pre-push hook, ` +
          `found ${JSON.stringify(line)}`,
      );
    }
    return { commit: commitOrNull(local), remoteCommit: commitOrNull(remote) };
  });
}

function commitOrNull(name: string): string | null {
  return NO_COMMIT.test(name) ? null : name;
}
