/** A command line as the sub-commands get it. */
import { type ColorChoice, createPainter, fail, isColored } from "@pubpin/shared";
import type { Selection } from "./project.ts";
import type { Format, RenderOptions } from "./render.ts";
import type { CommonOptions, World } from "./session.ts";
import { readSettings } from "./settings.ts";

/** The terminal, as far as reports depend on it. */
export interface Terminal extends World {
  readonly columns: number;
  readonly stdoutIsTerminal: boolean;
}

/** The options of every command. */
export interface Flags extends CommonOptions {
  readonly format: Format;
  readonly verbose: boolean;
  readonly color: ColorChoice;
  readonly file?: string;
}

/** What a sub-command takes. */
export interface Shape {
  /** Operands before the locks. */
  readonly leading: number;
  /** Whether `pip lock` may make the lock. */
  readonly takesPip: boolean;
  /** Whether STRICT and FILENAME count for lock files too, not only for pip's lock. */
  readonly readsSettings: boolean;
  /** Whether TOFU counts. */
  readonly canPin: boolean;
  readonly formats: readonly Format[];
  /** Whether no progress is shown, and no word of what is used, unless `--verbose` asks for it. */
  readonly isQuiet?: boolean;
}

/** What a sub-command is told. */
export interface Invocation extends Selection, RenderOptions {
  /** The operands before the locks. */
  readonly operands: readonly string[];
  /** Whether the environment asks for trust on first use. */
  readonly tofu: boolean;
  readonly options: CommonOptions;
}

/**
 * Puts together what a sub-command is told, by its options, operands and environment.
 *
 * @param operands all of them, those after `--` included
 * @param args the whole command line
 * @throws USAGE_INVALID for a form of report that the command has not, and for operands that cannot be
 */
export function invocationOf(
  name: string,
  shape: Shape,
  flags: Flags,
  operands: readonly string[],
  args: readonly string[],
  terminal: Terminal,
): Invocation {
  const { format } = flags;
  requireFormat(name, shape.formats, format);
  const { own, pipParameters } = splitAtDashes(shape, operands, args);
  const reads = shape.readsSettings || pipParameters !== null;
  const unsettled = { tofu: shape.canPin, pinsFile: flags.file === undefined };
  const settings = reads ? readSettings(terminal.env, unsettled, terminal.note) : null;
  return {
    operands: own.slice(0, shape.leading),
    locks: own.slice(shape.leading),
    pipParameters,
    pinsFile: flags.file ?? settings?.pinsFile,
    tofu: settings?.tofu ?? false,
    options: {
      ...flags,
      strict: flags.strict || (settings?.strict ?? false),
      quiet: flags.quiet || (shape.isQuiet === true && !flags.verbose),
    },
    format,
    verbose: flags.verbose,
    columns: terminal.columns,
    paint: createPainter(
      isColored(flags.color, terminal.env, { isTTY: terminal.stdoutIsTerminal }),
    ),
  };
}

/**
 * Requires that a command has a form of report.
 *
 * @throws USAGE_INVALID
 */
export function requireFormat(name: string, formats: readonly Format[], found: Format): void {
  if (formats.includes(found)) return;
  fail("USAGE_INVALID", `--format: ${name} has ${formats.join(" and ")}, found ${found}`);
}

function splitAtDashes(
  { leading, takesPip }: Shape,
  operands: readonly string[],
  args: readonly string[],
): { readonly own: readonly string[]; readonly pipParameters: readonly string[] | null } {
  const at = args.indexOf("--");
  if (!takesPip || at === -1) return { own: operands, pipParameters: null };
  const pipParameters = args.slice(at + 1);
  const own = operands.slice(0, Math.max(operands.length - pipParameters.length, 0));
  if (own.length < leading) {
    fail("USAGE_INVALID", "expected the name before --: what comes after is for `pip lock`");
  }
  return { own, pipParameters };
}
