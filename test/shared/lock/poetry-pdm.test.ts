import { describe, expect, it } from "vitest";
import { A, B, C, COMMIT, entry, expectRefused, file, read, sha256 } from "./reading.ts";

/** A poetry.lock with one package from this source. */
function poetry(source: string, more = "files = []"): string {
  return `[[package]]
name = "x"
version = "1.0"
description = ""
optional = false
python-versions = "*"
${more}

[package.source]
${source}

[metadata]
lock-version = "2.0"
python-versions = "*"
content-hash = "${C}"
`;
}

function poetryEntry(source: string, more?: string): object {
  return entry(read("app/poetry.lock", poetry(source, more)), "x");
}

const FILES = `files = [{file = "x-1.0.tar.gz", hash = "sha256:${A}"}]`;

describe("a source in a poetry.lock", () => {
  it("may be another index", () => {
    const source = 'type = "legacy"\nurl = "https://index.example/simple"\nreference = "mirror"';
    expect(poetryEntry(source, FILES)).toMatchObject({
      source: { kind: "index", url: "https://index.example/simple", alternatives: [] },
      files: [file({ filename: "x-1.0.tar.gz", hashes: [sha256(A)] })],
    });
  });

  it("may be an archive by URL or path", () => {
    expect(
      poetryEntry('type = "url"\nurl = "https://h.example/x-1.0.tar.gz"', FILES),
    ).toMatchObject({
      source: { kind: "url", location: "https://h.example/x-1.0.tar.gz" },
      files: [{ filename: "x-1.0.tar.gz", hashes: [sha256(A)] }],
    });
    expect(poetryEntry('type = "file"\nurl = "../dist/x-1.0.tar.gz"', FILES)).toMatchObject({
      source: { kind: "path", location: "./dist/x-1.0.tar.gz" },
    });
  });

  it("may be a folder, editable or not, and the project itself", () => {
    const folder = 'type = "directory"\nurl = "../lib"';
    expect(poetryEntry(folder)).toMatchObject({
      member: false,
      source: { kind: "directory", location: "./lib" },
    });
    expect(poetryEntry(folder, "files = []\ndevelop = true")).toMatchObject({
      source: { kind: "editable", location: "./lib" },
    });
    expect(poetryEntry('type = "directory"\nurl = "."')).toMatchObject({ member: true });
  });

  it("may be a folder of a repository, whose commit older versions called reference", () => {
    const git = 'type = "git"\nurl = "https://h.example/r.git"\nsubdirectory = "s"';
    const source = { kind: "vcs", location: "git+https://h.example/r.git", commit: COMMIT };
    expect(
      poetryEntry(`${git}\nreference = "main"\nresolved_reference = "${COMMIT}"`),
    ).toMatchObject({ source: { ...source, reference: "main", part: "subdirectory=s" } });
    expect(poetryEntry(`${git}\nreference = "${COMMIT}"`)).toMatchObject({ source });
    for (const reference of ["", 'reference = "main"', 'resolved_reference = "abc"']) {
      const text = poetry(`${git}\n${reference}`);
      expectRefused("poetry.lock", text, "LOCK_INVALID", /line 1, package "x"\.source: .*commit/);
    }
  });
});

/** A lock of Poetry 1.1, with the files of all packages in one place. */
function oldPoetry(packages: readonly string[], files: string): string {
  const tables = packages.map(
    (each) => `[[package]]
name = "numpy"
description = ""
category = "main"
optional = false
python-versions = "*"
${each}
`,
  );
  return `${tables.join("\n")}
[metadata]
lock-version = "1.1"
python-versions = "*"
content-hash = "${C}"

[metadata.files]
${files}
`;
}

const WHEEL_1 = `{file = "numpy-1.0-py3-none-any.whl", hash = "sha256:${A}"}`;
const SDIST_2 = `{file = "numpy-2.0.tar.gz", hash = "sha256:${B}"}`;
const ODD = `{file = "numpy-odd.exe", hash = "sha256:${C}"}`;

describe("[metadata.files] of an older poetry.lock", () => {
  it("gives each version its own files, and those without a version to all", () => {
    const text = oldPoetry(
      ['version = "1.0"', 'version = "2"'],
      `numpy = [${WHEEL_1}, ${SDIST_2}, ${ODD}]`,
    );
    const { distributions } = read("poetry.lock", text);
    expect(distributions.map(({ files }) => files.map(({ filename }) => filename))).toEqual([
      ["numpy-1.0-py3-none-any.whl", "numpy-odd.exe"],
      ["numpy-2.0.tar.gz", "numpy-odd.exe"],
    ]);
  });

  it("gives all files to a version that stands alone", () => {
    const text = oldPoetry(['version = "1.0"'], `NumPy = [${WHEEL_1}, ${SDIST_2}]`);
    expect(entry(read("poetry.lock", text), "numpy").files).toHaveLength(2);
  });

  it("gives none to what is built, and its own to a file on disk", () => {
    const source = (type: string, more: string): string =>
      `version = "3"\n[package.source]\ntype = "${type}"\nurl = "${more}"`;
    const text = oldPoetry(
      ['version = "1.0"', source("directory", "../numpy"), source("file", "dist/numpy-2.0.tar.gz")],
      `numpy = [${WHEEL_1}, ${SDIST_2}]`,
    );
    const { distributions } = read("poetry.lock", text);
    expect(distributions.map(({ files }) => files.map(({ filename }) => filename))).toEqual([
      ["numpy-1.0-py3-none-any.whl", "numpy-2.0.tar.gz"],
      [],
      ["numpy-2.0.tar.gz"],
    ]);
  });

  it("must belong to a package, and stand once", () => {
    const version = ['version = "1.0"'];
    const lost = oldPoetry(version, `numpy = [${WHEEL_1}]\nother = [${SDIST_2}]`);
    expectRefused("poetry.lock", lost, "LOCK_INVALID", /files\["other"\]: expected a package/);
    const twice = oldPoetry(version, `numpy = [${WHEEL_1}]\nNumPy = [${SDIST_2}]`);
    expectRefused("poetry.lock", twice, "LOCK_INVALID", /files\["NumPy"\]: expected one list/);
    const none = oldPoetry(version, "other = []");
    expectRefused("poetry.lock", none, "LOCK_INVALID", /package "numpy": expected files/);
  });
});

