/**
 * The hook from its command line to its exit code. Most commits touch no lock: for those, one run of
 * Git is all there is, and nothing of `@pubpin/shared` is imported here.
 */
import { type Environment, readArguments } from "./arguments.ts";
import { runIndexDiff } from "./git.ts";
import { mayMatter } from "./paths.ts";
import { parseRawDiff } from "./raw-diff.ts";

/** Where a run takes place. Git is asked about the folder of this process. */
export interface World {
  readonly env: Environment;
  /** For the report. */
  readonly out: (text: string) => void;
  /** For what is said beside it. */
  readonly err: (text: string) => void;
  /** Everything that comes on stdin. */
  readonly readInput: () => string;
  readonly isTerminal: boolean;
  /** Columns of the terminal, where there is one. */
  readonly columns: number | undefined;
}

const FINE = 0;
const USAGE = 2;

/**
 * Runs the hook.
 *
 * @param args without the interpreter and the program
 * @returns 0 fine, 1 refused, 2 usage or configuration, 3 could not be checked
 */
export async function runHook(args: readonly string[], world: World): Promise<number> {
  const options = readArguments(args, world.env);
  if ("problem" in options) {
    world.err(`pubpin: USAGE_INVALID: ${options.problem}\n`);
    return USAGE;
  }
  const { target, format } = options;
  const answer = target.kind === "staged" ? runIndexDiff("HEAD") : null;
  if (target.kind === "staged" && answer?.exitCode === 0 && !target.isWhole && format === "text") {
    const diff = [...parseRawDiff(answer.output).values()].flat();
    if (diff.length > 0 && !diff.some(({ path }) => mayMatter(path))) return FINE;
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(options, world, answer);
}
