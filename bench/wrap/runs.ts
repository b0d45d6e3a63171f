/** Runs of `uv sync` and `pubpin uv sync`, each a process of its own. */
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run as runPython } from "../../test/real/python.ts";
import { type Ended, runProgram } from "../lock/process.ts";
import type { Served } from "./project.ts";

/** What installs. */
export const CONTENDERS = ["uv sync", "pubpin uv sync"] as const;
/** What is on disk before. */
export const STATES = ["cold", "warm", "warm, no environment"] as const;

/** One of {@link CONTENDERS}. */
export type Contender = (typeof CONTENDERS)[number];
/** One of {@link STATES}. */
export type State = (typeof STATES)[number];

/** What one run cost. */
export interface Sample {
  readonly contender: Contender;
  readonly state: State;
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Requests that the index got. */
  readonly requests: number;
}

/** What is measured, and where. */
export interface Bench {
  readonly served: Served;
  /** For whatever is gone afterwards; it has the trust root, and the lock with its pins. */
  readonly folder: string;
  /** The file that Node runs. */
  readonly command: string;
  readonly close: () => Promise<void>;
}

/** What a project consists of, but for its environment. */
const PROJECT = ["pyproject.toml", "uv.lock", ".provenance.txt"] as const;
const ROOT = "trusted_root.json";
/** How often each state is measured in a round. */
const TIMES: Readonly<Record<State, number>> = { cold: 1, warm: 3, "warm, no environment": 2 };

/**
 * Locks the project, with its publishers pinned.
 *
 * @param programs the folder that uv is in
 */
export async function prepare(
  served: Served,
  trustedRoot: Uint8Array,
  command: string,
  programs: string,
): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "pubpin-bench-"));
  const bench = {
    served,
    folder,
    command,
    close: () => rm(folder, { recursive: true }),
  };
  // uv lies beside a Python whose environment is none of ours. A Python by its own path is started
  // once and remembered by uv; what a manager of versions puts in its place is started every time.
  await mkdir(join(folder, "bin"));
  await symlink(join(programs, "uv"), join(folder, "bin/uv"));
  const asked = await runPython("python3", ["-c", "import sys; print(sys.executable)"]);
  await symlink(await realpath(asked.stdout.trim()), join(folder, "bin/python3"));
  await writeFile(join(folder, ROOT), trustedRoot);
  await writeFile(join(folder, "pyproject.toml"), served.text);
  await run(bench, "pubpin uv sync", folder, ["--tofu"]);
  return bench;
}

/** One round: each state, and in each of them one contender after the other. */
export async function measureRound(bench: Bench, round: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const places = new Map<Contender, string>();
  // Whoever comes first is the other one in the next round.
  const order = round % 2 === 0 ? CONTENDERS.toReversed() : CONTENDERS;
  for (const contender of order) {
    const place = join(bench.folder, `${round}-${CONTENDERS.indexOf(contender)}`);
    await mkdir(place);
    for (const file of PROJECT) await copyFile(join(bench.folder, file), join(place, file));
    places.set(contender, place);
  }
  for (const state of STATES) {
    for (let time = 0; time < TIMES[state]; time++) {
      for (const [contender, place] of places) {
        samples.push(await measure(bench, contender, state, place));
      }
    }
  }
  return samples;
}

async function measure(
  bench: Bench,
  contender: Contender,
  state: State,
  place: string,
): Promise<Sample> {
  const { requests } = bench.served.index;
  if (state === "warm, no environment") await rm(join(place, ".venv"), { recursive: true });
  const before = requests.length;
  const { wall, stderr } = await run(bench, contender, place, []);
  const asked = requests.length - before;
  const isAsExpected = /Installed \d+ packages/.test(stderr) === (state !== "warm");
  if (isAsExpected && asked > 0 === (state === "cold")) {
    return { contender, state, wall, requests: asked };
  }
  throw new Error(`${contender}, ${state}: ${asked} requests\n${stderr}`);
}

async function run(
  { folder, command, served }: Bench,
  contender: Contender,
  place: string,
  more: readonly string[],
): Promise<Ended> {
  const uv = join(folder, "bin/uv");
  const [file, ...words] =
    contender === "uv sync"
      ? [uv]
      : [process.execPath, command, "--trusted-root", join(folder, ROOT), "uv"];
  const ended = await runProgram(file, [...words, "sync", ...more], {
    cwd: place,
    env: {
      PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: place,
      UV_CACHE_DIR: join(place, "uv-cache"),
      UV_PYTHON_DOWNLOADS: "never",
      UV_DEFAULT_INDEX: served.index.simpleUrl,
      PUBPIN_CACHE_DIR: join(place, "pubpin-cache"),
    },
  });
  if (ended.exitCode === 0) return ended;
  throw new Error(`${contender}: exit code ${ended.exitCode}\n${ended.stdout}${ended.stderr}`);
}
