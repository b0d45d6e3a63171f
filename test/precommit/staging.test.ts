/** What is staged decides, not what the work tree holds. */
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, PINS, REFORMATTED, reviewed } from "./support/states.ts";

const { startedWith } = hookSetting();
const MISMATCH = ["LOCK_DIGEST_MISMATCH .provenance.txt"];
const COMMIT = ["commit", "-m", "x"] as const;

describe.concurrent("a lock that is staged in part", () => {
  test("is accepted where what is staged was reviewed, and the work tree has more", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED));
    repository.write({ "uv.lock": BUMPED_AGAIN });
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
  });

  test("is refused where only the work tree holds what was reviewed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED_AGAIN));
    await repository.stage({ "uv.lock": BUMPED });
    repository.write({ "uv.lock": BUMPED_AGAIN });
    expect(verdict(await repository.git(...COMMIT))).toEqual(MISMATCH);
  });

  test("is refused where the work tree lacks the file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    repository.write({ "uv.lock": null });
    expect(verdict(await repository.git(...COMMIT))).toEqual(MISMATCH);
  });

  test("is accepted where one of its hunks changes nothing that is installed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": REFORMATTED });
    repository.write({ "uv.lock": BUMPED });
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
  });

  test("does not count while it is not staged", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "README.md": "hello\n" });
    repository.write({ "uv.lock": BUMPED, [PINS]: null });
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
  });
});

describe.concurrent("a provenance file that is staged in part", () => {
  test("is refused where only the work tree holds the digest", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    repository.write(await reviewed(BUMPED));
    expect(verdict(await repository.git(...COMMIT))).toEqual(MISMATCH);
  });

  test("is accepted where the digest is staged, and the work tree has more", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED));
    repository.write({ [PINS]: "no pins\n" });
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
  });

  test("is refused where the line of the new package is not staged", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const after = await reviewed(BUMPED);
    const part = (after[PINS] ?? "").replace(/^alpha .*\n/m, "");
    await repository.stage({ ...after, [PINS]: part });
    repository.write(after);
    expect(verdict(await repository.git(...COMMIT))).toEqual([
      "PACKAGE_NOT_RECORDED uv.lock",
      "PINS_STILL_NEEDED .provenance.txt",
    ]);
  });
});

describe.concurrent("a lock that Git is only told to expect", () => {
  test("is not judged yet", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "README.md": "hello\n" });
    repository.write({ "app/uv.lock": BASE });
    await repository.must("add", "--intent-to-add", "app/uv.lock");
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
  });
});

describe.concurrent("an index that calls something else a file", () => {
  test.each([
    ["uv.lock", "HEAD"],
    [PINS, "HEAD^{tree}"],
  ])("is no pass: %s is %s (exit code 3)", async (path, other) => {
    const repository = await startedWith(await reviewed(BASE));
    const object = await repository.must("rev-parse", other);
    await repository.must("update-index", "--cacheinfo", `100644,${object},${path}`);
    const end = await repository.run(".git/hooks/pre-commit", []);
    expect(end.exitCode).toBe(3);
    expect(end.stderr).toContain("HISTORY_INCOMPLETE");
  });
});

describe.concurrent("an index with conflicts", () => {
  /** What the hook says where one path has the versions of a conflict. */
  async function unmerged(path: string): Promise<ReturnType<typeof verdict>> {
    const repository = await startedWith({ ...(await reviewed(BASE)), "notes.txt": "hello\n" });
    const blob = await repository.must("rev-parse", `HEAD:${path}`);
    const stages = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\t${path}\n`);
    await repository.run("git", ["update-index", "--index-info"], {
      input: `0 ${"0".repeat(40)}\t${path}\n${stages.join("")}`,
    });
    return verdict(await repository.run(".git/hooks/pre-commit", []));
  }

  test.each(["uv.lock", PINS])("is refused by the hook where %s is unmerged", async (path) => {
    expect(await unmerged(path)).toEqual([`PATH_UNMERGED ${path}`]);
  });

  test("is not the hook's where what is unmerged is neither", async () => {
    expect(await unmerged("notes.txt")).toBe("accepted");
  });
});
