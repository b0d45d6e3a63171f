/** The command line: every sub-command with its operands and options. */
import { COLOR_CHOICES, DEFAULT_INDEX_URL, fail } from "@pubpin/shared";
import { Argument, Command, Option } from "commander";
import { accept } from "./commands/accept.ts";
import { completion, SHELLS } from "./commands/completion.ts";
import { coverage } from "./commands/coverage.ts";
import { diff } from "./commands/diff.ts";
import { explain } from "./commands/explain.ts";
import { fileVerify } from "./commands/file-verify.ts";
import { tofu } from "./commands/tofu.ts";
import { verify } from "./commands/verify.ts";
import { addHelp, HELP_STYLE } from "./help.ts";
import { addHookCommands } from "./hook-commands.ts";
import { addIndexCommand } from "./index-command.ts";
import { type Invocation, requireFormat, type Shape, type Terminal } from "./invocation.ts";
import { PUBPIN_VERSION } from "./node/version.ts";
import { recordedLocks } from "./recorded-locks.ts";
import { FORMATS } from "./render.ts";
import type { Session } from "./session.ts";
import { addWrapCommands } from "./wrap/wrap-commands.ts";

/** What a sub-command does; resolves to the exit code. */
export type Run = (session: Session, invocation: Invocation) => Promise<number>;

/** Starts a sub-command. */
export type Start = (command: Command, shape: Shape, run: Run) => Promise<void>;

const OF_LOCKS = { leading: 0, takesPip: true, readsSettings: false, canPin: false } as const;
const DATA = ["text", "json"] as const;
const LOCKS = ["[locks...]", "lock files; all of the folder where none is named"] as const;

/**
 * The program with all of its commands.
 *
 * @param tool gives what comes after the name of a wrapper, such as `uv`
 */
