/** Merges, picks, reverts, rebases and stashes. Where Git runs no hook, the range check refuses. */
import { join } from "node:path";
import { type GitRepository, mintedPin, mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, refusals, verdict } from "./support/setting.ts";
import {
  BASE,
  BUMPED,
  BUMPED_AGAIN,
  GROWN,
  PINS,
  reviewed,
  withoutLine,
} from "./support/states.ts";

const { startedWith, hook, command } = hookSetting();
const MISMATCH = ["LOCK_DIGEST_MISMATCH .provenance.txt"];

/** A branch `other` with a commit of these files; `main`, which is checked out, has one too. */
async function forked(
  other: Readonly<Record<string, string>>,
  main: Readonly<Record<string, string>> = { "README.md": "hello\n" },
): Promise<GitRepository> {
  const repository = await startedWith(await reviewed(BASE));
  await repository.must("switch", "--quiet", "--create", "other");
  await repository.commitUnchecked(other);
  await repository.must("switch", "--quiet", "main");
  await repository.commitUnchecked(main);
  return repository;
}

/** What the range check says of everything that came after a commit. */
async function rangeSince(repository: GitRepository, base: string): Promise<readonly string[]> {
  const { exitCode, stdout } = await hook(repository, ["--from-ref", base, "--to-ref", "HEAD"]);
  const found = refusals(stdout);
  expect(exitCode).toBe(found.length > 0 ? 1 : 0);
  return found;
}

describe.concurrent("a clean merge", () => {
  test("is accepted where the lock came with its provenance file", async () => {
    const repository = await forked(await reviewed(BUMPED));
    const end = await repository.git("merge", "--no-edit", "other");
    expect(verdict(end)).toBe("accepted");
    expect(await repository.must("log", "--merges", "--oneline")).not.toBe("");
  });

  test("is refused where the lock came without", async () => {
    const repository = await forked({ "uv.lock": BUMPED });
    expect(verdict(await repository.git("merge", "--no-edit", "other"))).toEqual(MISMATCH);
  });

  test("is refused where each side is well and both together are not", async () => {
    const { before, removes, adds } = await crossing();
    const repository = await startedWith(before);
    await repository.must("switch", "--quiet", "--create", "other");
    expect(verdict(await repository.commit(removes))).toBe("accepted");
    await repository.must("switch", "--quiet", "main");
    expect(verdict(await repository.commit(adds))).toBe("accepted");
    expect(verdict(await repository.git("merge", "--no-edit", "other"))).toEqual([
      "PACKAGE_NOT_RECORDED b/uv.lock",
      "PINS_STILL_NEEDED .provenance.txt",
    ]);
  });

  test("shows no weakening that the merged branch has shown", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const weaker = { [PINS]: pins.replace("octo/alpha", "mallory/alpha") };
    const repository = await forked(weaker);
    const end = await repository.git("merge", "--no-edit", "other");
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).not.toContain("PUBLISHER_REPLACED");
  });

  test("shows a weakening that one of several branches undid for another", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await forked({ [PINS]: `${pins}gamma https://github.com/octo/gamma\n` });
    await repository.must("config", "merge.ours.driver", "true");
    repository.write({ ".git/info/attributes": `${PINS} merge=ours\n` });
    await repository.commitUnchecked({ [PINS]: `# Ours.\n${pins}` });
    const end = await repository.git("merge", "--no-edit", "other");
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PIN_REMOVED");
  });

  test("that is no merge but a fast-forward runs no hook, and the range check refuses it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("switch", "--quiet", "--create", "other");
    await repository.commitUnchecked({ "uv.lock": BUMPED });
    await repository.must("switch", "--quiet", "main");
    const base = await repository.must("rev-parse", "HEAD");
    expect(verdict(await repository.git("merge", "other"))).toBe("unchecked");
    expect(await rangeSince(repository, base)).toEqual(MISMATCH);
  });
});

/** One side removes a pin that nothing needs, the other adds a lock that needs it. */
async function crossing(): Promise<Record<"before" | "removes" | "adds", Record<string, string>>> {
  const gamma = mintedPin("gamma");
  const before = await mintPins({ "a/uv.lock": BASE }, { entries: [gamma] });
  const adds = await mintPins({ "b/uv.lock": GROWN }, { before });
  return {
    before: { "a/uv.lock": BASE, [PINS]: before },
    removes: { [PINS]: withoutLine(before, "gamma") },
    adds: { "b/uv.lock": GROWN, [PINS]: adds },
  };
}

