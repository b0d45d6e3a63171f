/** The hook as a script that Git runs by itself. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GitRepository, ProgramEnd } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { setUpSetting, snapshot } from "./support/setup.ts";

const { repositoryWith, install, uninstall } = setUpSetting();
const HOOK = ".git/hooks/pre-commit";
const LOCAL = "node_modules/.bin/pubpin-precommit";

/** A program that says what it was called with and given, and ends with a code. */
function programAt(repository: GitRepository, name: string, code = 0): void {
  repository.write({ [name]: `#!/bin/sh\necho "called $*"\ncat\nexit ${code}\n` });
  chmodSync(join(repository.folder, name), 0o755);
}

function hookOf(repository: GitRepository, script: string, name = HOOK): void {
  repository.write({ [name]: script });
  chmodSync(join(repository.folder, name), 0o755);
}

function read(repository: GitRepository, name = HOOK): string {
  return readFileSync(join(repository.folder, name), "utf8");
}

/** A repository whose own program refuses or accepts. */
async function withProgram(code: number): Promise<GitRepository> {
  const repository = await repositoryWith({ "package.json": "{}", ".gitignore": "node_modules\n" });
  programAt(repository, LOCAL, code);
  return repository;
}

function commit(repository: GitRepository): Promise<ProgramEnd> {
  return repository.commit({}, "--allow-empty");
}

describe("a repository without hooks", () => {
  test("gets those for commits and merges, and they are executable", async () => {
    const repository = await withProgram(0);
    const { exitCode, notes } = await install(repository);
    expect(exitCode).toBe(0);
    expect(notes).toEqual([
      "hooks of this repository are run by git",
      "written",
      "then: there is no .provenance.txt yet: `pubpin tofu` begins one",
    ]);
    for (const name of ["pre-commit", "pre-merge-commit"]) {
      expect(statSync(join(repository.folder, ".git/hooks", name)).mode & 0o111).toBe(0o111);
      expect(read(repository, `.git/hooks/${name}`)).toContain(LOCAL);
    }
    expect(existsSync(join(repository.folder, ".git/hooks/pre-push"))).toBe(false);
    expect(await commit(repository)).toMatchObject({ exitCode: 0 });
  });

  test("has its commits refused where the program refuses, with its exit code", async () => {
    const repository = await withProgram(1);
    await install(repository);
    expect(await commit(repository)).toMatchObject({ exitCode: 1 });
    expect((await repository.git("rev-parse", "--verify", "HEAD")).exitCode).not.toBe(0);
  });

  test("has its merges refused where the program refuses", async () => {
    const repository = await withProgram(1);
    await repository.commitUnchecked({ a: "a" });
    await repository.must("branch", "other");
    await repository.commitUnchecked({ b: "b" });
    await repository.must("checkout", "--quiet", "other");
    await repository.commitUnchecked({ c: "c" });
    await install(repository);
    const merge = await repository.git("merge", "--no-edit", "main");
    expect(merge.exitCode).not.toBe(0);
    expect(merge.stdout + merge.stderr).toContain("called");
  });

  test("is as before once the hook is taken out", async () => {
    const repository = await withProgram(0);
    await repository.commitUnchecked();
    const before = snapshot(repository);
    await install(repository, "git", { prePush: true, workflow: true, mergeDriver: true });
    expect(snapshot(repository).size).toBe(before.size + 5);
    const { exitCode } = await uninstall(repository);
    expect(exitCode).toBe(0);
    expect(snapshot(repository)).toEqual(before);
    expect(existsSync(join(repository.folder, ".github"))).toBe(false);
  });

  test("is set up once: the second time there is nothing to write", async () => {
    const repository = await withProgram(0);
    const all = { prePush: true, workflow: true, mergeDriver: true };
    await install(repository, "git", all);
    const before = snapshot(repository);
    const { exitCode, shown, notes } = await install(repository, "git", all);
    expect([exitCode, shown]).toEqual([0, ""]);
    expect(notes).toContain("the hook is set up already: nothing to write");
    expect(snapshot(repository)).toEqual(before);
    await uninstall(repository);
    expect((await uninstall(repository)).notes).toEqual([
      "the hook is not set up here: nothing to take out",
    ]);
  });
});

