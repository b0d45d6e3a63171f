import { describe, expect, it } from "vitest";
import { diffLocks } from "../../../packages/shared/src/lock/diff.ts";
import type { Lock, LockDiff } from "../../../packages/shared/src/model.ts";
import { A, B, C, COMMIT, read } from "./reading.ts";

/** A requirements file with these lines; `#` and a letter stand for a hash. */
function lock(...lines: readonly string[]): Lock {
  const hashes: Readonly<Record<string, string>> = { a: A, b: B, c: C };
  const text = lines
    .join("\n")
    .replace(/#([abc])/g, (_match, letter: string) => `--hash=sha256:${hashes[letter]}`);
  return read("requirements.txt", text);
}

/** What changed, in short: names, kinds, and files added and removed. */
function summary({ changes }: LockDiff): readonly string[] {
  return changes.map(
    ({ name, kinds, filesAdded, filesRemoved }) =>
      `${name}: ${kinds.join(" ")} +${filesAdded.length} -${filesRemoved.length}`,
  );
}

describe("the difference of two locks", () => {
  const before = lock("x==1 #a #b");

  it.each([
    ["nothing", lock("x==1.0 #b #a"), []],
    ["another version", lock("x==2 #c"), ["x: updated +1 -2"]],
    ["a version more", lock("x==1 #a #b", "x==2 #c"), ["x: updated +1 -0"]],
    ["another version with the same files", lock("x==2 #a #b"), ["x: updated +0 -0"]],
    ["a file more at the same version", lock("x==1 #a #b #c"), ["x: files +1 -0"]],
    ["another file at the same version", lock("x==1 #a #c"), ["x: files +1 -1"]],
    ["a project more", lock("x==1 #a #b", "y==1 #a"), ["y: added +1 -0"]],
    ["another project", lock("y==1 #a"), ["x: removed +0 -2", "y: added +1 -0"]],
    ["another index", lock("-i https://i.example", "x==1 #a #b"), ["x: source +0 -0"]],
    ["a repository", lock(`x @ git+https://h.example/r@${COMMIT}`), ["x: updated source +0 -2"]],
    ["another index and file", lock("-i https://i.example", "x==1 #c"), ["x: source files +1 -2"]],
  ])("knows %s", (_what, after, changes) => {
    expect(summary(diffLocks(before, after))).toEqual(changes);
  });

  it("knows another commit of a repository, and another folder of it", () => {
    const at = (commit: string, part = ""): Lock =>
      lock(`x @ git+https://h.example/r@${commit}${part}`);
    expect(summary(diffLocks(at(COMMIT), at(COMMIT.replace("0", "f"))))).toEqual([
      "x: source +0 -0",
    ]);
    expect(summary(diffLocks(at(COMMIT), at(COMMIT, "#subdirectory=s")))).toEqual([
      "x: source +0 -0",
    ]);
  });

  it("knows files that change places between the versions of a name", () => {
    const one = lock("x==1 #a", "x==2 #b");
    const other = lock("x==1 #b", "x==2 #a");
    expect(summary(diffLocks(one, other))).toEqual(["x: files +0 -0"]);
  });

  it("gives the entries of both sides, and the directives where they differ", () => {
    const after = lock("--no-binary x", "x==2 #a");
    const diff = diffLocks(before, after);
    expect(diff.changes[0]?.before).toEqual(before.distributions);
    expect(diff.changes[0]?.after).toEqual(after.distributions);
    expect(diff.directives).toEqual({ before: [], after: after.directives });
    expect(diffLocks(after, after).directives).toBeNull();
  });
});
