import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { PubpinError, readLock } from "@pubpin/shared";
import { loadYamlParser } from "pubpin-precommit";
import { describe, expect, test } from "vitest";
import { findLocks, readLockFile } from "../../../packages/cli/src/node/locks.ts";
import { findPins, pathFrom } from "../../../packages/cli/src/node/pins-location.ts";
import { readFileIfAny } from "../../../packages/cli/src/node/read-file.ts";
import { describeWithData, listData, readData } from "../../support/data.ts";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";

const isPosix = process.platform !== "win32";
const HASHED = "a==1 --hash=sha256:00\n";

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe("the locks of a folder are", () => {
  test("the files with the name of a lock, in order", async () => {
    const names = [
      "Pipfile.lock",
      "pdm.lock",
      "pixi.lock",
      "poetry.lock",
      "pylock.dev.toml",
      "pylock.toml",
    ];
    const more = ["pyodide-lock.json", "script.py.lock", "uv.lock"];
    const others = [
      "Cargo.lock",
      "package-lock.json",
      "pyproject.toml",
      "pylock.a.b.toml",
      "notes.txt",
    ];
    const all = [...others, ...more, ...names].map((name) => [name, ""] as const);
    const folder = folderWith(Object.fromEntries(all));
    expect(await findLocks(folder)).toEqual([...names, ...more]);
  });

  test("requirements files that hold hashes, also in a folder of that name", async () => {
    const folder = folderWith({
      "requirements.txt": HASHED,
      "requirements-dev.txt": "a==1\n",
      "constraints.txt": HASHED,
      "requirements/base.txt": HASHED,
      "requirements/dev.txt": "a\n",
      "requirements/deep/x.txt": HASHED,
      "sub/uv.lock": "",
    });
    expect(await findLocks(folder)).toEqual(["requirements.txt", "requirements/base.txt"]);
  });

  test("no folders, even where their names are a lock's", async () => {
    const folder = folderWith({ "uv.lock/file": "", requirements: "" });
    expect(await findLocks(folder)).toEqual([]);
  });

  test.runIf(isPosix)("also what cannot be read, for whoever reads it to say so", async () => {
    const folder = folderWith({ "requirements.txt": "a" });
    truncateSync(join(folder, "requirements.txt"), 16 * 1024 * 1024 + 1);
    symlinkSync("uv.lock", join(folder, "uv.lock"));
    expect(await findLocks(folder)).toEqual(["requirements.txt", "uv.lock"]);
  });

  test("an error where the folder is none", async () => {
    const folder = folderWith({ file: "" });
    expect((await refusalOf(findLocks(join(folder, "absent")))).code).toBe("FILE_UNREADABLE");
    expect((await refusalOf(findLocks(join(folder, "file")))).code).toBe("FILE_UNREADABLE");
  });
});

describe("a lock file that cannot be read is refused:", () => {
  test("it is missing", async () => {
    const path = join(temporaryFolder(), "uv.lock");
    expect(await refusalOf(readLockFile(path))).toMatchObject({
      code: "FILE_UNREADABLE",
      message: `${path}: expected a readable file, found no such file`,
    });
  });

  test("it is a folder", async () => {
    const path = temporaryFolder();
    expect((await refusalOf(readLockFile(path))).message).toBe(
      `${path}: expected a file, found a folder`,
    );
  });

  test.runIf(isPosix)("symbolic links lead in a circle", async () => {
    const folder = temporaryFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    const refusal = await refusalOf(readLockFile(join(folder, "a")));
    expect(refusal.message).toContain("symbolic links that lead in a circle");
  });

  test.runIf(isPosix)("it is a pipe, which nobody waits for", async () => {
    const path = join(temporaryFolder(), "uv.lock");
    execFileSync("env", ["mkfifo", path]);
    expect((await refusalOf(readLockFile(path))).message).toContain("found a pipe or device");
  });

  test("it is too large", async () => {
    const path = join(folderWith({ "uv.lock": "" }), "uv.lock");
    truncateSync(path, 20 * 1024 * 1024);
    expect((await refusalOf(readLockFile(path))).code).toBe("LIMIT_EXCEEDED");
  });
});

test("a file that need not be there is null where it is not, and an error where it cannot be read", async () => {
  const folder = folderWith({ "a.txt": "a" });
  expect(await readFileIfAny(join(folder, "b.txt"), 10, "b")).toBeNull();
  expect(await readFileIfAny(join(folder, "a.txt"), 10, "a")).toEqual(Uint8Array.of(0x61));
  expect((await refusalOf(readFileIfAny(folder, 10, "folder"))).code).toBe("FILE_UNREADABLE");
});