describe("a program that is missing", () => {
  test("refuses the commit, and says what to do", async () => {
    const repository = await repositoryWith({ "package.json": "{}" });
    const { notes } = await install(repository);
    const command = "npm install --save-dev pubpin-precommit";
    expect(notes).toContain(`then: pubpin-precommit is not there yet: \`${command}\``);
    const { exitCode, stderr } = await commit(repository);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`cannot be checked. To install it:\n  ${command}\n`);
  });

  test("is looked up where the repository has no package.json", async () => {
    const repository = await repositoryWith({});
    const { notes } = await install(repository);
    expect(notes.at(-1)).toContain("npm install --global pubpin-precommit");
    expect((await commit(repository)).exitCode).toBe(1);
    programAt(repository, "bin/pubpin-precommit");
    const PATH = `${join(repository.folder, "bin")}:${process.env["PATH"] ?? ""}`;
    const found = await repository.run("git", ["commit", "--allow-empty", "-mchange"], {
      env: { PATH },
    });
    expect(found.exitCode).toBe(0);
    repository.write({ "app/.provenance.txt": "" });
    expect((await install(repository, "git", { env: { PATH } })).notes).toEqual([
      "hooks of this repository are run by git",
      "the hook is set up already: nothing to write",
    ]);
  });
});

describe("a hook of somebody else", () => {
  const OURS = /called/;

  test("stays, runs first, and the commit needs both", async () => {
    const repository = await withProgram(0);
    hookOf(repository, "#!/bin/sh\necho theirs\n");
    await install(repository);
    const { exitCode, stderr } = await commit(repository);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/theirs\ncalled/);
  });

  test("still refuses what it refused", async () => {
    const repository = await withProgram(0);
    hookOf(repository, "#!/bin/sh\nfalse\n");
    await install(repository);
    const { exitCode, stderr } = await commit(repository);
    expect(exitCode).toBe(1);
    expect(stderr).not.toMatch(OURS);
  });

  test.each(["exit 0", "exec true", "if true; then\n  exit 0\nfi", "false || exit 0"])(
    "that may end before its last line does not keep pubpin from running: %j",
    async (line) => {
      const repository = await withProgram(1);
      hookOf(repository, `#!/bin/sh\n${line}\n`);
      await install(repository);
      const { exitCode, stderr } = await commit(repository);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(OURS);
    },
  );

  test.each([
    ["without an interpreter", "echo theirs\n"],
    ["without an end of its last line", "#!/bin/sh\necho theirs"],
    ["that is nothing but an interpreter", "#!/bin/bash"],
    ["that is empty", ""],
    ["that is a comment", "#!/usr/bin/env bash\n# nothing yet\n\n"],
    ["that may leave", "#!/usr/bin/env -S bash -e\necho theirs\nexit $?\n"],
    ["with blank lines at its end", "#!/bin/dash\necho theirs\n\n\n"],
    ["that is not ASCII", "#!/bin/zsh\necho Grüße\n"],
  ])("%s is as before once pubpin is taken out", async (_what, script) => {
    const repository = await withProgram(0);
    for (const name of ["pre-commit", "pre-push"]) hookOf(repository, script, `.git/hooks/${name}`);
    const before = snapshot(repository);
    await install(repository, "git", { prePush: true });
    expect(read(repository)).toContain(LOCAL);
    const once = snapshot(repository);
    await install(repository, "git", { prePush: true });
    expect(snapshot(repository)).toEqual(once);
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });

  test("keeps what was written into it since", async () => {
    const repository = await withProgram(0);
    await install(repository);
    hookOf(repository, `${read(repository)}echo since\n`);
    await uninstall(repository);
    expect(read(repository)).toBe("#!/bin/sh\necho since\n");
  });

  test.each([
    ["a program of another language", "#!/usr/bin/env python3\n", /expected a shell script/],
    ["lines that a shell cannot read", "#!/bin/sh\r\necho\r\n", /found CRLF/],
    ["a block without its end", "#!/bin/sh\n# >>> pubpin hook >>>\n", /without its end/],
    ["a block without its beginning", "# <<< pubpin hook <<<\n", /without its beginning/],
  ])("is refused where nothing can be put into it: %s", async (_what, script, message) => {
    const repository = await withProgram(0);
    hookOf(repository, script);
    const before = snapshot(repository);
    await expect(install(repository)).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringMatching(message),
    });
    expect(snapshot(repository)).toEqual(before);
  });

  test("is refused where Git passes it over, as that would bring it to life", async () => {
    const repository = await withProgram(0);
    repository.write({ [HOOK]: "#!/bin/sh\nfalse\n" });
    await expect(install(repository)).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("expected a hook that is executable"),
    });
  });

  test("is refused where it is no text", async () => {
    const repository = await withProgram(0);
    repository.write({ [HOOK]: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff]) });
    await expect(install(repository)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });
});

