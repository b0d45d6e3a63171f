/** The environment variables of a process, as a parameter. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first of these variables that is set and not empty, with its name. */
export function firstSet(
  env: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | null {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== "") return { name, value };
  }
  return null;
}

/** Whether a switch is on, as uv and pip read theirs. */
export function isOn(value: string | undefined): boolean {
  return /^(?:1|true|yes|on|t|y)$/i.test(value ?? "");
}
