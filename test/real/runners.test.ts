/** `pubpin hook install` with the real runners of hooks: a refused and an accepted commit each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createGitFolder,
  type GitFolder,
  type GitRepository,
  mintPins,
  mintUvLock,
  type ProgramEnd,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pubpin } from "../cli/command/support/command.ts";
import {
  packedHook,
  type PackedHook,
  readyRepository,
  RUNNERS,
  succeeded,
} from "./hook-runners.ts";

const PATIENCE = 240_000;
const PINS = ".provenance.txt";
const LOCK = mintUvLock([{ name: "idna", version: "3.10" }]);
const NEWER = mintUvLock([{ name: "idna", version: "3.11" }]);
const DOCS = join(import.meta.dirname, "../../docs/hook");

let git: GitFolder;
let packed: PackedHook;
let pins = "";
let newerPins = "";

beforeAll(async () => {
  git = createGitFolder();
  packed = await packedHook(git);
  pins = await mintPins({ "uv.lock": LOCK });
  newerPins = await mintPins({ "uv.lock": NEWER }, { before: pins });
}, PATIENCE);

afterAll(() => {
  git.remove();
});

describe.each(RUNNERS)("$name", (runner) => {
  let repository: GitRepository;
  let env: NodeJS.ProcessEnv;
  let missing: string | null = null;

  beforeAll(async () => {
    const ready = await readyRepository(git, packed, runner);
    if ("missing" in ready) ({ missing } = ready);
    else ({ repository, env } = ready);
  }, PATIENCE);

  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  /** Git as the user of this runner runs it. */
  function withRunner(...parameters: readonly string[]): Promise<ProgramEnd> {
    return repository.run("git", parameters, { env });
  }

  async function commit(files: Readonly<Record<string, string | null>>): Promise<ProgramEnd> {
    await repository.stage(files);
    return withRunner("commit", "--message=change");
  }

  /** Undoes what was refused. */
  async function startAgain(): Promise<void> {
    await repository.must("reset", "--quiet", "--hard");
  }

  function refuses({ exitCode, stdout, stderr }: ProgramEnd, code: string): void {
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain(code);
  }

  /**
   * What the page of this runner shows of a refused commit is what such a commit says; `vitest run -u`
   * writes it anew where the hook has other words.
   */
  async function isShown({ stdout, stderr }: ProgramEnd, code: string): Promise<void> {
    const refused = new RegExp(`^ *refused {2}${code}[^]*?^ *pubpin: refused: .*$`, "m");
    const said = refused.exec(stdout + stderr)?.[0];
    if (said === undefined) throw new Error(`expected words about ${code}`);
    const path = join(DOCS, `${runner.name}.md`);
    const page = readFileSync(path, "utf8");
    await expect(page.replace(refused, () => said)).toMatchFileSnapshot(path);
  }

  it("has a page that shows a refusal", () => {
    expect(readFileSync(join(DOCS, `${runner.name}.md`), "utf8")).toContain("refused  LOCK_LOST");
  });

  it("accepts a lock with its .provenance.txt", { timeout: PATIENCE }, async () => {
    succeeded(await commit({ "uv.lock": LOCK, [PINS]: pins }));
  });

  it("refuses a lock without it", async () => {
    const before = await repository.must("rev-parse", "HEAD");
    const ended = await commit({ "uv.lock": NEWER });
    refuses(ended, "LOCK_DIGEST_MISMATCH");
    await isShown(ended, "LOCK_DIGEST_MISMATCH");
    expect(await repository.must("rev-parse", "HEAD")).toBe(before);
    await startAgain();
  });

  it("refuses a commit that does nothing but delete it", async () => {
    const ended = await commit({ [PINS]: null });
    refuses(ended, "LOCK_LOST");
    await isShown(ended, "LOCK_LOST");
    await startAgain();
  });

  it("refuses a merge that brings an unrecorded lock", async () => {
    await repository.must("checkout", "--quiet", "-b", "other");
    await repository.commitUnchecked({ "uv.lock": NEWER });
    await repository.must("checkout", "--quiet", "main");
    await repository.commitUnchecked({ a: "a" });
    refuses(await withRunner("merge", "--no-edit", "other"), "LOCK_DIGEST_MISMATCH");
    await repository.git("merge", "--abort");
    await startAgain();
  });

  it("refuses to push what went past its hooks, and pushes the rest", async () => {
    const remote = `../remote-${runner.name}`;
    await repository.must("init", "--quiet", "--bare", remote);
    await repository.must("remote", "add", "origin", remote);
    succeeded(await withRunner("push", "--quiet", "origin", "main"));
    await repository.commitUnchecked({ "uv.lock": NEWER });
    refuses(await withRunner("push", "origin", "main"), "LOCK_DIGEST_MISMATCH");
    await repository.must("reset", "--quiet", "--hard", "HEAD~1");
    await repository.commitUnchecked({ "uv.lock": NEWER, [PINS]: newerPins });
    succeeded(await withRunner("push", "--quiet", "origin", "main"));
  });

  it("has its files as before once the hook is taken out", async () => {
    succeeded(await pubpin(repository.folder, ["hook", "uninstall", "--yes"], env));
    for (const [name, text] of Object.entries(runner.files)) {
      expect(readFileSync(join(repository.folder, name), "utf8")).toBe(text);
    }
    succeeded(await commit({ "uv.lock": LOCK }));
  });
});
