/** `uv pip install`, `uv pip sync` and `uv pip compile`. */
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { digest, encodeHex, fail, lockFormat, MAX_LOCK_BYTES } from "@pubpin/shared";
import { findEnvironment } from "../../installed/environment.ts";
import type { PythonEnvironment } from "../../installed/types.ts";
import { updateFile } from "../../node/atomic-write.ts";
import { readLockFile } from "../../node/locks.ts";
import { loadProjects, type Project } from "../../project.ts";
import { approve, pin, projectOfLock } from "./approval.ts";
import { type UvCall, valuesOf } from "./call.ts";
import { installChecked } from "./checked-install.ts";
import { readLockText } from "./locking.ts";
import { requireFileFromIndex, requireFromIndex, requireLocalFromIndex } from "./requirements.ts";
import { askUv, commandLine, runUv, type UvWords } from "./run-uv.ts";
import { runUnlocked } from "./unlocked.ts";
import { type LocalProject, withPaths } from "./workspace.ts";

const FILES = ["--constraints", "--overrides", "--excludes", "--build-constraints"];
/** Options of which the environment that they mean is not looked into. */
const ELSEWHERE: ReadonlySet<string> = new Set("--target -t --prefix --dry-run --check".split(" "));

/** `pubpin uv pip install`. */
export async function uvPipInstall(call: UvCall): Promise<number> {
  const { options } = call;
  const files = valuesOf(options, "--requirements");
  const packages = [...options.operands, ...valuesOf(options, "--editable")];
  const given = ["--requirements", "--editable", ...FILES].flatMap((name) =>
    valuesOf(options, name).flatMap((value) => [name, value]),
  );
  const words = {
    command: ["pip", "install"],
    options: [...options.passed, ...given],
    operands: options.operands,
  };
  return installFrom(call, words, files, packages);
}

/** `pubpin uv pip sync`. */
export async function uvPipSync(call: UvCall): Promise<number> {
  const { options } = call;
  const given = FILES.flatMap((name) => valuesOf(options, name).flatMap((value) => [name, value]));
  const { operands } = options;
  const words = { command: ["pip", "sync"], options: [...options.passed, ...given], operands };
  return installFrom(call, words, operands, []);
}

/** Locks among the files are verified first; everything else comes through the guarding index. */
async function installFrom(
  call: UvCall,
  words: UvWords,
  files: readonly string[],
  packages: readonly string[],
): Promise<number> {
  const { session, invocation, cwd } = call;
  const locks = await locksAmong(files, cwd);
  for (const file of files) if (!isPylock(file)) await requireFileFromIndex(file, cwd);
  const local = await requirePackagesFromIndex(call, packages);
  const selection = { locks, pipParameters: null, pinsFile: invocation.pinsFile };
  const projects = locks.length === 0 ? [] : await loadProjects(session, selection);
  for (const project of projects) {
    const approval = await approve(call, project, [], false);
    if (approval.exitCode !== 0) return approval.exitCode;
    await pin(call, project, approval.change);
  }
  const isAllLocked = packages.length === 0 && locks.length === files.length;
  const hashes = isAllLocked && !files.some(isPylock) ? ["--require-hashes"] : [];
  const { exitCode, left } = await installChecked(call, {
    environment: () => environmentFor(call),
    locked: projects.flatMap((project) => project.locks).flatMap((lock) => lock.distributions),
    install: (again, onServed) =>
      runUnlocked(call, {
        folder: cwd,
        tables: local.map(({ table }) => table),
        isSealed: !files.some(isPylock),
        onServed,
        run: async ({ options }) => {
          await requireSame(projects, locks);
          const all = { ...words, options: [...words.options, ...hashes, ...again] };
          return runUv(call, commandLine(all, options));
        },
      }),
  });
  if (left !== null && isAllLocked) {
    fail("INSTALLED_REFUSED", `${left.message}; uv installed, and it is still so`);
  }
  return exitCode;
}

async function locksAmong(files: readonly string[], cwd: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) {
    const path = resolve(cwd, file);
    if (!existsSync(path)) fail("USAGE_INVALID", `${path}: expected requirements, found no file`);
    const isLock = isPylock(file) || (await readLockText(path)).includes("--hash=");
    if (isLock && lockFormat(path) !== null) found.push(path);
  }
  return found;
}

function isPylock(file: string): boolean {
  return /^pylock(?:\.[^.]+)?\.toml$/.test(basename(file));
}

