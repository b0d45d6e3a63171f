/** What `pubpin diff` asks of Git: a file as it was in a revision. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { posix, resolve } from "node:path";
import { MAX_LOCK_BYTES, PubpinError } from "@pubpin/shared";
import { GIT_TIMEOUT_MS } from "./limits.ts";
import { pathFrom } from "./pins-location.ts";

/** What is asked. */
export interface RevisionQuery {
  /** A folder of the repository. */
  readonly folder: string;
  /** Whatever Git takes for a commit: a branch, a tag, `HEAD~1`, a commit's name. */
  readonly revision: string;
  /** The file's path, absolute or from the folder. It need not be in the work tree. */
  readonly path: string;
  /** By default MAX_LOCK_BYTES. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly exitCode: number | string | null;
  readonly output: Buffer;
  readonly error: string;
}

/** Questions only: no locks taken, nothing fetched, nothing replaced, words that can be told. */
const SETTINGS = {
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
};
/** Answers that are no file's content. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const PLAIN_FILES: ReadonlySet<string> = new Set(["100644", "100755", "100664"]);

/**
 * The bytes of a file in a revision, without any conversion of line ends; null where the revision
 * does not have the file.
 *
 * @throws REVISION_UNREADABLE when there is no Git, repository or such revision, or what has the
 *   path in it is no file
 * @throws LIMIT_EXCEEDED
 */
export async function readAt(query: RevisionQuery): Promise<Uint8Array<ArrayBuffer> | null> {
  const { revision, maxBytes = MAX_LOCK_BYTES } = query;
  requirePlain(revision, "revision", /[\0-\u001f\u007f]/);
  requirePlain(query.path, "path", /\0/);
  const path = await pathInRepository(query);
  const commit = await commitOf(query);
  const list = ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", "-l", commit, "--", path];
  const line = (await git(query, list, "a list of files")).toString("utf8");
  if (line === "") return null;
  const [mode = "", type, object = "", size] = line.split("\t", 1)[0]?.split(/ +/) ?? [];
  if (type !== "blob" || !PLAIN_FILES.has(mode)) {
    refuse(query, `expected a file at ${JSON.stringify(path)}, found another kind of entry`);
  }
  if (Number(size) > maxBytes) {
    throw new PubpinError(
      "LIMIT_EXCEEDED",
      `${revision}:${path}: expected at most ${maxBytes} bytes, found ${size}`,
    );
  }
  return new Uint8Array(await git(query, ["cat-file", "blob", object], "a file", maxBytes));
}

function requirePlain(text: string, what: string, forbidden: RegExp): void {
  if (text !== "" && !forbidden.test(text)) return;
  const found = text === "" ? "none" : "one with control characters";
  throw new PubpinError("USAGE_INVALID", `${what}: expected one for Git, found ${found}`);
}

/** Git says where the folder is: it may have been named through symbolic links. */
async function pathInRepository(query: RevisionQuery): Promise<string> {
  const { folder, path } = query;
  const prefix = await git(query, ["rev-parse", "--show-prefix"], "a repository of Git");
  const way = pathFrom(folder, resolve(folder, path));
  const within = posix.normalize(prefix.toString("utf8").replace(/\n$/, "") + way);
  if (within.startsWith("../") || within === "..") {
    refuse(query, `expected a file of the repository, found ${JSON.stringify(path)} outside of it`);
  }
  return within;
}

async function commitOf(query: RevisionQuery): Promise<string> {
  const { revision } = query;
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const answer = await git(query, asked, `the revision ${JSON.stringify(revision)}`);
  return answer.toString("utf8").trim();
}

async function git(
  query: RevisionQuery,
  parameters: readonly string[],
  expected: string,
  maxBytes: number = MAX_ANSWER_BYTES,
): Promise<Buffer> {
  const { exitCode, output, error } = await run(query, parameters, maxBytes);
  if (exitCode === 0) return output;
  query.signal?.throwIfAborted();
  const isMissing = exitCode === "ENOENT" && existsSync(query.folder);
  const found = isMissing ? "that Git is not installed" : error.trim() || "none";
  return refuse(query, `expected ${expected}, found ${found}`);
}

/** Runs Git without a shell, to its end. */
async function run(
  { folder, signal }: RevisionQuery,
  parameters: readonly string[],
  maxBytes: number,
): Promise<Answer> {
  const options = {
    cwd: folder,
    env: { ...process.env, ...SETTINGS },
    encoding: "buffer",
    maxBuffer: maxBytes,
    timeout: GIT_TIMEOUT_MS,
    windowsHide: true,
    signal,
  } as const;
  return new Promise((resolveAnswer) => {
    execFile("git", [...parameters], options, (failure, output, error) => {
      resolveAnswer({
        exitCode: failure === null ? 0 : (failure.code ?? failure.signal ?? null),
        output,
        error: error.length > 0 ? error.toString("utf8") : (failure?.message ?? ""),
      });
    });
  });
}

function refuse({ folder, revision }: RevisionQuery, message: string): never {
  throw new PubpinError("REVISION_UNREADABLE", `${folder}, ${revision}: ${message}`);
}
