import { describe, expect, it } from "vitest";
import { A, B, COMMIT, entry, expectRefused, file, read, sha256 } from "./reading.ts";

const MIRROR = {
  name: "mirror",
  url: "https://me:secret@mirror.example/simple",
  verify_ssl: false,
};
const PYPI = { name: "pypi", url: "https://index.example/simple", verify_ssl: true };

/** A Pipfile.lock with these sections. */
function pipfile(sections: object, sources: readonly object[] = [PYPI, MIRROR]): string {
  const meta = { hash: { sha256: A }, "pipfile-spec": 6, requires: {}, sources };
  return JSON.stringify({ _meta: meta, default: {}, develop: {}, ...sections }, null, 4);
}

function pipfileEntry(fields: object): object {
  return entry(read("app/Pipfile.lock", pipfile({ default: { x: fields } })), "x");
}

describe("Pipfile.lock", () => {
  it("offers all its indexes to packages that name none", () => {
    const lock = read(
      "Pipfile.lock",
      pipfile({
        default: { a: { hashes: [`sha256:${A}`], version: "==1" } },
        develop: { b: { hashes: [`sha256:${B}`], version: "==1", index: "mirror" } },
      }),
    );
    const [pypi, mirror] = ["https://index.example/simple", "https://mirror.example/simple"];
    expect(entry(lock, "a").source).toEqual({ kind: "index", url: pypi, alternatives: [mirror] });
    expect(entry(lock, "b").source).toEqual({ kind: "index", url: mirror, alternatives: [] });
    expect(lock.directives).toEqual([
      { option: "--trusted-host", value: "mirror.example", line: null },
    ]);
    expect(lock.logins).toEqual([MIRROR.url]);
  });

  it("may have other groups, and groups that disagree or repeat each other", () => {
    const one = { hashes: [`sha256:${A}`, `sha256:${A}`], version: "==1" };
    const other = { hashes: [`sha256:${B}`], version: "==2" };
    const same = { hashes: [`sha256:${B}`], version: "==1.0" };
    const lock = read(
      "Pipfile.lock",
      pipfile({
        default: { Foo_Bar: one },
        develop: { "foo-bar": other },
        docs: { "foo.bar": same },
      }),
    );
    expect(lock.distributions).toMatchObject([
      {
        name: "foo-bar",
        version: "1",
        files: [file({ hashes: [sha256(A)] }), file({ hashes: [sha256(B)] })],
      },
      { name: "foo-bar", version: "2", files: [file({ hashes: [sha256(B)] })] },
    ]);
  });

  it("gives lines in the section where an entry stands", () => {
    const one = { hashes: [`sha256:${A}`], version: "==1" };
    const text = pipfile({
      default: { default: one },
      develop: { sources: one, default: { ...one, version: "==2" } },
    });
    const lines = text.split("\n");
    for (const { line, name } of read("Pipfile.lock", text).distributions) {
      expect(lines[(line ?? 0) - 1]).toBe(`        "${name}": {`);
    }
    const [first, , second] = read("Pipfile.lock", text).distributions.map(({ line }) => line ?? 0);
    expect(first).toBeLessThan(second ?? 0);
    const flat = read("Pipfile.lock", JSON.stringify(JSON.parse(text)));
    expect(flat.distributions.map(({ line }) => line)).toEqual([null, null, null]);
  });

  it.each([
    [{ path: "./lib" }, { kind: "directory", location: "./app/lib" }, false],
    [{ path: "lib", editable: true }, { kind: "editable", location: "./app/lib" }, false],
    [{ path: ".", editable: true, extras: ["a"] }, { kind: "editable", location: "./app" }, true],
    [
      { file: "https://h.example/x-1.zip" },
      { kind: "url", location: "https://h.example/x-1.zip" },
      false,
    ],
    [{ svn: "https://h.example/r", ref: "7" }, { kind: "vcs", vcs: "svn", commit: "7" }, false],
    [
      { git: "https://h.example/r", ref: "main", subdirectory: "s" },
      { kind: "vcs", commit: null, reference: "main", part: "subdirectory=s" },
      false,
    ],
    [
      { git: "https://h.example/r", ref: null },
      { kind: "vcs", commit: null, reference: null },
      false,
    ],
    [
      { git: "https://h.example/r", ref: COMMIT, editable: true },
      { kind: "vcs", commit: COMMIT },
      false,
    ],
  ])("knows the source %j", (fields, source, member) => {
    expect(pipfileEntry(fields)).toMatchObject({ source, member, version: null });
  });

  it("gives the file of a source that is one", () => {
    const hashes = [`sha256:${A}`];
    expect(pipfileEntry({ file: "../w/x-1-py3-none-any.whl", hashes })).toMatchObject({
      source: { kind: "path", location: "./w/x-1-py3-none-any.whl" },
      files: [
        { filename: "x-1-py3-none-any.whl", path: "./w/x-1-py3-none-any.whl", hashes: [sha256(A)] },
      ],
    });
    expect(pipfileEntry({ file: "https://h.example/x-1.zip", hashes })).toMatchObject({
      files: [{ filename: "x-1.zip", url: "https://h.example/x-1.zip", hashes: [sha256(A)] }],
    });
  });

  it("keeps what is to be built instead of taken as a wheel", () => {
    const fields = { hashes: [`sha256:${A}`], version: "==1", no_binary: true };
    expect(
      read("Pipfile.lock", pipfile({ default: { X: fields } }, [PYPI])).directives,
    ).toMatchObject([{ option: "--no-binary", value: "x" }]);
  });

  it("has sources, sections and packages that are tables", () => {
    expectRefused("Pipfile.lock", '{"default": {}}', "LOCK_INVALID", /expected _meta/);
    expectRefused(
      "Pipfile.lock",
      pipfile({ docs: [] }),
      "LOCK_INVALID",
      /docs.*expected an object/,
    );
    expectRefused(
      "Pipfile.lock",
      pipfile({ docs: { x: "*" } }),
      "LOCK_INVALID",
      /x.*expected an object/,
    );
  });
});