describe.concurrent("a merge with conflicts", () => {
  async function conflicted(): Promise<GitRepository> {
    const repository = await forked(await reviewed(BUMPED), await reviewed(BUMPED_AGAIN));
    const { exitCode } = await repository.git("merge", "--no-edit", "other");
    expect(exitCode).toBe(1);
    return repository;
  }

  test("is accepted where both files are taken from one side", async () => {
    const repository = await conflicted();
    await repository.must("checkout", "--theirs", "uv.lock", PINS);
    await repository.must("add", "--all");
    expect(verdict(await repository.git("commit", "--no-edit"))).toBe("accepted");
    expect(await repository.must("rev-parse", "HEAD^2")).not.toBe("");
  });

  test("is accepted where both files stay as they are on this side", async () => {
    const repository = await conflicted();
    await repository.must("checkout", "--ours", "uv.lock", PINS);
    await repository.must("add", "--all");
    expect(verdict(await repository.git("commit", "--no-edit"))).toBe("accepted");
  });

  test("shows no weakening that the merged branch has shown", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const weaker = { [PINS]: pins.replace("octo/alpha", "mallory/alpha"), "README.md": "theirs\n" };
    const repository = await forked(weaker);
    expect((await repository.git("merge", "--no-edit", "other")).exitCode).toBe(1);
    await repository.stage({ "README.md": "both\n" });
    const end = await repository.git("commit", "--no-edit");
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).not.toContain("PUBLISHER_REPLACED");
  });

  test("is refused where the lock is of one side and the provenance file of the other", async () => {
    const repository = await conflicted();
    await repository.must("checkout", "--theirs", "uv.lock");
    await repository.must("checkout", "--ours", PINS);
    await repository.must("add", "--all");
    expect(verdict(await repository.git("commit", "--no-edit"))).toEqual(MISMATCH);
  });

  test("is refused where the resolution is neither side's lock", async () => {
    const repository = await conflicted();
    await repository.must("checkout", "--theirs", PINS);
    await repository.stage({ "uv.lock": BASE });
    expect(verdict(await repository.git("commit", "--no-edit"))).toEqual(MISMATCH);
  });

  test("is refused where the conflict markers are committed", async () => {
    const repository = await conflicted();
    await repository.must("add", "--all");
    expect(verdict(await repository.git("commit", "--no-edit"))).toEqual([
      "PINS_INVALID .provenance.txt",
    ]);
  });
});

describe.concurrent("a cherry-pick", () => {
  test("that is clean runs no hook, and the range check refuses what is wrong in it", async () => {
    const repository = await forked({ "uv.lock": BUMPED });
    const base = await repository.must("rev-parse", "HEAD");
    expect(verdict(await repository.git("cherry-pick", "other"))).toBe("unchecked");
    expect(await rangeSince(repository, base)).toEqual(MISMATCH);
  });

  test("that is clean and well passes the range check", async () => {
    const repository = await forked(await reviewed(BUMPED));
    const base = await repository.must("rev-parse", "HEAD");
    await repository.must("cherry-pick", "other");
    expect(await rangeSince(repository, base)).toEqual([]);
  });

  test("that conflicts is refused when it goes on with one side's lock alone", async () => {
    const repository = await forked(await reviewed(BUMPED), await reviewed(BUMPED_AGAIN));
    expect((await repository.git("cherry-pick", "other")).exitCode).toBe(1);
    await repository.must("checkout", "--theirs", "uv.lock");
    await repository.must("checkout", "--ours", PINS);
    await repository.must("add", "--all");
    expect(verdict(await repository.git("cherry-pick", "--continue"))).toEqual(MISMATCH);
  });

  test("that conflicts is accepted when it goes on with both files", async () => {
    const repository = await forked(await reviewed(BUMPED), await reviewed(BUMPED_AGAIN));
    await repository.git("cherry-pick", "other");
    await repository.stage(await reviewed(BUMPED));
    expect(verdict(await repository.git("cherry-pick", "--continue"))).toBe("accepted");
  });
});

describe.concurrent("a revert", () => {
  test("of a whole update runs no hook, and passes the range check", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const base = await repository.commitUnchecked(await reviewed(BUMPED));
    expect(verdict(await repository.git("revert", "--no-edit", "HEAD"))).toBe("unchecked");
    expect(await rangeSince(repository, base)).toEqual([]);
  });

  test("of the lock alone runs no hook, and the range check refuses it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const update = await repository.commitUnchecked({ "uv.lock": BUMPED });
    const base = await repository.commitUnchecked(await reviewed(BUMPED));
    expect(verdict(await repository.git("revert", "--no-edit", update))).toBe("unchecked");
    expect(await rangeSince(repository, base)).toEqual(MISMATCH);
  });

  test("of the lock alone is refused by the hook, where it is committed by hand", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const update = await repository.commitUnchecked({ "uv.lock": BUMPED });
    await repository.commitUnchecked(await reviewed(BUMPED));
    await repository.must("revert", "--no-commit", update);
    expect(verdict(await repository.git("commit", "--no-edit"))).toEqual(MISMATCH);
  });
});

