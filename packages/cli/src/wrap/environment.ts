/** The variables of a tool that are understood; all others of its own are refused by name. */
import { fail } from "@pubpin/shared";
import type { Environment } from "../node/environment.ts";

/** What is known of a tool's variables. */
export interface VariableTable {
  /** Those that begin like this are the tool's: `UV_`. */
  readonly prefix: string;
  /** Handed on as they are. */
  readonly passed: ReadonlySet<string>;
  /** Names of a form, such as those of logins, that are handed on. */
  readonly passedForm: RegExp;
  /** Read by the wrapper. */
  readonly taken: ReadonlySet<string>;
  /** Why one is refused, and what to do. */
  readonly refused: Readonly<Record<string, string>>;
}

/** The environment, taken apart. */
export interface ReadVariables {
  /** For the tool. */
  readonly env: Environment;
  /** The variables that are taken, where they are set and not empty. */
  readonly taken: Environment;
}

/**
 * Sorts a tool's variables. A variable that is set and empty counts as not set.
 *
 * @throws USAGE_INVALID for one of the tool's that is unknown or refused
 */
export function readVariables(table: VariableTable, env: Environment): ReadVariables {
  const kept: Record<string, string | undefined> = {};
  const taken: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(table.prefix)) kept[name] = value;
    else if (value === undefined || value === "") continue;
    else if (table.taken.has(name)) taken[name] = value;
    else if (table.passed.has(name) || table.passedForm.test(name)) kept[name] = value;
    else {
      const reason = table.refused[name] ?? "it is not known, so it is not handed on";
      fail("USAGE_INVALID", `${name} is set, and refused: ${reason}: unset it`);
    }
  }
  return { env: kept, taken };
}
