/** What is said of an error that nobody foresaw. Nothing of `@pubpin/shared` is imported here. */
import type { Environment } from "./arguments.ts";

/** The exit code of a run that ended so: nothing is known. */
export const INTERNAL_ERROR_EXIT_CODE = 3;
/** Characters of the error's own words. */
const MAX_LENGTH = 300;

/**
 * From now on a reader that went away, such as `head`, ends nothing: what is left is not printed, and
 * the exit code stays. Where output cannot be written for another reason, such as a full disk, the
 * process ends with {@link INTERNAL_ERROR_EXIT_CODE}.
 */
export function surviveClosedOutputs(program: string): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      process.stderr.write(`${program}: FILE_UNWRITABLE: the output: ${error.message}\n`);
      process.exit(INTERNAL_ERROR_EXIT_CODE);
    });
  }
}

/**
 * Tells of an error of the program itself: in a few lines, for the stack of a bundled program quotes
 * lines of a hundred thousand characters. `PUBPIN_DEBUG=1` shows it all the same.
 *
 * @param program its name
 */
export function internalErrorText(program: string, error: unknown, env: Environment): string {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [first = ""] = words.split("\n");
  const short = first.length > MAX_LENGTH ? `${first.slice(0, MAX_LENGTH)}...` : first;
  const isTold = (env["PUBPIN_DEBUG"] ?? "") !== "";
  const stack = isTold && error instanceof Error ? `${error.stack ?? words}\n` : "";
  return [
    `${program}: INTERNAL_ERROR: ${short.replaceAll(/\p{C}/gu, "?")}\n`,
    "  This is a fault of pubpin itself. Nothing was checked, so this is no pass.\n",
    "  what to do: report it to the project, with these lines and what you ran; ",
    "PUBPIN_DEBUG=1 in the environment shows where it happened\n",
    "  read on: docs/errors.md#internal_error\n",
    stack,
  ].join("");
}
