/** `pubpin diff`, and projects in folders of a repository. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const OLD = wheel("one", "1", OCTO);
const NEW = wheel("one", "2", OCTO, "1.1");
const PLAIN = wheel("plain", "3");
for (const file of [OLD, NEW, PLAIN]) index.addFile(file);

function git(folder: string, ...parameters: readonly string[]): void {
  const settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  execFileSync("git", [...settings, ...parameters], { cwd: folder, stdio: "ignore" });
}

function commit(folder: string): void {
  git(folder, "add", "--all");
  git(folder, "commit", "--message", "a");
}

/** A repository whose lock has moved on since its commit. */
function repository(): string {
  const folder = newFolder();
  git(folder, "init");
  lock(folder, [{ name: "one", version: "1.0", files: [locked(OLD)] }]);
  const pins = "one https://github.com/octo/old\n";
  writeFileSync(join(folder, ".provenance.txt"), pins);
  commit(folder);
  lock(folder, [
    { name: "one", version: "1.1", files: [locked(NEW)] },
    { name: "plain", version: "1.0", files: [locked(PLAIN)] },
  ]);
  writeFileSync(join(folder, ".provenance.txt"), `#unsigned:plain seen\none ${OCTO_PIN}\n`);
  return folder;
}

describe("pubpin diff", () => {
  test("tells versions, files and publishers since the last commit", async () => {
    const { exitCode, stdout } = await run(repository(), ["diff"]);
    expect(exitCode).toBe(0);
    const [first, one, plain] = stdout.split("\n");
    expect(first).toBe("uv.lock: 2 changed");
    expect(one).toMatch(
      /^ {2}one 1\.0 -> 1\.1 \(.*\+1 -1 files\): https:\/\/github\.com\/octo\/old -> https:\/\/github\.com\/octo\/example$/,
    );
    expect(plain).toMatch(/^ {2}plain 1\.0 \(.*\+1 -0 files\): unsigned$/);
  });

  test("compares with the revision that is named, and says nothing changed where nothing did", async () => {
    const folder = repository();
    commit(folder);
    expect((await run(folder, ["diff"])).stdout).toBe("uv.lock: 0 changed\n");
    expect((await run(folder, ["diff", "HEAD~1"])).stdout).toContain("uv.lock: 2 changed");
  });

  test("exits with 2 for a revision that is none, and where there is no repository", async () => {
    const unknown = await run(repository(), ["diff", "nowhere"]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("REVISION_UNREADABLE"),
    ]);
    const folder = newFolder();
    lock(folder, []);
    expect((await run(folder, ["diff"])).exitCode).toBe(2);
  });
});

describe("locks in folders of a repository", () => {
  /** Two parts with pins of their own; the command runs in `parts`. */
  function parts(): string {
    const folder = newFolder();
    git(folder, "init");
    for (const part of ["parts/a", "parts/b"]) {
      mkdirSync(join(folder, part), { recursive: true });
      lock(join(folder, part), [{ name: "one", version: "1.0", files: [locked(OLD)] }]);
      const pins = "one https://github.com/octo/old#repository-id=1&owner-id=2\n";
      writeFileSync(join(folder, part, ".provenance.txt"), pins);
    }
    return join(folder, "parts");
  }
  const LOCKS = ["a/uv.lock", "b/uv.lock"];

  test("are told apart by their paths from where the command runs", async () => {
    const { stdout } = await run(parts(), ["--format", "json", "verify", ...LOCKS]);
    const { reports } = JSON.parse(stdout) as JsonReport;
    expect(reports.map(({ subject }) => subject)).toEqual(LOCKS);
    expect(reports.map(({ decisions: [first] }) => first?.place?.path)).toEqual(LOCKS);
  });

  test("have their paths from the repository's root in SARIF and annotations", async () => {
    const folder = parts();
    const sarif = await run(folder, ["--format", "sarif", "verify", ...LOCKS]);
    expect(sarif.stdout.match(/"uri": ?"[^"]+"/g)).toEqual(
      LOCKS.map((path) => expect.stringContaining(`"parts/${path}"`) as string),
    );
    const github = await run(folder, ["--format", "github", "verify", ...LOCKS]);
    for (const path of LOCKS) expect(github.stdout).toContain(`::error file=parts/${path},line=`);
  });

  test("are recorded in their own pins", async () => {
    const folder = parts();
    for (const part of ["a", "b"]) writeFileSync(join(folder, part, ".provenance.txt"), "");
    expect((await run(folder, ["tofu", ...LOCKS])).exitCode).toBe(0);
    expect((await run(folder, ["verify", ...LOCKS])).exitCode).toBe(0);
  });
});
