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

describe.concurrent("an index with conflicts", () => {
  test("is refused by the hook where the lock is unmerged", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const blob = await repository.must("rev-parse", "HEAD:uv.lock");
    const stages = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\tuv.lock\n`);
    await repository.run("git", ["update-index", "--index-info"], {
      input: `0 ${"0".repeat(40)}\tuv.lock\n${stages.join("")}`,
    });
    expect(verdict(await repository.run(".git/hooks/pre-commit", []))).toEqual([
      "PATH_UNMERGED uv.lock",
    ]);
  });
});