describe.concurrent("a rebase", () => {
  test("runs no hook, and the range check refuses what is wrong in it", async () => {
    const repository = await forked({ "uv.lock": BUMPED });
    await repository.must("switch", "--quiet", "other");
    expect(verdict(await repository.git("rebase", "main"))).toBe("unchecked");
    expect(await rangeSince(repository, "main")).toEqual(MISMATCH);
  });

  test("that goes on after a conflict runs no hook, and the range check refuses", async () => {
    const repository = await forked(await reviewed(BUMPED), await reviewed(BUMPED_AGAIN));
    await repository.must("switch", "--quiet", "other");
    expect((await repository.git("rebase", "main")).exitCode).toBe(1);
    await repository.must("checkout", "--theirs", "uv.lock");
    await repository.must("checkout", "--ours", PINS);
    await repository.must("add", "--all");
    // Git says that it hands on to the sequencer, which asks no hook.
    const end = await repository.git("rebase", "--continue");
    expect(end.exitCode).toBe(0);
    expect(await rangeSince(repository, "main")).toEqual(MISMATCH);
  });

  test("that rewords a commit runs the hook", async () => {
    const repository = await forked({ "uv.lock": BUMPED });
    await repository.must("switch", "--quiet", "other");
    const end = await repository.run("git", ["rebase", "--interactive", "main"], {
      env: { GIT_SEQUENCE_EDITOR: "sed -i s/^pick/reword/" },
    });
    expect(end.stderr).toContain("the hook ended with");
    expect(await rangeSince(repository, "main")).toEqual(MISMATCH);
  });

  test("of good commits passes the range check", async () => {
    const repository = await forked(await reviewed(BUMPED));
    await repository.must("switch", "--quiet", "other");
    await repository.must("rebase", "main");
    expect(await rangeSince(repository, "main")).toEqual([]);
  });
});

describe.concurrent("a stash", () => {
  test("that holds the provenance file leaves the lock alone to be refused", async () => {
    const repository = await startedWith(await reviewed(BASE));
    repository.write(await reviewed(BUMPED));
    await repository.must("stash", "push", "--quiet", "--", PINS);
    expect(verdict(await repository.git("commit", "-a", "-m", "x"))).toEqual(MISMATCH);
    await repository.must("stash", "pop", "--quiet");
    expect(verdict(await repository.git("commit", "-a", "-m", "x"))).toBe("accepted");
  });

  test("that keeps the index changes nothing of what is judged", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED));
    repository.write({ "uv.lock": BUMPED_AGAIN });
    await repository.must("stash", "push", "--quiet", "--keep-index");
    expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
  });
});

describe.concurrent("lint-staged, which stashes what is not staged", () => {
  const LINT_STAGED = join(
    import.meta.dirname,
    "../../node_modules/lint-staged/bin/lint-staged.js",
  );

  /** Runs the hook through lint-staged, in the place of the hook itself. */
  async function withLintStaged(): Promise<GitRepository> {
    const repository = await startedWith(await reviewed(BASE));
    const words = JSON.stringify(command().join(" "));
    await repository.commitUnchecked({
      "lint-staged.config.mjs": `export default { "*": () => ${words} };\n`,
    });
    await repository.installHook("pre-commit", [process.execPath, LINT_STAGED]);
    return repository;
  }

  test("lets pass what is staged and well, and gives the rest back", async () => {
    const repository = await withLintStaged();
    await repository.stage(await reviewed(BUMPED));
    repository.write({ "uv.lock": BUMPED_AGAIN });
    const end = await repository.git("commit", "-m", "x");
    expect(end.exitCode).toBe(0);
    expect(await repository.must("show", "HEAD:uv.lock")).toBe(BUMPED.trimEnd());
    expect(await repository.must("diff", "--stat")).toContain("uv.lock");
  });

  test("stops what is staged and wrong, and gives the rest back", async () => {
    const repository = await withLintStaged();
    await repository.stage({ "uv.lock": BUMPED });
    repository.write(await reviewed(BUMPED));
    const end = await repository.git("commit", "-m", "x");
    expect(end.exitCode).toBe(1);
    expect(refusals(end.stderr)).toEqual(MISMATCH);
    expect(await repository.must("status", "--porcelain")).toBe(` M ${PINS}\nM  uv.lock`);
  });
});
