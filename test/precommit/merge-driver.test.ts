/** Two branches that both changed the lock, merged with and without the driver. */
import { type GitRepository, mintPins, mintUvLock } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, refusals, verdict } from "./support/setting.ts";
import { PINS, reviewed } from "./support/states.ts";

const { startedWith, hook, command } = hookSetting();

const NAMES = ["alpha", "beta", "delta", "eta", "gamma", "kappa", "lambda", "zeta"];

/** A lock of eight packages, so that changes far apart merge by themselves. */
function lockWith(versions: Readonly<Record<string, string>>): string {
  return mintUvLock(
    [...new Set([...NAMES, ...Object.keys(versions)])]
      .toSorted()
      .map((name) => ({ name, version: versions[name] ?? "1.0" })),
  );
}

const OURS = lockWith({ alpha: "2.0" });
const THEIRS = lockWith({ zeta: "2.0" });
const BOTH = lockWith({ alpha: "2.0", zeta: "2.0" });

/** Branches that changed lock and provenance file, each in its own way; `main` is checked out. */
async function forked(
  ours: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>>,
  before?: Readonly<Record<string, string>>,
): Promise<GitRepository> {
  const repository = await startedWith(before ?? (await reviewed(lockWith({}))));
  await repository.must("switch", "--quiet", "--create", "other");
  await repository.commitUnchecked(theirs);
  await repository.must("switch", "--quiet", "main");
  await repository.commitUnchecked(ours);
  return repository;
}

/** Makes the hook's merge driver the one of every provenance file. */
async function withDriver(repository: GitRepository): Promise<GitRepository> {
  const words = command().map((word) => `'${word}'`);
  const driver = [...words, "merge-driver", "%O", "%A", "%B", "%P"].join(" ");
  await repository.must("config", "merge.pubpin.driver", driver);
  await repository.must("config", "merge.pubpin.name", "pubpin");
  repository.write({ ".git/info/attributes": `${PINS} merge=pubpin\n` });
  return repository;
}

async function merge(repository: GitRepository): ReturnType<GitRepository["git"]> {
  return repository.git("merge", "--no-edit", "other");
}

async function textAt(repository: GitRepository, path: string): Promise<string> {
  return (await repository.git("show", `HEAD:${path}`)).stdout;
}

describe.concurrent("two branches that both updated the lock, without the driver", () => {
  test("conflict in the digest, and both ends of the conflict are refused", async () => {
    const repository = await forked(await reviewed(OURS), await reviewed(THEIRS));
    expect((await merge(repository)).exitCode).toBe(1);
    expect(await repository.must("diff", "--name-only", "--diff-filter=U")).toBe(PINS);
    for (const side of ["--ours", "--theirs"]) {
      await repository.must("checkout", side, PINS);
      await repository.must("add", "--all");
      const end = await repository.git("commit", "--no-edit");
      expect(verdict(end)).toEqual([`LOCK_DIGEST_MISMATCH ${PINS}`]);
      await repository.must("checkout", "--merge", PINS);
    }
  });

  test("are accepted with the digest of the merged lock", async () => {
    const repository = await forked(await reviewed(OURS), await reviewed(THEIRS));
    await merge(repository);
    expect(await repository.must("show", ":uv.lock")).toBe(BOTH.trimEnd());
    await repository.stage(await reviewed(BOTH));
    expect(verdict(await repository.git("commit", "--no-edit"))).toBe("accepted");
  });
});

