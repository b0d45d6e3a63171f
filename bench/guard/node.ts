/** Starts interpreters in Node, each in a process of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../lock/process.ts";
import type { Environment, Situation } from "./environment.ts";
import type { Job, Timing } from "./installs.ts";
import type { World } from "./world.ts";

const PROGRAM = join(import.meta.dirname, "node-process.ts");
const SITUATIONS: readonly Situation[] = [
  { contender: "unguarded", distance: "loopback", visit: "new" },
  { contender: "empty hooks", distance: "loopback", visit: "new" },
  { contender: "judging nothing", distance: "loopback", visit: "new" },
  { contender: "guarded", distance: "loopback", visit: "new" },
  { contender: "guarded, with a store", distance: "loopback", visit: "returning" },
  { contender: "unguarded", distance: "40 ms", visit: "new" },
  { contender: "guarded", distance: "40 ms", visit: "new" },
  { contender: "guarded, with a store", distance: "40 ms", visit: "returning" },
];

/** Prepares for processes. */
export async function startNode(world: World): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), "pubpin-bench-"));
  return {
    name: "Node",
    situations: SITUATIONS,
    programs: { Pyodide: versionOf("pyodide") },
    async measure({ contender, distance }, later) {
      const job: Job = { ...world.job(distance), contender, later, micropip: world.micropip };
      const store = join(folder, distance.replaceAll(" ", "-"));
      const { exitCode, stdout, stderr } = await runProgram(
        process.execPath,
        ["--conditions=pubpin-source", PROGRAM, JSON.stringify(job), store],
        { cwd: folder, env: { HOME: folder } },
      );
      if (exitCode !== 0) throw new Error(`${contender}: exit code ${exitCode}\n${stderr}`);
      return JSON.parse(stdout) as Timing;
    },
    close: async () => rm(folder, { recursive: true }),
  };
}

function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return manifest.version;
}
