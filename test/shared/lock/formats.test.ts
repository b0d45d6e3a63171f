import { describe, expect, it } from "vitest";
import { lockFormat } from "../../../packages/shared/src/lock/read.ts";
import { A, B, C, COMMIT, entry, expectRefused, file, read, sha256 } from "./reading.ts";
import { PIXI, sample, SAMPLES } from "./samples.ts";

const INDEX = { kind: "index", url: "https://index.example/simple", alternatives: [] };
const NO_INDEX = { kind: "index", url: null, alternatives: [] };
const TOOL = {
  kind: "vcs",
  vcs: "git",
  location: "git+https://github.com/octo/tool.git",
  commit: COMMIT,
  part: null,
};
const yaml = (): unknown => PIXI.parsed;

describe("the name of a file tells its format:", () => {
  it.each([
    ["uv.lock", "uv"],
    ["a/b/uv.lock", "uv"],
    ["scripts/run.py.lock", "uv"],
    ["pylock.toml", "pylock"],
    ["pylock.prod.toml", "pylock"],
    ["poetry.lock", "poetry"],
    ["pdm.lock", "pdm"],
    ["Pipfile.lock", "pipfile"],
    ["pixi.lock", "pixi"],
    ["pyodide-lock.json", "pyodide"],
    ["requirements.txt", "requirements"],
    ["requirements-dev.txt", "requirements"],
    ["dev-requirements.txt", "requirements"],
    ["requirements/main.txt", "requirements"],
    ["notes.txt", null],
    ["pylock.a.b.toml", null],
    ["my-uv.lock", null],
    ["Cargo.lock", null],
    ["package-lock.json", null],
    ["pyproject.toml", null],
  ])("%s", (path, format) => {
    expect(lockFormat(path)).toBe(format);
  });

  it("another name is refused", () => {
    expectRefused("Cargo.lock", "", "LOCK_UNKNOWN_NAME", /^"Cargo\.lock": expected/);
  });

  it("a text file of another name is read as requirements if it is asked for", () => {
    expect(read("deploy/lock.txt", sample("requirements.txt")).format).toBe("requirements");
  });
});

describe.each(Object.entries(SAMPLES))("a small %s", (path, text) => {
  const lock = read(path, text, { yaml });

  it("gives the lines where its entries begin", () => {
    const lines = text.split("\n");
    for (const { line, name } of lock.distributions) {
      const start = lines.slice((line ?? 0) - 1, (line ?? 0) + 1).join("\n");
      expect(start).toContain(name);
    }
  });

  it("reads the same with other line ends", () => {
    expect(read(path, text.replaceAll("\n", "\r\n"), { yaml })).toEqual(lock);
  });
});

describe("uv.lock", () => {
  const lock = read("uv.lock", sample("uv.lock"));

  it("gives names, URLs, hashes and sizes of files", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      version: "2.0.0",
      source: INDEX,
      member: false,
      files: [
        file({
          filename: "numpy-2.0.0.tar.gz",
          url: "https://files.example/ab/numpy-2.0.0.tar.gz",
          hashes: [sha256(A)],
          size: 10,
        }),
        file({
          filename: "numpy-2.0.0-py3-none-any.whl",
          url: "https://files.example/cd/numpy-2.0.0-py3-none-any.whl",
          hashes: [sha256(B)],
        }),
      ],
    });
  });

  it("gives repositories with commit, reference and folder", () => {
    const source = { ...TOOL, reference: "v1", part: "subdirectory=py" };
    expect(entry(lock, "tool")).toMatchObject({ version: "1", source, files: [] });
  });

  it("knows the project itself and the members of its workspace, also below a folder", () => {
    expect(entry(lock, "app")).toMatchObject({
      member: true,
      source: { kind: "editable", location: "." },
    });
    expect(entry(lock, "lib")).toMatchObject({
      version: null,
      member: true,
      source: { kind: "directory", location: "./packages/lib" },
    });
    const below = read("py/app/uv.lock", sample("uv.lock"));
    expect(entry(below, "lib").source).toMatchObject({ location: "./py/app/packages/lib" });
    expect(entry(below, "app")).toMatchObject({ member: true, source: { location: "./py/app" } });
  });
});

describe("pylock.toml", () => {
  const lock = read("pylock.toml", sample("pylock.toml"));

  it("gives files with every hash, by name or by the end of their URL", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      source: INDEX,
      files: [
        { filename: "numpy-2.0.0.tar.gz", hashes: [sha256(A)] },
        {
          filename: "numpy-2.0.0-py3-none-any.whl",
          url: "https://files.example/x",
          hashes: [sha256(B), { algorithm: "sha512", value: C + C }],
        },
      ],
    });
  });

  it("gives repositories and the project itself", () => {
    expect(entry(lock, "tool")).toMatchObject({ source: { ...TOOL, reference: "v1" } });
    expect(entry(lock, "app")).toMatchObject({ member: true, version: null });
  });

  it("has no index where it names none", () => {
    const text = sample("pylock.toml").replace(/^index = .*\n/m, "");
    expect(entry(read("pylock.toml", text), "numpy").source).toEqual(NO_INDEX);
  });

  it("has only hashes where pipenv wrote it, which makes up names and URLs", () => {
    const text = sample("pylock.toml").replace('created-by = "uv"', 'created-by = "pipenv"');
    expect(entry(read("pylock.toml", text), "numpy").files).toEqual(
      [sha256(A), sha256(B), { algorithm: "sha512", value: C + C }].map((hash) =>
        file({ hashes: [hash] }),
      ),
    );
  });
});

