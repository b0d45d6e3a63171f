/** What the command line takes, and what it refuses. */
import type { ProgramEnd } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting } from "./support/setting.ts";
import { BASE, BUMPED, reviewed } from "./support/states.ts";

const { startedWith, newFolder, hook, command } = hookSetting();

describe.concurrent("the command line", () => {
  test.each([
    ["an unknown option", ["--nonsense"]],
    ["an unknown format", ["--format", "xml"]],
    ["an option without its value", ["--from-ref"]],
    ["--to-ref without --from-ref", ["--to-ref", "HEAD"]],
    ["--tip without a range", ["--tip"]],
    ["a name that is no text file's", ["--file", "pins.md"]],
    ["--fix with a range", ["--fix", "--from-ref", "HEAD"]],
  ])("is refused with %s (exit code 2)", async (_, parameters) => {
    const repository = await startedWith(await reviewed(BASE));
    const { exitCode, stderr } = await hook(repository, parameters);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^pubpin: USAGE_INVALID: .+ \(pubpin-precommit --help lists .*\)\n$/);
    expect(stderr).not.toContain("positional");
  });

  test("is refused outside of a repository (exit code 2)", async () => {
    const { exitCode, stderr } = await hook(newFolder(), []);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("repository");
  });

  test("is refused where there is no Git (exit code 2)", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { exitCode, stderr } = await hook(repository, [], { env: { PATH: "/nowhere" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Git");
  });

  test("ends with code 3, and a few lines, where the program itself fails", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    const broken = "--import=data:text/javascript,globalThis.TextDecoder=null";
    const run = (PUBPIN_DEBUG?: string): Promise<ProgramEnd> =>
      hook(repository, [], { env: { NODE_OPTIONS: broken, PUBPIN_DEBUG } });
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^pubpin-precommit: INTERNAL_ERROR: TypeError: .*\n/);
    expect(stderr).toMatch(/Nothing was checked.*\n.*report it.*PUBPIN_DEBUG=1/);
    expect(stderr.split("\n").length).toBeLessThan(6);
    expect(stderr.length).toBeLessThan(1000);
    expect((await run("1")).stderr).toMatch(/\n +at /);
  });

  test("minds no reader that went away", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    const [node = "", bundle = ""] = command();
    const line = `{ '${node}' '${bundle}' --verbose; echo "code $?" >&2; } | true`;
    const { stderr } = await repository.run("sh", ["-c", line]);
    expect(stderr).toBe("code 1\n");
  });

  test("ends with code 3 where what it says cannot be written", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const [node = "", bundle = ""] = command();
    const line = `'${node}' '${bundle}' --help > /dev/full`;
    const { exitCode, stderr } = await repository.run("sh", ["-c", line]);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining("FILE_UNWRITABLE: the output: ENOSPC"),
    ]);
  });

  test("takes names of files for nothing", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    expect((await hook(repository, ["README.md", "other.txt"])).exitCode).toBe(1);
  });

  test("has help and a version", async () => {
    const folder = newFolder();
    const help = await hook(folder, ["--help"]);
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toContain("--from-ref");
    const version = await hook(folder, ["--version"]);
    expect(version.exitCode).toBe(0);
    expect(version.stdout).toMatch(/\d+\.\d+\.\d+/);
  });

  test("checks every lock with --all, changed or not", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "uv.lock": BUMPED });
    await repository.stage({ "README.md": "hello\n" });
    expect((await hook(repository, [])).exitCode).toBe(0);
    expect((await hook(repository, ["--all"])).exitCode).toBe(1);
  });

  test("reads every provenance file with --all, also one that governs nothing", async () => {
    const files = { ...(await reviewed(BASE)), "empty/.provenance.txt": "a b c\n" };
    const repository = await startedWith(files);
    await repository.stage({ "README.md": "hello\n" });
    expect((await hook(repository, [])).exitCode).toBe(0);
    const { exitCode, stdout } = await hook(repository, ["--all"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/PINS_INVALID +empty\//)]);
  });

  test("checks every lock where nothing is staged at all", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "uv.lock": BUMPED });
    expect((await hook(repository, [])).exitCode).toBe(1);
    const good = await startedWith(await reviewed(BASE));
    expect((await hook(good, [])).exitCode).toBe(0);
  });

  test("adds patterns with --lock, and strictness with --strict", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "deps.txt": "x\n" });
    await repository.stage({ "deps.txt": `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n` });
    expect((await hook(repository, [])).exitCode).toBe(0);
    const { exitCode, stdout } = await hook(repository, ["--lock", "deps.txt"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("LOCK_NOT_RECORDED");
    const unsigned = await startedWith({ "README.md": "hello\n" });
    await unsigned.stage(await reviewed(BASE, { line: "unsigned" }));
    expect((await hook(unsigned, [])).exitCode).toBe(0);
    expect((await hook(unsigned, ["--strict"])).exitCode).toBe(1);
  });
});
