/** The demo as somebody who has just cloned the repository starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { findMicropip } from "../../../demo/micropip.ts";

/** Milliseconds that a whole walk may take on a machine that does other things, too. */
export const PATIENCE = 240_000;

const REPOSITORY = join(import.meta.dirname, "../../..");

/** A demo that runs. */
export interface Demo {
  readonly child: ChildProcess;
  /** Resolves with the first line of its output so far that matches; rejects when it ends before. */
  readonly line: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
  /** What is in the folder for temporary files, which is its own. */
  readonly leftovers: () => readonly string[];
}

/** Starts demos for the tests of a file; what they need and is missing skips the tests. */
export function useDemos(): (args?: readonly string[], env?: NodeJS.ProcessEnv) => Demo {
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  let missing: string | null = null;
  beforeAll(async () => {
    const micropip = await findMicropip();
    if ("missing" in micropip) missing = micropip.missing;
  }, PATIENCE);
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
  afterAll(async () => {
    await Promise.all(children.map(ending));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return (args = [], env = {}) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "pubpin-test-")));
    folders.push(folder);
    const demo = startDemo(folder, args, env);
    children.push(demo.child);
    return demo;
  };
}

async function ending(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGINT");
  await closed;
}

function startDemo(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Demo {
  const child = spawn(
    process.execPath,
    ["--conditions=pubpin-source", join(REPOSITORY, "demo/start.ts"), ...args],
    {
      cwd: REPOSITORY,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", TMPDIR: folder, ...env },
    },
  );
  const closed = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr] = [gathered(child.stdout), gathered(child.stderr)];
  return {
    child,
    leftovers: () => readdirSync(folder),
    ended: closed.then(([exitCode]) => ({
      exitCode,
      stdout: stdout.join(""),
      stderr: stderr.join(""),
    })),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = stdout
            .join("")
            .split("\n")
            .slice(0, -1)
            .find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        child.stdout.on("data", look);
        child.once("close", () =>
          reject(new Error(`it ended:\n${stdout.join("")}${stderr.join("")}`)),
        );
        look();
      }),
  };
}

function gathered(stream: NodeJS.ReadableStream): readonly string[] {
  const texts: string[] = [];
  stream.setEncoding("utf8").on("data", (text: string) => void texts.push(text));
  return texts;
}
