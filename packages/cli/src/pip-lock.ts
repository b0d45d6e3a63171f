/** The `-- <pip lock arguments>` of a command: a lock that pip makes, and that no folder keeps. */
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { type Distribution, fail, type Lock, readLock } from "@pubpin/shared";
import { type ChildEnd, type ChildOptions } from "./node/child.ts";
import { findPip, type Pip } from "./node/pip.ts";
import { type PipSources, readPipLog } from "./node/pip-log.ts";
import { pathFrom } from "./node/pins-location.ts";
import { redact } from "./node/redact.ts";
import { withTemporaryFolder } from "./node/temporary-folder.ts";
import type { CommonOptions, World } from "./session.ts";

/** A lock that pip made. */
export interface PipLock {
  readonly lock: Lock;
  /** How reports call it: the command, without passwords. */
  readonly command: string;
}

/** The name by which the lock is read. There is no such file. */
const NAME = "pylock.toml";
/** Options of pip that would take away what is read here. */
const TAKEN = /^(?:-o.*|--output(?:=.*)?|--log(?:=.*)?|-h|--help|--)$/s;
/** What every lock of pip begins with; what stands before it pip said, under its `--verbose`. */
const BEGINNING = "lock-version = ";
const URL_WITH_LOGIN = /https?:\/\/[^\s'"/]*@[^\s'"]+/gi;
/** Pip's exit code for arguments that it does not understand. */
const NOT_UNDERSTOOD = 2;

/**
 * Lets pip lock what its arguments ask for. Pip runs in the current folder, where the arguments'
 * paths count from, with the user's own configuration. Its errors go to stderr, its lock comes
 * through a pipe, and whatever else it writes goes into a folder that is removed at the end.
 *
 * @param pinsFolder the folder that the paths of the lock are to count from
 * @throws USAGE_INVALID PIP_UNUSABLE PIP_FAILED, and the codes of locks
 */
export async function pipLock(
  world: World,
  { quiet }: Pick<CommonOptions, "quiet">,
  parameters: readonly string[],
  pinsFolder: string,
): Promise<PipLock> {
  requireOurs(parameters);
  const { cwd, env, signal, note } = world;
  const pip = await findPip({ cwd, env, signal });
  const command = `pip lock ${parameters.map(redact).join(" ")}`;
  if (!quiet) note(`${command}: by \`${pip.command}\`, ${pip.version}`);
  return withTemporaryFolder(async (folder) => {
    const log = join(folder, "pip.log");
    const how = {
      cwd,
      env: { ...env, TMPDIR: folder, TEMP: folder, TMP: folder, PYTHONIOENCODING: "utf-8" },
      stderr: "inherit",
      signal,
    } as const;
    const ours = ["--no-input", "--disable-pip-version-check", quiet ? "-qq" : "-q"];
    // What must count whatever the arguments hold stands last.
    const last = ["-o", "-", "--log", log];
    const end = await pip.run(["lock", ...ours, ...parameters, ...last], how);
    const bytes = lockIn(end, pip, note);
    const lock = readLock(pathFrom(pinsFolder, join(cwd, NAME)), bytes);
    const sources = await readPipLog(log, urlsOf(lock));
    const logins = sources.hasLogins ? await loginsOf(parameters, pip, how) : [];
    return {
      lock: {
        ...lock,
        distributions: lock.distributions.map((each) =>
          fromWherePipFoundIt(each, sources, pinsFolder),
        ),
        logins: [...lock.logins, ...logins],
      },
      command,
    };
  });
}

function requireOurs(parameters: readonly string[]): void {
  const taken = parameters.find((each) => TAKEN.test(each));
  if (parameters.length > 0 && taken === undefined) return;
  const found = taken === undefined ? "none" : JSON.stringify(taken);
  fail(
    "USAGE_INVALID",
    `after --: expected arguments of \`pip lock\` that say what to lock, such as ` +
      `-r requirements.txt, found ${found}`,
  );
}

/** The lock's bytes; what pip said before it is told. */
function lockIn(end: ChildEnd, { command }: Pip, note: World["note"]): Uint8Array<ArrayBuffer> {
  const { exitCode, stdout, isTooMuch } = end;
  if (isTooMuch) fail("LIMIT_EXCEEDED", `${command} lock: it writes more than any lock has`);
  if (exitCode !== 0) {
    const found = exitCode === null ? "that it was stopped" : `exit code ${exitCode}`;
    fail(
      exitCode === NOT_UNDERSTOOD ? "USAGE_INVALID" : "PIP_FAILED",
      `${command} lock: expected a lock, found ${found}`,
    );
  }
  const start = stdout.lastIndexOf(`\n${BEGINNING}`) + 1;
  if (start > 0) note(stdout.subarray(0, start).toString("utf8").trimEnd());
  return stdout.subarray(start);
}

function urlsOf({ distributions }: Lock): readonly string[] {
  return distributions.flatMap(({ files }) => files.flatMap(({ url }) => url ?? []));
}

/**
 * Pip's lock names no indexes. A file is from one of the indexes that pip asked for its project, the
 * main one first, or from the folder that holds it; what pip found on a page that is no project's
 * (`--find-links`) is from that address, which no index vouches for.
 *
 * @throws LOCK_UNSUPPORTED where pip does not say where it found a file
 */
function fromWherePipFoundIt(
  entry: Distribution,
  { pages, asked }: PipSources,
  pinsFolder: string,
): Distribution {
  const { name, source, files } = entry;
  const [file] = files;
  if (source.kind !== "index" || source.url !== null || file === undefined) return entry;
  if (file.url === null) {
    const url = file.path === null ? null : folderOf(file.path, pinsFolder);
    return { ...entry, source: { ...source, url } };
  }
  const foundOn = pages.get(file.url) ?? [];
  if (foundOn.length === 0) {
    fail(
      "LOCK_UNSUPPORTED",
      `pip lock, ${name}: pip does not say on which page it found ${file.url}`,
    );
  }
  if (!foundOn.some((page) => indexOf(page, name).length > 0)) {
    return { ...entry, source: { kind: "url", location: file.url, part: null } };
  }
  const [url = null, ...alternatives] = asked.flatMap((page) => indexOf(page, name));
  return { ...entry, source: { kind: "index", url, alternatives } };
}

/** The folder of a file, from the pins' folder where it lies in there. */
function folderOf(location: string, pinsFolder: string): string {
  const folder = posix.dirname(location);
  if (!folder.startsWith("file:")) return folder;
  const way = pathFrom(pinsFolder, fileURLToPath(folder));
  if (way === ".") return way;
  return way === ".." || way.startsWith("../") ? folder : `./${way}`;
}

/** The index of a project's page (PEP 503); none where the page is of another kind. */
function indexOf(page: string, name: string): readonly string[] {
  const end = `/${name}/`;
  return page.endsWith(end) ? [page.slice(0, -end.length)] : [];
}

/** Addresses with user names and passwords, from where pip takes them. */
async function loginsOf(
  parameters: readonly string[],
  pip: Pip,
  how: ChildOptions,
): Promise<readonly string[]> {
  const { stdout } = await pip.run(["config", "list"], { ...how, stderr: "ignore" });
  const texts = [...parameters, stdout.toString("utf8")];
  return texts.flatMap((text) => text.match(URL_WITH_LOGIN) ?? []);
}