describe("poetry.lock", () => {
  const lock = read("poetry.lock", sample("poetry.lock"));

  it("comes from PyPI where it names no source", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      source: { kind: "index", url: "https://pypi.org/simple", alternatives: [] },
      files: [
        file({ filename: "numpy-2.0.0-py3-none-any.whl", hashes: [sha256(B)] }),
        file({ filename: "numpy-2.0.0.tar.gz", hashes: [sha256(A)] }),
      ],
    });
  });

  it("gives repositories with their resolved commit", () => {
    expect(entry(lock, "tool").source).toEqual({ ...TOOL, reference: "v1" });
  });
});

describe("pdm.lock", () => {
  const lock = read("pdm.lock", sample("pdm.lock"));

  it("names no index", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      source: NO_INDEX,
      files: [
        file({ filename: "numpy-2.0.0-py3-none-any.whl", hashes: [sha256(B)] }),
        file({ filename: "numpy-2.0.0.tar.gz", hashes: [sha256(A)] }),
      ],
    });
  });

  it("gives repositories with their revision", () => {
    expect(entry(lock, "tool").source).toEqual({ ...TOOL, reference: "v1" });
  });
});

describe("Pipfile.lock", () => {
  const lock = read("Pipfile.lock", sample("Pipfile.lock"));

  it("has only hashes, and the index by its name", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      source: INDEX,
      files: [file({ hashes: [sha256(A)] }), file({ hashes: [sha256(B)] })],
    });
  });

  it("gives repositories with their commit", () => {
    expect(entry(lock, "tool").source).toEqual({ ...TOOL, reference: null });
  });
});

describe("requirements with hashes", () => {
  const lock = read("requirements.txt", sample("requirements.txt"));

  it("have only hashes, and the index of the file", () => {
    expect(entry(lock, "numpy")).toMatchObject({
      source: INDEX,
      files: [file({ hashes: [sha256(A)] }), file({ hashes: [sha256(B)] })],
    });
    expect(lock.directives).toEqual([
      { option: "--index-url", value: "https://index.example/simple", line: 2 },
    ]);
  });

  it("give repositories with their commit", () => {
    expect(entry(lock, "tool").source).toEqual({ ...TOOL, reference: null });
  });
});

describe("pyodide-lock.json", () => {
  const text = sample("pyodide-lock.json");

  it("takes files from the distribution that it belongs to", () => {
    expect(entry(read("pyodide-lock.json", text), "numpy")).toMatchObject({
      version: "2.0.0",
      source: { kind: "pyodide" },
      files: [
        file({
          filename: "numpy-2.0.0-cp313-cp313-pyodide_2025_0_wasm32.whl",
          hashes: [sha256(A)],
        }),
      ],
    });
  });

  it("names no index for files elsewhere, as micropip.freeze writes them", () => {
    const url = "https://files.example/n/numpy-2.0.0-py3-none-any.whl";
    const frozen = text.replace(/"file_name": "[^"]*"/, `"file_name": "${url}"`);
    expect(entry(read("pyodide-lock.json", frozen), "numpy")).toMatchObject({
      source: NO_INDEX,
      files: [{ filename: "numpy-2.0.0-py3-none-any.whl", url, hashes: [sha256(A)] }],
    });
  });

  it.each(["null", '""'])("has no hash where sha256 is %s", (sha) => {
    const without = text.replace(`"${A}"`, sha);
    expect(entry(read("pyodide-lock.json", without), "numpy").files[0]?.hashes).toEqual([]);
  });

  it("keeps versions that are none of Python's, of shared libraries", () => {
    const library = text
      .replace('"package_type": "package"', '"package_type": "shared_library"')
      .replace('"version": "2.0.0"', '"version": "1.1.1w-r2_x"');
    expect(entry(read("pyodide-lock.json", library), "numpy").version).toBe("1.1.1w-r2_x");
  });
});

describe("pixi.lock", () => {
  it("gives the packages of PyPI, not those of conda, with the indexes of their environments", () => {
    const lock = read("pixi.lock", PIXI.text, { yaml });
    expect(lock.distributions).toEqual([
      {
        name: "numpy",
        version: "2.0.0",
        source: INDEX,
        files: [
          file({
            filename: "numpy-2.0.0-py3-none-any.whl",
            url: "https://files.example/cd/numpy-2.0.0-py3-none-any.whl",
            hashes: [sha256(B)],
          }),
        ],
        member: false,
        line: 15,
      },
    ]);
  });

  it("cannot be read without a YAML parser", () => {
    expectRefused("pixi.lock", PIXI.text, "LOCK_UNSUPPORTED", /^pixi\.lock: YAML/);
  });

  it("is refused where the YAML parser refuses it, or makes more of it than it says", () => {
    const broken = (): never => {
      throw new Error("bad indentation\nsecret");
    };
    const bomb = (): unknown => {
      const small = Array.from({ length: 100 }, () => "lol");
      return Array.from({ length: 100 }, () => small);
    };
    const path = "pixi.lock";
    expectRefused(path, "a", "LOCK_INVALID", /not YAML: bad indentation$/, { yaml: broken });
    expectRefused(path, "a: b", "LIMIT_EXCEEDED", /no more values/, { yaml: bomb });
    expectRefused(path, "a: b", "LOCK_INVALID", /found function/, { yaml: () => [() => 1] });
  });
});
