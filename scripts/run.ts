/** Starts other programs, the same way on every platform. */
import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Where and how to run a program; what it prints is shown unless `quiet` keeps its stdout back. */
export interface RunOptions {
  readonly cwd?: string;
  readonly quiet?: boolean;
}

/** Runs a program to its end, without input. A program that a signal ended has exit code 1. */
export async function run(
  file: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const child = spawn(file, parameters, {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (options.quiet !== true) process.stdout.write(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { exitCode: code ?? 1, stdout: Buffer.concat(chunks).toString("utf8") };
}

/**
 * Runs npm: the one that runs this script, or else the machine's.
 *
 * @throws where npm fails
 */
export async function npm(
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const script = process.env["npm_execpath"];
  const { exitCode, stdout } =
    script !== undefined && /\.c?js$/.test(script)
      ? await run(process.execPath, [script, ...parameters], options)
      : await run("npm", parameters, options);
  if (exitCode === 0) return stdout;
  throw new Error(`npm ${parameters.join(" ")}: exit code ${exitCode}`);
}
