/** Programs of this repository as processes that can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { REPOSITORY } from "../../scripts/packages.ts";

/** How a program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Once it, and everything that it started, is over. */
  readonly ended: Promise<Ended>;
}

/** Where and how to run it. */
export interface StartOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** A user and group without rights, where this process may choose. */
  readonly asOrdinaryUser?: boolean;
}

/** The command, as words. */
export const PUBPIN: readonly string[] = [
  process.execPath,
  "--conditions=pubpin-source",
  join(REPOSITORY, "packages/cli/src/main.ts"),
];

/** Compiled once for all processes. */
const COMPILE_CACHE = join(REPOSITORY, ".cache/compile");

const NOBODY = 65_534;

/** Starts a program in a group of its own, without input. */
export function start(words: readonly string[], options: StartOptions): Running {
  const [file = "", ...parameters] = words;
  const { cwd, env, asOrdinaryUser = false } = options;
  const child = spawn(file, parameters, {
    cwd,
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...(asOrdinaryUser && process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  }
  const closed = once(child, "close") as Promise<[number | null]>;
  const ended = closed.then(([exitCode]) => {
    return { exitCode, output: Buffer.concat(chunks).toString("utf8") };
  });
  return { child, ended };
}

/** Runs a program to its end. */
export async function finish(words: readonly string[], options: StartOptions): Promise<Ended> {
  return start(words, options).ended;
}

/** Kills a program, and with it everything that it started if `whole`. */
export function kill({ child }: Running, whole: boolean): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    process.kill(whole ? -pid : pid, "SIGKILL");
  } catch (error) {
    // It was over already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
