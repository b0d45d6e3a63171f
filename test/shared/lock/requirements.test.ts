import type { Distribution } from "../../../packages/shared/src/model.ts";
import { describe, expect, it } from "vitest";
import { A, B, COMMIT, entry, expectRefused, file, read, sha256 } from "./reading.ts";

const PATH = "requirements.txt";
const HASH = `--hash=sha256:${A}`;

function entries(text: string, path = PATH): readonly Distribution[] {
  return read(path, text).distributions;
}

describe("a line of a requirements file", () => {
  it.each([
    `numpy==1.0 ${HASH}`,
    `  NumPy == 1.0   ${HASH}  # comment`,
    `numpy[a,b]==1.0 ${HASH}`,
    `numpy [a]==1.0;python_version<"3" ${HASH}`,
    `numpy==1.0 ; sys_platform == 'win32' and extra == "a" ${HASH}`,
    `numpy==1.0 --hash sha256:${A}`,
    `numpy==1.0 \\\n    ${HASH}`,
    `numpy==1.0 \\\r\n\t${HASH}\r\n`,
    `# before\n\nnumpy==1.0 ${HASH} ${HASH}\n# after \\`,
    `numpy==1.0 \\\n\\\n${HASH}`,
    `numpy==1.0 --hash=SHA256:${A.toUpperCase()}`,
    `--require-hashes\nnumpy==1.0 ${HASH}`,
    `# -*- coding: utf-8 -*-\nnumpy==1.0 ${HASH}`,
  ])("%j pins numpy", (text) => {
    expect(entries(text)).toMatchObject([
      { name: "numpy", version: "1.0", files: [file({ hashes: [sha256(A)] })] },
    ]);
  });

  it("is counted from where it begins", () => {
    const text = `# one\n\na==1 \\\n  ${HASH}\n    # via x\nb==2 ${HASH}\n`;
    expect(entries(text).map(({ name, line }) => [name, line])).toEqual([
      ["a", 3],
      ["b", 6],
    ]);
  });

  it("keeps several versions of one name, and hashes of every algorithm", () => {
    const text = `a==1 ; x ${HASH}\na==2 ; y ${HASH} --hash=sha512:${A}${B}\n`;
    expect(entries(text)).toMatchObject([
      { version: "1", files: [{ hashes: [sha256(A)] }] },
      { version: "2", files: [{ hashes: [sha256(A)] }, { hashes: [{ algorithm: "sha512" }] }] },
    ]);
  });

  it.each([
    ["-e .", { name: "app", member: true, source: { kind: "editable", location: "./app" } }],
    [
      "-e ./lib[dev]",
      { name: "lib", member: false, source: { kind: "editable", location: "./app/lib" } },
    ],
    ["--editable=../lib", { name: "lib", source: { kind: "editable", location: "./lib" } }],
    [
      "-e file:///srv/lib",
      { name: "lib", source: { kind: "editable", location: "file:///srv/lib" } },
    ],
    [
      "./lib ; python_version > '3'",
      { name: "lib", source: { kind: "directory", location: "./app/lib" } },
    ],
    ["/srv/lib", { name: "lib", source: { kind: "directory", location: "file:///srv/lib" } }],
    [
      "x @ file:///srv/lib ; python_version > '3'",
      { name: "x", source: { location: "file:///srv/lib" } },
    ],
    [
      `x[a]@https://h.example/x-1.zip ${HASH}`,
      { name: "x", version: null, source: { kind: "url" } },
    ],
    [
      `https://h.example/My_X-1.0-py3-none-any.whl ${HASH}`,
      { name: "my-x", source: { kind: "url" } },
    ],
    [
      `./w/x-1.0.tar.gz ${HASH}`,
      { name: "x", source: { kind: "path", location: "./app/w/x-1.0.tar.gz" } },
    ],
    [
      `git+https://h.example/r@${COMMIT}#egg=x`,
      { name: "x", source: { kind: "vcs", commit: COMMIT } },
    ],
  ])("%j takes something else than from an index", (line, expected) => {
    expect(entries(line, `app/${PATH}`)).toMatchObject([expected]);
  });
});

it("the project itself is called by its folder, and without one a dot", () => {
  expect(entries("-e .", "requirements.txt")).toMatchObject([{ name: ".", member: true }]);
  expect(entries("./", "app/requirements.txt")).toMatchObject([{ name: "app", member: true }]);
});

