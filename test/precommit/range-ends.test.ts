/** The ends of a range: every one that CI may come up with has an answer. */
import type { GitRepository, ProgramEnd } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { MISMATCH, named, range, refusedCommits, ZERO } from "./support/range.ts";
import { hookSetting } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, PINS, reviewed } from "./support/states.ts";

const setting = hookSetting();
const { startedWith, newRepository, newFolder, hook } = setting;

describe.concurrent("the ends of a range", () => {
  test("may be equal: there is nothing to check, and that is said", async () => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: "" });
    const { exitCode, stdout } = await hook(repository, ["--from-ref", "HEAD"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("0 commits");
  });

  test("may be all zeros at the beginning: the whole branch is checked", async () => {
    const repository = await newRepository();
    await named(repository, "first", { ...(await reviewed(BASE)), "uv.lock": BUMPED });
    await named(repository, "second", await reviewed(BUMPED));
    expect(
      await refusedCommits(setting, repository, "--from-ref", ZERO, "--to-ref", "HEAD"),
    ).toEqual(["LOCK_DIGEST_MISMATCH first"]);
  });

  test("may be unrelated: all that the end has and the beginning has not is checked", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    await repository.must("checkout", "--quiet", "--orphan", "other");
    await repository.must("rm", "-r", "--quiet", "--force", ".");
    await named(repository, "first", { ...(await reviewed(BASE)), "uv.lock": BUMPED });
    await named(repository, "second", await reviewed(BUMPED));
    const asked = ["--from-ref", "main", "--to-ref", "other"];
    expect(await refusedCommits(setting, repository, ...asked)).toEqual([
      "LOCK_DIGEST_MISMATCH first",
    ]);
    expect(await range(setting, repository, ...asked, "--tip")).toEqual([0]);
    await named(repository, "third", { "uv.lock": BASE });
    expect(await range(setting, repository, ...asked, "--tip")).toEqual([1, MISMATCH]);
  });

  test("may be the other way round: there is nothing new then", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await named(repository, "bad", { "uv.lock": BUMPED });
    expect(await range(setting, repository, "--from-ref", "HEAD", "--to-ref", "HEAD~1")).toEqual([
      0,
    ]);
  });

  test.each([
    ["--from-ref", "nowhere"],
    ["--from-ref", "1".repeat(40)],
    ["--from-ref", "HEAD", "--to-ref", "2".repeat(40)],
  ])("that nobody knows here are no pass: %s %s %s", async (...parameters) => {
    const repository = await startedWith(await reviewed(BASE));
    const { exitCode, stdout, stderr } = await hook(repository, parameters);
    expect(exitCode).toBe(3);
    expect(stdout + stderr).toContain("HISTORY_INCOMPLETE");
    expect(stdout + stderr).toContain("fetch");
  });

  test("are revisions and never options", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const written = `${repository.folder}/written`;
    const asked = [`--from-ref=--output=${written}`, "--to-ref", "HEAD"];
    expect([2, 3]).toContain((await hook(repository, asked)).exitCode);
    expect((await repository.git("status", "--porcelain")).stdout).toBe("");
  });

  test("before adoption pass, and the commit that adopts is checked", async () => {
    const repository = await startedWith({ "uv.lock": BASE });
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "before", { "uv.lock": BUMPED });
    await named(repository, "adopts", await reviewed(BUMPED));
    expect(await range(setting, repository, "--from-ref", base)).toEqual([0]);
    await named(repository, "after", { "uv.lock": BUMPED_AGAIN });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH after",
    ]);
  });
});

describe.concurrent("a shallow clone", () => {
  async function shallow(depth: number): Promise<GitRepository> {
    const repository = await startedWith(await reviewed(BASE));
    await named(repository, "first", await reviewed(BUMPED));
    await named(repository, "second", { "README.md": "hello\n" });
    await named(repository, "third", await reviewed(BUMPED_AGAIN));
    const clone = newFolder();
    const url = `file://${repository.folder}`;
    await repository.must("clone", "--quiet", `--depth=${depth}`, url, clone.folder);
    return clone;
  }

  function said({ stdout, stderr }: ProgramEnd): string {
    return stdout + stderr;
  }

  test("that lacks the base is no pass, and the remedy is named", async () => {
    const clone = await shallow(1);
    const end = await hook(clone, ["--from-ref", "HEAD~2", "--to-ref", "HEAD"]);
    expect(end.exitCode).toBe(3);
    expect(said(end)).toContain("fetch");
  });

  test.each([[], ["--tip"]])("that is cut within the range is no pass %s", async (...tip) => {
    const clone = await shallow(2);
    const end = await hook(clone, ["--from-ref", ZERO, "--to-ref", "HEAD", ...tip]);
    expect(end.exitCode).toBe(3);
    expect(said(end)).toContain("HISTORY_INCOMPLETE");
  });

  test("whose parts beyond the range were cut is checked", async () => {
    const clone = await shallow(2);
    expect(await range(setting, clone, "--from-ref", "HEAD~1")).toEqual([0]);
    await named(clone, "bad", { "uv.lock": BASE });
    expect(await range(setting, clone, "--from-ref", "HEAD~1")).toEqual([1, MISMATCH]);
  });

  test("whose base is the commit of the cut, on another branch, is no pass", async () => {
    const clone = await shallow(1);
    await clone.must("checkout", "--quiet", "--orphan", "other");
    await named(clone, "orphan", await reviewed(BASE));
    const end = await hook(clone, ["--from-ref", "other", "--to-ref", "main"]);
    expect(end.exitCode).toBe(3);
  });
});
