/** Runs programs and says what they cost. */
import { spawn } from "node:child_process";
import { once } from "node:events";

/** What one run cost, from its start to the end of its process. */
export interface Cost {
  /** Milliseconds that went by. */
  readonly wall: number;
  /** Milliseconds of all threads together. */
  readonly cpu: number;
  /** Bytes of memory at the peak. */
  readonly memory: number;
}

/** A program that came to its end. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds that it took. */
  readonly wall: number;
}

/** Where a program runs; of this process's environment it sees the path alone. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs in a Node program before anything else and writes at its end, on a pipe, what it cost. Linux
 * counts the memory of whoever started a program as if it were its own, but not in VmHWM.
 */
const METER = `
import { readFileSync, writeSync } from "node:fs";
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  const kilobytes = Number(/VmHWM:\\s*(\\d+) kB/.exec(status)?.[1] ?? maxRSS);
  writeSync(3, JSON.stringify({
    cpu: (userCPUTime + systemCPUTime) / 1000,
    memory: kilobytes * 1024,
  }));
});`;

/** Runs a Node program and measures it. */
export async function runNode(
  parameters: readonly string[],
  options: RunOptions,
): Promise<Ended & { readonly cost: Cost }> {
  const meter = `data:text/javascript,${encodeURIComponent(METER)}`;
  const ended = await runProgram(process.execPath, ["--import", meter, ...parameters], options);
  if (ended.metered === "") throw new Error(`it did not come to its end:\n${ended.stderr}`);
  const measured = JSON.parse(ended.metered) as Omit<Cost, "wall">;
  return { ...ended, cost: { ...measured, wall: ended.wall } };
}

/** Runs a program, with a pipe for a meter. */
export async function runProgram(
  file: string,
  parameters: readonly string[],
  { cwd, env }: RunOptions,
): Promise<Ended & { readonly metered: string }> {
  const start = performance.now();
  const child = spawn(file, parameters, {
    cwd,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  const closed = once(child, "close");
  const texts = child.stdio.slice(1).map((stream) => textOf(stream as NodeJS.ReadableStream));
  const [stdout = "", stderr = "", metered = ""] = await Promise.all(texts);
  const [exitCode] = (await closed) as [number | null];
  return { exitCode, stdout, stderr, metered, wall: performance.now() - start };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
