/** `pubpin pip lock`. */
import { dirname, resolve } from "node:path";
import { fail, MAX_LOCK_BYTES } from "@pubpin/shared";
import { writeWholeFile } from "../../node/atomic-write.ts";
import { runChild } from "../../node/child.ts";
import { RUN_PIP } from "../../node/pip.ts";
import { readFileIfAny } from "../../node/read-file.ts";
import { approve, pin, projectOfLock } from "../uv/approval.ts";
import type { PipCall } from "./call.ts";
import { type Guarded, withGuard } from "./guarded.ts";
import { refusalCode } from "./resolve.ts";

const NAME = "pylock.toml";
/** What every lock of pip begins with. */
const BEGINNING = "lock-version = ";
const HAS_FOLDER = /^\[packages\.directory\]|^directory *=/m;

/**
 * Locks through the guarding index, verifies the lock as `pubpin verify` does, and only then puts it
 * in its place and records it.
 *
 * @returns pip's exit code; 1 or 3 where the lock was refused
 * @throws USAGE_INVALID PIP_FAILED and the codes of locks, pins and files
 */
export async function pipLockGuarded(call: PipCall): Promise<number> {
  const { options, session } = call;
  const { cwd, out } = session.world;
  const output = options.taken.get("--output")?.at(-1) ?? NAME;
  return withGuard(call, async (guarded) => {
    const locked = await lockText(call, guarded);
    if (locked.text === null) return locked.exitCode;
    const { text } = locked;
    if (HAS_FOLDER.test(text) && output !== "-" && dirname(resolve(cwd, output)) !== cwd) {
      fail(
        "USAGE_INVALID",
        `--output ${output}: paths in the lock count from here: lock into here`,
      );
    }
    const path = resolve(cwd, output === "-" ? NAME : output);
    const found = await projectOfLock(call, path, text);
    const project = output === "-" ? { ...found, madeBy: "pip lock" } : found;
    const before = output === "-" ? null : await readFileIfAny(path, MAX_LOCK_BYTES, path);
    const isNew = before === null || new TextDecoder().decode(before) !== text;
    const approval = await approve(call, project, guarded.agreed(), isNew);
    if (approval.exitCode !== 0) return approval.exitCode;
    if (output === "-") out(text);
    else if (isNew) await writeWholeFile(path, text);
    await pin(call, project, approval.change);
    return 0;
  });
}

async function lockText(
  call: PipCall,
  guarded: Guarded,
): Promise<
  | { readonly text: string; readonly exitCode: 0 }
  | { readonly text: null; readonly exitCode: number }
> {
  const { environment, options, session } = call;
  const { env, asking, guard } = guarded;
  const { cwd, signal } = session.world;
  const parameters = ["-c", RUN_PIP, "lock", "-q", ...options.passed, "-o", "-", ...asking];
  const end = await runChild(environment.python, parameters, {
    cwd,
    env,
    stderr: "inherit",
    signal,
  });
  if (end.isTooMuch) fail("LIMIT_EXCEEDED", "pip lock: it writes more than any lock has");
  if (typeof end.exitCode !== "number") fail("PIP_FAILED", "pip lock: it was stopped");
  if (end.exitCode !== 0) {
    return { text: null, exitCode: refusalCode(guarded) ?? end.exitCode };
  }
  const said = end.stdout.toString("utf8");
  const start = said.startsWith(BEGINNING) ? 0 : said.indexOf(`\n${BEGINNING}`) + 1;
  return { text: guard.toUpstream(said.slice(start)), exitCode: 0 };
}
