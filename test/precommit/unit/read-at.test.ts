import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readAt } from "../../../packages/precommit/src/read-at.ts";
import { temporaryFolder } from "../../cli/node/support/folder.ts";
import { refusalOf } from "../../cli/node/support/refusal.ts";
import { startRepository } from "../../cli/node/support/repository.ts";

const isPosix = process.platform !== "win32";

/** The text of a file in a revision, or null. */
async function read(folder: string, revision: string, path: string): Promise<string | null> {
  const bytes = await readAt({ folder, revision, path });
  return bytes === null ? null : Buffer.from(bytes).toString();
}

describe("a file in a revision", () => {
  test("has the bytes that were committed, whatever became of them since", async () => {
    const { folder, git, commit } = startRepository();
    git("config", "core.autocrlf", "true");
    const first = commit({ "uv.lock": "one\n" });
    git("tag", "v1");
    commit({ "uv.lock": "two\n" });
    writeFileSync(join(folder, "uv.lock"), "three\n");
    expect(await read(folder, first, "uv.lock")).toBe("one\n");
    expect(await read(folder, "v1", join(folder, "uv.lock"))).toBe("one\n");
    expect(await read(folder, "HEAD", "uv.lock")).toBe("two\n");
    rmSync(join(folder, "uv.lock"));
    expect(await read(folder, "main~1", "uv.lock")).toBe("one\n");
  });

  test("is found from any folder of the repository, by any way to it", async () => {
    const { folder, commit } = startRepository();
    commit({ "a/b/uv.lock": "lock\n", "a/x.txt": "x\n" });
    expect(await read(join(folder, "a"), "HEAD", "b/uv.lock")).toBe("lock\n");
    expect(await read(join(folder, "a/b"), "HEAD", "../x.txt")).toBe("x\n");
    expect(await read(join(folder, "a/b"), "HEAD", "./uv.lock")).toBe("lock\n");
  });

  test.runIf(isPosix)("is found through a symbolic link to the repository", async () => {
    const { folder, commit } = startRepository();
    commit({ "a/uv.lock": "lock\n" });
    const link = join(temporaryFolder(), "link");
    symlinkSync(folder, link);
    expect(await read(join(link, "a"), "HEAD", join(link, "a/uv.lock"))).toBe("lock\n");
  });

  test.runIf(isPosix)("may have any name", async () => {
    const { folder, commit } = startRepository();
    for (const name of ["-n", "*.lock", ":(top)x", 'q"\\\t\n.txt', "é ü.txt"]) {
      commit({ [`sub/${name}`]: name });
      expect(await read(join(folder, "sub"), "HEAD", name)).toBe(name);
    }
    expect(await read(folder, "HEAD", "*")).toBeNull();
  });

  test("is null where the revision does not have it", async () => {
    const { folder, commit } = startRepository();
    const first = commit({ "a.txt": "a" });
    commit({ "uv.lock": "lock" });
    expect(await read(folder, first, "uv.lock")).toBeNull();
    expect(await read(folder, first, "b/uv.lock")).toBeNull();
  });
});

describe("REVISION_UNREADABLE is said", () => {
  test.each(["nonsense", "HEAD~5", "0".repeat(40), "HEAD..main", "HEAD:a.txt", "--all", "-h"])(
    "of the revision %s",
    async (revision) => {
      const { folder, commit } = startRepository();
      commit({ "a.txt": "a" });
      const refusal = await refusalOf(readAt({ folder, revision, path: "a.txt" }));
      expect(refusal.code).toBe("REVISION_UNREADABLE");
      expect(refusal.message).toContain(revision);
    },
  );

  test("of a folder that is in no repository, or is not there", async () => {
    const folder = temporaryFolder();
    const ask = { folder, revision: "HEAD", path: "uv.lock" };
    expect(await refusalOf(readAt(ask))).toMatchObject({
      code: "REVISION_UNREADABLE",
      message: expect.stringContaining("not a git repository"),
    });
    const absent = { ...ask, folder: join(folder, "absent") };
    expect((await refusalOf(readAt(absent))).code).toBe("REVISION_UNREADABLE");
  });

  test("of a repository without commits", async () => {
    const { folder } = startRepository();
    const refusal = await refusalOf(readAt({ folder, revision: "HEAD", path: "uv.lock" }));
    expect(refusal.code).toBe("REVISION_UNREADABLE");
  });

  test("of what is no file of the repository", async () => {
    const { folder, commit } = startRepository();
    commit({ "a/b.txt": "b" });
    for (const path of ["a", "..", "../x.txt", temporaryFolder()]) {
      expect((await refusalOf(readAt({ folder, revision: "HEAD", path }))).code).toBe(
        "REVISION_UNREADABLE",
      );
    }
  });

  test.runIf(isPosix)("of a symbolic link, which holds no lock", async () => {
    const { folder, commit } = startRepository();
    symlinkSync("/etc/passwd", join(folder, "uv.lock"));
    commit({});
    const refusal = await refusalOf(readAt({ folder, revision: "HEAD", path: "uv.lock" }));
    expect(refusal.message).toContain("another kind of entry");
  });

  test.runIf(isPosix)("where Git is not installed", async () => {
    const folder = temporaryFolder();
    vi.stubEnv("PATH", folder);
    try {
      expect(await refusalOf(readAt({ folder, revision: "HEAD", path: "a" }))).toMatchObject({
        code: "REVISION_UNREADABLE",
        message: expect.stringContaining("Git is not installed"),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test.each([
  ["", "uv.lock"],
  ["HEAD\n", "uv.lock"],
  ["a\0b", "uv.lock"],
  ["HEAD", ""],
  ["HEAD", "a\0b"],
])("the revision %j of %j is refused before Git is asked", async (revision, path) => {
  const folder = temporaryFolder();
  expect((await refusalOf(readAt({ folder, revision, path }))).code).toBe("USAGE_INVALID");
});

test("a file beyond the bound is refused", async () => {
  const { folder, commit } = startRepository();
  commit({ "uv.lock": "x".repeat(101) });
  const ask = { folder, revision: "HEAD", path: "uv.lock", maxBytes: 100 };
  expect((await refusalOf(readAt(ask))).code).toBe("LIMIT_EXCEEDED");
});

test("a cancelled question ends with the signal's reason", async () => {
  const { folder, commit } = startRepository();
  commit({ "uv.lock": "x" });
  const reason = new Error("enough");
  const ask = { folder, revision: "HEAD", path: "uv.lock", signal: AbortSignal.abort(reason) };
  await expect(readAt(ask)).rejects.toBe(reason);
});
