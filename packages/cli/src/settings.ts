/** TOFU, STRICT and FILENAME: what pypi-verify-now takes from the environment. */
import { isAutomated, PubpinError } from "@pubpin/shared";
import type { Environment } from "./node/environment.ts";

/** What the environment says. */
export interface Settings {
  readonly tofu: boolean;
  readonly strict: boolean;
  readonly pinsFile: string | undefined;
}

/** What the command line leaves to the environment. */
export interface Unsettled {
  /** Whether the command can become trust on first use. */
  readonly tofu: boolean;
  /** Whether no pins are named. */
  readonly pinsFile: boolean;
}

/**
 * Reads the variables as pypi-verify-now does: `1` switches on, and nothing else does; FILENAME is
 * a path. Each that counts is told, and each that looks as if it should.
 *
 * @param note hears what counts
 * @throws USAGE_INVALID for TOFU where nobody watches: a pipeline that pins whatever it sees checks
 *   nothing
 */
export function readSettings(
  env: Environment,
  unsettled: Unsettled,
  note: (line: string) => void,
): Settings {
  const tofu = unsettled.tofu && isOne(env, "TOFU", note);
  const strict = isOne(env, "STRICT", note);
  const filename = unsettled.pinsFile ? (env["FILENAME"] ?? "") : "";
  if (tofu && isAutomated(env)) {
    throw new PubpinError(
      "USAGE_INVALID",
      "TOFU=1 in the environment, and CI: expected a check, for a pipeline that pins whatever it " +
        "sees checks nothing. Unset TOFU; to pin here all the same, run `pubpin tofu`",
    );
  }
  if (tofu) note("TOFU=1: pins what is new, as `pubpin tofu` does");
  if (strict) note("STRICT=1: strict, as with --strict");
  if (filename !== "") note(`FILENAME=${filename}: the pins, as with --file`);
  return { tofu, strict, pinsFile: filename === "" ? undefined : filename };
}

function isOne(env: Environment, name: string, note: (line: string) => void): boolean {
  const value = env[name] ?? "";
  if (value !== "" && value !== "0" && value !== "1") {
    note(`${name}=${value} counts for nothing: only 1 switches it on`);
  }
  return value === "1";
}
