/** Locks that real tools write of real files, for a project that requires sampleproject 4.0.0. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { join } from "node:path";
import type { LocalFile } from "@pubpin/test-kit/node";
import { REAL_FILES, realFiles } from "../../scripts/wheels.ts";
import { dataPath, whyNoData } from "../support/data-folder.ts";
import { pythonTools, run } from "./python.ts";

/** What sampleproject is pinned as. */
export const SAMPLE_PIN =
  "https://github.com/pypa/sampleproject#repository-id=14899596&owner-id=647025&workflow=release.yml";

/** Each tool at the version whose locks are tested, perhaps with the extra that names its needs. */
const TOOLS = {
  uv: ["0.13.8"],
  pip: ["26.3"],
  "pip-tools": ["7.6.2"],
  poetry: ["2.5.1"],
  pdm: ["2.29.3", "locked"],
  pipenv: ["2026.10.3"],
} as const;

/** A tool that locks. */
export type Tool = keyof typeof TOOLS;

/** A place for a lock, and what the tool gets to know of the world. */
export interface LockPlace {
  /** Of the project; the lock is written here. */
  readonly folder: string;
  /** For the tool's caches and settings: those of the machine have no say. */
  readonly home: string;
  /** An index that has {@link sampleFiles}. */
  readonly indexUrl: string;
}