describe("pre-push", () => {
  async function pushed(script: string | null): Promise<string> {
    const repository = await withProgram(0);
    if (script !== null) hookOf(repository, script, ".git/hooks/pre-push");
    await install(repository, "git", { prePush: true });
    await repository.commitUnchecked({ a: "a" });
    await repository.must("init", "--quiet", "--bare", "remote");
    const { exitCode, stdout, stderr } = await repository.git("push", "./remote", "main");
    expect(exitCode).toBe(0);
    return stdout + stderr;
  }

  test("gives the program what Git gives", async () => {
    const said = await pushed(null);
    const given =
      /called --pre-push \.\/remote \.\/remote\nrefs\/heads\/main [0-9a-f]{40} refs\/heads/;
    expect(said).toMatch(given);
  });

  test("gives a hook that was there the same", async () => {
    const theirs = '#!/bin/sh\nwhile read -r name rest; do echo "theirs $name"; done\nexit 0\n';
    const said = await pushed(theirs);
    expect(said).toMatch(/called --pre-push[^]*refs\/heads\/main [^]*theirs refs\/heads\/main\n/);
  });
});

describe("the folder of hooks", () => {
  test("is the one that core.hooksPath says", async () => {
    const repository = await withProgram(1);
    await repository.must("config", "core.hooksPath", ".githooks");
    const { shown } = await install(repository);
    expect(shown).toContain("+++ b/.githooks/pre-commit");
    expect((await commit(repository)).exitCode).toBe(1);
    await uninstall(repository);
    expect(existsSync(join(repository.folder, ".githooks/pre-commit"))).toBe(false);
  });

  test("is shared by linked work trees, and found from each of them", async () => {
    const repository = await withProgram(1);
    await repository.commitUnchecked({ a: "a" });
    await repository.must("worktree", "add", "--quiet", "linked");
    const linked = repository.at(join(repository.folder, "linked"));
    programAt(linked, LOCAL);
    await install(linked);
    expect(read(repository)).toContain("pubpin-precommit");
    expect((await commit(repository)).exitCode).toBe(1);
  });

  test("is found from a folder below, with the program of the nearest package.json", async () => {
    const repository = await repositoryWith({
      "web app/src/a.ts": "",
      "web app/package.json": "{}",
    });
    const { notes } = await install(repository, undefined, { cwd: "web app/src" });
    expect(read(repository)).toContain(`if [ -x 'web app/${LOCAL}' ]; then`);
    expect(notes.at(-1)).toContain("npm install --prefix 'web app' --save-dev pubpin-precommit");
    programAt(repository, `web app/${LOCAL}`);
    expect(await commit(repository)).toMatchObject({ exitCode: 0 });
  });

  test("is left alone where it is every repository's", async () => {
    const repository = await withProgram(0);
    const settings = join(repository.folder, "settings");
    writeFileSync(settings, "[core]\n\thooksPath = /somewhere/hooks\n");
    process.env["GIT_CONFIG_GLOBAL"] = settings;
    await expect(install(repository)).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("core.hooksPath is /somewhere/hooks for all of your"),
    });
  });

  test("is not sought outside of a repository", async () => {
    const repository = await repositoryWith({});
    const outside = repository.at(join(repository.folder, ".."));
    await expect(install(outside)).rejects.toMatchObject({ code: "USAGE_INVALID" });
    const bare = repository.at(join(repository.folder, ".git"));
    await expect(install(bare)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });
});

describe("before anything is written", () => {
  test("the changes are shown and a person is asked", async () => {
    const repository = await withProgram(0);
    hookOf(repository, "#!/bin/sh\necho theirs\n");
    const before = snapshot(repository);
    const { exitCode, shown, questions } = await install(repository, "git", { answer: "no" });
    expect([exitCode, questions]).toEqual([1, ["Write this?"]]);
    expect(shown).toContain(
      "--- a/.git/hooks/pre-commit\n+++ b/.git/hooks/pre-commit\n@@ -1,2 +1,",
    );
    expect(shown).toContain("--- /dev/null\n+++ b/.git/hooks/pre-merge-commit\n@@ -0,0 +1,");
    expect(snapshot(repository)).toEqual(before);
    expect((await install(repository, "git", { answer: "yes" })).exitCode).toBe(0);
    expect(read(repository)).toContain(LOCAL);
  });

  test("a person is asked about taking it out too", async () => {
    const repository = await withProgram(0);
    await install(repository);
    const before = snapshot(repository);
    const { exitCode, shown } = await uninstall(repository, "no");
    expect(exitCode).toBe(1);
    expect(shown).toContain("--- a/.git/hooks/pre-commit\n+++ /dev/null\n");
    expect(snapshot(repository)).toEqual(before);
  });

  test("nothing is written where nobody can be asked", async () => {
    const repository = await withProgram(0);
    const before = snapshot(repository);
    await expect(install(repository, "git", { answer: "nobody" })).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("add --yes"),
    });
    expect(snapshot(repository)).toEqual(before);
  });
});
