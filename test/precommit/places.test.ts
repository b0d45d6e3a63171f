/** Where a repository, its index and its files may be. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GitRepository, mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, PINS, reviewed } from "./support/states.ts";

const { startedWith, newRepository, newFolder, installIn, hook } = hookSetting();
const MISMATCH = ["LOCK_DIGEST_MISMATCH .provenance.txt"];
const COMMIT = ["commit", "-m", "x"] as const;

/** A commit of the lock alone is refused, one with the provenance file is accepted. */
async function expectChecked(repository: GitRepository): Promise<void> {
  expect(verdict(await repository.commit({ "uv.lock": BUMPED }))).toEqual(MISMATCH);
  expect(verdict(await repository.commit(await reviewed(BUMPED)))).toBe("accepted");
}

describe.concurrent("the hook works", () => {
  test("in a linked work tree, where .git is a file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const linked = newFolder();
    await repository.must("worktree", "add", "--quiet", "-b", "linked", linked.folder);
    await expectChecked(linked);
  });

  test("when Git is called in a sub-folder", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "a/b.txt": "hello\n" });
    repository.write({ "uv.lock": BUMPED });
    const refused = await repository.run("git", ["commit", "-am", "x"], { cwd: "a" });
    expect(verdict(refused)).toEqual(MISMATCH);
    repository.write(await reviewed(BUMPED));
    const accepted = await repository.run("git", ["commit", "-am", "x"], { cwd: "a" });
    expect(verdict(accepted)).toBe("accepted");
  });

  test("when it is itself called in a sub-folder", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "a/uv.lock": BASE });
    await repository.stage({ "uv.lock": BUMPED });
    const { exitCode, stdout } = await hook(repository, [], { cwd: "a" });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("LOCK_DIGEST_MISMATCH");
  });

  test("in a submodule", async () => {
    const library = await startedWith(await reviewed(BASE));
    const repository = await newRepository();
    const settings = ["-c", "protocol.file.allow=always"];
    await repository.must(...settings, "submodule", "--quiet", "add", library.folder, "lib");
    const submodule = repository.at(join(repository.folder, "lib"));
    await submodule.must("switch", "--quiet", "--create", "change");
    await installIn(submodule);
    await expectChecked(submodule);
  });

  test("with a submodule beside the lock, whose own lock is not the repository's", async () => {
    const library = await startedWith({ "uv.lock": BASE });
    const repository = await startedWith(await reviewed(BASE));
    const settings = ["-c", "protocol.file.allow=always"];
    await repository.must(...settings, "submodule", "--quiet", "add", library.folder, "lib");
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
    await expectChecked(repository);
  });

  test.each([["--cone"], ["--cone", "--sparse-index"]])(
    "in a sparse checkout (%s %s) that lacks the lock",
    async (...modes) => {
      const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
      const files = { "app/uv.lock": lock, [`app/${PINS}`]: pins, "docs/a.md": "a\n" };
      const repository = await startedWith(files);
      await repository.must("sparse-checkout", "set", ...modes, "docs");
      repository.write({ "docs/a.md": "b\n" });
      expect(verdict(await repository.git("commit", "-am", "x"))).toBe("accepted");
      const blob = await blobOf(repository, BUMPED);
      await repository.must("update-index", "--cacheinfo", `100644,${blob},app/uv.lock`);
      expect(verdict(await repository.git(...COMMIT))).toEqual([
        `LOCK_DIGEST_MISMATCH app/${PINS}`,
      ]);
      const { [PINS]: after = "" } = await reviewed(BUMPED);
      const pinsBlob = await blobOf(repository, after);
      await repository.must("update-index", "--cacheinfo", `100644,${pinsBlob},app/${PINS}`);
      expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
    },
  );

  test("with GIT_DIR and GIT_WORK_TREE, where the repository is bare", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const bare = newFolder();
    await repository.must("clone", "--quiet", "--bare", repository.folder, bare.folder);
    await installIn(bare);
    const tree = newFolder();
    tree.write({ ...(await reviewed(BASE)), "uv.lock": BUMPED });
    const env = { GIT_DIR: bare.folder, GIT_WORK_TREE: tree.folder };
    await tree.run("git", ["add", "--all"], { env });
    expect(verdict(await tree.run("git", COMMIT, { env }))).toEqual(MISMATCH);
    tree.write(await reviewed(BUMPED));
    await tree.run("git", ["add", "--all"], { env });
    expect(verdict(await tree.run("git", COMMIT, { env }))).toBe("accepted");
  });

  test("with an index of its own (GIT_INDEX_FILE)", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED));
    const env = { GIT_INDEX_FILE: join(repository.folder, "other-index") };
    await repository.run("git", ["read-tree", "HEAD"], { env });
    await repository.run("git", ["add", "uv.lock"], { env });
    expect(verdict(await repository.run("git", COMMIT, { env }))).toEqual(MISMATCH);
    await repository.run("git", ["add", PINS], { env });
    expect(verdict(await repository.run("git", COMMIT, { env }))).toBe("accepted");
  });

  test("on a detached HEAD", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("switch", "--quiet", "--detach");
    await expectChecked(repository);
  });

  test("in a repository of SHA-256 objects", async () => {
    const repository = newFolder();
    await repository.must("init", "--quiet", "--object-format=sha256", "--template=");
    await installIn(repository);
    await repository.commitUnchecked(await reviewed(BASE));
    await expectChecked(repository);
  });

  test("where a replacement of Git's hides the commit's content", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    const staged = await repository.must("rev-parse", ":uv.lock");
    await repository.must("replace", staged, await repository.must("rev-parse", "HEAD:uv.lock"));
    expect(verdict(await repository.git(...COMMIT))).toEqual(MISMATCH);
  });

  test("with settings that change how Git shows differences", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      ".gitattributes": "*.lock -diff\n* diff=nothing\n",
    });
    const settings = {
      "diff.renames": "copies",
      "diff.noprefix": "true",
      "diff.ignoreSubmodules": "all",
      "diff.nothing.textconv": "true",
      "diff.external": "true",
      "core.quotePath": "true",
      "color.ui": "always",
      "status.relativePaths": "true",
    };
    for (const [key, value] of Object.entries(settings)) {
      await repository.must("config", key, value);
    }
    await expectChecked(repository);
  });

  test("for a file whose index entry says assume-unchanged or skip-worktree", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    await repository.must("update-index", "--assume-unchanged", "uv.lock");
    await repository.must("update-index", "--skip-worktree", "uv.lock");
    expect(verdict(await repository.git(...COMMIT))).toEqual(MISMATCH);
  });
});

