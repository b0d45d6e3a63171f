/** `pubpin uv`. */
import { fail } from "@pubpin/shared";
import type { Invocation } from "../../invocation.ts";
import type { Session } from "../../session.ts";
import { runTool } from "../run-tool.ts";
import { readUvCall, type UvCall } from "./call.ts";
import type { UvCommandName } from "./option-tables.ts";
import { uvPipCompile, uvPipInstall, uvPipSync } from "./pip-commands.ts";
import { uvEdit, uvExport, uvLock, uvSync } from "./project-commands.ts";
import { uvRun } from "./run-command.ts";
import { uvToolInstall, uvToolRun } from "./tool-commands.ts";

type Run = (call: UvCall, args: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<UvCommandName, Run>> = {
  sync: uvSync,
  run: uvRun,
  lock: uvLock,
  export: uvExport,
  add: (call) => uvEdit(call, "add"),
  remove: (call) => uvEdit(call, "remove"),
  "pip install": uvPipInstall,
  "pip sync": uvPipSync,
  "pip compile": uvPipCompile,
  "tool install": uvToolInstall,
  "tool run": uvToolRun,
};

const WITHOUT_OPERANDS: ReadonlySet<UvCommandName> = new Set(["sync", "lock", "export"]);

/**
 * Runs uv so that nothing reaches the machine that was not verified.
 *
 * @param args what comes after `pubpin uv`
 * @returns uv's exit code once it was started; else 1 for a refusal, 3 where nothing is known
 * @throws USAGE_INVALID for what is not understood
 */
export async function uvCommand(
  session: Session,
  invocation: Invocation,
  args: readonly string[],
): Promise<number> {
  const call = readUvCall(session, invocation, args);
  const { cwd, env } = session.world;
  if (call === null) return runTool({ file: "uv", parameters: args, cwd, env });
  const [operand] = call.options.operands;
  if (WITHOUT_OPERANDS.has(call.command) && operand !== undefined) {
    fail("USAGE_INVALID", `pubpin uv ${call.command}: expected options alone, found ${operand}`);
  }
  return COMMANDS[call.command](call, args);
}
