/** A file as it was in a revision. */
import { existsSync } from "node:fs";
import { posix, relative, resolve, sep } from "node:path";
import { fail, MAX_LOCK_BYTES } from "@pubpin/shared";
import { runGit } from "./git.ts";

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

/** Answers that are no file's content, in bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const PLAIN_FILES: ReadonlySet<string> = new Set(["100644", "100755", "100664"]);

/**
 * The bytes of a file in a revision, without any conversion of line ends; null where the revision
 * does not have the file.
 *
 * @throws REVISION_UNREADABLE when there is no Git, repository or such revision, or what has the
 *   path in it is no file
 * @throws USAGE_INVALID for a revision or path that Git could take for something else
 * @throws LIMIT_EXCEEDED
 */
export async function readAt(query: RevisionQuery): Promise<Uint8Array<ArrayBuffer> | null> {
  const { revision, maxBytes = MAX_LOCK_BYTES } = query;
  requirePlain(revision, "revision", /[\0-\u001f\u007f]/);
  requirePlain(query.path, "path", /\0/);
  const path = pathInRepository(query);
  const commit = commitOf(query);
  const list = ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", "-l", commit, "--", path];
  const line = git(query, list, "a list of files").toString("utf8");
  if (line === "") return null;
  const [mode = "", type, object = "", size] = line.split("\t", 1)[0]?.split(/ +/) ?? [];
  if (type !== "blob" || !PLAIN_FILES.has(mode)) {
    refuse(query, `expected a file at ${JSON.stringify(path)}, found another kind of entry`);
  }
  if (Number(size) > maxBytes) {
    const message = `${revision}:${path}: expected at most ${maxBytes} bytes, found ${size}`;
    fail("LIMIT_EXCEEDED", message);
  }
  return new Uint8Array(git(query, ["cat-file", "blob", object], "a file", maxBytes));
}

function requirePlain(text: string, what: string, forbidden: RegExp): void {
  if (text !== "" && !forbidden.test(text)) return;
  const found = text === "" ? "none" : "one with control characters";
  fail("USAGE_INVALID", `${what}: expected one for Git, found ${found}`);
}

/** Git says where the folder is: it may have been named through symbolic links. */
function pathInRepository(query: RevisionQuery): string {
  const { folder, path } = query;
  const prefix = git(query, ["rev-parse", "--show-prefix"], "a repository of Git");
  const way = relative(resolve(folder), resolve(folder, path)).split(sep).join("/");
  const within = posix.normalize(prefix.toString("utf8").replace(/\n$/, "") + way);
  if (within.startsWith("../") || within === ".." || /^[A-Za-z]:/.test(within)) {
    refuse(query, `expected a file of the repository, found ${JSON.stringify(path)} outside of it`);
  }
  return within;
}

function commitOf(query: RevisionQuery): string {
  const { revision } = query;
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  return git(query, asked, `the revision ${JSON.stringify(revision)}`)
    .toString("utf8")
    .trim();
}

function git(
  query: RevisionQuery,
  parameters: readonly string[],
  expected: string,
  maxBytes: number = MAX_ANSWER_BYTES,
): Buffer {
  const { folder, signal } = query;
  signal?.throwIfAborted();
  const { exitCode, output, error, failure } = runGit(parameters, { folder, maxBytes });
  if (exitCode === 0) return output;
  const isMissing = failure === "ENOENT" && existsSync(folder);
  const found = isMissing ? "that Git is not installed" : error === "" ? "none" : error;
  return refuse(query, `expected ${expected}, found ${found}`);
}

function refuse({ folder, revision }: RevisionQuery, message: string): never {
  return fail("REVISION_UNREADABLE", `${folder}, ${revision}: ${message}`);
}
