/** What pip would install, found out before it does, and verified. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, normalizeName } from "@pubpin/shared";
import { runChild } from "../../node/child.ts";
import { MAX_CHILD_OUTPUT_BYTES } from "../../node/limits.ts";
import { readWholeFile } from "../../node/read-file.ts";
import { passedTo } from "../options.ts";
import type { PipCall } from "./call.ts";
import type { Guarded } from "./guarded.ts";
import { OPTIONS } from "./option-tables.ts";

/** Something that pip would install. */
export interface Planned {
  /** Normalised (PEP 503). */
  readonly name: string;
  readonly version: string;
  /** The guarding index's address of its file; null for a folder of one's own or a pinned file. */
  readonly url: string | null;
  /** Of its file, in hexadecimal; null for a folder. */
  readonly sha256: string | null;
}

/** What came of a trial run. */
export type Resolution =
  | { readonly exitCode: 0; readonly planned: readonly Planned[] }
  /** pip's own code; what it said went to stderr. */
  | { readonly exitCode: number; readonly planned: null };

const VERSION = "1";
/** Files that the guarding index is asked for at once. */
const AT_ONCE = 16;

/**
 * Lets pip say what it would install: it resolves, and builds what has to be built for that, through
 * the guarding index.
 *
 * @param program how pip is run: what stands after the interpreter
 * @param more options
 * @throws SOURCE_REFUSED for what is from nowhere that was accepted
 * @throws PIP_FAILED where pip's report cannot be understood
 */
export async function resolvePlan(
  call: PipCall,
  guarded: Guarded,
  program: readonly string[],
  more: readonly string[],
): Promise<Resolution> {
  const { session, environment, command } = call;
  const { world } = session;
  const report = join(guarded.folder, "report.json");
  const known = new Set(OPTIONS.install.flatMap(({ names }) => names));
  const rules = { command: `pip ${command}`, specs: OPTIONS[command], stopsAtOperand: false };
  const shared = passedTo(rules, call.options.passed, ({ names }) =>
    names.some((name) => known.has(name) && !LOUD.has(name)),
  );
  const trial = ["install", "--dry-run", "-qq", "--report", report];
  const parameters = [...program, ...trial, ...shared, ...more, ...guarded.asking];
  const how = {
    cwd: world.cwd,
    env: guarded.env,
    stderr: "inherit",
    signal: world.signal,
  } as const;
  const { exitCode } = await runChild(environment.python, parameters, how);
  if (typeof exitCode !== "number") {
    fail("PIP_FAILED", `${environment.python}: expected that pip ends, found that it was stopped`);
  }
  if (exitCode !== 0) return { exitCode: refusalCode(guarded) ?? exitCode, planned: null };
  const bytes = await readWholeFile(report, MAX_CHILD_OUTPUT_BYTES, "pip's report");
  return { exitCode: 0, planned: readReport(new TextDecoder().decode(bytes), call, guarded) };
}

/** How much pip says of a trial is ours to decide. */
const LOUD: ReadonlySet<string> = new Set(["--verbose", "--quiet", "--log", "--progress-bar"]);

/** pip documentation, "Installation Report". */
interface ReportItem {
  readonly download_info?: {
    readonly url?: string;
    readonly archive_info?: { readonly hashes?: { readonly sha256?: string } };
    readonly dir_info?: object;
  };
  readonly metadata?: { readonly name?: string; readonly version?: string };
}

/**
 * Reads a report of pip's, of a trial or of an installation.
 *
 * @throws SOURCE_REFUSED PIP_FAILED as {@link resolvePlan}
 */
export function readReport(text: string, call: PipCall, guarded: Guarded): readonly Planned[] {
  const { version, install } = JSON.parse(text) as {
    readonly version?: string;
    readonly install?: readonly ReportItem[];
  };
  if (version !== VERSION || !Array.isArray(install)) {
    fail("PIP_FAILED", `pip's report: expected version ${VERSION}, found ${String(version)}`);
  }
  return (install as readonly ReportItem[]).map((item) => plannedOf(item, call, guarded));
}

function plannedOf(item: ReportItem, call: PipCall, { guard }: Guarded): Planned {
  const { name = "", version = "" } = item.metadata ?? {};
  const { url = "", archive_info: archive, dir_info: folder } = item.download_info ?? {};
  const sha256 = archive?.hashes?.sha256 ?? null;
  const planned = { name: normalizeName(name), version, sha256 };
  if (url.startsWith(`${guard.baseUrl}/`)) return { ...planned, url };
  const own = [...call.operands, ...call.editables, ...call.contents.sources];
  const isOwn = own.some(
    (source) =>
      (source.kind === "folder" && folder !== undefined && isPath(url, source.folder)) ||
      (source.kind === "file" && source.sha256 === sha256 && isPath(url, source.path)),
  );
  if (isOwn) return { ...planned, url: null };
  return fail(
    "SOURCE_REFUSED",
    `${name} ${version}: pip would take it from ${guard.toUpstream(url)}, which is no index, and ` +
      "nobody asked for it: something that was to be installed requires it by its address",
  );
}

function isPath(url: string, path: string): boolean {
  return url.startsWith("file:") && fileURLToPath(url).replace(/[/\\]+$/, "") === path;
}

/** The answer may take as long as a person takes to answer a question. */
async function statusOf(url: string, signal: AbortSignal): Promise<number> {
  const [answer] = (await once(request(url, { method: "HEAD", signal }).end(), "response", {
    signal,
  })) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

/**
 * Has the guarding index verify every file of a plan, and ask about what is new, before any of them is
 * installed.
 *
 * @returns 0 where all of them may be installed, 1 where one is refused, 3 where nobody can tell
 */
export async function verifyPlan(
  planned: readonly Planned[],
  guarded: Guarded,
  signal: AbortSignal,
): Promise<0 | 1 | 3> {
  const urls = planned.flatMap(({ url }) => (url === null ? [] : [url]));
  const statuses: number[] = [];
  const next = urls.values();
  const work = async (): Promise<void> => {
    for (const url of next) {
      statuses.push(await statusOf(url, signal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return statuses.every((status) => status === 200) ? 0 : (refusalCode(guarded) ?? 3);
}

/** 1 where something was refused, 3 where nobody can tell; null where it is not the index's doing. */
export function refusalCode({
  guard,
  refusedAddresses,
}: Pick<Guarded, "guard" | "refusedAddresses">): 1 | 3 | null {
  const { refusals } = guard;
  if (refusedAddresses.size > 0 || refusals.some(({ status }) => status === 403)) return 1;
  return refusals.length > 0 ? 3 : null;
}