/** A pdm.lock with these packages. */
function pdm(packages: string, version = "4.5.0", metadata = ""): string {
  return `[metadata]\nlock_version = "${version}"\n${metadata}\n${packages}\n`;
}

describe("pdm.lock", () => {
  it("repeats a package for each of its extras, which is one entry", () => {
    const files = `files = [{file = "x-1.0.tar.gz", hash = "sha256:${A}"}]`;
    const more = `files = [{file = "x-1.0.tar.gz", hash = "sha256:${A}"}, {file = "x-1.0-py3-none-any.whl", hash = "sha256:${B}"}]`;
    const one = (extras: string, its: string): string =>
      `[[package]]\nname = "x"\nversion = "1.0"\n${extras}\n${its}\n`;
    const lock = read("pdm.lock", pdm(one("", files) + one('extras = ["a"]', more)));
    expect(entry(lock, "x").files.map(({ filename }) => filename)).toEqual([
      "x-1.0.tar.gz",
      "x-1.0-py3-none-any.whl",
    ]);
    expect(entry(lock, "x").line).toBe(4);
  });

  it("gives names and URLs of files under static_urls", () => {
    const url = "https://files.example/x/x-1.0%2Bl-py3-none-any.whl";
    const text = `[[package]]\nname = "x"\nversion = "1.0+l"\nfiles = [{url = "${url}", hash = "sha256:${A}"}]`;
    expect(entry(read("pdm.lock", pdm(text)), "x").files).toEqual([
      file({ filename: "x-1.0+l-py3-none-any.whl", url, hashes: [sha256(A)] }),
    ]);
  });

  it("had its files under names and versions before", () => {
    const one = '[[package]]\nname = "x"\nversion = "1.0"\nsummary = ""\n';
    const old = (key: string): string =>
      `${one}\n[metadata.files]\n"${key}" = [{url = "https://files.example/x-1.0.tar.gz", hash = "sha256:${A}"}]`;
    for (const version of ["4.0", "4.1", "4.2"]) {
      expect(entry(read("pdm.lock", pdm(old("X 1.0"), version)), "x").files).toMatchObject([
        { filename: "x-1.0.tar.gz", hashes: [sha256(A)] },
      ]);
    }
    expectRefused(
      "pdm.lock",
      pdm(old("x 1.1"), "4.0"),
      "LOCK_INVALID",
      /"x 1\.1"\]: expected a pack/,
    );
    expectRefused("pdm.lock", pdm(old("x"), "4.0"), "LOCK_INVALID", /"x"\]: expected a name and a/);
  });

  it.each([
    ['path = "./lib"', { kind: "directory", location: "./app/lib" }, false],
    ['path = "./lib"\neditable = true', { kind: "editable", location: "./app/lib" }, false],
    ['path = "."\neditable = true', { kind: "editable", location: "./app" }, true],
    ['path = "../x-1.0.tar.gz"', { kind: "path", location: "./x-1.0.tar.gz" }, false],
    ['url = "file:///${PROJECT_ROOT}/lib"', { kind: "directory", location: "./app/lib" }, false],
    ['url = "file:///${PROJECT_ROOT}"', { kind: "directory", location: "./app" }, true],
    [
      'url = "https://h.example/x-1.0.zip"',
      { kind: "url", location: "https://h.example/x-1.0.zip" },
      false,
    ],
    [
      `hg = "https://h.example/r"\nrevision = "12"`,
      { kind: "vcs", vcs: "hg", commit: "12" },
      false,
    ],
    [
      `git = "https://h.example/r"\nref = "main"\neditable = true`,
      { kind: "vcs", commit: null, reference: "main" },
      false,
    ],
  ])("knows the source %s", (source, expected, member) => {
    const text = pdm(`[[package]]\nname = "x"\nversion = "1.0"\n${source}`);
    expect(entry(read("app/pdm.lock", text), "x")).toMatchObject({ source: expected, member });
  });

  it.each([
    ["editable = true", /expected a path or repository/],
    ['git = ""', /expected text, found none/],
  ])("refuses the source %s", (source, message) => {
    const text = pdm(`[[package]]\nname = "x"\nversion = "1.0"\n${source}`);
    expectRefused("pdm.lock", text, "LOCK_INVALID", message);
  });
});