describe("the options of a requirements file", () => {
  it("are kept in their order, in their long form, without logins, paths from the lock's folder", () => {
    const text = [
      "-i https://me:secret@index.example/simple/",
      "--extra-index-url=https://b.example/simple",
      "-r ../base.txt",
      "-cconstraints.txt",
      "-f ./wheels --find-links https://me:secret@h.example/w?x",
      "--no-binary :all:",
      "--only-binary numpy",
      "--trusted-host h.example:8080",
      "--use-feature fast-deps",
      "--no-index --pre --prefer-binary",
      `a==1 ${HASH}`,
    ].join("\n");
    const lock = read("app/requirements.txt", text);
    expect(lock.directives.map(({ option, value, line }) => [line, option, value])).toEqual([
      [1, "--index-url", "https://index.example/simple"],
      [2, "--extra-index-url", "https://b.example/simple"],
      [3, "--requirement", "./base.txt"],
      [4, "--constraint", "./app/constraints.txt"],
      [5, "--find-links", "./app/wheels"],
      [5, "--find-links", "https://h.example/w?x"],
      [6, "--no-binary", ":all:"],
      [7, "--only-binary", "numpy"],
      [8, "--trusted-host", "h.example:8080"],
      [9, "--use-feature", "fast-deps"],
      [10, "--no-index", null],
      [10, "--pre", null],
      [10, "--prefer-binary", null],
    ]);
    expect(lock.logins).toEqual(["https://me:secret@index.example/simple/"]);
    expect(entry(lock, "a").source).toEqual({
      kind: "index",
      url: "https://index.example/simple",
      alternatives: ["https://b.example/simple"],
    });
  });

  it("name the index: the last --index-url; none where there is only --extra-index-url", () => {
    const extra = "--extra-index-url https://b.example/simple\n";
    const last = `-i https://a.example\n-i https://c.example/\na==1 ${HASH}`;
    expect(entries(last)[0]?.source).toMatchObject({ url: "https://c.example", alternatives: [] });
    expect(entries(`${extra}a==1 ${HASH}`)[0]?.source).toEqual({
      kind: "index",
      url: null,
      alternatives: ["https://b.example/simple"],
    });
  });
});

describe("a requirements file is refused", () => {
  it.each([
    [
      "a option that is not known",
      `a==1 ${HASH} --global-option=x`,
      /line 1: the option "--global-option"/,
    ],
    ["an abbreviated option", "--index https://h.example", /"--index" is not known/],
    ["an option of a file on a requirement", `a==1 ${HASH} --no-index`, /--no-index of a single/],
    ["quotes in an option", '--index-url "https://h.example"', /without quotes/],
    ["a variable", "--find-links ${DIR}", /variable/],
    ["a variable in a requirement", `\${NAME}==1 ${HASH}`, /variable/],
    ["a variable in an editable", "-e ${DIR}", /variable/],
    ["a variable in a URL", `a @ https://\${HOST}/a-1.zip ${HASH}`, /variable/],
    [
      "another encoding",
      `# coding: utf-7\na==1 ${HASH}`,
      /line 1: expected UTF-8, found the coding "utf-7"/,
    ],
    ["another encoding on line 2", `#\n# vim: set fileencoding=latin-1 :\n`, /line 2: .*"latin-1"/],
    ["a folder without a name", "-e ../..", /line 1: expected a name/],
  ])("for %s", (_what, text, message) => {
    expectRefused(PATH, text, "LOCK_UNSUPPORTED", message);
  });

  it.each([
    ["no hash", "a==1\n", /line 1: expected "a" with --hash/],
    [
      "a hash after a comment line",
      `a==1 ${HASH} \\\n# comment\n${HASH}`,
      /line 3: expected a requirement before/,
    ],
    ["a hash of an editable", `-e ./lib ${HASH}`, /line 1: expected a requirement before --hash/],
    ["a hash of a folder", `x @ file:///srv/lib ${HASH}`, /line 1: expected no hash/],
    ["a hash of a repository", `x @ git+https://h.example/r ${HASH}`, /line 1: expected no hash/],
    [
      "two hashes of one file",
      `x @ https://h.example/x.zip ${HASH} --hash=sha256:${B}`,
      /line 1: expected one sha256/,
    ],
    ["two editables on a line", "-e ./a -e ./b", /line 1: expected one -e/],
    [
      "an editable behind a requirement",
      `a==1 ${HASH} -e ./b`,
      /line 1: expected -e on a line of its own/,
    ],
    ["an option without a value", "--index-url", /line 1: expected a value of --index-url/],
    ["an option with an empty value", "--index-url=", /line 1: expected a value of --index-url/],
    ["text that is no requirement", "<html>", /line 1: expected NAME==VERSION/],
    ["a name by another path", `w/x-1.zip ${HASH}`, /line 1: expected NAME==VERSION/],
    ["letters beyond ASCII", `a\u00a0==1 ${HASH}`, /line 1: expected printable ASCII/],
    [
      "white space that only some know",
      `a==1 ${HASH}\ufeff# x`,
      /line 1: expected printable ASCII/,
    ],
    [
      "a requirement without end",
      `${"a".repeat(9000)}==1`,
      /line 1: expected a requirement of at most/,
    ],
  ])("for %s", (_what, text, message) => {
    expectRefused(PATH, text, "LOCK_INVALID", message);
  });

  it.each([
    "\u000b",
    "\u000c",
    "\u001c",
    "\u001d",
    "\u001e",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u0000",
  ])("for %j, behind which Python sees another line, even in a comment", (character) => {
    const text = `a==1 ${HASH}\n# ${character}evil==1 ${HASH}\n`;
    expectRefused(PATH, text, "LOCK_INVALID", /line 2: expected no control character/);
  });
});

it("a file of nothing but comments and options has no entries", () => {
  const lock = read(PATH, "# nothing\n--pre\n");
  expect(lock.distributions).toEqual([]);
  expect(lock.directives).toEqual([{ option: "--pre", value: null, line: 2 }]);
});
