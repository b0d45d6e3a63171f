/** Runs uv itself. */
import { fail } from "@pubpin/shared";
import type { Environment } from "../../node/environment.ts";
import { runChild } from "../../node/child.ts";
import { UV_PATIENCE_S } from "../../node/limits.ts";
import { runTool } from "../run-tool.ts";
import type { UvCall } from "./call.ts";

const UV = "uv";
const LOOPBACK = "127.0.0.1";
const PROXIES = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
];

const TIMEOUTS = ["UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT"];

/** A command line of uv. */
export interface UvWords {
  readonly command: readonly string[];
  readonly options: readonly string[];
  readonly operands: readonly string[];
}

/** The command line with further options in it. */
export function commandLine(
  { command, options, operands }: UvWords,
  more: readonly string[],
): readonly string[] {
  const all = [...command, ...options, ...more];
  return operands.length === 0 ? all : [...all, "--", ...operands];
}

/** Where uv runs, where that is not where it was called, and with which variables more. */
export interface UvPlace {
  readonly cwd?: string;
  readonly env?: Environment;
  readonly stdout?: "inherit" | "ignore";
}

/** Runs uv in the user's place, and resolves to its exit code. */
export function runUv(
  call: UvCall,
  parameters: readonly string[],
  { cwd = call.cwd, env = {}, stdout = "inherit" }: UvPlace = {},
): Promise<number> {
  const all = { ...withLoopback(call.env), ...withPatience(call.env, parameters), ...env };
  return runTool({ file: UV, parameters, cwd, env: all, stdout });
}

/** What uv answers on stdout; null where its exit code is not 0. What else it says is not shown. */
export async function askUv(call: UvCall, parameters: readonly string[]): Promise<string | null> {
  const { cwd, env, session } = call;
  const how = { cwd, env, stderr: "ignore", signal: session.world.signal } as const;
  const { exitCode, stdout } = await runChild(UV, parameters, how);
  if (exitCode === "ENOENT") {
    fail("USAGE_INVALID", `${UV}: expected it on PATH, found no such program: install it`);
  }
  return exitCode === 0 ? stdout.toString("utf8") : null;
}

/**
 * The guarding index verifies a whole file before its first byte, and may have to ask a person. A
 * program that uv runs gets no such setting.
 */
function withPatience(env: Environment, parameters: readonly string[]): Environment {
  const isSet = TIMEOUTS.some((name) => (env[name] ?? "") !== "");
  const isRun = parameters[0] === "run" || parameters[1] === "run";
  return isSet || isRun ? {} : { UV_HTTP_TIMEOUT: String(UV_PATIENCE_S) };
}

/** Proxies are not for the guarding index, which is on this machine. */
function withLoopback(env: Environment): Environment {
  if (!PROXIES.some((name) => (env[name] ?? "") !== "")) return env;
  const own = env["NO_PROXY"] ?? env["no_proxy"] ?? "";
  const all = own === "" ? LOOPBACK : `${own},${LOOPBACK}`;
  return { ...env, NO_PROXY: all, no_proxy: all };
}
