/** The pip that locks. */
import { PubpinError } from "@pubpin/shared";
import { type ChildEnd, type ChildOptions, runChild } from "./child.ts";
import { PIP_VERSION_TIMEOUT_MS } from "./limits.ts";

/** A pip that has `lock`. */
export interface Pip {
  /** How a person would call it, such as `python -m pip`. */
  readonly command: string;
  /** What it says of itself: version, place and Python. */
  readonly version: string;
  readonly run: (parameters: readonly string[], options: ChildOptions) => Promise<ChildEnd>;
}

interface Candidate {
  readonly command: string;
  readonly file: string;
  readonly before: readonly string[];
}

/**
 * `python -m pip` would take a `pip.py` of the current folder, or anything else there that has the
 * name of a module, for its own. Here the folder is off the module path before anything is imported.
 */
const RUN_PIP =
  "import sys; sys.path[:1] = [path for path in sys.path[:1] if path]; " +
  "import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)";
const LAUNCHER = "py";
/** The first version that can lock. */
const FIRST = [25, 1] as const;
const VERSION = /^pip (?<major>\d+)\.(?<minor>\d+)\S* .*$/m;

/**
 * Finds pip: that of the `python` of PATH, else of `python3`, else the program `pip`. The first that
 * has `lock` is taken.
 *
 * @throws PIP_UNUSABLE where there is none, with what was found
 */
export async function findPip(
  options: Omit<ChildOptions, "stderr" | "timeoutMs">,
  platform: NodeJS.Platform = process.platform,
): Promise<Pip> {
  const found: string[] = [];
  for (const candidate of candidates(platform)) {
    const run: Pip["run"] = (parameters, how) =>
      runChild(candidate.file, [...candidate.before, ...parameters], how);
    const answer = await run(["--version"], {
      ...options,
      stderr: "ignore",
      timeoutMs: PIP_VERSION_TIMEOUT_MS,
    });
    const version = VERSION.exec(answer.stdout.toString("utf8"));
    if (version !== null && canLock(version.groups ?? {})) {
      return { command: candidate.command, version: version[0].trim(), run };
    }
    found.push(`${candidate.command}: ${describe(answer, version?.[0])}`);
  }
  throw new PubpinError(
    "PIP_UNUSABLE",
    `expected pip ${FIRST.join(".")} or newer, which has \`pip lock\`, on PATH; ` +
      `found ${found.join("; ")}`,
  );
}

function candidates(platform: NodeJS.Platform): readonly Candidate[] {
  const pythons = platform === "win32" ? ["python", LAUNCHER] : ["python", "python3"];
  return [
    ...pythons.map((file) => ({ command: `${file} -m pip`, file, before: ["-c", RUN_PIP] })),
    { command: "pip", file: "pip", before: [] },
  ];
}

function canLock({ major, minor }: Readonly<Record<string, string>>): boolean {
  const [firstMajor, firstMinor] = FIRST;
  const parts = [Number(major), Number(minor)] as const;
  return parts[0] > firstMajor || (parts[0] === firstMajor && parts[1] >= firstMinor);
}

function describe({ exitCode }: ChildEnd, version: string | undefined): string {
  if (version !== undefined) return version.trim();
  return exitCode === "ENOENT" ? "no such program" : "no pip";
}