export function createCommandLine(
  terminal: Terminal,
  start: Start,
  tool: () => readonly string[] = () => [],
): Command {
  const program = new Command("pubpin")
    .description("Pins who publishes your Python packages, and stops what does not match.")
    .version(PUBPIN_VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this, or a command's own help")
    .configureHelp(HELP_STYLE)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.write,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .option("--strict", "unsigned packages and unknown sources fail too", false)
    .option("--offline", "take the trust root that came with pubpin, not a newer one", false)
    .option("--no-cache", "keep nothing on disk")
    .option("--trusted-root <file>", "another Sigstore trust root than the public one")
    .option("--index <url>", `the index, where a lock names none (${DEFAULT_INDEX_URL})`)
    .option("--provenance-index <url>", "an index with the provenance that a mirror strips")
    .option("--file <path>", "the pins (the nearest .provenance.txt, from the lock upwards)")
    .option("-q, --quiet", "no progress, and no word of what is used", false)
    .option("-v, --verbose", "every file, those that passed too", false)
    .addOption(new Option("--format <form>", "the report's form").choices(FORMATS).default("text"))
    .addOption(new Option("--color <when>", "colours").choices(COLOR_CHOICES).default("auto"));
  addLockCommands(program, start);
  addPackageCommands(program, start);
  addDiffCommand(program, start);
  addFileCommand(program, start);
  addHookCommands(program, start);
  addIndexCommand(program, start);
  addWrapCommands(program, start, tool);
  addCompletionCommand(program, terminal);
  addHelp(program, terminal.columns);
  return program;
}

function addLockCommands(program: Command, start: Start): void {
  program
    .command("tofu")
    .summary("pin the publishers of new packages (trust on first use)")
    .argument(...LOCKS)
    .action((_locks: string[], _options: unknown, command: Command) =>
      start(command, { ...OF_LOCKS, formats: DATA }, tofu),
    );
  program
    .command("verify")
    .summary("check every file of the locks against the pins")
    .argument(...LOCKS)
    .option("--recorded", "the locks that the repository's .provenance.txt files record", false)
    .action((_locks: string[], { recorded }: VerifyFlags, command: Command) =>
      start(
        command,
        {
          ...OF_LOCKS,
          takesPip: !recorded,
          readsSettings: true,
          canPin: !recorded,
          formats: FORMATS,
        },
        recorded ? verifyRecorded : verifyOrPin,
      ),
    );
  program
    .command("coverage")
    .summary("how much of the locks is attested, and by whom")
    .argument(...LOCKS)
    .action((_locks: string[], _options: unknown, command: Command) =>
      start(command, { ...OF_LOCKS, formats: [...DATA, "html"] }, coverage),
    );
}

/** `TOFU=1 pubpin verify` is trust on first use, and has its forms of report. */
async function verifyOrPin(session: Session, invocation: Invocation): Promise<number> {
  if (!invocation.tofu) return verify(session, invocation);
  requireFormat("verify with TOFU=1", DATA, invocation.format);
  return tofu(session, invocation);
}

/** Every lock that is under review: what CI verifies. */
async function verifyRecorded(session: Session, invocation: Invocation): Promise<number> {
  const { locks, pinsFile } = invocation;
  if (locks.length > 0) {
    fail("USAGE_INVALID", `expected locks or --recorded, found both ${locks.join(" ")} and that`);
  }
  const recorded = await recordedLocks(session.world.cwd, pinsFile);
  return verify(session, { ...invocation, locks: recorded });
}

function addPackageCommands(program: Command, start: Start): void {
  program
    .command("accept")
    .summary("accept what was found for one package, or one file")
    .argument("<name>", "a package, or the name of one of its files")
    .argument(...LOCKS)
    .option("--also", "accept a further publisher, beside those that are pinned", false)
    .option("--publisher <url>", "the one to accept, where several publishers attest it")
    .action((_name: string, _locks: string[], options: AcceptFlags, command: Command) =>
      start(command, { ...OF_LOCKS, leading: 1, formats: DATA }, (session, invocation) => {
        const [target = ""] = invocation.operands;
        const { also, publisher } = options;
        return accept(session, { ...invocation, target, also, publisher });
      }),
    );
  program
    .command("explain")
    .summary("what the pins and the index say of one package, file by file")
    .argument("<name>", "a package")
    .argument(...LOCKS)
    .action((_name: string, _locks: string[], _options: unknown, command: Command) =>
      start(command, { ...OF_LOCKS, leading: 1, formats: FORMATS }, (session, invocation) => {
        const [name = ""] = invocation.operands;
        return explain(session, { ...invocation, name });
      }),
    );
}

function addDiffCommand(program: Command, start: Start): void {
  const shape = { ...OF_LOCKS, leading: 1, takesPip: false, formats: DATA };
  program
    .command("diff")
    .summary("what changed in the locks since a Git revision, and who publishes it")
    .argument("[revision]", "a branch, tag or commit; HEAD where none is named")
    .argument(...LOCKS)
    .action(
      (_revision: string | undefined, _locks: string[], _options: unknown, command: Command) =>
        start(command, shape, (session, invocation) => {
          const [revision = "HEAD"] = invocation.operands;
          return diff(session, { ...invocation, revision });
        }),
    );
}

function addFileCommand(program: Command, start: Start): void {
  const shape = { ...OF_LOCKS, leading: 1, takesPip: false, formats: DATA };
  program
    .command("file")
    .summary("check single files, without an index")
    .command("verify")
    .summary("check a file at hand, with its provenance, against a publisher")
    .argument("<distribution>", "a wheel or sdist")
    .requiredOption("--provenance <file>", "its provenance object (PEP 740)")
    .requiredOption("--repository <url>", "the publisher that must have signed it")
    .action((distribution: string, options: FileFlags, command: Command) =>
      start(command, shape, (session, { format }) =>
        fileVerify(session, { distribution, ...options, format }),
      ),
    );
}

/** It needs no session: it opens nothing. */
function addCompletionCommand(program: Command, terminal: Terminal): void {
  program
    .command("completion")
    .summary("print a script that completes pubpin's command line in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      terminal.out(completion(program, shell));
    });
}

interface VerifyFlags {
  readonly recorded: boolean;
}

interface AcceptFlags {
  readonly also: boolean;
  readonly publisher?: string;
}

interface FileFlags {
  readonly provenance: string;
  readonly repository: string;
}
