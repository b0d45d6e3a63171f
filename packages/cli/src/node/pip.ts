/** The pip that locks. */
import { fail, PubpinError } from "@pubpin/shared";
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

/** Its first two numbers. */
export type PipVersion = readonly [major: number, minor: number];

interface Candidate {
  readonly command: string;
  readonly file: string;
  readonly before: readonly string[];
}

/**
 * `python -m pip` would take a `pip.py` of the current folder, or anything else there that has the
 * name of a module, for its own. Here the folder is off the module path before anything is imported.
 */
export const RUN_PIP: string =
  "import sys; sys.path[:1] = [path for path in sys.path[:1] if path]; " +
  "import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)";
const LAUNCHER = "py";
/** The first version that can lock. */
export const FIRST_WITH_LOCK: PipVersion = [25, 1];
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
    if (version !== null && isAtLeast(FIRST_WITH_LOCK, version.groups ?? {})) {
      return { command: candidate.command, version: version[0].trim(), run };
    }
    found.push(`${candidate.command}: ${describe(answer, version?.[0])}`);
  }
  throw new PubpinError(
    "PIP_UNUSABLE",
    `expected pip ${FIRST_WITH_LOCK.join(".")} or newer, which has \`pip lock\`, on PATH; ` +
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

/**
 * Requires that what pip says of itself names a version that is new enough.
 *
 * @param said what `pip --version` printed
 * @returns its line
 * @throws PIP_UNUSABLE
 */
export function requireVersion(said: string, first: PipVersion, what: string): string {
  const version = VERSION.exec(said);
  if (version !== null && isAtLeast(first, version.groups ?? {})) return version[0].trim();
  return fail(
    "PIP_UNUSABLE",
    `${what}: expected pip ${first.join(".")} or newer, found ${version?.[0].trim() ?? "no pip"}`,
  );
}

function isAtLeast(
  [firstMajor, firstMinor]: PipVersion,
  { major, minor }: Readonly<Record<string, string>>,
): boolean {
  const parts = [Number(major), Number(minor)] as const;
  return parts[0] > firstMajor || (parts[0] === firstMajor && parts[1] >= firstMinor);
}

function describe({ exitCode }: ChildEnd, version: string | undefined): string {
  if (version !== undefined) return version.trim();
  return exitCode === "ENOENT" ? "no such program" : "no pip";
}
