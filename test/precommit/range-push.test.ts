/** What Git asks before a push. */
import type { GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { MISMATCH, named } from "./support/range.ts";
import { hookSetting, refusals } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, reviewed } from "./support/states.ts";

const setting = hookSetting();
const { startedWith, newFolder, command } = setting;

describe.concurrent("before a push", () => {
  /** A remote with `main`, and a repository that pushes to it through the hook. */
  async function withRemote(): Promise<GitRepository> {
    const repository = await startedWith(await reviewed(BASE));
    const remote = newFolder();
    await remote.must("init", "--quiet", "--bare", "--initial-branch=main", "--template=");
    await repository.must("remote", "add", "origin", remote.folder);
    await repository.must("push", "--quiet", "--no-verify", "origin", "main");
    await installPrePush(repository);
    return repository;
  }

  test("a bad commit is stopped", async () => {
    const repository = await withRemote();
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED));
    const end = await repository.git("push", "origin", "main");
    expect(end.exitCode).toBe(1);
    expect(refusals(end.stdout + end.stderr)).toEqual([MISMATCH]);
  });

  test("good commits go through", async () => {
    const repository = await withRemote();
    await named(repository, "good", await reviewed(BUMPED));
    expect((await repository.git("push", "origin", "main")).exitCode).toBe(0);
  });

  test("a new branch is checked for what the remote lacks", async () => {
    const repository = await withRemote();
    await repository.must("switch", "--quiet", "--create", "topic");
    expect((await repository.git("push", "origin", "topic")).exitCode).toBe(0);
    await named(repository, "bad", { "uv.lock": BUMPED });
    expect((await repository.git("push", "origin", "topic:refs/heads/new")).exitCode).toBe(1);
  });

  test("what the remote has already is not held against a new branch", async () => {
    const repository = await withRemote();
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED));
    await repository.must("push", "--quiet", "--no-verify", "origin", "main");
    await repository.must("switch", "--quiet", "--create", "topic");
    await named(repository, "better", await reviewed(BUMPED_AGAIN));
    expect((await repository.git("push", "origin", "topic")).exitCode).toBe(0);
  });

  test("what a remote without a name has already is not held against the rest", async () => {
    const repository = await withRemote();
    await named(repository, "bad", { "uv.lock": BUMPED });
    const address = await repository.must("remote", "get-url", "origin");
    await repository.must("push", "--quiet", "--no-verify", address, "main:other");
    await named(repository, "better", await reviewed(BUMPED_AGAIN));
    expect((await repository.git("push", address, "main:other")).exitCode).toBe(0);
  });

  test("a branch may be deleted", async () => {
    const repository = await withRemote();
    await repository.must("push", "--quiet", "--no-verify", "origin", "main:gone");
    expect((await repository.git("push", "origin", "--delete", "gone")).exitCode).toBe(0);
  });

  test("tags go through, of commits that the remote has and of what is no commit", async () => {
    const repository = await withRemote();
    await repository.must("tag", "--annotate", "--message=x", "v1");
    await repository.must("tag", "file", await repository.must("rev-parse", "HEAD:uv.lock"));
    const tagged = await repository.git("push", "origin", "v1", "file");
    expect([tagged.exitCode, tagged.stderr]).toEqual([0, expect.anything()]);
    await named(repository, "bad", { "uv.lock": BUMPED });
    await repository.must("tag", "--annotate", "--message=x", "v2");
    expect((await repository.git("push", "origin", "v2")).exitCode).toBe(1);
  });

  test("each of several branches is checked", async () => {
    const repository = await withRemote();
    await repository.must("branch", "fine");
    await repository.must("switch", "--quiet", "--create", "topic");
    await named(repository, "bad", { "uv.lock": BUMPED });
    const end = await repository.git("push", "origin", "fine", "topic");
    expect(end.exitCode).toBe(1);
  });

  test("a remote without branches gets nothing unchecked", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "uv.lock": BUMPED });
    const remote = newFolder();
    await remote.must("init", "--quiet", "--bare", "--initial-branch=main", "--template=");
    await repository.must("remote", "add", "origin", remote.folder);
    await installPrePush(repository);
    expect((await repository.git("push", "origin", "main")).exitCode).toBe(1);
  });

  async function installPrePush(repository: GitRepository): Promise<void> {
    await repository.installHook("pre-push", [...command(), "--pre-push"]);
  }
});