describe.concurrent("two branches that both updated the lock, with the driver", () => {
  test("merge by themselves, with the digest of the merged lock", async () => {
    const repository = await withDriver(await forked(await reviewed(OURS), await reviewed(THEIRS)));
    const end = await merge(repository);
    expect(verdict(end)).toBe("accepted");
    expect(await textAt(repository, "uv.lock")).toBe(BOTH);
    expect(await textAt(repository, PINS)).toBe((await reviewed(BOTH))[PINS]);
    const range = await hook(repository, ["--from-ref", "HEAD^1"]);
    expect([range.exitCode, ...refusals(range.stdout)]).toEqual([0]);
  });

  test("keep the pins that each of them added", async () => {
    const ours = lockWith({ aleph: "1.0" });
    const theirs = lockWith({ omega: "1.0" });
    const both = lockWith({ aleph: "1.0", omega: "1.0" });
    const repository = await withDriver(await forked(await reviewed(ours), await reviewed(theirs)));
    expect(verdict(await merge(repository))).toBe("accepted");
    expect(await textAt(repository, PINS)).toBe((await reviewed(both))[PINS]);
  });

  test("keep lines that one of them removed, removed, and free comments of both", async () => {
    const before = await reviewed(lockWith({ old: "1.0" }));
    const ours = await reviewed(lockWith({}));
    const theirs = await reviewed(lockWith({ old: "1.0", zeta: "2.0" }));
    const repository = await withDriver(
      await forked(
        { ...ours, [PINS]: `# Ours.\n${ours[PINS] ?? ""}` },
        { ...theirs, [PINS]: `${theirs[PINS] ?? ""}# Theirs.\n` },
        before,
      ),
    );
    expect(verdict(await merge(repository))).toBe("accepted");
    const pins = await textAt(repository, PINS);
    expect(pins).not.toMatch(/^old /m);
    expect(pins).toContain("# Ours.\n");
    expect(pins).toContain("# Theirs.\n");
  });

  test("conflict where each pins another publisher", async () => {
    const pinnedBy = async (lock: string, owner: string): Promise<Record<string, string>> => {
      const files = await reviewed(lock);
      return { ...files, [PINS]: (files[PINS] ?? "").replace("octo/gamma", `${owner}/gamma`) };
    };
    const repository = await withDriver(
      await forked(await pinnedBy(OURS, "one"), await pinnedBy(THEIRS, "two")),
    );
    const end = await merge(repository);
    expect(end.exitCode).toBe(1);
    expect(await repository.must("diff", "--name-only", "--diff-filter=U")).toBe(PINS);
    await repository.must("add", "--all");
    expect((await repository.git("commit", "--no-edit")).exitCode).toBe(1);
  });

  test("conflict where one removes a pin and the other replaces it", async () => {
    const before = await reviewed(lockWith({ old: "1.0" }));
    const ours = await reviewed(lockWith({}));
    const theirs = { ...before, [PINS]: (before[PINS] ?? "").replace("octo/old", "mallory/old") };
    const repository = await withDriver(await forked(ours, theirs, before));
    expect((await merge(repository)).exitCode).toBe(1);
    expect(await repository.must("diff", "--name-only", "--diff-filter=U")).toContain(PINS);
  });

  test("stay in conflict where the locks do", async () => {
    const repository = await withDriver(
      await forked(await reviewed(OURS), await reviewed(lockWith({ alpha: "3.0" }))),
    );
    const end = await merge(repository);
    expect(end.exitCode).toBe(1);
    expect(await repository.must("diff", "--name-only", "--diff-filter=U")).toContain("uv.lock");
    await repository.must("checkout", "--theirs", "uv.lock");
    await repository.must("add", "--all");
    expect((await repository.git("commit", "--no-edit")).exitCode).toBe(1);
  });

  test("are not given a digest that neither side's lock had, where one side's was not right", async () => {
    const theirs = { ...(await reviewed(THEIRS)), "uv.lock": lockWith({ zeta: "6.6" }) };
    const repository = await withDriver(await forked(await reviewed(OURS), theirs));
    await merge(repository);
    const pins = repository.git("show", "HEAD:.provenance.txt");
    const evil = (await reviewed(lockWith({ alpha: "2.0", zeta: "6.6" })))[PINS] ?? "";
    expect((await pins).stdout).not.toBe(evil);
    expect(await repository.must("log", "--merges", "--oneline")).toBe("");
  });

  test("merge in a sub-folder, and for each of two locks", async () => {
    const locks = async (a: string, b: string): Promise<Record<string, string>> => ({
      "sub/a/uv.lock": a,
      "sub/b/uv.lock": b,
      [`sub/${PINS}`]: await mintPins({ "a/uv.lock": a, "b/uv.lock": b }),
    });
    const base = lockWith({});
    const repository = await withDriver(
      await forked(await locks(OURS, base), await locks(base, THEIRS), await locks(base, base)),
    );
    expect(verdict(await merge(repository))).toBe("accepted");
    expect(await textAt(repository, `sub/${PINS}`)).toBe(
      (await locks(OURS, THEIRS))[`sub/${PINS}`],
    );
  });

  test("rebase by themselves too", async () => {
    const repository = await withDriver(await forked(await reviewed(OURS), await reviewed(THEIRS)));
    await repository.must("switch", "--quiet", "other");
    expect((await repository.git("rebase", "main")).exitCode).toBe(0);
    expect(await textAt(repository, PINS)).toBe((await reviewed(BOTH))[PINS]);
    expect((await hook(repository, ["--from-ref", "main"])).exitCode).toBe(0);
  });
});