describe("the pins that govern a folder are", () => {
  test("the nearest, up to the repository's root", async () => {
    const folder = folderWith({
      ".provenance.txt": "",
      "repo/.git/HEAD": "",
      "repo/a/.provenance.txt": "",
      "repo/a/b/c/x": "",
    });
    const repository = join(folder, "repo");
    const a = join(repository, "a");
    const nearest = { path: join(a, ".provenance.txt"), repository };
    expect(await findPins(join(a, "b/c"))).toEqual(nearest);
    expect(await findPins(a)).toEqual(nearest);
    expect(await findPins(repository)).toEqual({ path: null, repository });
    expect(await findPins(folder)).toEqual({
      path: join(folder, ".provenance.txt"),
      repository: null,
    });
  });

  test("found by another name where that is asked for", async () => {
    const folder = folderWith({ ".git": "gitdir: elsewhere", "pins.txt": "" });
    expect(await findPins(folder, "pins.txt")).toEqual({
      path: join(folder, "pins.txt"),
      repository: folder,
    });
    expect((await findPins(folder)).path).toBeNull();
  });

  test.runIf(isPosix)(
    "whatever has the name, so that nothing farther away takes its place",
    async () => {
      const folder = folderWith({
        ".provenance.txt": "",
        ".git/HEAD": "",
        "a/b/x": "",
        "a/c/x": "",
      });
      symlinkSync("nowhere", join(folder, "a/b/.provenance.txt"));
      mkdirSync(join(folder, "a/c/.provenance.txt"));
      expect((await findPins(join(folder, "a/b"))).path).toBe(join(folder, "a/b/.provenance.txt"));
      expect((await findPins(join(folder, "a/c"))).path).toBe(join(folder, "a/c/.provenance.txt"));
    },
  );
});

test.each([
  ["/a/b", "/a/b/uv.lock", "uv.lock"],
  ["/a/b", "/a/b/c/uv.lock", "c/uv.lock"],
  ["/a/b", "/a/uv.lock", "../uv.lock"],
  ["/a/b", "/a/b", "."],
])("from %s the path %s is %s", (folder, path, expected) => {
  expect(pathFrom(folder, path)).toBe(expected);
});

describe("YAML", async () => {
  const parse = await loadYamlParser();

  test.each([
    ["a: 1\nb: [x, 'y', 1.5, true, null]", { a: 1n, b: ["x", "y", 1.5, true, null] }],
    ["1: a", { "1": "a" }],
    ["a: 2020-01-01\nb: yes\nc: 1e3", { a: "2020-01-01", b: "yes", c: 1000 }],
    ["a: 99999999999999999999", { a: 99999999999999999999n }],
    ["<<: {a: 1}", { "<<": { a: 1n } }],
  ])("%j is read", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test("with the key __proto__ makes no other object of what is read", () => {
    const read = parse("__proto__: {a: 1}") as object;
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test.each([
    ["a key that stands twice", "a: 1\na: 2"],
    ["an alias", "a: &x 1\nb: *x"],
    ["a tag", "a: !foo 1"],
    ["binary data", "a: !!binary aGk="],
    ["two documents", "a: 1\n---\nb: 2"],
    ["more after the end", "a: 1\n...\nb"],
    ["a key that is no text", "{a: b}: c"],
    ["quotes that do not end", 'a: "x'],
    ["tabs before a key", "\ta: 1"],
    ["a list that is cut off", "a: [1, 2"],
    ["an alias of itself", "a: &a [*a]"],
    ["aliases in aliases", "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]"],
  ])("with %s is refused", (_what, text) => {
    expect(() => parse(text)).toThrow(Error);
  });

  test("that is nested without end is refused", () => {
    expect(() => parse("[".repeat(100_000))).toThrow(Error);
  });

  test("that is refused is a damaged lock, with line and column", () => {
    const read = (): unknown =>
      readLock("pixi.lock", new TextEncoder().encode("version: 6\nversion: 7\n"), { yaml: parse });
    expect(read).toThrow(PubpinError);
    expect(read).toThrow(/pixi\.lock.*line 2, column 1/);
  });
});

describeWithData("real pixi locks", async () => {
  const folder = "locks/real";
  const projects = await listData(folder);

  test("are read with this parser", async () => {
    const parse = await loadYamlParser();
    let read = 0;
    for (const project of projects) {
      if (!(await listData(`${folder}/${project}`)).includes("pixi.lock")) continue;
      const bytes = await readData(`${folder}/${project}/pixi.lock`);
      expect(readLock("pixi.lock", bytes, { yaml: parse }).distributions).not.toHaveLength(0);
      read++;
    }
    expect(read).toBeGreaterThan(0);
  });
});