/** A pixi.lock with this package, as it is parsed. */
function pixi(
  fields: { readonly pypi: string },
  version = 7,
  indexes?: readonly string[],
): unknown {
  const packages = { "linux-64": [{ pypi: fields.pypi }] };
  const channels = [{ url: "https://conda.example/forge/" }];
  return {
    version,
    platforms: [{ name: "linux-64" }],
    environments: {
      default: { channels, ...(indexes === undefined ? {} : { indexes }), packages },
    },
    packages: [{ name: "x", ...fields }],
  };
}

function pixiEntry(...args: Parameters<typeof pixi>): object {
  const text = "x\n".repeat(100);
  return entry(read("app/pixi.lock", text, { yaml: () => pixi(...args) }), "x");
}

describe("pixi.lock", () => {
  const wheel = {
    pypi: "https://files.example/x-1-py3-none-any.whl",
    version: "1",
    sha256: A,
    md5: "0".repeat(32),
  };
  const DEFAULT = "https://pypi.org/simple";

  it.each([
    [6, undefined, { url: null, alternatives: [] }],
    [
      6,
      ["https://a.example/simple", "https://b.example/simple/"],
      { url: "https://a.example/simple", alternatives: ["https://b.example/simple"] },
    ],
    [7, undefined, { url: DEFAULT, alternatives: [] }],
    [7, ["https://a.example/simple"], { url: "https://a.example/simple", alternatives: [] }],
  ])("of version %d with the indexes %j", (version, indexes, expected) => {
    expect(pixiEntry(wheel, version, indexes)).toMatchObject({
      source: { kind: "index", ...expected },
      files: [
        {
          filename: "x-1-py3-none-any.whl",
          url: wheel.pypi,
          hashes: [{ algorithm: "md5", value: "0".repeat(32) }, sha256(A)],
        },
      ],
    });
  });

  it("may name the index of a package", () => {
    const named = { ...wheel, index: "https://b.example/simple" };
    expect(pixiEntry(named, 7, ["https://a.example/simple"])).toMatchObject({
      source: { url: "https://b.example/simple", alternatives: [] },
    });
  });

  it.each([
    [{ pypi: "./" }, { kind: "directory", location: "./app" }, true],
    [{ pypi: "../lib", editable: true, sha256: A }, { kind: "editable", location: "./lib" }, false],
    [{ pypi: "./x-1.tar.gz", sha256: A }, { kind: "path", location: "./app/x-1.tar.gz" }, false],
    [
      { pypi: "direct+https://me:secret@h.example/x-1.zip", sha256: A },
      { kind: "url", location: "https://h.example/x-1.zip" },
      false,
    ],
    [
      { pypi: "direct+file:///srv/x-1.zip" },
      { kind: "path", location: "file:///srv/x-1.zip" },
      false,
    ],
    [
      { pypi: `git+https://h.example/r.git@${COMMIT}` },
      { kind: "vcs", location: "git+https://h.example/r.git", commit: COMMIT },
      false,
    ],
    [
      { pypi: `git+ssh://git@h.example/r?rev=main&subdirectory=s#${COMMIT}` },
      { kind: "vcs", reference: "main", part: "subdirectory=s" },
      false,
    ],
  ])("knows the source %j", (fields, source, member) => {
    expect(pixiEntry(fields)).toMatchObject({ source, member });
  });

  it("has a version and a file for what is from an index, and every package that is used", () => {
    const refused = (parsed: unknown, message: RegExp): void => {
      const text = "x\n".repeat(100);
      expectRefused("pixi.lock", text, "LOCK_INVALID", message, { yaml: () => parsed });
    };
    refused(pixi({ pypi: wheel.pypi }), /package "x".*expected a version/);
    refused({ ...(pixi(wheel) as object), packages: [] }, /expected a package for "https/);
    refused({ version: 7, environments: {} }, /"packages" is missing/);
  });
});
