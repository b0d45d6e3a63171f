/** Runs a tool in the user's place: what it reads, writes and ends with is not touched. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { fail } from "@pubpin/shared";
import { systemCode } from "../node/read-file.ts";
import type { ToolCall } from "./types.ts";

/** Signals that are for the tool while it runs. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** Signals that a terminal sends to everything in its foreground by itself. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT"]);
const STDIN = 0;
const STDERR = 2;
/** What shells add to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/**
 * Runs a tool to its end with this process's own terminal, input and output. Signals that reach this
 * process meanwhile are the tool's: they are handed on to it, and this process goes on until the
 * tool has ended.
 *
 * @returns its exit code; as in shells 128 and the signal's number where a signal ended it
 * @throws USAGE_INVALID where it cannot be started
 */
export async function runTool({
  file,
  parameters,
  cwd,
  env,
  stdout = "inherit",
}: ToolCall): Promise<number> {
  const child = spawn(file, parameters, { cwd, env, stdio: ["inherit", stdout, "inherit"] });
  const restore = handOn((signal) => void child.kill(signal));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        resolve(code ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } catch (error) {
    const found = systemCode(error) === "ENOENT" ? "no such program" : String(error);
    return fail("USAGE_INVALID", `${file}: expected it on PATH, found ${found}: install it`, error);
  } finally {
    restore();
  }
}

/** Takes the process's signals over, from whoever listens now; returns what gives them back. */
function handOn(send: (signal: NodeJS.Signals) => void): () => void {
  const hasTerminal = isatty(STDIN) || isatty(STDERR);
  const restoring = FORWARDED.map((signal) => {
    const before = process.listeners(signal);
    const own = (): void => {
      if (!hasTerminal || !FROM_TERMINAL.has(signal)) send(signal);
    };
    process.removeAllListeners(signal);
    process.on(signal, own);
    return () => {
      process.off(signal, own);
      for (const listener of before) process.on(signal, listener);
    };
  });
  return () => {
    for (const restore of restoring) restore();
  };
}
