/** Programs that are run to their end, without a shell between. */
import { spawn } from "node:child_process";
import { systemCode } from "./read-file.ts";
import type { Environment } from "./environment.ts";
import { MAX_CHILD_OUTPUT_BYTES, CHILD_GRACE_MS } from "./limits.ts";

/** How a program is run. */
export interface ChildOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Whether what it writes to stderr goes to this process's, or is of no interest. */
  readonly stderr: "inherit" | "ignore";
  readonly signal: AbortSignal;
  /** Milliseconds that it may take; without a bound where it is left out. */
  readonly timeoutMs?: number;
}

/** How a program ended. */
export interface ChildEnd {
  /** Its exit code; the system's code, such as ENOENT, where it did not start; else null. */
  readonly exitCode: number | string | null;
  readonly stdout: Buffer<ArrayBuffer>;
  /** Whether it was stopped because it wrote more than MAX_CHILD_OUTPUT_BYTES. */
  readonly isTooMuch: boolean;
}

/**
 * Runs a program and collects its stdout; it has no stdin. Once `signal` is aborted it is asked to
 * end, then made to, and this resolves only when it is gone: what it leaves can be cleaned up.
 *
 * @throws an AbortError when `signal` was aborted
 */
export async function runChild(
  file: string,
  parameters: readonly string[],
  options: ChildOptions,
): Promise<ChildEnd> {
  options.signal.throwIfAborted();
  const end = await untilClosed(file, parameters, options);
  options.signal.throwIfAborted();
  return end;
}

async function untilClosed(
  file: string,
  parameters: readonly string[],
  { cwd, env, stderr, signal, timeoutMs }: ChildOptions,
): Promise<ChildEnd> {
  const child = spawn(file, parameters, {
    cwd,
    env,
    stdio: ["ignore", "pipe", stderr],
    windowsHide: true,
  });
  let grace: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    grace ??= setTimeout(() => {
      child.kill("SIGKILL");
    }, CHILD_GRACE_MS);
  };
  signal.addEventListener("abort", stop);
  const timeout = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs);
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_CHILD_OUTPUT_BYTES) chunks.push(chunk);
    else stop();
  });
  try {
    const exitCode = await new Promise<ChildEnd["exitCode"]>((resolve) => {
      child.on("error", (error) => resolve(systemCode(error)));
      child.on("close", (code) => resolve(code));
    });
    return { exitCode, stdout: Buffer.concat(chunks), isTooMuch: size > MAX_CHILD_OUTPUT_BYTES };
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(timeout);
    clearTimeout(grace);
  }
}