async function blobOf(repository: GitRepository, text: string): Promise<string> {
  const parameters = ["hash-object", "-w", "--stdin"];
  const { stdout } = await repository.run("git", parameters, { input: text });
  return stdout.trim();
}

/** Folders of locks, and how a line of the root's file names the lock in it. */
const FOLDERS: readonly (readonly [string, string])[] = [
  ["my app", "my%20app/uv.lock"],
  ["größe", "gr%C3%B6%C3%9Fe/uv.lock"],
  ["日本語", "%E6%97%A5%E6%9C%AC%E8%AA%9E/uv.lock"],
  ['quote"s', 'quote"s/uv.lock'],
  ["#hash%20", "%23hash%2520/uv.lock"],
  ["-dash", "-dash/uv.lock"],
  [":(top)", ":(top)/uv.lock"],
  ["st*r", "st*r/uv.lock"],
];

describe.concurrent.each(FOLDERS)("a lock in the folder %j", (folder, written) => {
  const path = `${folder}/uv.lock`;

  test("is refused without the provenance file", async () => {
    const repository = await startedWith({
      [path]: BASE,
      [PINS]: await mintPins({ [path]: BASE }),
    });
    const end = await repository.commit({ [path]: BUMPED });
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is accepted with it", async () => {
    const pins = await mintPins({ [path]: BUMPED });
    expect(pins).toContain(`#lock:${written} `);
    const repository = await startedWith({ "README.md": "hello\n" });
    const end = await repository.commit({ [path]: BUMPED, [PINS]: pins });
    expect(verdict(end)).toBe("accepted");
  });

  test("is accepted with a provenance file beside it", async () => {
    const files = Object.entries(await reviewed(BASE));
    const repository = await startedWith({ "README.md": "hello\n" });
    const end = await repository.commit(
      Object.fromEntries(files.map(([name, text]) => [`${folder}/${name}`, text])),
    );
    expect(verdict(end)).toBe("accepted");
  });
});

describe.concurrent("a folder whose name no line can hold", () => {
  test("may have a lock with a provenance file beside it", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const files = Object.entries(await reviewed(BASE));
    const moved = files.map(([name, text]) => [`a\nb/${name}`, text]);
    const end = await repository.commit(Object.fromEntries(moved) as Record<string, string>);
    expect(verdict(end)).toBe("accepted");
    expect(verdict(await repository.commit({ "a\nb/uv.lock": BUMPED }))).not.toBe("accepted");
  });

  test("may have no lock that a file above governs", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "a\nb/uv.lock": BASE });
    expect(verdict(end)).not.toBe("accepted");
  });

  test("and which is not UTF-8 may have no lock either", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage();
    writeBytesPath(repository.folder, [0xff, ...Buffer.from("/uv.lock")], BASE);
    await repository.must("add", "--all");
    expect(verdict(await repository.git(...COMMIT))).not.toBe("accepted");
  });

  test("matters to nobody where no lock is in it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    writeBytesPath(repository.folder, [0xff, 0x0a, ...Buffer.from("/x.txt")], "hello\n");
    repository.write({ 'new\nline \t"quote".txt': "hello\n", "-x": "hello\n" });
    await repository.must("add", "--all");
    expect(verdict(await repository.git(...COMMIT))).toBe("accepted");
    expect(verdict(await repository.commit({ "uv.lock": BUMPED }))).toEqual(MISMATCH);
  });
});

function writeBytesPath(folder: string, path: readonly number[], text: string): void {
  const whole = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path)]);
  mkdirSync(whole.subarray(0, whole.lastIndexOf(0x2f)), { recursive: true });
  writeFileSync(whole, text);
}