async function requirePackagesFromIndex(
  { cwd, options }: UvCall,
  packages: readonly string[],
): Promise<readonly LocalProject[]> {
  for (const each of packages) requireFromIndex(each, cwd, "uv pip install");
  for (const file of valuesOf(options, ...FILES)) await requireFileFromIndex(file, cwd);
  const folders = packages.map((each) => resolve(cwd, each.replace(/\[[^\]]*\]$/, "")));
  const local = await withPaths(folders);
  requireLocalFromIndex(local);
  return local;
}

/** The environment that `uv pip` works on; null where it is not looked into. */
async function environmentFor(call: UvCall): Promise<PythonEnvironment | null> {
  const { options, cwd, env, session } = call;
  const { passed } = options;
  if (passed.some((each) => ELSEWHERE.has(each.split("=")[0] ?? ""))) return null;
  const at = passed.findIndex((each) => each === "--python" || each === "-p");
  const named = at === -1 ? [] : [passed[at + 1] ?? ""];
  const where = passed.includes("--system") ? ["--system"] : [];
  const python = (await askUv(call, ["python", "find", ...where, ...named]))?.trim() ?? "";
  if (python === "") return null;
  return findEnvironment(python, { cwd, env, signal: session.world.signal });
}

/** @throws FILE_CHANGED_MEANWHILE where a lock is another one than that which was verified */
async function requireSame(projects: readonly Project[], locks: readonly string[]): Promise<void> {
  if (locks.length === 0) return;
  const verified = new Set(projects.flatMap(({ byteDigests }) => [...byteDigests.values()]));
  for (const path of locks) {
    if (verified.has(encodeHex(await digest("SHA-256", await readLockFile(path))))) continue;
    fail("FILE_CHANGED_MEANWHILE", `${path}: expected the lock that was verified`);
  }
}

/** `pubpin uv pip compile`: what uv writes is verified before it is put in place. */
export async function uvPipCompile(call: UvCall, args: readonly string[]): Promise<number> {
  const { options, cwd, session } = call;
  const sources = options.operands.filter((each) => !/(?:\.toml|\.cfg|\.py)$/.test(each));
  for (const file of [...sources, ...valuesOf(options, ...FILES)]) {
    await requireFileFromIndex(file, cwd);
  }
  const folders = options.operands.filter((each) => each.endsWith("pyproject.toml"));
  const local = await withPaths(folders.map((each) => resolve(cwd, each, "..")));
  const output = options.taken.get("--output-file")?.at(-1);
  const target = output === undefined ? null : resolve(cwd, output);
  let text: string | null = null;
  const exitCode = await runUnlocked(call, {
    folder: cwd,
    tables: local.map(({ table }) => table),
    isSealed: true,
    run: async ({ guard, options: guarded, folder }) => {
      const made = join(folder, target === null ? "requirements.txt" : basename(target));
      if (target !== null && existsSync(target)) {
        copyFileSync(target, made);
        writeFileSync(made, guard.fromUpstream(await readLockText(made)));
      }
      const given = FILES.flatMap((name) =>
        valuesOf(options, name).flatMap((each) => [name, each]),
      );
      const words = {
        command: ["pip", "compile"],
        options: [...options.passed, ...given, "--output-file", made],
        operands: options.operands,
      };
      const env = {
        UV_CUSTOM_COMPILE_COMMAND:
          call.env["UV_CUSTOM_COMPILE_COMMAND"] ?? `pubpin uv ${args.join(" ")}`,
      };
      const code = await runUv(call, commandLine(words, guarded), { env, stdout: "ignore" });
      if (code === 0) text = guard.toUpstream(await readLockText(made));
      return code;
    },
  });
  if (exitCode !== 0 || text === null) return exitCode;
  const isQuiet = options.passed.some((each) => /^(?:--quiet|-q+)$/.test(each));
  if (target !== null) {
    const code = await putOutput(call, target, text);
    if (code !== 0) return code;
  }
  if (!isQuiet) session.world.out(text);
  return 0;
}

async function putOutput(call: UvCall, target: string, text: string): Promise<number> {
  if (isPylock(target) || text.includes("--hash=")) {
    const project = await projectOfLock(call, target, text);
    const approval = await approve(call, project, [], true);
    if (approval.exitCode !== 0) return approval.exitCode;
    await pin(call, project, approval.change);
  }
  await updateFile(target, () => text, { maxBytes: MAX_LOCK_BYTES });
  return 0;
}
