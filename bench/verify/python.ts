/** Measures pypi-attestations, where there is a Python that has it. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { Environment } from "./environment.ts";
import type { Workload } from "./jobs.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const VENV = ".cache/venv-bench";
const PYTHON = join(REPOSITORY, VENV, process.platform === "win32" ? "Scripts" : "bin", "python");
const REMEDY = `python3 -m venv ${VENV} && ${VENV}/bin/pip install pypi-attestations==0.0.30`;

/** Starts Python; or says why there is none and what to do about it. */
export async function startPython(workload: Workload): Promise<Environment | string> {
  if (!existsSync(PYTHON)) return `pypi-attestations, for want of it (${REMEDY})`;
  const folder = await mkdtemp(join(tmpdir(), "pubpin-bench-"));
  const path = join(folder, "workload.json");
  await writeFile(path, JSON.stringify(workload));
  const peer = spawn(PYTHON, [join(import.meta.dirname, "pypi_attestations_peer.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = conversation(peer);
  const programs = (await ask({ load: path })) as Readonly<Record<string, string>>;
  await rm(folder, { recursive: true });
  return {
    name: "Python",
    contenders: ["pypi-attestations"],
    programs,
    measure: async (_contender, set) => (await ask({ measure: set })) as readonly number[],
    close: async () => {
      peer.stdin.end();
    },
  };
}

type Peer = ChildProcessByStdio<Writable, Readable, null>;

/** One line of JSON each way. */
function conversation(peer: Peer): (request: object) => Promise<unknown> {
  const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  return async (request) => {
    peer.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error("Python ended before it answered");
    const answer = JSON.parse(value) as unknown;
    if (typeof answer === "object" && answer !== null && "error" in answer) {
      throw new Error(`pypi-attestations: ${String(answer.error)}`);
    }
    return answer;
  };
}
