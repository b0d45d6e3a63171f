/** Runs this repository's own programs beside the tests, from their sources. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const PROGRAMS = join(import.meta.dirname, "../programs");

/** How a program ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once stdout holds the text. */
  readonly says: (text: string) => Promise<void>;
}

/** How a program runs. */
export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** As somebody who is not root, also where the tests run as root. */
  readonly asOrdinaryUser?: boolean;
  /** Where no byte can be written into any file, as on a full disk. */
  readonly withoutRoom?: boolean;
}

/** Words that run the rest of a command line without room. */
const WITHOUT_ROOM = ["sh", "-c", 'ulimit -f 0; exec "$0" "$@"'];

/** The user `nobody`. */
export const ORDINARY_UID = 65_534;

/** Starts a program of the folder `programs`, with its parameters as JSON. */
export function startProgram(
  name: string,
  parameters: object,
  { env = {}, asOrdinaryUser = false, withoutRoom = false }: ProgramOptions = {},
): RunningProgram {
  const user = asOrdinaryUser && process.getuid?.() === 0 ? { uid: ORDINARY_UID } : {};
  const [file, ...words] = [
    ...(withoutRoom ? WITHOUT_ROOM : []),
    process.execPath,
    "--conditions=pubpin-source",
    join(PROGRAMS, name),
    JSON.stringify(parameters),
  ];
  const child = spawn(file, words, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...user,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (stderr += chunk.toString()));
  const ended = once(child, "close").then((values) => {
    const [exitCode, signal] = values as [number | null, NodeJS.Signals | null];
    return { exitCode, signal, stdout, stderr };
  });
  const says = async (text: string): Promise<void> => {
    while (!stdout.includes(text)) {
      const next = once(child.stdout, "data").then(() => "more");
      if ((await Promise.race([next, ended])) !== "more") {
        throw new Error(`${name} ended without ${JSON.stringify(text)}: ${stderr}`);
      }
    }
  };
  return { child, ended, says };
}
