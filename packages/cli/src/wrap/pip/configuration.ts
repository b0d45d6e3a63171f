/** What pip would take from its configuration files and variables, as options. */
import { fail } from "@pubpin/shared";
import { isOn } from "../../node/environment.ts";
import { redact } from "../../node/redact.ts";
import type { OptionSpec } from "../types.ts";
import { OPTIONS, type PipCommandName, REPEATED } from "./option-tables.ts";

/** A setting as pip lists it. */
export interface PipSetting {
  /** `global`, a command, or `:env:`. */
  readonly section: string;
  /** The long name of the option, without the dashes. */
  readonly key: string;
  readonly value: string;
}

/** A line of `pip config list`: the value is what Python's repr makes of a text. */
const LINE = /^(?<section>[^.]+)\.(?<key>[^=]+)=(?<value>'.*'|".*")$/;
const ESCAPE =
  /\\(?:x(?<x>[0-9a-f]{2})|u(?<u>[0-9a-f]{4})|U(?<long>[0-9a-f]{8})|(?<one>[\\'"nrt]))/g;
const ONE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
/** Pip counts these, and takes numbers for them. */
const COUNTED: ReadonlySet<string> = new Set(["--verbose", "--quiet"]);

/**
 * Reads what `pip config list` prints.
 *
 * @throws USAGE_INVALID for anything else
 */
export function parseSettings(text: string): readonly PipSetting[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const { section, key, value } = LINE.exec(line)?.groups ?? {};
      if (section === undefined || key === undefined || value === undefined) {
        fail("USAGE_INVALID", `pip config list: expected settings, found ${redact(line)}`);
      }
      return { section, key, value: unquoted(value) };
    });
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(ESCAPE, (_found, ...rest: readonly unknown[]) => {
    const { x, u, long, one = "" } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const code = x ?? u ?? long;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return ONE[one] ?? one;
  });
}

/**
 * The settings that count for a command, as arguments that stand before the user's own. As with pip,
 * those of the command come before the general ones, and variables before both; a setting that is no
 * option of the command, or empty, counts for nothing.
 *
 * @throws USAGE_INVALID for one that is refused, by its name
 */
export function settingsAsArguments(
  command: PipCommandName,
  settings: readonly PipSetting[],
): readonly string[] {
  const effective = new Map<string, PipSetting & { readonly spec: OptionSpec }>();
  for (const section of ["global", command, ":env:"]) {
    for (const setting of settings) {
      if (setting.section !== section || setting.value === "") continue;
      const spec = OPTIONS[command].find(({ names }) => names.includes(`--${setting.key}`));
      const name = spec?.names[0];
      if (spec !== undefined && name !== undefined) effective.set(name, { ...setting, spec });
    }
  }
  return [...effective].flatMap(([name, setting]) => asArguments(name, setting));
}

function asArguments(
  name: string,
  { section, key, value, spec }: PipSetting & { readonly spec: OptionSpec },
): readonly string[] {
  if (!spec.takesValue && !COUNTED.has(name) && !isOn(value)) return [];
  if (typeof spec.treatment !== "string") {
    const where =
      section === ":env:"
        ? `PIP_${key.toUpperCase().replaceAll("-", "_")} is set`
        : `pip's configuration sets ${section}.${key}`;
    fail("USAGE_INVALID", `${where}, and refused: ${spec.treatment.refused}`);
  }
  if (COUNTED.has(name)) {
    const times = isOn(value) ? 1 : Number(value);
    return Number.isInteger(times) && times > 0
      ? Array.from({ length: Math.min(times, 3) }, () => name)
      : [];
  }
  if (!spec.takesValue) return [name];
  const values = REPEATED.has(name) ? value.split(/\s+/).filter((each) => each !== "") : [value];
  return values.flatMap((each) => [name, each]);
}
