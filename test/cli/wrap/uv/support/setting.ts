/** Projects for a real uv, with an index and a trust root of their own. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createSigstore, type Publisher } from "@pubpin/test-kit";
import { type LocalIndex, mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll } from "vitest";
import { pythonTools, run } from "../../../../real/python.ts";
import {
  type Ended,
  folders,
  pubpin,
  type Running,
  startPubpin,
} from "../../../command/support/command.ts";
import { OCTO } from "../../../command/support/project.ts";
import { MARK } from "./sdist.ts";

const MAIN = join(import.meta.dirname, "../../../../../packages/cli/src/main.ts");

/** Who nobody has pinned. */
export const MALLORY: Publisher = {
  kind: "GitHub",
  repository: "mallory/example",
  repositoryId: "666",
  ownerId: "667",
};

/** A file that an index can hold. */
export interface Distribution {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

/** A folder with its own settings of uv. */
export interface Place {
  readonly folder: string;
  /** The user's home folder. */
  readonly home: string;
  /** Writes a file of the folder. */
  readonly write: (path: string, text: string) => void;
  /** The text of a file; null where there is none. */
  readonly read: (path: string) => string | null;
  /** Runs uv without pubpin; does not reject. */
  readonly uv: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** Runs `pubpin` with the trust root. */
  readonly pubpin: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** Starts it. */
  readonly start: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Running;
  /** The program with its arguments, and its environment, for those who start it otherwise. */
  readonly commandLine: (parameters: readonly string[]) => {
    readonly command: readonly string[];
    readonly env: NodeJS.ProcessEnv;
  };
  /** What building left behind: a line for each run of a backend; and forgets it. */
  readonly marks: () => readonly string[];
}

/** An index, and places. */
export interface UvSetting {
  /** Why there is no uv, and what helps; null where there is. */
  readonly missing: string | null;
  readonly index: LocalIndex;
  /** Another index, of somebody else. */
  readonly other: LocalIndex;
  /** Adds a file; without a publisher nobody signed it. */
  readonly add: (file: Distribution, publisher?: Publisher | null, index?: LocalIndex) => void;
  /** A new folder, in which uv asks the index. */
  readonly place: () => Place;
}

/** Starts indexes for the tests of a file. */
export async function startUvSetting(): Promise<UvSetting> {
  const newFolder = folders();
  const sigstore = await createSigstore();
  const [index, other] = await Promise.all([
    startLocalIndex({ sigstore }),
    startLocalIndex({ sigstore }),
  ]);
  afterAll(async () => {
    await Promise.all([index.close(), other.close()]);
  });
  const root = join(newFolder(), "trusted_root.json");
  writeFileSync(root, await sigstore.trustedRootJson());
  const tools = await pythonTools("uv", "0.13.8");
  const programs = "missing" in tools ? "" : tools.programs;
  return {
    missing: "missing" in tools ? tools.missing : null,
    index,
    other,
    add: ({ filename, bytes }, publisher = OCTO, to = index) => {
      const provenance = publisher === null ? {} : { provenance: [{ publisher }] };
      to.addFile({ filename, content: bytes, ...provenance });
    },
    place: () => newPlace({ folder: newFolder(), home: newFolder(), programs, root, index }),
  };
}

interface PlaceParts {
  readonly folder: string;
  readonly home: string;
  readonly programs: string;
  readonly root: string;
  readonly index: LocalIndex;
}

function newPlace({ folder, home, programs, root, index }: PlaceParts): Place {
  const mark = join(home, "mark");
  // A folder with uv alone: beside it lies a Python whose environment is none for tests.
  const bin = join(home, "bin");
  mkdirSync(bin);
  if (programs !== "") symlinkSync(join(programs, "uv"), join(bin, "uv"));
  const env = {
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    HOME: home,
    UV_CACHE_DIR: join(home, "uv"),
    UV_TOOL_DIR: join(home, "tools"),
    UV_TOOL_BIN_DIR: join(home, "tool-programs"),
    UV_PYTHON_DOWNLOADS: "never",
    UV_DEFAULT_INDEX: index.simpleUrl,
    PUBPIN_CACHE_DIR: join(home, "pubpin"),
    [MARK]: mark,
  };
  const ours = ["--trusted-root", root];
  return {
    folder,
    home,
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readIfAny(join(folder, path)),
    uv: async (parameters, more = {}) => {
      try {
        const file = join(bin, "uv");
        return {
          exitCode: 0,
          ...(await run(file, parameters, { cwd: folder, env: { ...env, ...more } })),
        };
      } catch (error) {
        return { exitCode: 1, stdout: "", stderr: String(error) };
      }
    },
    pubpin: (parameters, more = {}) =>
      pubpin(folder, [...ours, ...parameters], { ...env, ...more }),
    start: (parameters, more = {}) =>
      startPubpin(folder, [...ours, ...parameters], { ...env, ...more }),
    commandLine: (parameters) => ({
      command: [process.execPath, "--conditions=pubpin-source", MAIN, ...ours, ...parameters],
      env,
    }),
    marks: () => {
      const lines = (readIfAny(mark) ?? "").split("\n").filter((line) => line !== "");
      writeFileSync(mark, "");
      return lines;
    },
  };
}

function readIfAny(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** A wheel with one module that says who made it, and says it when it is imported. */
export function speaking(
  name: string,
  who: string,
  version = "1.0",
  requires: readonly string[] = [],
): Distribution {
  const files = { [`${name}.py`]: `print("${who} runs")\n` };
  return mintWheel({ name, version, requires, files });
}

/** The text of a project's pyproject.toml. */
export function projectText(name: string, dependencies: readonly string[], more = ""): string {
  const list = dependencies.map((each) => JSON.stringify(each)).join(", ");
  return `[project]
name = "${name}"
version = "0.1"
requires-python = ">=3.9"
dependencies = [${list}]

${more}`;
}
