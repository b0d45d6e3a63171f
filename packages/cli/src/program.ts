import { Command, CommanderError, Option } from "commander";
import { isRetryable, type PubpinError, VERIFIER_CODES } from "@pubpin/shared";
import { accept } from "./commands/accept.ts";
import { coverage } from "./commands/coverage.ts";
import { diff } from "./commands/diff.ts";
import { explain } from "./commands/explain.ts";
import { fileVerify } from "./commands/file-verify.ts";
import { tofu } from "./commands/tofu.ts";
import { verify } from "./commands/verify.ts";
import { COLOR_CHOICES, type ColorChoice, createPainter, isColored } from "./node/terminal.ts";
import { PUBPIN_VERSION } from "./node/version.ts";
import { type Format, FORMATS, type RenderOptions } from "./render.ts";
import { type CommonOptions, type Session, withSession, type World } from "./session.ts";

/** The terminal, as far as reports depend on it. */
export interface Terminal extends World {
  readonly columns: number;
  readonly stdoutIsTerminal: boolean;
}

interface Flags extends CommonOptions {
  readonly format: Format;
  readonly verbose: boolean;
  readonly color: ColorChoice;
  readonly file?: string;
}

/** Exit codes: 0 fine, 1 blocked, 2 usage or configuration, 3 could not be verified. */
const USAGE = 2;

type Run = (session: Session, flags: Flags & RenderOptions) => Promise<number>;

/**
 * Runs the command line.
 *
 * @param args without the interpreter and the program
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const start = async (command: Command, run: Run): Promise<void> => {
    const flags = command.optsWithGlobals<Flags>();
    const paint = createPainter(
      isColored(flags.color, terminal.env, { isTTY: terminal.stdoutIsTerminal }),
    );
    code = await withSession(terminal, flags, (session) =>
      run(session, { ...flags, paint, columns: terminal.columns }),
    );
  };
  const program = createProgram(terminal, start);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
}

type Start = (command: Command, run: Run) => Promise<void>;

function createProgram(terminal: Terminal, start: Start): Command {
  const program = new Command("pubpin")
    .description("Pins who publishes your Python packages, and stops what does not match.")
    .version(PUBPIN_VERSION)
    .exitOverride()
    .showHelpAfterError("(pubpin --help lists the commands)")
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.write })
    .option("--strict", "unsigned packages and unknown sources fail too", false)
    .option("--offline", "the trust root that came with pubpin, in place of a refreshed one", false)
    .option("--no-cache", "keep nothing on disk")
    .option("--trusted-root <file>", "a Sigstore trust root to use in place of the public one")
    .option("--index <url>", "the index that packages come from if a lock names none")
    .option("--provenance-index <url>", "an index with the provenance that a mirror strips")
    .option("--file <path>", "the pins, in place of the nearest .provenance.txt")
    .option("-q, --quiet", "no progress", false)
    .option("-v, --verbose", "list every file", false)
    .addOption(
      new Option("--format <format>", "form of the report").choices(FORMATS).default("text"),
    )
    .addOption(new Option("--color <when>", "colours").choices(COLOR_CHOICES).default("auto"));
  addLockCommands(program, start);
  addPackageCommands(program, start);
  addDiffCommand(program, start);
  addFileCommand(program, start);
  program.addHelpText(
    "after",
    "\nExit codes: 0 fine, 1 blocked, 2 usage, 3 could not be verified.",
  );
  return program;
}

function addLockCommands(program: Command, start: Start): void {
  program
    .command("tofu [locks...]")
    .description("pin the publishers of new packages, and record the locks (trust on first use)")
    .action((locks: string[], _options: unknown, command: Command) =>
      start(command, (session, flags) => tofu(session, { ...flags, locks, pinsFile: flags.file })),
    );
  program
    .command("verify [locks...]")
    .description("check every file of the locks against the pins")
    .action((locks: string[], _options: unknown, command: Command) =>
      start(command, (session, flags) =>
        verify(session, { ...flags, locks, pinsFile: flags.file }),
      ),
    );
  program
    .command("coverage [locks...]")
    .description("how much of the locks is attested, and by whom")
    .action((locks: string[], _options: unknown, command: Command) =>
      start(command, (session, flags) =>
        coverage(session, { ...flags, locks, pinsFile: flags.file }),
      ),
    );
}

function addPackageCommands(program: Command, start: Start): void {
  program
    .command("accept <name> [locks...]")
    .description("accept what was found for one package, or one file, in place of its pin")
    .option("--publisher <url>", "the one to pin, where several publishers attest it")
    .action((target: string, locks: string[], options: AcceptFlags, command: Command) =>
      start(command, (session, flags) =>
        accept(session, {
          ...flags,
          target,
          locks,
          pinsFile: flags.file,
          publisher: options.publisher,
        }),
      ),
    );
  program
    .command("explain <name> [locks...]")
    .description("what the pins and the index say of one package, file by file")
    .action((name: string, locks: string[], _options: unknown, command: Command) =>
      start(command, (session, flags) =>
        explain(session, { ...flags, name, locks, pinsFile: flags.file }),
      ),
    );
}

function addDiffCommand(program: Command, start: Start): void {
  program
    .command("diff [revision] [locks...]")
    .description("what changed in the locks since a Git revision (HEAD), and who publishes it")
    .action((revision: string | undefined, locks: string[], _options: unknown, command: Command) =>
      start(command, ({ world }, flags) =>
        diff(world, { revision: revision ?? "HEAD", locks, pinsFile: flags.file }),
      ),
    );
}

function addFileCommand(program: Command, start: Start): void {
  program
    .command("file")
    .description("check single files")
    .command("verify <distribution>")
    .description("check a file at hand, with its provenance object, against a publisher")
    .requiredOption("--provenance <file>", "the provenance object (PEP 740)")
    .requiredOption("--repository <url>", "the publisher that must have signed it")
    .action((distribution: string, options: FileOptions, command: Command) =>
      start(command, (session) => fileVerify(session, { distribution, ...options })),
    );
}

interface AcceptFlags {
  readonly publisher?: string;
}

interface FileOptions {
  readonly provenance: string;
  readonly repository: string;
}

/** The exit code of an error: 3 where nothing is known, 1 for a refusal, 2 for usage and files. */
export function exitCodeOfError({ code }: PubpinError): number {
  if (isRetryable(code) || code === "TRUST_ROOT_UNKNOWN_KEY") return 3;
  return REFUSALS.has(code) && !UNUSABLE.has(code) ? 1 : USAGE;
}

const REFUSALS: ReadonlySet<string> = new Set([...VERIFIER_CODES, "PINS_CONFLICT"]);
/** Codes of the verifier that, where they end a run, say that a given file cannot be used. */
const UNUSABLE: ReadonlySet<string> = new Set(["LIMIT_EXCEEDED", "TRUST_ROOT_INVALID"]);
