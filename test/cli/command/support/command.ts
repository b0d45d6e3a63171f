/** Runs the `pubpin` command as a process of its own, from its sources. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../../../..");
/** The command, to be run with the condition `pubpin-source`. */
export const MAIN: string = join(REPOSITORY, "packages/cli/src/main.ts");
/** Compiled once for all of the processes. */
const COMPILE_CACHE = join(REPOSITORY, ".cache/compile");

/** How the command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `pubpin` that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Runs `pubpin` in a folder, with a cache of the folder's own and no settings of the machine's. */
export async function pubpin(
  cwd: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return startPubpin(cwd, parameters, env).ended;
}

/** Starts it: see {@link pubpin}. */
export function startPubpin(
  cwd: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Running {
  const child = spawn(process.execPath, ["--conditions=pubpin-source", MAIN, ...parameters], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: cwd,
      PUBPIN_CACHE_DIR: join(cwd, ".cache"),
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...env,
    },
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const ended = Promise.all([closed, texts]).then(([[exitCode], [stdout, stderr]]) => {
    return { exitCode, stdout, stderr };
  });
  return { child, ended };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** A folder for the tests of a file, gone after them; each call makes another one in it. */
export function folders(): () => string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "pubpin-command-")));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });
  return () => mkdtempSync(join(root, "project-"));
}
