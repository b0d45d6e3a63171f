/** `pubpin pip`. */
import type { Invocation } from "../../invocation.ts";
import type { Session } from "../../session.ts";
import { RUN_PIP } from "../../node/pip.ts";
import { runTool } from "../run-tool.ts";
import { readPipCall } from "./call.ts";
import { pipCollect } from "./collect.ts";
import { pipInstall } from "./install.ts";
import { bareEnvironment, pipEnvironment } from "./interpreter.ts";
import { pipLockGuarded } from "./lock.ts";

/**
 * Runs pip in the user's place, behind the guarding index.
 *
 * @param args what comes after `pubpin pip`
 * @returns pip's exit code once it has started; else that of pubpin
 */
export async function pipCommand(
  session: Session,
  invocation: Invocation,
  args: readonly string[],
): Promise<number> {
  const call = await readPipCall(session, invocation, args);
  if (call === null) return help(session, args);
  switch (call.command) {
    case "install":
      return pipInstall(call);
    case "download":
    case "wheel":
      return pipCollect(call);
    case "lock":
      return pipLockGuarded(call);
  }
}

/** pip's own help, which does nothing else. */
async function help({ world }: Session, args: readonly string[]): Promise<number> {
  const { python } = await pipEnvironment(undefined, world);
  const isVersion = args.some((each) => each === "--version" || each === "-V");
  const command = args.find((each) => !each.startsWith("-"));
  return runTool({
    file: python,
    parameters: [
      "-c",
      RUN_PIP,
      ...(command === undefined ? [] : [command]),
      isVersion ? "--version" : "--help",
    ],
    cwd: world.cwd,
    env: bareEnvironment(world.env),
  });
}
