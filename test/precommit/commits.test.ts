/** Every way in which Git makes a commit and runs the hook. */
import type { GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, BUMPED_AGAIN, PINS, reviewed } from "./support/states.ts";

const { newRepository, startedWith } = hookSetting();
const MISMATCH = ["LOCK_DIGEST_MISMATCH .provenance.txt"];

/** A repository whose work tree holds more than what is committed; nothing is staged. */
async function changed(files: Readonly<Record<string, string>>): Promise<GitRepository> {
  const repository = await startedWith(await reviewed(BASE));
  repository.write(files);
  return repository;
}

describe.concurrent("the first commit of a repository", () => {
  test("is accepted with a lock and its provenance file", async () => {
    const repository = await newRepository();
    expect(verdict(await repository.commit(await reviewed(BASE)))).toBe("accepted");
  });

  test("is refused with a lock and the provenance file of another lock", async () => {
    const repository = await newRepository();
    const end = await repository.commit({ ...(await reviewed(BUMPED)), "uv.lock": BASE });
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is accepted without a provenance file, and one line says how to start", async () => {
    const repository = await newRepository();
    const end = await repository.commit({ "uv.lock": BASE });
    expect(verdict(end)).toBe("accepted");
    const said = end.stderr.split("\n").filter((line) => line.startsWith("pubpin"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("pubpin tofu uv.lock && git add .provenance.txt");
  });

  test("says nothing where no lock is in it", async () => {
    const repository = await newRepository();
    const end = await repository.commit({ "README.md": "hello\n" });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toBe("the hook ended with 0\n");
  });
});

describe.concurrent("a commit that updates a package", () => {
  test("is refused without the provenance file, and the repair is named", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": BUMPED });
    expect(verdict(end)).toEqual(MISMATCH);
    expect(end.stderr).toContain("pubpin tofu uv.lock && git add .provenance.txt");
    expect(await repository.must("show", "HEAD:uv.lock")).toBe(BASE.trimEnd());
  });

  test("is accepted with it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    expect(verdict(await repository.commit(await reviewed(BUMPED)))).toBe("accepted");
  });

  test("is not checked by Git with --no-verify", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": BUMPED }, "--no-verify");
    expect(verdict(end)).toBe("unchecked");
  });
});

describe.concurrent("commit -a", () => {
  test("is refused where only the lock changed", async () => {
    const repository = await changed({ "uv.lock": BUMPED });
    expect(verdict(await repository.git("commit", "-a", "-m", "x"))).toEqual(MISMATCH);
  });

  test("is accepted where both changed", async () => {
    const repository = await changed(await reviewed(BUMPED));
    expect(verdict(await repository.git("commit", "-a", "-m", "x"))).toBe("accepted");
  });
});

describe.concurrent("commit -p", () => {
  const PATCH = ["commit", "-p", "-m", "x"];

  test("is refused where the lock's hunk was taken and the provenance file's left", async () => {
    const repository = await changed(await reviewed(BUMPED));
    const end = await repository.run("git", PATCH, { input: "n\ny\n" });
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is refused where the provenance file's hunk was taken and the lock's left", async () => {
    const repository = await changed(await reviewed(BUMPED));
    const end = await repository.run("git", PATCH, { input: "y\nn\n" });
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is accepted where both were taken", async () => {
    const repository = await changed(await reviewed(BUMPED));
    const end = await repository.run("git", PATCH, { input: "y\ny\n" });
    expect(verdict(end)).toBe("accepted");
  });
});

describe.concurrent("commit FILE", () => {
  const only = (...files: readonly string[]): readonly string[] => ["commit", "-m", "x", ...files];

  test("is refused with the lock alone, also where the provenance file is staged", async () => {
    const repository = await changed(await reviewed(BUMPED));
    await repository.must("add", PINS);
    expect(verdict(await repository.git(...only("uv.lock")))).toEqual(MISMATCH);
  });

  test("is accepted with both", async () => {
    const repository = await changed(await reviewed(BUMPED));
    expect(verdict(await repository.git(...only("uv.lock", PINS)))).toBe("accepted");
  });

  test("of another file is accepted, whatever is staged", async () => {
    const repository = await changed({ "uv.lock": BUMPED, "README.md": "hello\n" });
    await repository.must("add", "--all");
    expect(verdict(await repository.git(...only("README.md")))).toBe("accepted");
  });
});

describe.concurrent("commit --amend", () => {
  /** The last commit updated the package, properly. */
  async function updated(): Promise<GitRepository> {
    const repository = await startedWith(await reviewed(BASE));
    await repository.commitUnchecked(await reviewed(BUMPED));
    return repository;
  }

  test("of the message alone is accepted, with the lock in the amended commit", async () => {
    const repository = await updated();
    expect(verdict(await repository.git("commit", "--amend", "-m", "y"))).toBe("accepted");
  });

  test("of the message alone is accepted, without the lock in the amended commit", async () => {
    const repository = await updated();
    await repository.commitUnchecked({ "README.md": "hello\n" });
    expect(verdict(await repository.git("commit", "--amend", "-m", "y"))).toBe("accepted");
  });

  test("is refused where the lock changes again, with the lock in the amended commit", async () => {
    const repository = await updated();
    const end = await repository.commit({ "uv.lock": BUMPED_AGAIN }, "--amend");
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is refused where the lock changes, without the lock in the amended commit", async () => {
    const repository = await updated();
    await repository.commitUnchecked({ "README.md": "hello\n" });
    const end = await repository.commit({ "uv.lock": BUMPED_AGAIN }, "--amend");
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is accepted where lock and provenance file change again", async () => {
    const repository = await updated();
    const end = await repository.commit(await reviewed(BUMPED_AGAIN), "--amend");
    expect(verdict(end)).toBe("accepted");
  });

  test("is accepted where it adds the provenance file that was missing", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.commitUnchecked({ "uv.lock": BUMPED });
    const end = await repository.commit(await reviewed(BUMPED), "--amend");
    expect(verdict(end)).toBe("accepted");
  });

  test("is refused where it takes the provenance file back", async () => {
    const repository = await updated();
    const { [PINS]: before = "" } = await reviewed(BASE);
    expect(verdict(await repository.commit({ [PINS]: before }, "--amend"))).toEqual(MISMATCH);
  });

  test("of the message alone is refused where the amended commit left the lock unreviewed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.commitUnchecked({ "uv.lock": BUMPED });
    expect(verdict(await repository.git("commit", "--amend", "-m", "y"))).toEqual(MISMATCH);
  });
});
