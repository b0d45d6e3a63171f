/** `pubpin pip download` and `pubpin pip wheel`: files for later. */
import { RUN_PIP } from "../../node/pip.ts";
import { runTool } from "../run-tool.ts";
import type { PipCall } from "./call.ts";
import { withGuard } from "./guarded.ts";
import { pinAgreed } from "./pinning.ts";
import { resolvePlan, verifyPlan } from "./resolve.ts";

/**
 * Downloads, or builds, through the guarding index, after all of it was verified.
 *
 * @returns pip's exit code; 1 or 3 where something was refused before
 * @throws SOURCE_REFUSED PIP_FAILED
 */
export async function pipCollect(call: PipCall): Promise<number> {
  const { environment, options, session, command } = call;
  const program = ["-c", RUN_PIP];
  return withGuard(call, async (guarded) => {
    const { planned, exitCode } = await resolvePlan(call, guarded, program, ["--ignore-installed"]);
    if (planned === null) return exitCode;
    const verdict = await verifyPlan(planned, guarded, session.world.signal);
    if (verdict !== 0) return verdict;
    await pinAgreed(call, guarded);
    const own = [
      ...["--dest", "--wheel-dir"].flatMap((name) => {
        const value = options.taken.get(name)?.at(-1);
        return value === undefined ? [] : [name, value];
      }),
      ...["--no-verify"].filter((name) => options.taken.has(name)),
    ];
    return runTool({
      file: environment.python,
      parameters: [...program, command, ...options.passed, ...own, ...guarded.asking],
      cwd: session.world.cwd,
      env: guarded.env,
    });
  });
}
