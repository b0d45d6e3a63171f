/** Every commit of a range, as CI asks for it. */
import { describe, expect, test } from "vitest";
import { MISMATCH, named, range, refusedCommits } from "./support/range.ts";
import { hookSetting, refusals } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, PINS, REFORMATTED, reviewed } from "./support/states.ts";

const setting = hookSetting();
const { startedWith, newFolder, hook } = setting;

describe.concurrent("a range", () => {
  test("is fine where every commit is", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await repository.commitUnchecked(await reviewed(BUMPED));
    await repository.commitUnchecked({ "README.md": "hello\n" });
    await repository.commitUnchecked(await reviewed(BUMPED_AGAIN));
    expect(await range(setting, repository, "--from-ref", base, "--to-ref", "HEAD")).toEqual([0]);
  });

  test("is refused where an inner commit is bad though the last is good", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED_AGAIN));
    const asked = ["--from-ref", base, "--to-ref", "HEAD"];
    expect(await range(setting, repository, ...asked)).toEqual([1, MISMATCH]);
    expect(await refusedCommits(setting, repository, ...asked)).toEqual([
      "LOCK_DIGEST_MISMATCH bad",
    ]);
  });

  test("is fine with --tip where an inner commit is bad and the last is good", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED_AGAIN));
    expect(
      await range(setting, repository, "--from-ref", base, "--to-ref", "HEAD", "--tip"),
    ).toEqual([0]);
  });

  test("is refused with --tip where the last commit leaves the lock unreviewed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "other", { "README.md": "hello\n" });
    const asked = ["--from-ref", base, "--to-ref", "HEAD", "--tip"];
    expect(await range(setting, repository, ...asked)).toEqual([1, MISMATCH]);
  });

  test("with --tip begins where the branch left the other one", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("switch", "--quiet", "--create", "topic");
    await named(repository, "good", { "README.md": "hello\n" });
    await repository.must("switch", "--quiet", "main");
    await named(repository, "later", await reviewed(BUMPED));
    const asked = ["--from-ref", "main", "--to-ref", "topic", "--tip"];
    const { exitCode, stdout } = await hook(repository, asked);
    expect([exitCode, stdout]).toEqual([0, "pubpin: 1 commit checked, nothing refused\n"]);
  });

  test("names every commit that is bad", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "first", { "uv.lock": BUMPED });
    await named(repository, "second", { "uv.lock": BUMPED_AGAIN });
    await named(repository, "third", { "README.md": "hello\n" });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH first",
      "LOCK_DIGEST_MISMATCH second",
    ]);
  });

  test("refuses a digest that was prepared in an earlier commit", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    const { [PINS]: pins = "" } = await reviewed(BUMPED);
    await named(repository, "prepares", { [PINS]: pins });
    await named(repository, "uses", { "uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH prepares",
      "LOCK_DIGEST_PREPARED uses",
    ]);
  });

  test("takes its ends from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    const bad = await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED_AGAIN));
    const env = { PRE_COMMIT_FROM_REF: base, PRE_COMMIT_TO_REF: "HEAD" };
    expect((await hook(repository, [], { env })).exitCode).toBe(1);
    const later = { PRE_COMMIT_FROM_REF: bad, PRE_COMMIT_TO_REF: "HEAD" };
    expect((await hook(repository, [], { env: later })).exitCode).toBe(0);
    const earlier = { PRE_COMMIT_FROM_REF: base, PRE_COMMIT_TO_REF: base };
    expect((await hook(repository, [], { env: earlier })).exitCode).toBe(0);
    const flags = ["--from-ref", bad, "--to-ref", "HEAD"];
    expect((await hook(repository, flags, { env })).exitCode).toBe(0);
  });

  test("is the whole branch where a runner names the remote of a first push alone", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "good", await reviewed(BUMPED));
    const env = { PRE_COMMIT_REMOTE_NAME: "origin", PRE_COMMIT_TO_REF: "HEAD" };
    const { exitCode, stdout } = await hook(repository, [], { env });
    expect([exitCode, ...refusals(stdout)]).toEqual([1, MISMATCH]);
  });

  test("does not look at what is staged or in the work tree", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "good", await reviewed(BUMPED));
    await repository.stage({ "uv.lock": BUMPED_AGAIN });
    repository.write({ "uv.lock": null, [PINS]: null });
    expect(await range(setting, repository, "--from-ref", base)).toEqual([0]);
  });

  test("takes the configuration of each commit, not of the work tree", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "bad", { "uv.lock": BUMPED });
    await named(repository, "narrows", { "pyproject.toml": "[tool.pubpin]\nlocks = []\n" });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toContain(
      "LOCK_DIGEST_MISMATCH bad",
    );
  });

  test("may begin at a configuration that cannot be used, and repair it", async () => {
    const broken = { "pyproject.toml": "[tool.pubpin]\nnonsense = 1\n" };
    const repository = await startedWith({ ...(await reviewed(BASE)), ...broken });
    await named(repository, "repair", { "pyproject.toml": "[tool.pubpin]\nstrict = false\n" });
    expect(await range(setting, repository, "--from-ref", "HEAD~1")).toEqual([0]);
    expect(await range(setting, repository, "--from-ref", "HEAD~1", "--tip")).toEqual([0]);
  });

  test("lists what weakens the provenance file, and is no refusal", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    const { [PINS]: pins = "" } = await reviewed(BASE);
    await named(repository, "replaces", { [PINS]: pins.replace("octo/alpha", "mallory/alpha") });
    const { exitCode, stdout } = await hook(repository, ["--from-ref", base]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("PUBLISHER_REPLACED");
  });

  test("passes what is only written again", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "formats", { "uv.lock": REFORMATTED });
    expect(await range(setting, repository, "--from-ref", base)).toEqual([0]);
  });

  test("works in a bare repository", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await named(repository, "bad", { "uv.lock": BUMPED });
    const bare = newFolder();
    await repository.must("clone", "--quiet", "--bare", repository.folder, bare.folder);
    expect(await range(setting, bare, "--from-ref", base, "--to-ref", "main")).toEqual([
      1,
      MISMATCH,
    ]);
    expect(await range(setting, bare, "--from-ref", "main", "--to-ref", "main")).toEqual([0]);
  });
});
