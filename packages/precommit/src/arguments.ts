/** The command line. Nothing of `@pubpin/shared` is imported here. */
import { parseArgs } from "node:util";

/** The forms that a report can take. */
export const FORMATS = ["text", "json", "sarif", "github"] as const;
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** What is looked at. */
export type Target =
  /** What is staged; `isWhole`: every lock as it stands in the index. */
  | { readonly kind: "staged"; readonly isWhole: boolean; readonly fix: boolean }
  /** The commits that `to` has and `from` has not; `isTip`: their sum as one change. */
  | {
      readonly kind: "range";
      readonly from: string;
      readonly to: string;
      readonly isTip: boolean;
    }
  /** What is about to be pushed to a remote, as Git tells on stdin. */
  | { readonly kind: "push"; readonly remote: string | null }
  /** The files of a merge: common ancestor, ours, theirs, and the path in the repository. */
  | { readonly kind: "merge"; readonly files: readonly [string, string, string, string] }
  | { readonly kind: "help" }
  | { readonly kind: "version" };

/** What was asked for. */
export interface Options {
  readonly target: Target;
  readonly format: Format;
  readonly color: "auto" | "always" | "never";
  readonly verbose: boolean;
  readonly locks: readonly string[];
  readonly file: string | undefined;
  readonly binding: "digest" | "bytes" | undefined;
  readonly strict: boolean;
  readonly index: string | undefined;
}

/** A command line that cannot be understood. */
export interface UsageError {
  readonly problem: string;
}

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a remote says of a branch that it does not have. */
export const NO_COMMIT: RegExp = /^0{40}(?:0{24})?$/;
/** The names that provenance files can have. */
export const FILE_NAME: RegExp = /^[^/\\\p{C}]*\.txt$/u;
const MERGE_DRIVER = "merge-driver";
const COLORS = ["auto", "always", "never"] as const;
const BINDINGS = ["digest", "bytes"] as const;
const OPTIONS = {
  all: { type: "boolean" },
  binding: { type: "string" },
  color: { type: "string" },
  file: { type: "string" },
  fix: { type: "boolean" },
  format: { type: "string" },
  "from-ref": { type: "string" },
  help: { type: "boolean", short: "h" },
  index: { type: "string" },
  lock: { type: "string", multiple: true },
  "pre-push": { type: "boolean" },
  strict: { type: "boolean" },
  tip: { type: "boolean" },
  "to-ref": { type: "string" },
  verbose: { type: "boolean", short: "v" },
  version: { type: "boolean" },
} as const;

/**
 * Reads the command line. Paths on it mean nothing: runners append those of files that changed.
 *
 * @param args without the interpreter and the program
 */
export function readArguments(args: readonly string[], env: Environment): Options | UsageError {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    });
    return {
      target: targetOf(values, positionals, env),
      format: oneOf(FORMATS, values.format, "--format") ?? "text",
      color: oneOf(COLORS, values.color, "--color") ?? "auto",
      verbose: values.verbose ?? false,
      locks: values.lock ?? [],
      file: fileName(values.file),
      binding: oneOf(BINDINGS, values.binding, "--binding"),
      strict: values.strict ?? false,
      index: values.index,
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { problem: `${withoutHint(error.message)} (pubpin-precommit --help lists the options)` };
  }
}

interface Values {
  readonly all?: boolean;
  readonly fix?: boolean;
  readonly "from-ref"?: string;
  readonly help?: boolean;
  readonly "pre-push"?: boolean;
  readonly tip?: boolean;
  readonly "to-ref"?: string;
  readonly version?: boolean;
}

function targetOf(values: Values, positionals: readonly string[], env: Environment): Target {
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  if (positionals[0] === MERGE_DRIVER) return mergeTarget(positionals.slice(1));
  const range = rangeOf(values, env);
  const { "pre-push": isPush = false, all: isWhole = false, fix = false, tip = false } = values;
  if ([isPush, isWhole || fix, values["from-ref"] !== undefined].filter(Boolean).length > 1) {
    throw new TypeError("--pre-push, --from-ref, and --all or --fix exclude each other");
  }
  if (isPush) return { kind: "push", remote: positionals[0] ?? null };
  if (range !== null && !isWhole && !fix) return { kind: "range", ...range, isTip: tip };
  if (tip || values["to-ref"] !== undefined) {
    throw new TypeError("--tip and --to-ref need --from-ref");
  }
  return { kind: "staged", isWhole, fix };
}

/** A range by option, or by the variables of pre-commit and prek, which say it in no other way. */
function rangeOf(
  values: Values,
  env: Environment,
): { readonly from: string; readonly to: string } | null {
  const from = values["from-ref"] ?? nonEmpty(env["PRE_COMMIT_FROM_REF"]);
  const to = values["to-ref"] ?? nonEmpty(env["PRE_COMMIT_TO_REF"]);
  if (from !== undefined) return { from, to: to ?? "HEAD" };
  // A first push: pre-commit names the remote, and no commit from which to begin.
  if (nonEmpty(env["PRE_COMMIT_REMOTE_NAME"]) === undefined) return null;
  return { from: "0".repeat(40), to: to ?? nonEmpty(env["PRE_COMMIT_LOCAL_BRANCH"]) ?? "HEAD" };
}

function mergeTarget(files: readonly string[]): Target {
  const [base, ours, theirs, path, ...more] = files;
  if (base === undefined || ours === undefined || theirs === undefined || path === undefined) {
    throw new TypeError(`${MERGE_DRIVER} expects %O %A %B %P`);
  }
  if (more.length > 0) throw new TypeError(`${MERGE_DRIVER} expects %O %A %B %P and nothing else`);
  return { kind: "merge", files: [base, ours, theirs, path] };
}

function oneOf<T extends string>(
  choices: readonly T[],
  value: string | undefined,
  option: string,
): T | undefined {
  const found = choices.find((choice) => choice === value);
  if (value === undefined || found !== undefined) return found;
  throw new TypeError(`${option}: expected ${choices.join(", ")}, found ${JSON.stringify(value)}`);
}

/** A name that ends in `.txt`: by that, files that may matter are known at first sight. */
function fileName(value: string | undefined): string | undefined {
  if (value === undefined || FILE_NAME.test(value)) return value;
  throw new TypeError(
    `--file: expected a name that ends in ".txt", found ${JSON.stringify(value)}`,
  );
}

/** What Node says of an option, without how one would write an operand that looks like it. */
function withoutHint(message: string): string {
  return message.replace(/\. To specify .*/s, "");
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