/** A tool at a place. */
interface ToolAt extends LockPlace {
  /** Runs one of its programs, or its Python. */
  readonly run: (
    program: string,
    parameters: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => Promise<void>;
  /** Where its programs are. */
  readonly programs: string;
}

/** A way to lock. */
export interface Locker {
  /** The command, for the name of a test. */
  readonly how: string;
  readonly tool: Tool;
  /** The lock's file name. */
  readonly lock: string;
  /** Whether the lock says which index its packages come from. */
  readonly namesIndex: boolean;
  readonly make: (tool: ToolAt) => Promise<void>;
}

/** All ways to lock that are tested. */
export const LOCKERS: readonly Locker[] = [
  {
    how: "uv lock",
    tool: "uv",
    lock: "uv.lock",
    namesIndex: true,
    make: (tool) => uv(tool, "lock"),
  },
  {
    how: "uv lock --script",
    tool: "uv",
    lock: "app.py.lock",
    namesIndex: true,
    make: async (tool) => {
      const lines = `# requires-python = ">=3.9"\n# dependencies = ["sampleproject==4.0.0"]\n`;
      await writeFile(join(tool.folder, "app.py"), `# /// script\n${lines}# ///\n`);
      await uv(tool, "lock", "--script", "app.py");
    },
  },
  {
    how: "uv export --format pylock.toml",
    tool: "uv",
    lock: "pylock.toml",
    namesIndex: true,
    make: (tool) => uvExport(tool, "pylock.toml"),
  },
  {
    how: "uv export",
    tool: "uv",
    lock: "requirements.txt",
    namesIndex: false,
    make: (tool) => uvExport(tool, "requirements.txt"),
  },
  {
    how: "uv pip compile --format pylock.toml",
    tool: "uv",
    lock: "pylock.toml",
    namesIndex: false,
    make: (tool) => uv(tool, "pip", "compile", "pyproject.toml", "-o", "pylock.toml"),
  },
  {
    how: "uv pip compile --generate-hashes",
    tool: "uv",
    lock: "requirements.txt",
    namesIndex: false,
    make: async (tool) => {
      const compile = ["pip", "compile", "pyproject.toml", "--generate-hashes"];
      await uv(tool, ...compile, "-o", "requirements.txt");
    },
  },
  {
    how: "pip lock",
    tool: "pip",
    lock: "pylock.toml",
    namesIndex: false,
    make: async (tool) => {
      const lock = ["-m", "pip", "lock", "--quiet", "--index-url", tool.indexUrl];
      await tool.run("python", [...lock, "sampleproject==4.0.0"], { PIP_CONFIG_FILE: devNull });
    },
  },
  {
    how: "pip-compile --generate-hashes",
    tool: "pip-tools",
    lock: "requirements.txt",
    namesIndex: true,
    make: async (tool) => {
      const options = ["--quiet", "--strip-extras", "--generate-hashes"];
      const where = ["--index-url", tool.indexUrl, "--output-file", "requirements.txt"];
      const parameters = [...options, ...where, "pyproject.toml"];
      await tool.run("pip-compile", parameters, { PIP_CONFIG_FILE: devNull });
    },
  },
  {
    how: "poetry lock",
    tool: "poetry",
    lock: "poetry.lock",
    namesIndex: true,
    make: async (tool) => {
      const source = `[[tool.poetry.source]]\nname = "local"\nurl = "${tool.indexUrl}/"\n`;
      await writeProject(tool, `${source}priority = "primary"\n`);
      await tool.run("poetry", ["lock", "--no-interaction"], { POETRY_VIRTUALENVS_CREATE: "0" });
    },
  },
  { how: "pdm lock", tool: "pdm", lock: "pdm.lock", namesIndex: false, make: pdm },
  {
    how: "pdm lock with lock.format pylock",
    tool: "pdm",
    lock: "pylock.toml",
    namesIndex: false,
    make: (tool) => pdm(tool, { PDM_LOCK_FORMAT: "pylock" }),
  },
  {
    how: "pipenv lock",
    tool: "pipenv",
    lock: "Pipfile.lock",
    namesIndex: true,
    make: async (tool) => {
      const source = `[[source]]\nname = "local"\nurl = "${tool.indexUrl}"\nverify_ssl = false\n`;
      const packages = `[packages]\nsampleproject = "==4.0.0"\n`;
      await writeFile(join(tool.folder, "Pipfile"), source + packages);
      await tool.run("pipenv", ["lock"], { PIPENV_NOSPIN: "1" });
    },
  },
];

/** Locks a project in a folder, which it makes, with the real tool. */
export async function makeLock(locker: Locker, place: LockPlace, programs: string): Promise<void> {
  await mkdir(place.folder, { recursive: true });
  const base = { PATH: `${programs}:${process.env["PATH"] ?? ""}`, HOME: place.home };
  const tool: ToolAt = {
    ...place,
    programs,
    run: async (program, parameters, env = {}) => {
      await run(join(programs, program), parameters, {
        cwd: place.folder,
        env: { ...base, ...env },
      });
    },
  };
  await writeProject(tool);
  await locker.make(tool);
}

/** The programs of tools, by default of all; or why they are not all there and what helps. */
export async function lockingTools(
  wanted: readonly Tool[] = Object.keys(TOOLS) as Tool[],
): Promise<ReadonlyMap<Tool, string> | { readonly missing: string }> {
  const found = await Promise.all(
    wanted.map(async (tool) => {
      const [version, extra] = TOOLS[tool];
      return [tool, await pythonTools(tool, version, extra)] as const;
    }),
  );
  const programs = new Map<Tool, string>();
  for (const [tool, tools] of found) {
    if ("missing" in tools) return tools;
    programs.set(tool, tools.programs);
  }
  return programs;
}

/** The real files, those of sampleproject with their real provenance; or why they are not there. */
export async function sampleFiles(): Promise<readonly LocalFile[] | { readonly missing: string }> {
  const missing = whyNoData();
  if (missing !== null) return { missing };
  const real = await realFiles();
  if ("missing" in real) return real;
  const wanted = REAL_FILES.filter(({ requirement }) =>
    /^(?:sampleproject|peppercorn)=/.test(requirement),
  );
  return Promise.all(wanted.map(({ filename }) => sampleFile(real.folder, filename)));
}

async function sampleFile(folder: string, filename: string): Promise<LocalFile> {
  const file = { filename, content: await readFile(join(folder, filename)) };
  if (!filename.startsWith("sampleproject-")) return file;
  return { ...file, provenance: await readFile(dataPath("pep740", `${filename}.provenance`)) };
}

async function writeProject({ folder }: LockPlace, more = ""): Promise<void> {
  const project = `[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.9"\n`;
  const dependencies = `dependencies = ["sampleproject==4.0.0"]\n`;
  await writeFile(join(folder, "pyproject.toml"), `${project}${dependencies}\n${more}`);
}

async function uv(tool: ToolAt, ...parameters: readonly string[]): Promise<void> {
  await tool.run("uv", parameters, {
    UV_DEFAULT_INDEX: tool.indexUrl,
    UV_NO_CONFIG: "1",
    UV_PYTHON: join(tool.programs, "python"),
  });
}

async function uvExport(tool: ToolAt, file: string): Promise<void> {
  await uv(tool, "lock");
  await uv(tool, "export", "--no-emit-project", "-o", file);
  await rm(join(tool.folder, "uv.lock"));
}

async function pdm(tool: ToolAt, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const source = `[[tool.pdm.source]]\nname = "pypi"\nurl = "${tool.indexUrl}"\n`;
  await writeProject(tool, `${source}verify_ssl = false\n`);
  const python = join(tool.programs, "python");
  await tool.run("pdm", ["lock"], { PDM_CHECK_UPDATE: "0", PDM_PYTHON: python, ...env });
}
