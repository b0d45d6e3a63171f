/** Reads the command lines of wrapped tools against a list of what is known: all else is refused. */
import { fail } from "@pubpin/shared";
import type { OptionSpec, ReadingRules, ReadOptions } from "./types.ts";

/** One option as it was found. */
interface Found {
  readonly spec: OptionSpec;
  /** How it was spelt. */
  readonly name: string;
  readonly value: string;
  /** The arguments that it takes up. */
  readonly written: readonly string[];
}

/**
 * Takes a command line apart. An option is never handed on because nobody knows it.
 *
 * @throws USAGE_INVALID for an option that is unknown or refused, and for one without its value
 */
export function readOptions(rules: ReadingRules, args: readonly string[]): ReadOptions {
  const passed: string[] = [];
  const taken = new Map<string, string[]>();
  const operands: string[] = [];
  for (let at = 0; at < args.length;) {
    const arg = args[at] ?? "";
    if (arg === "--" || (isOperand(arg) && rules.stopsAtOperand)) {
      operands.push(...args.slice(arg === "--" ? at + 1 : at));
      break;
    }
    if (isOperand(arg)) {
      operands.push(arg);
      at++;
      continue;
    }
    const found = readOne(rules, args, at);
    for (const each of found) sort(each, rules.command, passed, taken);
    at += Math.max(...found.map(({ written }) => written.length));
  }
  return { passed, taken, operands };
}

/**
 * Of options that were handed on, those that another command, or another run, understands too.
 *
 * @param passed as {@link readOptions} gives it
 */
export function passedTo(
  rules: ReadingRules,
  passed: readonly string[],
  isWanted: (spec: OptionSpec) => boolean,
): readonly string[] {
  const specs = rules.specs.map((spec): OptionSpec => {
    const treatment = spec.treatment === "pass" && !isWanted(spec) ? "take" : spec.treatment;
    return { ...spec, treatment };
  });
  return readOptions({ ...rules, specs }, passed).passed;
}

function isOperand(arg: string): boolean {
  return !arg.startsWith("-") || arg === "-";
}

function sort(
  { spec, name, value, written }: Found,
  command: string,
  passed: string[],
  taken: Map<string, string[]>,
): void {
  const { treatment } = spec;
  if (treatment === "pass") passed.push(...written);
  else if (treatment === "take") {
    const key = spec.names[0] ?? name;
    taken.set(key, [...(taken.get(key) ?? []), value]);
  } else {
    fail("USAGE_INVALID", `pubpin ${command}: ${name} is refused: ${treatment.refused}`);
  }
}

/** The option at a place; several where short ones are written together. */
function readOne(rules: ReadingRules, args: readonly string[], at: number): readonly Found[] {
  const arg = args[at] ?? "";
  if (arg.startsWith("--")) return [readLong(rules, arg, args[at + 1])];
  const found: Found[] = [];
  for (let place = 1; place < arg.length; place++) {
    const name = `-${arg[place]}`;
    const spec = specOf(rules, name);
    if (!spec.takesValue) {
      found.push({ spec, name, value: "", written: [name] });
      continue;
    }
    const rest = arg.slice(place + 1).replace(/^=/, "");
    const value = rest === "" ? args[at + 1] : rest;
    if (value === undefined) return withoutValue(rules, name);
    // Both are written the long way: what was together is handed on apart.
    const written = rest === "" ? [name, value] : [`${name}${rest}`];
    found.push({ spec, name, value, written });
    break;
  }
  return found;
}

function readLong(rules: ReadingRules, arg: string, next: string | undefined): Found {
  const equals = arg.indexOf("=");
  const name = equals === -1 ? arg : arg.slice(0, equals);
  const spec = specOf(rules, name);
  if (!spec.takesValue) {
    if (equals === -1) return { spec, name, value: "", written: [arg] };
    fail("USAGE_INVALID", `pubpin ${rules.command}: ${name} takes no value, found ${arg}`);
  }
  if (equals !== -1) return { spec, name, value: arg.slice(equals + 1), written: [arg] };
  if (next === undefined) return withoutValue(rules, name);
  return { spec, name, value: next, written: [arg, next] };
}

function specOf({ command, specs }: ReadingRules, name: string): OptionSpec {
  const spec = specs.find(({ names }) => names.includes(name));
  return (
    spec ??
    fail(
      "USAGE_INVALID",
      `pubpin ${command}: ${name} is not known, so it is not handed on: leave it out, or see the ` +
        "options that are understood in pubpin's documentation of this command",
    )
  );
}

function withoutValue({ command }: ReadingRules, name: string): never {
  return fail("USAGE_INVALID", `pubpin ${command}: ${name}: expected a value, found none`);
}
