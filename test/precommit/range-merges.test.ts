/** Merge commits of a range: against their first parent, whatever their other parents hold. */
import type { GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { named, range, refusedCommits } from "./support/range.ts";
import { hookSetting } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, GROWN, PINS, reviewed } from "./support/states.ts";

const setting = hookSetting();
const { startedWith, hook } = setting;

describe.concurrent("merge commits of a range", () => {
  /** `topic` was merged to `main`, which has a commit of its own; `change` is made to the merge. */
  async function merged(
    topic: Readonly<Record<string, string>>,
    change: Readonly<Record<string, string>> = {},
    main: Readonly<Record<string, string>> = { "README.md": "hello\n" },
  ): Promise<readonly [GitRepository, string]> {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    await repository.must("switch", "--quiet", "--create", "topic");
    await named(repository, "topic", topic);
    await repository.must("switch", "--quiet", "main");
    await named(repository, "main", main);
    await repository.git("merge", "--no-commit", "--no-ff", "topic");
    await named(repository, "merge", change);
    expect(await repository.must("rev-parse", "HEAD^2")).toMatch(/^[0-9a-f]{40}$/);
    return [repository, base];
  }

  test("are fine where the branch was", async () => {
    const [repository, base] = await merged(await reviewed(BUMPED));
    expect(await range(setting, repository, "--from-ref", base)).toEqual([0]);
  });

  test("are looked at against their first parent, and the branch's commits too", async () => {
    const [repository, base] = await merged({ "uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH topic",
      "LOCK_DIGEST_MISMATCH merge",
    ]);
  });

  test("are refused where the branch is outside of the range and the merge brings it in", async () => {
    const [repository] = await merged({ "uv.lock": BUMPED });
    // Only what the merge itself adds to main: its first parent and its second are excluded.
    await repository.must("branch", "seen", "HEAD^2");
    await repository.must("update-ref", "refs/heads/joined", "HEAD");
    const asked = ["--from-ref", "seen", "--to-ref", "joined"];
    expect(await refusedCommits(setting, repository, ...asked)).toEqual([
      "LOCK_DIGEST_MISMATCH merge",
    ]);
  });

  test("are refused where the merge itself changes the lock (an evil merge)", async () => {
    const [repository, base] = await merged({ "docs.md": "hello\n" }, { "uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH merge",
    ]);
  });

  test("are refused where the merge takes back what the branch had reviewed", async () => {
    const [repository, base] = await merged(await reviewed(BUMPED), { "uv.lock": BASE });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH merge",
    ]);
  });

  test("are refused where a conflict was resolved to neither side's lock", async () => {
    const [repository, base] = await merged(
      await reviewed(BUMPED),
      { ...(await reviewed(BUMPED)), "uv.lock": GROWN },
      await reviewed(BUMPED_AGAIN),
    );
    const refused = await refusedCommits(setting, repository, "--from-ref", base);
    expect(refused).toContain("LOCK_DIGEST_MISMATCH merge");
  });

  test("are fine where a conflict was resolved with both files", async () => {
    const [repository, base] = await merged(
      await reviewed(BUMPED),
      await reviewed(GROWN),
      await reviewed(BUMPED_AGAIN),
    );
    expect(await range(setting, repository, "--from-ref", base)).toEqual([0]);
  });

  test("show a weakening that neither parent had", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const evil = { [PINS]: pins.replace("octo/alpha", "mallory/alpha") };
    const [repository, base] = await merged({ "docs.md": "hello\n" }, evil);
    const { exitCode, stdout } = await hook(repository, ["--from-ref", base]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("PUBLISHER_REPLACED");
  });

  test("show what they take back of what the branch had added", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const added = `${pins}gamma https://github.com/octo/gamma\n`;
    const [repository, base] = await merged({ [PINS]: added }, { [PINS]: pins });
    const { exitCode, stdout } = await hook(repository, ["--from-ref", base]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("PIN_REMOVED");
  });

  test("show a weakening of a branch once, at the commit that made it", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const weaker = { [PINS]: pins.replace("octo/alpha", "mallory/alpha") };
    const [repository, base] = await merged(weaker);
    const { stdout } = await hook(repository, ["--from-ref", base, "--format", "json"]);
    expect(stdout.match(/"weakening": ?"PUBLISHER_REPLACED"/g)).toHaveLength(1);
  });

  test("show a line of the branch that took the place of one that main had reviewed", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const theirs = { [PINS]: pins.replace("octo/alpha", "mallory/alpha") };
    const ours = { [PINS]: pins.replace("octo/alpha", "moved/alpha") };
    const [repository] = await merged(theirs, theirs, ours);
    const { exitCode, stdout } = await hook(repository, ["--from-ref", "HEAD~1"]);
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(exitCode).toBe(0);
    expect(said).toMatch(/was \S+moved\/alpha\S* is \S+mallory\/alpha/);
  });

  test("of three parents are looked at too", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.must("rev-parse", "HEAD");
    for (const branch of ["one", "two"]) {
      await repository.must("switch", "--quiet", "--create", branch, base);
      await named(repository, branch, { [`${branch}.md`]: "hello\n" });
    }
    await repository.must("switch", "--quiet", "main");
    await repository.must("merge", "--quiet", "--no-commit", "--no-ff", "one", "two");
    await named(repository, "octopus", { "uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([
      "LOCK_DIGEST_MISMATCH octopus",
    ]);
  });
});
